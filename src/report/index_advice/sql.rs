//! Statements to run.

use super::shown::{Shown, create};
use crate::facts::FactsError;

/// The script.
pub fn sql(shown: &Shown<'_>) -> Result<String, FactsError> {
    let mut out = String::new();
    for chosen in &shown.advice.create {
        out.push_str(&create(chosen));
        out.push_str(";\n");
    }
    Ok(out)
}
