//! Settings that findings advise: what they are now, what they should be, and why.

use serde_json::Value;

use crate::engine::{Finding, Scope};
use crate::report::in_force::InForce;
use crate::report::plural;
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
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

use super::group::group;

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

/// The family of the rules about settings.
const FAMILY: &str = "setting/";

/// Findings about settings, by group and within it by rank.
fn advised(data: &Data) -> Vec<&Finding> {
    let all = data.outcome.findings.iter();
    let is_here = |finding: &&Finding| {
        evidence(finding, "advised").is_some() || finding.rule.starts_with(FAMILY)
    };
    let mut found: Vec<&Finding> = all.filter(is_here).collect();
    found.sort_by_key(|finding| group(setting(finding)).0);
    found
}

/// Evidence as it would be written into a file.
fn evidence(finding: &Finding, name: &str) -> Option<String> {
    match finding.evidence.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The setting: that of the evidence where the finding is about something else.
fn setting(finding: &Finding) -> &str {
    let named = finding.evidence.get("setting").and_then(Value::as_str);
    named.unwrap_or(&finding.object)
}

/// Its value: as the finding says, else as it is on the server.
fn now(data: &Data, finding: &Finding) -> Option<String> {
    evidence(finding, "now").or_else(|| in_force(data, finding)?.value.clone())
}

/// What makes a new value count, likewise.
fn applies(data: &Data, finding: &Finding) -> Option<String> {
    let of_server = || in_force(data, finding)?.applies.map(str::to_owned);
    evidence(finding, "applies").or_else(of_server)
}

/// The setting of the server, where the finding is about the server.
fn in_force<'d>(data: &'d Data, finding: &Finding) -> Option<&'d InForce> {
    let mut all = data.settings.iter();
    all.find(|setting| setting.name == finding.object)
}

/// What it is set for, where that is not the server.
fn place(finding: &Finding) -> Option<String> {
    (setting(finding) != finding.object).then(|| finding.object.clone())
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
        let all = advised(data).into_iter();
        all.map(|finding| row(data, finding)).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let Some(finding) = advised(data).into_iter().nth(row) else {
            return String::new();
        };
        let page = data.pages.get(&finding.rule);
        page.map_or_else(|| finding.rule.clone(), |page| page.title.clone())
    }

    fn detail(&self, data: &Data, row: usize, glyphs: &Glyphs) -> Doc {
        let finding = advised(data).into_iter().nth(row);
        finding.map_or_else(Doc::new, |finding| text(data, finding, glyphs))
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
        let finding = advised(data).into_iter().nth(row);
        finding.map_or_else(Vec::new, |finding| copies(data, finding))
    }

    fn open(&self, action: Action, data: &Data, row: Option<usize>) -> Option<Overlay> {
        let finding = advised(data).into_iter().nth(row?)?;
        let page = data.pages.get(&finding.rule)?;
        let title = &finding.rule;
        (action == Action::RulePage).then(|| Overlay::Page(Page::new(title, rule_text(page))))
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let finding = advised(data).into_iter().nth(row);
        let finding = finding.ok_or("nothing is selected")?;
        Ok(Jump {
            screen: 0,
            view: 0,
            filter: format!("key:\"{}\"", finding.key),
        })
    }

    fn is_of_findings(&self) -> bool {
        true
    }

    fn collects<'d>(&self, data: &'d Data, row: usize) -> Result<&'d Finding, &'static str> {
        let finding = advised(data).into_iter().nth(row);
        let finding = finding.ok_or("nothing is selected")?;
        let kind = finding.fix.as_deref().map(fix_kind).unwrap_or_default();
        if matches!(finding.scope, Scope::Node(_)) || NO_SCHEMA.contains(&kind.as_str()) {
            return Err(
                "settings of servers and roles are no migration of a schema; y copies the statement",
            );
        }
        Ok(finding)
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        let all = advised(data);
        let count = match all.len() {
            0 => "no setting to change".to_owned(),
            count => format!("{} to change", plural(count, "setting")),
        };
        let restarts = all
            .iter()
            .filter(|finding| applies(data, finding).as_deref() == Some("restart"));
        let mut parts = vec![(Role::Text, count)];
        match restarts.count() {
            0 => {}
            1 => parts.push((Role::Dim, "1 takes a restart".to_owned())),
            n => parts.push((Role::Dim, format!("{n} take a restart"))),
        }
        parts
    }
}

fn row(data: &Data, finding: &Finding) -> Row {
    let name = setting(finding);
    let (order, group) = group(name);
    let text = |text: Option<String>, colour: Role| {
        text.map_or_else(Cell::unknown, |text| Cell::text(colour, &text))
    };
    let is_collected = data.drafts.iter().any(|draft| draft.key == finding.key);
    let mark = if is_collected { "+ " } else { "" };
    let cells = vec![
        Cell::number(Role::Dim, order as f64, group),
        Cell::text(role(finding.severity), &format!("{mark}{name}")),
        text(now(data, finding), Role::Text),
        text(evidence(finding, "advised"), Role::Strong),
        text(applies(data, finding), Role::Text),
        Cell::number(
            role(finding.severity),
            f64::from(finding.severity as u8),
            finding.severity.as_str(),
        ),
        place(finding).map_or_else(Cell::unknown, |place| Cell::text(Role::Text, &place)),
        Cell::text(Role::Dim, &finding.detail),
    ];
    let more = [
        ("rule", finding.rule.as_str()),
        ("collected", if is_collected { "yes" } else { "no" }),
        ("key", finding.key.as_str()),
    ];
    Row::new(finding.key.clone(), &COLUMNS, cells, &more)
}

/// What is now and what it should be, and then all that the finding says.
fn text(data: &Data, finding: &Finding, glyphs: &Glyphs) -> Doc {
    let mut doc = Doc::new();
    let now = now(data, finding).unwrap_or_else(|| "not known".to_owned());
    let advised = evidence(finding, "advised").unwrap_or_else(|| "see the fix".to_owned());
    let arrow = if glyphs.ascii { " -> " } else { " → " };
    let mut pieces = vec![
        (Role::Strong, setting(finding)),
        (Role::Text, "  "),
        (Role::Text, &now),
        (Role::Dim, arrow),
        (Role::Strong, &advised),
    ];
    let applies = match applies(data, finding).as_deref() {
        Some("new sessions") => "  for new sessions".to_owned(),
        Some(word) => format!("  after a {word}"),
        None => String::new(),
    };
    pieces.push((Role::Dim, &applies));
    doc.pieces(&pieces);
    doc.blank().append(&finding_text(finding));
    doc
}
