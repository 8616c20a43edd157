//! `parse`: tokens, statements of a script, fingerprints, redaction.

mod fingerprint;
mod hostile;
mod lists;
mod properties;
mod redact;
mod secrets;
mod split;
mod tokens;
