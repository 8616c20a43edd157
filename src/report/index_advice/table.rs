//! For people.

use std::fmt::Write as _;

use super::shown::{Shown, create};
use crate::facts::{FactsError, human};
use crate::report::style::Style;

/// The text.
pub fn table(shown: &Shown<'_>, _: Style, _: usize) -> Result<String, FactsError> {
    let advice = shown.advice;
    let mut out = String::new();
    for chosen in &advice.create {
        let bytes = human::bytes(chosen.sized.pages as f64 * 8192.0);
        let _ = writeln!(out, "{} -- {bytes} gain {} {}", create(chosen), chosen.gain, chosen.confidence.word());
    }
    let _ = writeln!(out, "{} -> {} = {:.4}; {} questions, {} candidates", advice.before, advice.after, advice.after / advice.before, advice.asked, advice.candidates);
    Ok(out)
}
