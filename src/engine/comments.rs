//! Comments in migrations that accept findings: the table `migration_ignores`.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::Connection;

use super::glob;
use super::pages::Pages;
use super::plan::Plan;
use super::row::Found;

/// The rule that asks for reasons. Where it is off, comments need none.
const REASON_RULE: &str = "migration/ignore-without-reason";

/// The comments that accept something, by the path of their file.
#[derive(Debug, Default)]
pub(super) struct Comments(HashMap<String, Vec<Comment>>);

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comment {
    /// Its id in `migration_ignores`.
    pub id: i64,
    /// Where it stands.
    pub file: String,
    /// Its line, 1-based.
    pub line: i64,
    /// Where its statement begins and ends, as (line, column); `None`: it is for the file.
    statement: Option<((i64, i64), (i64, i64))>,
    rules: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// Last day on which it holds.
    pub until: Option<Date>,
}

/// Marks the comments that name rules that there are not, or whose last day is over.
pub(super) fn check(connection: &Connection, pages: &Pages, today: Date) -> rusqlite::Result<()> {
    let mut query = connection.prepare(
        "SELECT id, rules, until FROM migration_ignores WHERE mistake IS NULL ORDER BY id",
    )?;
    let mut mistakes = Vec::new();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let unknown = rules(&row.get::<_, String>(1)?)
            .into_iter()
            .find(|rule| !pages.ids().any(|id| glob::matches(rule, id)));
        let until: Option<String> = row.get(2)?;
        if let Some(rule) = unknown {
            mistakes.push((id, format!("no rule `{rule}`; {}", pages.suggest(&rule))));
        } else if let Some(until) = date(until.as_deref()).filter(|until| *until < today) {
            mistakes.push((id, format!("its last day was {until}")));
        }
    }
    drop(rows);
    let mut update =
        connection.prepare("UPDATE migration_ignores SET mistake = ?2 WHERE id = ?1")?;
    for mistake in mistakes {
        update.execute(mistake)?;
    }
    Ok(())
}

impl Comments {
    /// Reads those without mistakes.
    pub fn read(connection: &Connection, pages: &Pages, plan: &Plan) -> rusqlite::Result<Self> {
        let asked = pages.get(REASON_RULE);
        let needs_reason = asked.is_some_and(|page| plan.rule(page).off.is_none());
        let mut query = connection.prepare(
            "SELECT f.path, i.id, i.line, i.rules, i.reason, i.until,
                    s.line, s.\"column\", s.end_line, s.end_column
             FROM migration_ignores i JOIN migration_files f ON f.id = i.file_id
             LEFT JOIN migration_statements s ON s.id = i.statement_id
             WHERE i.mistake IS NULL AND (i.reason IS NOT NULL OR NOT ?1)
             -- What is for one statement comes before what is for the file.
             ORDER BY i.statement_id IS NULL, i.id",
        )?;
        let mut comments: HashMap<String, Vec<Comment>> = HashMap::new();
        let mut rows = query.query([needs_reason])?;
        while let Some(row) = rows.next()? {
            let file: String = row.get(0)?;
            let statement = match row.get::<_, Option<i64>>(6)? {
                Some(line) => Some(((line, row.get(7)?), (row.get(8)?, row.get(9)?))),
                None => None,
            };
            let comment = Comment {
                id: row.get(1)?,
                file: file.clone(),
                line: row.get(2)?,
                statement,
                rules: rules(&row.get::<_, String>(3)?),
                reason: row.get(4)?,
                until: date(row.get::<_, Option<String>>(5)?.as_deref()),
            };
            comments.entry(file).or_default().push(comment);
        }
        Ok(Self(comments))
    }

    /// The comment that accepts a finding.
    pub fn of(&self, found: &Found) -> Option<&Comment> {
        let location = &found.finding.location;
        let comments = self.0.get(location.file.as_deref()?)?;
        let place = location
            .line
            .map(|line| (line, location.column.unwrap_or(1)));
        comments.iter().find(|comment| {
            let there = match comment.statement {
                Some((start, end)) => place.is_some_and(|place| start <= place && place < end),
                None => true,
            };
            let about = |rule: &String| glob::matches(rule, &found.finding.rule);
            there && comment.rules.iter().any(about)
        })
    }
}

/// The patterns of a comment; what is no list of them is none.
fn rules(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

fn date(text: Option<&str>) -> Option<Date> {
    text?.parse().ok()
}
