//! What a server says of texts that it does not plan.

use crate::advise::workload::PlanError;
use crate::collect::connect::ReadError;

/// What the server says of a text that stands behind `before` in what was sent; `None`: it says nothing, the line is
/// gone.
pub fn plan_error(error: &ReadError, before: &str) -> Option<PlanError> {
    let (code, message, place) = error.reported()?;
    let before = before.chars().count();
    Some(PlanError {
        code: code.to_owned(),
        message: message.to_owned(),
        position: place.and_then(|place| (place as usize).checked_sub(before)),
    })
}

/// A refusal of ours.
pub fn own(because: String) -> PlanError {
    PlanError {
        code: String::new(),
        message: because,
        position: None,
    }
}
