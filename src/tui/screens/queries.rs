//! The statements with their figures, those with most time first.

use crate::engine::Severity;
use crate::parse::format;
use crate::report::json;
use crate::report::plural;
use crate::report::queries::{Body, MEASURES, Query, line, parts};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::{Cell, Row};
use crate::tui::overlays::Overlay;
use crate::tui::theme::{Glyphs, Role};

use super::figures;
use super::findings::role;
use super::screen::{Copy, Jump, Screen};

/// The screen.
pub struct Queries;

/// Characters of a statement that its row holds.
const LINE: usize = 240;
/// Columns that a copied statement is laid out for.
const LAID_OUT: usize = 80;

/// All figures, those that matter less going first, and the statement, which stays.
static COLUMNS: [Column; MEASURES.len() + 1] = figures::columns(&MEASURES);

impl Screen for Queries {
    fn name(&self) -> &'static str {
        "Queries"
    }

    fn context(&self) -> Context {
        Context::Queries
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "time"
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        data.queries.rows.iter().map(row).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let query = data.queries.rows.get(row);
        query.map_or_else(String::new, |query| query.fingerprint().to_owned())
    }

    fn detail(&self, data: &Data, row: usize, _: &Glyphs) -> Doc {
        let query = data.queries.rows.get(row);
        query.map_or_else(Doc::new, |query| text(data, query))
    }

    fn empty(&self, data: &Data) -> Doc {
        let mut doc = Doc::new();
        doc.line(Role::Strong, "No statements.");
        if data.queries.missing.is_empty() {
            doc.line(Role::Text, "pg_stat_statements has counted none yet.");
        }
        for missing in &data.queries.missing {
            let because = format!("They are not known: {}.", missing.because);
            doc.line(Role::Text, &because);
            if let Some(remedy) = &missing.remedy {
                doc.sql(remedy);
            }
        }
        doc
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let first = self.copies(data, row).into_iter().next();
        first
            .filter(|copy| copy.what == "statement")
            .ok_or("the text of this statement is hidden from the role")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let Some(query) = data.queries.rows.get(row) else {
            return Vec::new();
        };
        let copy = |what, text| Copy { what, text };
        let mut all = Vec::new();
        if let Some(text) = &query.text {
            all.push(copy("statement", text.clone()));
            all.push(copy("laid out", format(text, LAID_OUT)));
        }
        all.push(copy("fingerprint", query.fingerprint().to_owned()));
        all.push(copy("text", text(data, query).plain()));
        all.push(copy("JSON", json::text(&query.json())));
        all
    }

    fn open(&self, _: Action, _: &Data, _: Option<usize>) -> Option<Overlay> {
        None
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let query = data.queries.rows.get(row);
        query
            .filter(|query| query.get("finding_count").as_i64() > Some(0))
            .map(|query| Jump {
                screen: 0,
                view: 0,
                filter: format!("key:{}", query.fingerprint()),
            })
            .ok_or("nothing was found about this statement")
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        let queries = &data.queries;
        let count = match queries.rows.len() {
            0 => "no statements".to_owned(),
            count => plural(count, "statement"),
        };
        let mut parts = vec![(Role::Text, count)];
        parts.extend(queries.window_words().map(|words| (Role::Dim, words)));
        if queries.hidden() > 0 {
            parts.push((Role::Warning, "some texts are hidden".to_owned()));
        }
        parts
    }
}

fn row(query: &Query) -> Row {
    let mut cells: Vec<Cell> = MEASURES
        .iter()
        .map(|measure| figures::cell(measure.column, query.get(measure.column)))
        .collect();
    let shown = line(query.text.as_deref(), LINE);
    let colour = match query.get("severity").as_str() {
        Some(word) => word.parse::<Severity>().map_or(Role::Text, role),
        None => Role::Text,
    };
    cells.push(Cell::text(colour, &shown));
    let purpose = query.figure("purpose").unwrap_or_default();
    let ids = query.figure("queryids").unwrap_or_default();
    let more = [
        ("fingerprint", query.fingerprint()),
        ("purpose", purpose.as_str()),
        ("queryid", ids.as_str()),
        ("text", query.text.as_deref().unwrap_or_default()),
    ];
    let database = query.figure("database_name").unwrap_or_default();
    let key = format!("{database}:{}", query.fingerprint());
    Row::new(key, &COLUMNS, cells, &more)
}

/// Everything about a statement.
fn text(data: &Data, query: &Query) -> Doc {
    let mut doc = Doc::new();
    let findings = data.outcome.findings.iter();
    for part in parts(query, data.shapes.get(&query.id), findings) {
        // What the statement is needs no heading.
        if doc.len() > 0 {
            doc.heading(&part.title);
        }
        match part.body {
            Body::Sql(sql) => {
                doc.sql(&sql);
            }
            Body::Text(text) => {
                doc.prose(&text);
            }
            Body::Fields(fields) => {
                let shown = fields.into_iter().map(|(name, value)| match value {
                    Some(text) => (name, Role::Text, text),
                    None => (name, Role::Dim, "unknown".to_owned()),
                });
                doc.fields(&shown.collect::<Vec<_>>());
            }
            Body::Findings(findings) => {
                for finding in findings {
                    doc.pieces(&[
                        (role(finding.severity), finding.severity.as_str()),
                        (Role::Text, "  "),
                        (Role::Strong, &finding.rule),
                    ]);
                    doc.line(Role::Text, &finding.detail);
                }
            }
        }
    }
    doc
}
