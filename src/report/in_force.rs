//! Settings in force on the server that findings are about, and whether they are the defaults.

use rusqlite::Row;

use crate::facts::{FactsError, Store, human, setting_number};

/// A setting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InForce {
    /// Its name.
    pub name: String,
    /// Its value as people read it; `None`: not visible.
    pub value: Option<String>,
    /// The default that is compiled in.
    pub default: Option<String>,
    /// Whether somebody set another value for the server; `None`: not known.
    pub differs: Option<bool>,
    /// Where the value comes from.
    pub source: Option<String>,
    /// The file, where visible.
    pub file: Option<String>,
    /// restart, reload or new sessions; `None`: it cannot be set.
    pub applies: Option<&'static str>,
    /// The file has another value, which waits for a restart.
    pub is_pending: bool,
}

/// Sources of values that nobody set for the server: its own, or those of our session.
const NOT_SET: [&str; 4] = ["default", "override", "client", "session"];

impl InForce {
    /// All of them: what differs from its default first, then by name.
    ///
    /// # Errors
    /// When the facts cannot be read.
    pub fn read(store: &Store) -> Result<Vec<Self>, FactsError> {
        let mut query = store.connection().prepare(
            "SELECT name, coalesce(server_value, value), unit, vartype, context, source, source_file,
                    boot_value, pending_restart
             FROM server_settings ORDER BY name",
        )?;
        let mut all: Vec<Self> = query.query_map([], of)?.collect::<Result<_, _>>()?;
        all.sort_by_key(|setting| setting.differs != Some(true));
        Ok(all)
    }
}

fn of(row: &Row<'_>) -> rusqlite::Result<InForce> {
    let text = |at: usize| row.get::<_, Option<String>>(at);
    let (value, unit, vartype) = (text(1)?, text(2)?, text(3)?);
    let (context, default) = (text(4)?, text(7)?);
    let written = |value: &str| written(value, unit.as_deref(), vartype.as_deref());
    let source = text(5)?;
    let is_set = source.as_deref().map(|source| !NOT_SET.contains(&source));
    let differs = value
        .as_deref()
        .zip(default.as_deref())
        .map(|(value, default)| value != default && written(value) != written(default));
    let differs = differs
        .zip(is_set)
        .map(|(differs, is_set)| differs && is_set);
    Ok(InForce {
        name: row.get(0)?,
        differs,
        value: value.as_deref().map(written),
        default: default.as_deref().map(written),
        source,
        file: text(6)?,
        applies: match context.as_deref() {
            Some("postmaster") => Some("restart"),
            Some("backend" | "superuser-backend") => Some("new sessions"),
            Some("internal") | None => None,
            Some(_) => Some("reload"),
        },
        is_pending: row.get(8)?,
    })
}

/// With its unit, as people read it.
fn written(value: &str, unit: Option<&str>, vartype: Option<&str>) -> String {
    let Some(number) = setting_number(value, unit, vartype).filter(|number| *number > 0.0) else {
        return value.to_owned();
    };
    match unit {
        Some("ms" | "s" | "min" | "h" | "d" | "us") => human::ms(number),
        Some(_) => human::bytes(number),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::InForce;
    use crate::facts::Store;

    #[test]
    fn what_differs_stands_first_with_its_unit() {
        let store = Store::in_memory().unwrap();
        let rows = "INSERT INTO nodes (id, label, role) VALUES (1, 'primary', 'primary');
            INSERT INTO settings (name, value, unit, vartype, context, source, boot_value, pending_restart) VALUES
              ('a_memory', '16384', '8kB', 'integer', 'postmaster', 'default', '16384', 0),
              ('b_memory', '32768', '8kB', 'integer', 'postmaster', 'configuration file', '16384', 1),
              ('c_time', '-1', 'ms', 'integer', 'sighup', 'default', '-1', 0),
              ('d_secret', NULL, NULL, 'string', 'sighup', NULL, NULL, 0),
              ('f_ours', 'pgtriage', NULL, 'string', 'user', 'client', '', 0),
              ('e_fixed', '8192', NULL, 'integer', 'internal', 'default', '8192', 0);";
        store.connection().execute_batch(rows).unwrap();
        let all = InForce::read(&store).unwrap();
        let shown: Vec<_> = all
            .iter()
            .map(|one| (one.name.as_str(), one.value.as_deref(), one.differs))
            .collect();
        assert_eq!(
            shown,
            [
                ("b_memory", Some("256 MB"), Some(true)),
                ("a_memory", Some("128 MB"), Some(false)),
                ("c_time", Some("-1"), Some(false)),
                ("d_secret", None, None),
                ("e_fixed", Some("8192"), Some(false)),
                ("f_ours", Some("pgtriage"), Some(false)),
            ]
        );
        assert_eq!((all[0].applies, all[0].is_pending), (Some("restart"), true));
        assert_eq!(all[4].applies, None);
    }
}
