//! Settings that findings advise: what they are now, what they should be, and why.

use crate::engine::{Finding, Scope};
use crate::report::plural;
use crate::report::settings::{self as report, Change};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::drafts::Draft;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::{Cell, Row};
use crate::tui::overlays::{Overlay, Page};
use crate::tui::screens::copies::{FIX, copies};
use crate::tui::screens::finding_text::finding_text;
use crate::tui::screens::findings::role;
use crate::tui::screens::fix_kind::fix_kind;
use crate::tui::screens::rule_text::rule_text;
use crate::tui::screens::screen::{Copy, Jump, Screen};
use crate::tui::theme::{Glyphs, Role};

/// The view.
pub struct Advice;

#[rustfmt::skip]
static COLUMNS: [Column; 8] = [
    Column { name: "group", min: 11, drop: 6, right: false },
    Column { name: "setting", min: 32, drop: 0, right: false },
    Column { name: "now", min: 12, drop: 2, right: true },
    Column { name: "advised", min: 12, drop: 1, right: true },
    Column { name: "applies", min: 12, drop: 3, right: false },
    Column { name: "severity", min: 8, drop: 4, right: false },
    Column { name: "for", min: 16, drop: 5, right: false },
    Column { name: "reason", min: 24, drop: 7, right: false },
];

/// What a fix is where it changes what a migration must not: the server or a role.
const NO_SCHEMA: [&str; 4] = ["alter system", "alter role", "alter database", "by hand"];

/// A setting that is to change, with the finding that says so.
struct Advised<'d> {
    change: Change,
    finding: &'d Finding,
}

/// The rows of `pgtriage advise settings`.
fn changes(data: &Data) -> Vec<Advised<'_>> {
    let findings = &data.outcome.findings;
    let node = data.server.nodes.first();
    let server = node.map_or("", |node| node.label.as_str());
    let of = |change: Change| {
        let finding = findings.iter().find(|finding| finding.key == change.key)?;
        Some(Advised { change, finding })
    };
    let all = report::changes(findings, server);
    all.into_iter().filter_map(of).collect()
}

/// One of them.
fn change(data: &Data, row: usize) -> Option<Advised<'_>> {
    changes(data).into_iter().nth(row)
}

impl Screen for Advice {
    fn name(&self) -> &'static str {
        "Advice"
    }

    fn context(&self) -> Context {
        Context::Settings
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "group"
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        changes(data)
            .iter()
            .map(|change| row(data, change))
            .collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let Some(change) = change(data, row) else {
            return String::new();
        };
        let rule = &change.finding.rule;
        let page = data.pages.get(rule);
        page.map_or_else(|| rule.clone(), |page| page.title.clone())
    }

    fn detail(&self, data: &Data, row: usize, glyphs: &Glyphs) -> Doc {
        change(data, row).map_or_else(Doc::new, |change| about(&change, glyphs))
    }

    fn empty(&self, data: &Data) -> Doc {
        let mut doc = Doc::new();
        if data.settings.is_empty() {
            doc.line(Role::Strong, "The settings are not known.");
            doc.line(
                Role::Text,
                "Facts that were not read from a server, as files of a schema, have none.",
            );
            return doc;
        }
        doc.line(Role::Good, "No setting is to be changed.");
        doc.line(
            Role::Text,
            "What could not be judged, and what would make that known, shows u on screen 1.",
        );
        doc
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let all = self.copies(data, row);
        let fix = all.into_iter().find(|copy| copy.what == FIX);
        fix.ok_or("no SQL sets this one; Y copies it in other forms, R shows its rule")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        change(data, row).map_or_else(Vec::new, |change| copies(data, change.finding))
    }

    fn open(&self, action: Action, data: &Data, row: Option<usize>) -> Option<Overlay> {
        let finding = change(data, row?)?.finding;
        let page = data.pages.get(&finding.rule)?;
        let title = &finding.rule;
        (action == Action::RulePage).then(|| Overlay::Page(Page::new(title, rule_text(page))))
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let finding = change(data, row).ok_or("nothing is selected")?.finding;
        Ok(Jump {
            screen: 0,
            view: 0,
            filter: format!("key:\"{}\"", finding.key),
        })
    }

    fn is_of_findings(&self) -> bool {
        true
    }

    fn collects(&self, data: &Data, row: usize) -> Result<Draft, &'static str> {
        let finding = change(data, row).ok_or("nothing is selected")?.finding;
        let kind = finding.fix.as_deref().map(fix_kind).unwrap_or_default();
        if matches!(finding.scope, Scope::Node(_)) || NO_SCHEMA.contains(&kind.as_str()) {
            return Err(
                "settings of servers and roles are no migration of a schema; y copies the statement",
            );
        }
        Draft::of_row(Some(finding))
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        let all = changes(data);
        let count = match all.len() {
            0 => "no setting to change".to_owned(),
            count => format!("{} to change", plural(count, "setting")),
        };
        let takes_restart = |advised: &&Advised<'_>| advised.change.applies == "restart";
        let restarts = all.iter().filter(takes_restart);
        let mut parts = vec![(Role::Text, count)];
        match restarts.count() {
            0 => {}
            1 => parts.push((Role::Dim, "1 takes a restart".to_owned())),
            n => parts.push((Role::Dim, format!("{n} take a restart"))),
        }
        parts
    }
}

fn row(data: &Data, advised: &Advised<'_>) -> Row {
    let Advised { change, finding } = advised;
    let group = change.group;
    let text = |text: Option<&str>, colour: Role| {
        text.map_or_else(Cell::unknown, |text| Cell::text(colour, text))
    };
    let is_collected = data.drafts.iter().any(|draft| draft.key == finding.key);
    let mark = if is_collected { "+ " } else { "" };
    let colour = role(finding.severity);
    let cells = vec![
        Cell::number(Role::Dim, group.place() as f64, group.word()),
        Cell::text(colour, &format!("{mark}{}", change.setting)),
        text(change.now.as_deref(), Role::Text),
        Cell::text(Role::Strong, &change.advised),
        Cell::text(Role::Text, &change.applies),
        Cell::number(
            colour,
            f64::from(finding.severity as u8),
            finding.severity.as_str(),
        ),
        text(change.place.as_deref(), Role::Text),
        Cell::text(Role::Dim, &change.reason),
    ];
    let more = [
        ("rule", finding.rule.as_str()),
        ("collected", if is_collected { "yes" } else { "no" }),
        ("key", finding.key.as_str()),
    ];
    let key = format!("{}:{}", finding.key, change.setting);
    Row::new(key, &COLUMNS, cells, &more)
}

/// What is now and what it should be, and then all that the finding says.
fn about(advised: &Advised<'_>, glyphs: &Glyphs) -> Doc {
    let Advised { change, finding } = advised;
    let mut doc = Doc::new();
    let arrow = if glyphs.ascii { " -> " } else { " → " };
    let applies = match change.applies.as_str() {
        "new sessions" => "  for new sessions".to_owned(),
        word => format!("  after a {word}"),
    };
    doc.pieces(&[
        (Role::Strong, &change.setting),
        (Role::Text, "  "),
        (Role::Text, change.now.as_deref().unwrap_or("not known")),
        (Role::Dim, arrow),
        (Role::Strong, &change.advised),
        (Role::Dim, &applies),
    ]);
    if change.reason != finding.detail {
        doc.line(Role::Text, &change.reason);
    }
    doc.blank().append(&finding_text(finding));
    doc
}
