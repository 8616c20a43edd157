//! Timeouts of roles: now, advised, and which calls that would have ended.

use crate::facts::human;
use crate::report::timeouts::{Advice, Ended};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::inputs::Input;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::{Cell, Row};
use crate::tui::overlays::Overlay;
use crate::tui::screens::screen::{Copy, Jump, Screen};
use crate::tui::theme::{Glyphs, Role};

/// The view.
pub struct TimeoutsView;

#[rustfmt::skip]
static COLUMNS: [Column; 10] = [
    Column { name: "role", min: 14, drop: 0, right: false },
    Column { name: "setting", min: 35, drop: 1, right: false },
    Column { name: "now", min: 9, drop: 3, right: true },
    Column { name: "advised", min: 9, drop: 2, right: true },
    Column { name: "ended", min: 8, drop: 4, right: true },
    Column { name: "seen", min: 8, drop: 5, right: true },
    Column { name: "database", min: 10, drop: 6, right: false },
    Column { name: "state", min: 8, drop: 7, right: false },
    Column { name: "kind", min: 11, drop: 8, right: false },
    Column { name: "reason", min: 30, drop: 9, right: false },
];

/// What the copy key takes.
const FIX: &str = "fix";

/// What is to be done about one.
fn state(advice: &Advice) -> (u8, Role, &'static str) {
    match (&advice.fix, advice.is_stuck()) {
        (Some(_), _) => (2, Role::Warning, "change"),
        (None, true) => (1, Role::Warning, "split"),
        (None, false) => (0, Role::Good, "right"),
    }
}

/// What is to change first.
fn ordered(data: &Data) -> Vec<&Advice> {
    let mut all: Vec<&Advice> = data.timeouts.rows.iter().collect();
    all.sort_by_key(|advice| std::cmp::Reverse(state(advice).0));
    all
}

impl Screen for TimeoutsView {
    fn name(&self) -> &'static str {
        "Timeouts"
    }

    fn context(&self) -> Context {
        Context::Settings
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "changes first"
    }

    fn inputs(&self) -> &'static [Input] {
        &[Input::Headroom]
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        ordered(data).into_iter().map(row).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let advice = ordered(data).into_iter().nth(row);
        advice.map_or_else(String::new, Advice::place)
    }

    fn detail(&self, data: &Data, row: usize, glyphs: &Glyphs) -> Doc {
        let advice = ordered(data).into_iter().nth(row);
        advice.map_or_else(Doc::new, |advice| text(data, advice, glyphs.ascii))
    }

    fn empty(&self, data: &Data) -> Doc {
        let mut doc = Doc::new();
        doc.line(Role::Strong, "No timeouts.");
        doc.line(
            Role::Text,
            "No role was seen at work: neither sessions nor counters nor logs show one.",
        );
        unmeasured(&mut doc, data);
        doc
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let all = self.copies(data, row);
        let fix = all.into_iter().find(|copy| copy.what == FIX);
        fix.ok_or("nothing is to be set here; Y copies it in other forms")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let Some(advice) = ordered(data).into_iter().nth(row) else {
            return Vec::new();
        };
        let some = |what, text: Option<&String>| {
            text.map(|text| Copy {
                what,
                text: text.clone(),
            })
        };
        let every: Vec<String> = data
            .timeouts
            .rows
            .iter()
            .filter_map(|row| row.fix.clone())
            .collect();
        let every = (every.len() > 1).then(|| every.join("\n"));
        let forms = [
            some(FIX, advice.fix.as_ref()),
            some("undo", advice.undo.as_ref()),
            some("all fixes", every.as_ref()),
            some("text", Some(&text(data, advice, true).plain())),
        ];
        forms.into_iter().flatten().collect()
    }

    fn open(&self, _: Action, _: &Data, _: Option<usize>) -> Option<Overlay> {
        None
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let advice = ordered(data).into_iter().nth(row);
        let first = advice.and_then(|advice| advice.ended.first());
        let first = first.ok_or("it would have ended no statement that is known")?;
        Ok(Jump {
            screen: 1,
            view: 0,
            filter: format!("fingerprint:{}", first.fingerprint),
        })
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        let rows = data.timeouts.rows.iter();
        let changes = rows.filter(|advice| advice.fix.is_some()).count();
        let count = match changes {
            0 => "no timeout to change".to_owned(),
            1 => "1 timeout to change".to_owned(),
            n => format!("{n} timeouts to change"),
        };
        vec![
            (Role::Text, count),
            (Role::Dim, format!("headroom {}×", data.headroom)),
        ]
    }
}

fn row(advice: &Advice) -> Row {
    let value = |ms: Option<f64>, colour: Role| match ms {
        Some(ms) => Cell::number(colour, ms, &advice.value(Some(ms))),
        None => Cell::unknown(),
    };
    let count = |calls: Option<f64>| match calls {
        Some(calls) => Cell::number(Role::Text, calls, &human::count(calls.round())),
        None => Cell::unknown(),
    };
    let text =
        |text: Option<&str>| text.map_or_else(Cell::unknown, |text| Cell::text(Role::Text, text));
    let (order, colour, word) = state(advice);
    let role = advice.role.as_deref().unwrap_or("(server)");
    let cells = vec![
        Cell::text(Role::Text, role),
        Cell::text(Role::Text, &advice.setting),
        value(advice.now_ms, Role::Text),
        value(advice.advised_ms, Role::Strong),
        // Of no calls none would have ended, which says nothing.
        count(advice.calls_seen.and(advice.calls_cancelled)),
        count(advice.calls_seen),
        text(advice.database.as_deref()),
        Cell::number(colour, f64::from(order), word),
        text(advice.kind.as_deref()),
        Cell::text(Role::Dim, advice.reason.as_deref().unwrap_or_default()),
    ];
    let database = advice.database.as_deref().unwrap_or_default();
    let key = format!("{role}:{database}:{}", advice.setting);
    Row::new(key, &COLUMNS, cells, &[])
}

fn text(data: &Data, advice: &Advice, ascii: bool) -> Doc {
    let mut doc = Doc::new();
    let (_, colour, word) = state(advice);
    let (now, advised) = (advice.value(advice.now_ms), advice.value(advice.advised_ms));
    let arrow = if ascii { " -> " } else { " → " };
    let advised = if advice.is_stuck() {
        "no value will do".to_owned()
    } else {
        advised
    };
    doc.pieces(&[
        (colour, word),
        (Role::Text, "  "),
        (Role::Strong, &advice.setting),
        (Role::Text, "  "),
        (Role::Text, &now),
        (Role::Dim, arrow),
        (Role::Strong, &advised),
    ]);
    doc.line(
        Role::Text,
        &format!("{}.", advice.reason.as_deref().unwrap_or("")),
    );
    if let Some(measured) = advice.measured() {
        doc.line(Role::Dim, &measured);
    }
    unmeasured(&mut doc, data);
    ended(&mut doc, &advice.ended);
    if let Some(fix) = &advice.fix {
        doc.heading("Fix").sql(fix);
    }
    if let Some(undo) = &advice.undo {
        doc.heading("Undo").sql(undo);
    }
    doc.blank().line(
        Role::Dim,
        "Keep the order: deadlock_timeout < lock_timeout < statement_timeout < transaction_timeout.",
    );
    doc.pieces(&[
        (Role::Key, "e"),
        (
            Role::Dim,
            " changes how far timeouts stand above what is slow",
        ),
    ]);
    doc
}

/// Where the length of statements is not known.
fn unmeasured(doc: &mut Doc, data: &Data) {
    if !data.timeouts.has_counters {
        doc.line(
            Role::Warning,
            "How long statements take is not known: neither pg_stat_statements nor a log with all statements was read.",
        );
    }
}

/// The statements that it would have ended, or that are above the line.
fn ended(doc: &mut Doc, all: &[Ended]) {
    if all.is_empty() {
        return;
    }
    doc.heading("Statements");
    for ended in all {
        let calls = if ended.calls > 0.0 {
            format!("{} × ", human::count(ended.calls))
        } else {
            String::new()
        };
        doc.pieces(&[
            (Role::Text, &calls),
            (Role::Text, &ended.line),
            (Role::Dim, "  "),
            (Role::Dim, &ended.fingerprint),
        ]);
    }
}
