//! Collector queries: `.sql` files with a head that says what they fill.

use std::collections::BTreeSet;

/// Which managed service a server belongs to, by the settings that only it has: an expression, which stands
/// in queries as `{provider}`.
pub(super) const PROVIDER: &str = include_str!("provider.sql").trim_ascii_end();

/// Where a query is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Once a server.
    Server,
    /// Once in each database.
    Database,
}

/// One collector query.
///
/// The head is made of `-- key: value` lines: `fills` (facts table), `scope` (`server` or
/// `database`), `from` (least major version), `updates` (columns set in the row that is there),
/// `remedy` (what would let a refused query run), the word `sampled` for what is read again
/// with each sample, and the word `values` for what is read only where values may be kept.
/// A line of the query that ends in `-- [14+]`, `-- [to 16]`, `-- [has COLUMN]`
/// `-- [literals]`, `-- [values]`, `-- [superuser]`, `-- [ordinary]`, `-- [statistic]`, `-- [extended]`
/// or one of these words behind `no` stands only where that holds; several marks are joined by commas.
///
/// Result columns go to the facts column of the same name. `"column:table"` turns the oid of an
/// object into our id in `table`; `"column:redact"`, `"column:fingerprint"` and `"column:setting"`
/// name what is done to the text on the way.
#[derive(Debug)]
pub struct Spec {
    /// File name without `.sql`.
    pub name: &'static str,
    /// Facts table that it fills.
    pub table: &'static str,
    /// Where it is run.
    pub scope: Scope,
    /// Read again with each sample.
    pub sampled: bool,
    /// Read only where values may be kept.
    pub values: bool,
    /// Least major version of the server.
    pub from: u32,
    /// It adds to the row that is there.
    pub updates: bool,
    /// What would let it run where it is refused; `{role}` stands for our role.
    pub remedy: Option<&'static str>,
    text: &'static str,
}

/// What the lines of a query may depend on.
#[allow(clippy::struct_excessive_bools, reason = "independent conditions")]
#[derive(Debug, Default, Clone)]
pub struct Conditions {
    /// Major version of the server.
    pub major: u32,
    /// User data may be read (`--keep-literals`).
    pub literals: bool,
    /// Values of columns may be read (`--with-values`).
    pub values: bool,
    /// Our role is a superuser.
    pub superuser: bool,
    /// Our role may read `pg_statistic` of this database.
    pub statistic: bool,
    /// Our role may read `pg_statistic_ext_data` of this database.
    pub extended: bool,
    /// Columns of the view that is read, where that decides.
    pub columns: BTreeSet<String>,
}

impl Spec {
    /// Reads the head of a query.
    ///
    /// # Panics
    /// When the file is not as described; a test reads them all.
    pub fn parse(name: &'static str, text: &'static str) -> Self {
        let value = |key: &str| {
            text.lines()
                .map_while(|line| line.strip_prefix("-- "))
                .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
        };
        Self {
            name,
            table: value("fills").expect("the head names a table"),
            scope: match value("scope").expect("the head names a scope") {
                "server" => Scope::Server,
                "database" => Scope::Database,
                other => panic!("{name}.sql: unknown scope {other}"),
            },
            sampled: text.lines().any(|line| line == "-- sampled"),
            values: text.lines().any(|line| line == "-- values"),
            from: value("from").map_or(0, |major| major.parse().expect("from is a major version")),
            updates: value("updates").is_some(),
            remedy: value("remedy"),
            text,
        }
    }

    /// The query for one server.
    pub fn sql(&self, conditions: &Conditions) -> String {
        let mut sql = String::with_capacity(self.text.len());
        for line in self.text.lines().filter(|line| !line.starts_with("-- ")) {
            let (line, mark) = match line.rsplit_once("-- [") {
                Some((line, mark)) => (line.trim_end(), mark.strip_suffix(']')),
                None => (line, None),
            };
            let holds = |mark: &str| {
                mark.split(", ")
                    .all(|mark| conditions.hold(self.name, mark))
            };
            if mark.is_none_or(holds) {
                sql.push_str(&line.replace("{provider}", PROVIDER));
                sql.push('\n');
            }
        }
        sql
    }
}

impl Conditions {
    fn hold(&self, name: &str, mark: &str) -> bool {
        let major = |text: &str| -> u32 {
            text.parse()
                .unwrap_or_else(|_| panic!("{name}.sql: unknown mark [{mark}]"))
        };
        if let Some(least) = mark.strip_suffix('+') {
            self.major >= major(least)
        } else if let Some(most) = mark.strip_prefix("to ") {
            self.major <= major(most)
        } else if let Some(column) = mark.strip_prefix("has ") {
            self.columns.contains(column)
        } else {
            let (word, wanted) = match mark.strip_prefix("no ") {
                Some(word) => (word, false),
                None => (mark, true),
            };
            let holds = match word {
                "literals" => self.literals,
                "values" => self.values,
                "superuser" => self.superuser,
                "ordinary" => !self.superuser,
                "statistic" => self.statistic,
                "extended" => self.extended,
                _ => panic!("{name}.sql: unknown mark [{mark}]"),
            };
            holds == wanted
        }
    }
}
