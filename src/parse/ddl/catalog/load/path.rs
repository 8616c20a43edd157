//! Where names are looked for.

use rusqlite::{OptionalExtension, Result};

use super::loader::Loader;
use crate::parse::ddl::cursor::Cursor;
use crate::parse::tokens::TokenKind;

impl Loader<'_> {
    /// Takes the search path that a session of the role that connected has, else the server's.
    pub fn search_path(&mut self) -> Result<()> {
        let query = "SELECT value FROM (
              SELECT s.value, (s.role_id IS NOT NULL) * 2 + (s.database_id IS NOT NULL) AS weight
              FROM role_settings s LEFT JOIN roles r ON r.id = s.role_id
              WHERE s.name = 'search_path' AND coalesce(s.database_id, ?1) = ?1
                AND (s.role_id IS NULL OR r.name IN (SELECT connected_as FROM nodes))
              UNION ALL
              SELECT server_value, -1 FROM settings WHERE name = 'search_path')
            WHERE value IS NOT NULL ORDER BY weight DESC LIMIT 1";
        let found = self
            .facts
            .query_row(query, [self.database], |row| row.get(0));
        let found: Option<String> = found.optional()?;
        if let Some(path) = found.as_deref().and_then(schemas_in) {
            self.catalog.search_path = path;
        }
        Ok(())
    }
}

/// The schemas that a search path names. The one that has the name of the role is left out: who
/// will migrate is not known.
fn schemas_in(path: &str) -> Option<Vec<String>> {
    let mut c = Cursor::new(path);
    let mut schemas = Vec::new();
    while !c.is_at_end() {
        let name = if c.sees_kind(TokenKind::String) {
            c.string().ok()?
        } else {
            c.ident().ok()?
        };
        if name != "$user" && !name.is_empty() {
            schemas.push(name);
        }
        if !c.accept_kind(TokenKind::Comma) && !c.is_at_end() {
            return None;
        }
    }
    (!schemas.is_empty()).then_some(schemas)
}
