//! What the views share as screens.

use jiff::Timestamp;

use crate::engine::Finding;
use crate::facts::human;
use crate::parse::format;
use crate::report::logs::{Logs, moment};
use crate::report::plural;
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::Row;
use crate::tui::overlays::{Overlay, Page};
use crate::tui::screens::screen::{Copy, Jump, Screen};
use crate::tui::theme::{Glyphs, Role};

use super::read_text::{none_read, nothing_counts, read_text};

/// Characters of a statement that a row holds.
pub const LINE: usize = 240;
/// Columns that a copied statement is laid out for.
const LAID_OUT: usize = 80;

/// A table over a part of the logs.
pub trait LogView: Sync {
    /// Its name.
    fn title(&self) -> &'static str;

    /// Columns of its table.
    fn heads(&self) -> &'static [Column];

    /// Word for the order of the rows.
    fn order(&self) -> &'static str;

    /// The first row is the newest.
    fn newest_first(&self) -> bool {
        false
    }

    /// Its rows.
    fn list(&self, data: &Data, logs: &Logs) -> Vec<Row>;

    /// Title of the text of a row.
    fn row_title(&self, logs: &Logs, row: usize) -> String;

    /// Text of a row.
    fn text(&self, data: &Data, logs: &Logs, row: usize, glyphs: &Glyphs) -> Doc;

    /// A sentence on why there are no rows, and the setting that would make some.
    fn none(&self) -> (&'static str, Option<&'static str>);

    /// The statement of a row, by its id.
    fn statement(&self, logs: &Logs, row: usize) -> Option<i64>;

    /// The message of a row.
    fn message(&self, _: &Logs, _: usize) -> Option<String> {
        None
    }

    /// A row for programs.
    fn json(&self, _: &Logs, _: usize) -> Option<String> {
        None
    }
}

impl<T: LogView> Screen for T {
    fn name(&self) -> &'static str {
        self.title()
    }

    fn context(&self) -> Context {
        Context::Logs
    }

    fn columns(&self) -> &'static [Column] {
        self.heads()
    }

    fn natural_order(&self) -> &'static str {
        self.order()
    }

    fn is_by_time(&self) -> bool {
        self.newest_first()
    }

    fn newest(&self, data: &Data) -> Option<Timestamp> {
        let at = data.logs.as_ref()?.totals.to_at?;
        Timestamp::from_microsecond(at).ok()
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        let logs = data.logs.as_ref();
        logs.map_or_else(Vec::new, |logs| self.list(data, logs))
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let logs = data.logs.as_ref();
        logs.map_or_else(String::new, |logs| self.row_title(logs, row))
    }

    fn detail(&self, data: &Data, row: usize, glyphs: &Glyphs) -> Doc {
        let logs = data.logs.as_ref();
        logs.map_or_else(Doc::new, |logs| self.text(data, logs, row, glyphs))
    }

    fn empty(&self, data: &Data) -> Doc {
        let logs = match &data.logs {
            None => return none_read(data),
            Some(logs) if logs.totals.records == 0 => return nothing_counts(logs),
            Some(logs) => logs,
        };
        let (why, remedy) = self.none();
        let mut doc = Doc::new();
        let records = human::count(logs.totals.records as f64);
        doc.line(Role::Strong, why);
        doc.line(Role::Dim, &format!("{records} records were read."));
        if let Some(remedy) = remedy {
            doc.blank()
                .line(Role::Text, "Where the server should write them:")
                .sql(remedy);
        }
        doc
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let mut all = self.copies(data, row).into_iter();
        all.next().ok_or("there is nothing to copy")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let Some(logs) = &data.logs else {
            return Vec::new();
        };
        let copy = |what, text| Copy { what, text };
        let message = self.message(logs, row);
        let mut all: Vec<Copy> = message
            .map(|text| copy("message", text))
            .into_iter()
            .collect();
        if let Some(id) = self.statement(logs, row) {
            if let Some(text) = logs.text(id) {
                all.push(copy("statement", text.to_owned()));
                all.push(copy("laid out", format(text, LAID_OUT)));
            }
            let fingerprint = logs.fingerprint(id);
            all.extend(fingerprint.map(|name| copy("fingerprint", name.to_owned())));
        }
        let text = self.text(data, logs, row, &Glyphs::new(false));
        all.push(copy("text", text.plain()));
        all.extend(self.json(logs, row).map(|text| copy("JSON", text)));
        all
    }

    fn open(&self, action: Action, data: &Data, _: Option<usize>) -> Option<Overlay> {
        let is_ours = action == Action::Unjudged;
        is_ours.then(|| Overlay::Page(Page::new("The logs", read_text(data))))
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let logs = data.logs.as_ref();
        let id = logs.and_then(|logs| self.statement(logs, row));
        let name = logs.zip(id).and_then(|(logs, id)| logs.fingerprint(id));
        let (Some(id), Some(name)) = (id, name) else {
            return Err("this row names no statement");
        };
        let mut queries = data.queries.rows.iter();
        if queries.any(|query| query.fingerprint() == name) {
            return Ok(Jump {
                screen: 1,
                view: 0,
                filter: format!("fingerprint:{name}"),
            });
        }
        if findings(data, id).next().is_some() {
            return Ok(Jump {
                screen: 0,
                view: 0,
                filter: format!("key:{name}"),
            });
        }
        Err("the counters do not have this statement, and nothing was found about it")
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        match &data.logs {
            None => vec![(Role::Text, "no logs".to_owned())],
            Some(logs) => summary(logs),
        }
    }
}

/// Findings about a statement.
pub fn findings(data: &Data, id: i64) -> impl Iterator<Item = &Finding> {
    let is_about = move |finding: &&Finding| {
        let subject = finding.subject;
        subject.is_some_and(|subject| subject.kind == "statement" && subject.id == id)
    };
    data.outcome.findings.iter().filter(is_about)
}

fn summary(logs: &Logs) -> Vec<(Role, String)> {
    let totals = &logs.totals;
    let records = human::count(totals.records as f64);
    let mut parts = vec![(Role::Text, format!("{records} records"))];
    if totals.unread > 0 {
        let all = totals.records + totals.filtered + totals.unread;
        let share = human::percent(totals.unread as f64 / all as f64);
        parts.push((Role::Warning, format!("{share} unread")));
    }
    if let (Some(ms), Some(to)) = (totals.span_ms(), totals.to_at) {
        let (ms, to) = (human::ms(ms), moment(to));
        parts.push((Role::Dim, format!("{ms} to {to} UTC")));
    }
    if totals.filtered > 0 {
        let filtered = human::count(totals.filtered as f64);
        parts.push((Role::Dim, format!("{filtered} filtered")));
    }
    if totals.statement_estimate.is_some() {
        parts.push((Role::Warning, "a sample".to_owned()));
    }
    if logs.sources.len() > 1 {
        parts.push((Role::Dim, plural(logs.sources.len(), "log")));
    }
    parts
}
