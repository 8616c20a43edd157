//! A workload as a script: statements, with how often each runs in comments before it.

use std::path::{Path, PathBuf};

use super::book::Book;
use super::error::FilesError;
use super::load::Loader;
use super::rows::Sample;
use super::statements;
use crate::parse::{Item, ItemKind, split};

/// What the comments before a statement say of it.
#[derive(Debug, Default, Clone, PartialEq)]
struct Weight {
    name: Option<String>,
    calls: Option<f64>,
    mean_ms: Option<f64>,
    rows: Option<f64>,
}

/// Reads the scripts into the latest sample of statements.
pub fn apply(loader: &mut Loader<'_>, scripts: &[(PathBuf, String)]) -> Result<(), FilesError> {
    if scripts.is_empty() {
        return Ok(());
    }
    statements::replace(loader)?;
    let table = "statement_counters";
    let sample = if let Some((sample, _)) = loader.series.last(table) {
        sample
    } else {
        loader.given.entry(table.to_owned()).or_default().timeless = true;
        let sample = [Sample::default()];
        loader.series.ids(loader.facts, table, None, &sample)?[0]
    };
    let mut book = Book::default();
    loader.replace("workload_texts", "DELETE FROM workload_texts")?;
    for (path, script) in scripts {
        let mut count = 0;
        for item in split(script) {
            if item.kind == ItemKind::MetaCommand {
                let text = format!("{}: commands of psql were left out", path.display());
                let line = item.first.line;
                loader
                    .notes
                    .item(text, format!("line {line}: {}", item.text(script)));
            }
            if item.kind == ItemKind::Sql {
                count += 1;
                let named = file_name(path, count);
                statement(loader, &mut book, path, script, &item, sample, &named)?;
            }
        }
        if count == 0 {
            return Err(FilesError::content(
                path,
                "it holds no statement; it has to be a script of SQL statements that end with `;`",
            ));
        }
        loader.filled("statements", path, []);
        loader.filled("workload_texts", path, []);
        loader.filled("statement_counters", path, ["calls".to_owned()]);
    }
    Ok(())
}

fn statement(
    loader: &mut Loader<'_>,
    book: &mut Book,
    path: &Path,
    script: &str,
    item: &Item,
    sample: i64,
    named: &str,
) -> Result<(), FilesError> {
    let weight = weight(script, item).map_err(|(before, reason)| {
        let line = item.first.line - before;
        FilesError::content(path, format!("line {line}: {reason}"))
    })?;
    if weight.mean_ms.is_some() {
        let columns = ["total_exec_ms", "mean_exec_ms"].map(str::to_owned);
        loader.filled("statement_counters", path, columns);
    }
    if weight.rows.is_some() {
        loader.filled("statement_counters", path, ["rows".to_owned()]);
    }
    let text = item.text(script);
    let id = book.statement(loader, loader.database, Some(&text), "")?;
    let calls = weight.calls.unwrap_or(1.0);
    let rows = weight.rows.map(|rows| (rows * calls).round() as i64);
    loader.facts.execute(
        "INSERT INTO statement_counters (sample_id, statement_id, calls, total_exec_ms, mean_exec_ms, rows)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        rusqlite::params![
            sample,
            id,
            calls.round() as i64,
            weight.mean_ms.map(|ms| ms * calls),
            weight.mean_ms,
            rows
        ],
    )?;
    loader.facts.execute(
        "INSERT INTO workload_texts (statement_id, position, name, calls, text)
         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM workload_texts), ?2, ?3, ?4)",
        rusqlite::params![
            id,
            weight.name.as_deref().unwrap_or(named),
            calls,
            loader.literals.then_some(&*text)
        ],
    )?;
    Ok(())
}

/// What a statement is called that has no name of its own: the file, and its number where it is not the first.
fn file_name(path: &Path, count: usize) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if count == 1 {
        stem.into_owned()
    } else {
        format!("{stem}#{count}")
    }
}

/// Reads the comments before a statement; what stands in the line of the statement before is that
/// one's own. A mistake comes with how many lines before the statement it stands.
fn weight(script: &str, item: &Item) -> Result<Weight, (usize, String)> {
    let leading = item.leading(script);
    let own = if item.leading.start == 0 {
        leading
    } else {
        leading.split_once('\n').map_or("", |(_, rest)| rest)
    };
    let mut weight = Weight::default();
    let lines: Vec<&str> = own.split('\n').collect();
    for (index, line) in lines.iter().enumerate() {
        let Some((name, value)) = line
            .trim()
            .strip_prefix("--")
            .and_then(|comment| comment.split_once([':', '=']))
        else {
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        if name == "name" {
            // sqlc says what a query gives behind its name: `:many`.
            let name = value.split(" :").next().unwrap_or_default().trim();
            weight.name = Some(name.to_owned()).filter(|name| !name.is_empty());
            continue;
        }
        let place = match name.as_str() {
            "calls" | "weight" => &mut weight.calls,
            "mean_ms" | "mean_exec_time" => &mut weight.mean_ms,
            "rows" => &mut weight.rows,
            _ => continue,
        };
        let number = value.trim().trim_end_matches(';').parse::<f64>().ok();
        let number = number
            .filter(|number| (0.0..1e15).contains(number))
            .ok_or_else(|| {
                let reason = format!("`{}` is no number that {name} could be", value.trim());
                (lines.len() - 1 - index, reason)
            })?;
        *place = Some(number);
    }
    Ok(weight)
}
