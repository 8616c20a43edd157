//! What effects go by besides the catalog.

/// Oldest major version that is still supported, which is assumed where none is known.
const OLDEST: u32 = 14;

/// What effects go by besides the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context<'a> {
    /// Major version of the server, if it is known.
    pub major: Option<u32>,
    /// The statement runs in a transaction block, or in a string with others.
    pub in_block: bool,
    /// What has this oid or a greater one was made by the same file.
    pub file_mark: i64,
    /// What has this oid or a greater one was made by the same transaction.
    pub transaction_mark: i64,
    /// Time zone of the session, where the file sets it.
    pub time_zone: Option<&'a str>,
    /// The statement's text.
    pub text: Option<&'a str>,
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self {
            major: None,
            in_block: false,
            file_mark: i64::MAX,
            transaction_mark: i64::MAX,
            time_zone: None,
            text: None,
        }
    }
}

impl Context<'_> {
    /// The version that is judged by.
    pub fn version(&self) -> u32 {
        self.major.unwrap_or(OLDEST)
    }

    /// Whether the server is known not to have what came with a version.
    pub fn lacks(&self, since: u32) -> bool {
        self.major.is_some_and(|major| major < since)
    }

    /// Whether the session's time zone is UTC for certain.
    pub fn is_utc(&self) -> bool {
        let names = [
            "utc", "etc/utc", "gmt", "etc/gmt", "uct", "zulu", "0", "+00", "+00:00",
        ];
        let zone = self.time_zone.map(str::to_ascii_lowercase);
        zone.is_some_and(|zone| names.contains(&zone.as_str()))
    }
}
