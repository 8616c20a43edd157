//! `parse`: tokens, statements of a script, fingerprints, layout, redaction.

mod ddl;
mod ddl_live;
mod fingerprint;
mod format;
mod hostile;
mod lists;
mod properties;
mod redact;
mod secrets;
mod skim;
mod split;
mod tokens;
