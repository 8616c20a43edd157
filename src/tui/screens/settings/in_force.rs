//! All settings of the server: those that are not the default first.

use crate::engine::Finding;
use crate::report::in_force::InForce;
use crate::report::settings::group;
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::{Cell, Row};
use crate::tui::overlays::Overlay;
use crate::tui::screens::findings::role;
use crate::tui::screens::screen::{Copy, Jump, Screen};
use crate::tui::theme::{Glyphs, Role};

/// The view.
pub struct InForceView;

#[rustfmt::skip]
static COLUMNS: [Column; 7] = [
    Column { name: "setting", min: 24, drop: 0, right: false },
    Column { name: "value", min: 16, drop: 1, right: true },
    Column { name: "default", min: 12, drop: 2, right: true },
    Column { name: "differs", min: 8, drop: 6, right: false },
    Column { name: "applies", min: 12, drop: 4, right: false },
    Column { name: "source", min: 14, drop: 3, right: false },
    Column { name: "group", min: 11, drop: 5, right: false },
];

/// Findings about a setting.
fn about<'d>(data: &'d Data, setting: &'d InForce) -> impl Iterator<Item = &'d Finding> {
    let all = data.outcome.findings.iter();
    all.filter(|finding| {
        let named = finding
            .evidence
            .get("setting")
            .and_then(|name| name.as_str());
        let is_of_settings = finding
            .subject
            .is_none_or(|subject| subject.kind == "setting");
        named == Some(&setting.name) || (is_of_settings && finding.object == setting.name)
    })
}

impl Screen for InForceView {
    fn name(&self) -> &'static str {
        "In force"
    }

    fn context(&self) -> Context {
        Context::Settings
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "changed first"
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        data.settings.iter().map(row).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let setting = data.settings.get(row);
        setting.map_or_else(String::new, |setting| setting.name.clone())
    }

    fn detail(&self, data: &Data, row: usize, _: &Glyphs) -> Doc {
        let setting = data.settings.get(row);
        setting.map_or_else(Doc::new, |setting| text(data, setting))
    }

    fn empty(&self, data: &Data) -> Doc {
        super::advice::Advice.empty(data)
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let mut all = self.copies(data, row).into_iter();
        all.next().ok_or("nothing is selected")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let Some(setting) = data.settings.get(row) else {
            return Vec::new();
        };
        let copy = |what, text: String| Copy { what, text };
        vec![
            copy("name", setting.name.clone()),
            copy("text", text(data, setting).plain()),
        ]
    }

    fn open(&self, _: Action, _: &Data, _: Option<usize>) -> Option<Overlay> {
        None
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let setting = data.settings.get(row).ok_or("nothing is selected")?;
        let first = about(data, setting).next();
        let first = first.ok_or("nothing was found about this setting")?;
        Ok(Jump {
            screen: 0,
            view: 0,
            filter: format!("key:\"{}\"", first.key),
        })
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        let all = data.settings.iter();
        let count = |is: fn(&InForce) -> bool| data.settings.iter().filter(|one| is(one)).count();
        let mut parts = vec![
            (Role::Text, format!("{} settings", all.len())),
            (
                Role::Dim,
                format!("{} not the default", count(|one| one.differs == Some(true))),
            ),
        ];
        match count(|one| one.is_pending) {
            0 => {}
            1 => parts.push((Role::Warning, "1 waits for a restart".to_owned())),
            n => parts.push((Role::Warning, format!("{n} wait for a restart"))),
        }
        parts
    }
}

fn row(setting: &InForce) -> Row {
    let colour = match (setting.is_pending, setting.differs) {
        (true, _) => Role::Warning,
        (false, Some(true)) => Role::Strong,
        _ => Role::Text,
    };
    let text = |value: Option<&str>, colour: Role| {
        value.map_or_else(Cell::unknown, |text| Cell::text(colour, text))
    };
    let differs = match (setting.differs, setting.is_pending) {
        (_, true) => Some("pending"),
        (Some(true), _) => Some("yes"),
        (Some(false), _) => Some("no"),
        (None, _) => None,
    };
    let cells = vec![
        Cell::text(colour, &setting.name),
        text(setting.value.as_deref(), Role::Text),
        text(setting.default.as_deref(), Role::Dim),
        text(differs, colour),
        text(setting.applies, Role::Text),
        text(setting.source.as_deref(), Role::Text),
        Cell::text(Role::Dim, group(&setting.name).word()),
    ];
    let more = [("file", setting.file.as_deref().unwrap_or_default())];
    Row::new(setting.name.clone(), &COLUMNS, cells, &more)
}

fn text(data: &Data, setting: &InForce) -> Doc {
    let mut doc = Doc::new();
    doc.line(Role::Strong, &setting.name);
    let field = |name: &str, value: Option<&str>| match value {
        Some(value) => (name.to_owned(), Role::Text, value.to_owned()),
        None => (name.to_owned(), Role::Dim, "not visible".to_owned()),
    };
    let mut fields = vec![
        field("value", setting.value.as_deref()),
        field("default", setting.default.as_deref()),
        field("source", setting.source.as_deref()),
        field("file", setting.file.as_deref()),
        field("applies by", setting.applies.or(Some("it cannot be set"))),
    ];
    if setting.is_pending {
        let text = "the file has another value, which is in force after a restart";
        fields.push(("pending".to_owned(), Role::Warning, text.to_owned()));
    }
    doc.fields(&fields);
    let mut found = about(data, setting).peekable();
    if found.peek().is_some() {
        doc.heading("Findings");
    }
    for finding in found {
        doc.pieces(&[
            (role(finding.severity), finding.severity.as_str()),
            (Role::Text, "  "),
            (Role::Strong, &finding.rule),
        ]);
        doc.line(Role::Text, &finding.detail);
        if let Some(fix) = &finding.fix {
            doc.sql(fix);
        }
    }
    doc
}
