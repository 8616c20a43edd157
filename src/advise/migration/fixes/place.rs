//! The folder that migrations are written to, as it is before.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::advise::migration::layouts::sqitch::PLAN;
use crate::parse::migration::Layout;

/// A folder of migrations, and the moment of writing.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its path.
    pub folder: String,
    /// Names of what is in it.
    pub names: Vec<String>,
    /// Texts of those files that say what a new one follows ([`is_read`]), by name.
    pub texts: BTreeMap<String, String>,
    /// Now.
    pub now: Timestamp,
}

impl Place {
    /// A folder with nothing in it.
    pub fn empty(folder: &str, now: Timestamp) -> Self {
        Self {
            folder: folder.to_owned(),
            names: Vec::new(),
            texts: BTreeMap::new(),
            now,
        }
    }

    /// Names of programs and their texts, without the ending.
    pub(super) fn programs<'a>(&'a self, ending: &'a str) -> Vec<(&'a str, &'a str)> {
        let texts = self.texts.iter();
        let texts =
            texts.filter_map(|(name, text)| Some((name.strip_suffix(ending)?, text.as_str())));
        texts.collect()
    }
}

/// Whether the text of a file in the folder is needed.
pub fn is_read(layout: Layout, name: &str) -> bool {
    match layout {
        Layout::Alembic | Layout::Django => name.strip_suffix(".py").is_some(),
        Layout::Rails => name.strip_suffix(".rb").is_some(),
        Layout::Sqitch => name == PLAN,
        _ => false,
    }
}
