//! `pgtriage rules check`: everything that can be wrong with a page, each with its line.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::facts::{FactsError, Limit, Store};

use super::cases::World;
use super::page::{Expect, Page, Sql};
use super::query::{self, reason};
use super::source::{SourceError, suggest};
use super::{needs, row, subject};

/// Checks a parsed page: its query, parameters, needs and columns, and then its cases.
pub fn check(page: &Page, world: &mut World) -> Result<Vec<SourceError>, FactsError> {
    let mut errors = check_sql(page);
    errors.extend(check_cases(page));
    if errors.is_empty() {
        errors = world.check(page)?;
    }
    errors.sort_by_key(|error| error.span.start);
    Ok(errors)
}

/// Checks what a page asks of the facts, on an empty store.
pub fn check_sql(page: &Page) -> Vec<SourceError> {
    let checked = Store::in_memory().and_then(|store| {
        let mut check = Check {
            page,
            store,
            errors: Vec::new(),
            used: BTreeSet::new(),
            read: BTreeSet::new(),
        };
        check.query(&page.query, Check::result_columns)?;
        if let Some(sql) = &page.cannot_judge {
            check.query(sql, Check::unjudged_columns)?;
        }
        check.params();
        check.needs()?;
        Ok(check.errors)
    });
    checked.unwrap_or_else(|error| vec![page.error(0..3, error.to_string())])
}

/// At least one case of each kind that the page gives reason for.
fn check_cases(page: &Page) -> Vec<SourceError> {
    let has = |kind: fn(&Expect) -> bool| page.cases.iter().any(|case| kind(&case.expect));
    let mut errors = Vec::new();
    let mut missing = |heading: &str| {
        let message = format!("the page has no case `### {heading}: …`");
        errors.push(page.error(0..3, message).help("add one under `## Cases`"));
    };
    if !has(|expect| matches!(expect, Expect::Fires(_))) {
        missing("Fires");
    }
    if !has(|expect| matches!(expect, Expect::Silent)) {
        missing("Silent");
    }
    if page.cannot_judge.is_some() && !has(|expect| matches!(expect, Expect::CannotJudge(_))) {
        missing("Cannot judge");
    }
    errors
}

struct Check<'a> {
    page: &'a Page,
    store: Store,
    errors: Vec<SourceError>,
    /// Parameters that some query uses.
    used: BTreeSet<String>,
    /// Tables and columns that some query reads.
    read: BTreeSet<(String, String)>,
}

impl Check<'_> {
    fn fail(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let error = self.page.error(span, message);
        self.errors.push(error.help(help));
    }

    /// Prepares a query; then its parameters, and its columns by `columns`.
    fn query(
        &mut self,
        sql: &Sql,
        columns: fn(&mut Self, &Sql, &[String]),
    ) -> Result<(), FactsError> {
        let prepared = self.store.read_only(Limit::QUERY, |connection| {
            let statement = connection.prepare(&sql.text)?;
            let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
            Ok((columns, query::parameters(&statement)))
        });
        match prepared {
            Ok((names, parameters)) => {
                columns(self, sql, &names);
                self.parameters(sql, parameters);
                self.read.extend(self.store.reads(&sql.text)?);
            }
            Err(error) => {
                let offset = match &error {
                    rusqlite::Error::SqlInputError { offset, .. } => usize::try_from(*offset).ok(),
                    _ => None,
                };
                let span = match offset {
                    Some(offset) => word_at(sql, offset),
                    None => sql.span.clone(),
                };
                let error = self.page.error(span, reason(&error));
                self.errors.push(error);
            }
        }
        Ok(())
    }

    fn parameters(&mut self, sql: &Sql, parameters: Vec<(usize, String)>) {
        for (_, name) in parameters {
            let span = match sql.text.find(&name) {
                Some(at) => sql.span.start + at..sql.span.start + at + name.len(),
                None => sql.span.clone(),
            };
            let Some(bare) = name.strip_prefix(':') else {
                self.fail(
                    span,
                    format!("`{name}` is no named parameter"),
                    "write `:name` and declare it as [params.name]",
                );
                continue;
            };
            if self.page.param(bare).is_none() {
                let known: Vec<&str> = self.page.params.iter().map(|p| p.name.as_str()).collect();
                let help = if known.is_empty() {
                    format!("add [params.{bare}] with its value and why")
                } else {
                    suggest(bare, known.iter().copied())
                };
                self.fail(span, format!("parameter `{name}` is not declared"), help);
            }
            self.used.insert(bare.to_owned());
        }
    }

    fn params(&mut self) {
        for param in &self.page.params {
            if self.errors.is_empty() && !self.used.contains(&param.name) {
                self.fail(
                    param.span.clone(),
                    format!("parameter `{}` is not used", param.name),
                    format!("use `:{}` in the query, or remove it", param.name),
                );
            }
        }
    }

    fn needs(&mut self) -> Result<(), FactsError> {
        let page = self.page;
        for (need, table_exists) in needs::unknown(&self.store, page)? {
            let span = need.span.clone();
            if table_exists {
                let column = need.column.as_deref().unwrap_or_default();
                let columns = self.names("SELECT name FROM pragma_table_info(?1)", &need.table)?;
                let help = suggest(column, columns.iter().map(String::as_str));
                let message = format!("facts table `{}` has no column `{column}`", need.table);
                self.fail(span, message, help);
            } else {
                let tables = self.names(
                    "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name <> ?1",
                    &need.table,
                )?;
                let help = suggest(&need.table, tables.iter().map(String::as_str));
                self.fail(
                    span,
                    format!("there is no facts table `{}`", need.table),
                    help,
                );
            }
        }
        for need in &page.needs {
            let reads = |(table, column): &(String, String)| {
                *table == need.table && need.column.as_ref().is_none_or(|name| name == column)
            };
            if self.errors.is_empty() && !self.read.iter().any(reads) {
                self.fail(
                    need.span.clone(),
                    "the query does not read what the page says it needs",
                    "remove it: the rule would be skipped for nothing",
                );
            }
        }
        Ok(())
    }

    fn names(&self, sql: &str, about: &str) -> Result<Vec<String>, FactsError> {
        let mut statement = self.store.connection().prepare(sql)?;
        let names = statement.query_map([about], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    fn result_columns(&mut self, sql: &Sql, columns: &[String]) {
        let mut wanted = vec!["object", "detail"];
        if self.page.no_fix.is_none() {
            wanted.push("fix");
        }
        self.present(sql, columns, &wanted);
        let subjects: Vec<&str> = columns
            .iter()
            .map(String::as_str)
            .filter(|column| subject::kind_of(column).is_some())
            .collect();
        match subjects.as_slice() {
            // The server stands where the other is not known.
            [_] | [_, "node_id"] => {}
            [] => {
                let known: Vec<&str> = subject::KINDS.iter().map(|kind| kind.column).collect();
                self.fail(
                    sql.span.clone(),
                    "the query names no subject",
                    format!("return one of {}", known.join(", ")),
                );
            }
            several => {
                let message = format!("the query names several subjects: {}", several.join(", "));
                self.fail(
                    sql.span.clone(),
                    message,
                    "keep the one that the finding is about, and call the others otherwise",
                );
            }
        }
        for (at, column) in columns.iter().enumerate() {
            if columns[..at].contains(column) {
                let message = format!("two columns are called `{column}`");
                self.fail(sql.span.clone(), message, "rename one with AS");
            }
            // `impact_ms` and the like would pass as evidence without a word.
            let like = super::source::nearest(column, row::COLUMNS);
            if let Some(like) = like.filter(|like| like != column && like.len() > 6) {
                self.fail(
                    sql.span.clone(),
                    format!("column `{column}` is nearly `{like}`"),
                    "use that name, or one that can't be mistaken for it",
                );
            }
        }
    }

    fn unjudged_columns(&mut self, sql: &Sql, columns: &[String]) {
        self.present(sql, columns, &["object", "because", "remedy"]);
    }

    fn present(&mut self, sql: &Sql, columns: &[String], wanted: &[&str]) {
        for name in wanted {
            if !columns.iter().any(|column| column == name) {
                let help = match *name {
                    "fix" => {
                        "return one, or say in the front matter why there is none: no_fix = \"…\""
                    }
                    _ => "name a column so with AS",
                };
                self.fail(
                    sql.span.clone(),
                    format!("the query returns no `{name}`"),
                    help,
                );
            }
        }
    }
}

/// The word at an offset of a query, in bytes of the page.
fn word_at(sql: &Sql, offset: usize) -> Range<usize> {
    let rest = sql.text.get(offset..).unwrap_or_default();
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let length = rest.find(|c| !word(c)).unwrap_or(rest.len()).max(1);
    let start = (sql.span.start + offset).min(sql.span.end.saturating_sub(1));
    start..(start + length).min(sql.span.end)
}
