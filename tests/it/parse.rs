//! `parse`: tokens, statements of a script, fingerprints, redaction.

mod ddl;
mod ddl_live;
mod fingerprint;
mod hostile;
mod properties;
mod redact;
mod secrets;
mod split;
mod tokens;
