//! Patterns for paths of files.

use ::glob::{MatchOptions, Pattern, PatternError};
use serde::de::{Deserialize, Deserializer, Error as _};

/// A pattern for paths: `*` and `?` stay within a folder, `**` goes through folders. A pattern that
/// fits a folder fits what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    text: String,
    pattern: Pattern,
}

const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

impl PathPattern {
    /// Reads a pattern.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        let plain = text.strip_prefix("./").unwrap_or(text);
        let plain = match plain.trim_end_matches('/') {
            // The folder of the settings itself.
            "" | "." => "**",
            plain => plain,
        };
        Ok(Self {
            text: text.to_owned(),
            pattern: Pattern::new(plain)?,
        })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Does it fit a path with `/` between its parts, or a folder on the way to it?
    pub fn matches(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        std::iter::once(path)
            .chain(folders)
            .any(|path| self.pattern.matches_with(path, OPTIONS))
    }
}

impl<'de> Deserialize<'de> for PathPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(|error| {
            D::Error::custom(format!("`{text}` is no pattern for paths: {}", error.msg))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PathPattern;

    #[test]
    fn stars_stay_within_a_folder_unless_doubled() {
        for (pattern, path, fits) in [
            ("db/legacy/**", "db/legacy/a/b.sql", true),
            ("db/legacy", "db/legacy/a/b.sql", true),
            ("./db/legacy/", "db/legacy/b.sql", true),
            ("db/legacy", "db/legacy2/b.sql", false),
            ("db/*.sql", "db/a.sql", true),
            ("db/*.sql", "db/x/a.sql", false),
            ("**/a.sql", "a.sql", true),
            ("db/**/a.sql", "db/x/y/a.sql", true),
            ("db/V00?_*.sql", "db/V001_x.sql", true),
            ("DB", "db/a.sql", false),
            (".", "db/a.sql", true),
        ] {
            let read = PathPattern::new(pattern).unwrap();
            assert_eq!(read.matches(path), fits, "{pattern} {path}");
        }
        assert!(PathPattern::new("db/a**").is_err());
    }
}
