//! `pgtriage sql`: a question to the facts.

use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use clap::{Args as ClapArgs, ValueEnum};
use rusqlite::ErrorCode;
use rusqlite::limits::Limit as SqliteLimit;
use rusqlite::types::Value;

use super::args::{General, Live, Offline, Output, Saved};
use super::context::{Context, text_file};
use super::exit::Exit;
use super::source::Source;
use super::sql_tables;
use crate::config::{Settings, Time};
use crate::engine::{Selection, Source as Text};
use crate::facts::{Limit, Store, human};
use crate::report::{Mistakes, Rows};

/// Most that a result may take in memory, bytes.
const MOST_BYTES: usize = 512 << 20;
/// Longest text or blob that a query may make, bytes.
const LONGEST_VALUE: i32 = 64 << 20;

/// Ask the facts a question in SQL; without one, list the tables
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
The question is in SQLite's SQL and may only read. Rules have run before it, so that the tables
findings, rules, skipped_rules and unjudged are filled.

  pgtriage sql 'SELECT severity, object, fix FROM findings ORDER BY rank'")]
pub struct Args {
    /// The question; `-` or nothing reads it from stdin where that is no terminal
    #[arg(value_name = "QUERY", conflicts_with = "file")]
    query: Option<String>,
    /// Read the question from this file
    #[arg(long, short, value_name = "FILE", help_heading = "Question")]
    file: Option<PathBuf>,
    /// End a question that takes longer
    #[arg(
        long,
        value_name = "TIME",
        default_value = "30s",
        help_heading = "Question"
    )]
    #[arg(value_parser = Time::from_str)]
    timeout: Time,
    #[command(flatten)]
    live: Live,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    offline: Offline,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    #[default]
    Table,
    /// An object with the rows as objects
    Json,
    /// With a head, as RFC 4180 has it
    Csv,
    /// A Markdown table
    Markdown,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let source = args.live.settings(None, Some(&args.saved), &args.offline);
    let settings = Settings {
        source,
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let out = context.out(args.output.output.as_deref());
    let Some(question) = question(args)? else {
        out.write(&sql_tables::list(out.style, out.columns))?;
        return Ok(Exit::Done);
    };
    let rules = context.rules()?;
    let mut store = Source::new(&context.settings.source)?.load(&context)?;
    rules.judge(&mut store, Selection::default(), None)?;
    let rows = ask(&mut store, &question, args.timeout.0)?;
    out.write(&match args.format {
        Format::Table => rows.table(out.style, out.is_terminal.then_some(out.columns)),
        Format::Json => rows.json(),
        Format::Csv => rows.csv(),
        Format::Markdown => rows.markdown(),
    })?;
    Ok(Exit::Done)
}

/// The question, from where it was given; none: nothing is asked.
fn question(args: &Args) -> anyhow::Result<Option<Text>> {
    if let Some(path) = &args.file {
        return Ok(Some(text_file(path)?));
    }
    if let Some(query) = args.query.as_deref().filter(|query| *query != "-") {
        return Ok(Some(Text::new("query", query)));
    }
    let mut stdin = std::io::stdin();
    if args.query.is_none() && stdin.is_terminal() {
        return Ok(None);
    }
    let mut text = String::new();
    stdin
        .read_to_string(&mut text)
        .context("cannot read the question from stdin")?;
    let asked = args.query.is_some() || !text.trim().is_empty();
    Ok(asked.then(|| Text::new("stdin", text)))
}

/// Asks, and ends the question when its time is over.
fn ask(store: &mut Store, question: &Text, timeout: Duration) -> anyhow::Result<Rows> {
    if question.text.trim().is_empty() {
        bail!("the question is empty; `pgtriage sql` without one lists the tables");
    }
    store
        .connection()
        .set_limit(SqliteLimit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
    let handle = store.interrupt_handle();
    let (done, waiting) = mpsc::channel::<()>();
    let timer = std::thread::spawn(move || {
        let over = waiting.recv_timeout(timeout) == Err(RecvTimeoutError::Timeout);
        if over {
            handle.interrupt();
        }
        over
    });
    let limit = Limit { steps: u64::MAX };
    let answer = store.read_only(limit, |connection| fetch(connection, &question.text));
    drop(done);
    let ended = timer.join().unwrap_or(false);
    match answer {
        Ok(Some(rows)) => Ok(rows),
        Ok(None) => Err(anyhow!(
            "the result is larger than {}; ask for less, or add LIMIT",
            human::bytes(MOST_BYTES as f64)
        )),
        Err(error) => Err(explain(store, question, &error, ended.then_some(timeout))),
    }
}

/// The rows; `None` when they are too many.
fn fetch(connection: &rusqlite::Connection, sql: &str) -> rusqlite::Result<Option<Rows>> {
    let mut statement = connection.prepare(sql)?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let count = columns.len();
    let mut answer = Rows {
        columns,
        rows: Vec::new(),
    };
    let mut bytes = 0;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let row: Vec<Value> = (0..count)
            .map(|index| row.get(index))
            .collect::<Result<_, _>>()?;
        bytes += row.iter().map(size).sum::<usize>();
        if bytes > MOST_BYTES {
            return Ok(None);
        }
        answer.rows.push(row);
    }
    Ok(Some(answer))
}

/// What a value takes, roughly.
fn size(value: &Value) -> usize {
    let inside = match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        _ => 0,
    };
    size_of::<Value>() + inside
}

/// What was wrong with the question, where it shows at its place.
fn explain(
    store: &Store,
    question: &Text,
    error: &rusqlite::Error,
    ended: Option<Duration>,
) -> anyhow::Error {
    let said = match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::MultipleStatement => {
            return anyhow!("one question at a time: there is more behind the first `;`");
        }
        other => other.to_string(),
    };
    match (error.sqlite_error_code(), ended) {
        (Some(ErrorCode::OperationInterrupted), Some(timeout)) => {
            return anyhow!(
                "the question took longer than {} and was ended; ask for less, or give it more time with --timeout",
                human::ms(timeout.as_secs_f64() * 1000.0)
            );
        }
        (Some(ErrorCode::AuthorizationForStatementDenied), _) => {
            return anyhow!(
                "the question may only read the facts: a single SELECT, without functions that reach files"
            );
        }
        _ => {}
    }
    let place = match error {
        rusqlite::Error::SqlInputError { offset, .. } => usize::try_from(*offset).ok(),
        _ => None,
    };
    // SQLite does not say where a table stands that is not there.
    let named = || question.text.find(said.strip_prefix("no such table: ")?);
    let Some(at) = place.or_else(named) else {
        return anyhow!("the question failed: {said}");
    };
    let at = at.min(question.text.len());
    let rest = question.text.get(at..).unwrap_or_default();
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    let mut mistake = question.error(at..at + word.unwrap_or(rest.len()), said.clone());
    if let Some(help) = sql_tables::help(store, &said) {
        mistake = mistake.help(help);
    }
    Mistakes::of(question.clone(), vec![mistake]).into()
}
