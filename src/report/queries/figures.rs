//! The rows of the view `statement_figures`.

use serde_json::{Value, json};

use super::measures::Measure;
use crate::facts::{FactsError, Store, figure, human};
use crate::parse::{Lexer, Options};
use crate::report::ranking::{Figured, compare, telling, value};

/// Names of figures, in the order of formats for programs.
pub(super) const COLUMNS: [&str; 30] = [
    "fingerprint",
    "database_name",
    "kind",
    "purpose",
    "read_as",
    "calls",
    "rows",
    "rows_per_call",
    "total_exec_ms",
    "mean_exec_ms",
    "min_exec_ms",
    "max_exec_ms",
    "stddev_exec_ms",
    "exec_share",
    "calls_per_hour",
    "exec_ms_per_hour",
    "total_plan_ms",
    "shared_blks_hit",
    "shared_blks_read",
    "hit_ratio",
    "temp_blks_written",
    "wal_bytes",
    "window_source",
    "window_ms",
    "roles",
    "queryids",
    "log_calls",
    "p95_ms",
    "finding_count",
    "severity",
];

/// A statement with its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Its id in the facts.
    pub id: i64,
    /// Its text; `None`: hidden from the role that read it.
    pub text: Option<String>,
    values: Vec<Value>,
}

/// All statements that have figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queries {
    /// Those with most time first.
    pub rows: Vec<Query>,
    /// What could not be read of statements.
    pub missing: Vec<Missing>,
    /// Length of the shortest beginning that tells all fingerprints apart.
    pub(super) telling: usize,
}

/// Facts of statements that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Why, a sentence fragment.
    pub because: String,
    /// Statement or setting that would enable it.
    pub remedy: Option<String>,
}

impl Query {
    /// A figure by the name of its column; null: not known.
    pub fn get(&self, column: &str) -> &Value {
        let at = COLUMNS.iter().position(|name| *name == column);
        at.map_or(&Value::Null, |at| &self.values[at])
    }

    /// Its fingerprint.
    pub fn fingerprint(&self) -> &str {
        self.get("fingerprint").as_str().unwrap_or_default()
    }

    /// A figure as people read it; `None`: not known.
    pub fn figure(&self, column: &str) -> Option<String> {
        let value = self.get(column);
        (!value.is_null()).then(|| figure(column, value))
    }

    /// The figures and the text, by name.
    pub fn json(&self) -> Value {
        let named = COLUMNS.iter().map(|name| (*name).to_owned());
        let mut map: serde_json::Map<_, _> = named.zip(self.values.iter().cloned()).collect();
        map.insert("text".to_owned(), json!(self.text));
        Value::Object(map)
    }
}

impl Figured for Query {
    fn value(&self, column: &str) -> &Value {
        self.get(column)
    }

    fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

impl Queries {
    /// Reads them. Findings are those of the last run of the rules over the same facts.
    pub fn read(store: &Store) -> Result<Self, FactsError> {
        let connection = store.connection();
        let sql = format!(
            "SELECT statement_id, text, {} FROM statement_figures
             ORDER BY total_exec_ms IS NULL, total_exec_ms DESC, fingerprint, statement_id",
            COLUMNS
                .join(", ")
                .replace("stddev_exec_ms", "variance_exec_ms2")
        );
        let rows = connection
            .prepare(&sql)?
            .query_map([], |row| {
                let value = |at: usize| {
                    let nested = matches!(COLUMNS[at], "roles" | "queryids");
                    let value = value(row.get(at + 2)?, nested);
                    // SQLite has square roots only where it was built with them.
                    Ok(match (COLUMNS[at], value.as_f64()) {
                        ("stddev_exec_ms", Some(variance)) => json!(variance.sqrt()),
                        _ => value,
                    })
                };
                Ok(Query {
                    id: row.get(0)?,
                    text: row.get(1)?,
                    values: (0..COLUMNS.len())
                        .map(value)
                        .collect::<rusqlite::Result<_>>()?,
                })
            })?
            .collect::<Result<Vec<Query>, _>>()?;
        let missing = connection
            .prepare(
                "SELECT reason, min(remedy) FROM missing_facts
                 WHERE table_name IN ('statements', 'statement_counters')
                   AND (column_name IS NULL OR column_name IN ('total_plan_ms', 'wal_bytes'))
                 GROUP BY reason ORDER BY min(rowid)",
            )?
            .query_map([], |row| {
                Ok(Missing {
                    because: row.get(0)?,
                    remedy: row.get(1)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(Self {
            telling: telling(&rows),
            rows,
            missing,
        })
    }

    /// Sorts: figures largest first, texts from A; what is not known stands last either way.
    pub fn sort(&mut self, by: Measure, reverse: bool) {
        self.rows
            .sort_by(|a, b| compare(a.get(by.column), b.get(by.column), reverse));
    }

    /// What the figures run over: `samples`, `since reset` or, where no statement has counters,
    /// `log`, and for how long, ms.
    pub fn window(&self) -> (Option<&str>, Option<f64>) {
        let longest = self.rows.iter().max_by(|a, b| {
            let ms = |query: &Query| query.get("window_ms").as_f64().unwrap_or(-1.0);
            let is_counted = |query: &Query| query.get("window_source") != "log";
            let order = is_counted(a).cmp(&is_counted(b));
            order.then_with(|| ms(a).total_cmp(&ms(b)))
        });
        longest.map_or((None, None), |query| {
            let source = query.get("window_source").as_str();
            (source, query.get("window_ms").as_f64())
        })
    }

    /// The same in a sentence.
    pub fn window_sentence(&self) -> String {
        match self.window() {
            (Some("samples"), Some(ms)) => {
                format!("Figures of {}, between samples.", human::ms(ms))
            }
            (Some("samples"), None) => {
                "The counters were reset between the samples: nothing is known.".to_owned()
            }
            (Some("log"), over) => {
                let over = over.map_or_else(String::new, |ms| format!(", over {}", human::ms(ms)));
                format!("Figures of server logs{over}; what they do not hold is not in them.")
            }
            (Some(_), Some(ms)) => {
                format!("Figures of {}, since the counters began.", human::ms(ms))
            }
            (Some(_), None) => {
                "Figures since the counters began; this server does not say when.".to_owned()
            }
            (None, _) => "No statements.".to_owned(),
        }
    }

    /// The same in a few words.
    pub fn window_words(&self) -> Option<String> {
        let (source, ms) = self.window();
        let over = ms.map_or_else(|| "unknown time".to_owned(), human::ms);
        source.map(|source| match source {
            "samples" => format!("{over} between samples"),
            "log" => format!("{over} of logs"),
            _ => format!("{over} since reset"),
        })
    }

    /// Rows that gather statements whose texts are hidden.
    pub fn hidden(&self) -> usize {
        self.rows.iter().filter(|row| row.text.is_none()).count()
    }

    /// The fingerprint as far as it takes to tell it from all others.
    pub fn short<'a>(&self, query: &'a Query) -> &'a str {
        Figured::short(query, self.telling)
    }
}

/// A statement in one line, without comments, at most about so many characters of it.
pub fn line(text: Option<&str>, most: usize) -> String {
    let Some(sql) = text else {
        return "(hidden: the role may not see its text)".to_owned();
    };
    let mut out = String::new();
    for token in Lexer::new(sql, Options::default()) {
        if token.is_trivia() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if out.len() > most {
            out.push('…');
            break;
        } else {
            out.extend(token.text(sql).chars().take(most));
        }
    }
    out.truncate(out.trim_end().len());
    out
}
