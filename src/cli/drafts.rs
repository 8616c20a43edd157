//! What the UI asks about migrations that are being made: linting, writing.

use std::path::Path;

use super::context::Rules;
use crate::facts::Store;
use crate::tui::{Draft, DraftStatement};

pub fn lint(_store: &mut Store, _rules: &Rules, _sql: &str) -> anyhow::Result<Vec<DraftStatement>> {
    anyhow::bail!("not yet")
}

pub fn write(_folder: &Path, _drafts: &[Draft]) -> anyhow::Result<Vec<String>> {
    anyhow::bail!("not yet")
}
