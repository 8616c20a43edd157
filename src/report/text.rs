//! Findings with the lines of files that they stand in, for a terminal.

use std::collections::HashSet;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Snippet};

use super::excerpt::Excerpts;
use super::gaps;
use super::place::advice;
use super::server::plural;
use super::style::{Role, Style};
use super::table::{parts, shortened};
use super::view::View;
use super::wrap::{wrap, wrap_sql};
use crate::engine::{Confidence, Finding, Location, Severity};
use crate::facts::escape;

/// Columns that stand before the text of a note: line number, `= help: `.
const MARGIN: usize = 16;

/// The report, in so many columns.
pub fn render(view: &View<'_>, style: Style, columns: usize) -> String {
    let renderer = style.renderer(columns);
    let mut explained = HashSet::new();
    let mut excerpts = Excerpts::default();
    let mut out = String::new();
    for finding in view.by_place() {
        let is_first = explained.insert(finding.rule.as_str());
        let group = one(view, finding, &mut excerpts, is_first, columns);
        out += &renderer.render(&[group]);
        out += "\n\n";
    }
    let mut counts = gaps::counts(view);
    if let Some(files) = &view.files {
        counts += &format!(" {} linted.", plural(files.judged().len(), "file"));
    }
    for line in wrap(&counts, columns) {
        out += &style.paint(Role::Strong, &line);
        out.push('\n');
    }
    out += &parts(view, style, columns);
    out
}

fn one<'a>(
    view: &View<'a>,
    finding: &Finding,
    excerpts: &mut Excerpts,
    is_first: bool,
    columns: usize,
) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let within = columns.saturating_sub(MARGIN).max(1);
    let head = format!("{}: {}", view.title(finding), view.object(finding));
    let title = level.primary_title(escape::line(&head).into_owned());
    let mut group = Group::with_title(title.id(escape::line(&finding.rule).into_owned()));
    let location = &finding.location;
    if let Some(file) = location.file.as_deref() {
        let path = escape::line(file).into_owned();
        let text = view.files.as_ref().and_then(|files| files.text(file));
        let excerpt = text.and_then(|text| excerpts.of(file, text, location));
        if excerpt.as_ref().is_none_or(|excerpt| excerpt.is_cut) {
            group = group.element(origin(&path, location));
        }
        if let Some(excerpt) = excerpt {
            let mut snippet = Snippet::source(excerpt.text)
                .line_start(excerpt.first_line)
                .path((!excerpt.is_cut).then_some(path))
                .annotation(AnnotationKind::Primary.span(excerpt.mark));
            if let Some(shown) = excerpt.shown {
                snippet = snippet.annotation(AnnotationKind::Visible.span(shown));
            }
            group = group.element(snippet);
        }
    }
    let detail = match finding.confidence {
        Confidence::Certain => finding.detail.clone(),
        unsure => format!("{} ({unsure})", finding.detail),
    };
    let lines = wrap(&escape::line(&detail), within);
    group = group.element(Level::NOTE.message(lines.join("\n")));
    if let Some(advice) = advice(finding) {
        let lines = wrap_sql(&shortened(&advice), within);
        group = group.element(Level::HELP.message(lines.join("\n")));
    }
    if is_first {
        let more = format!("pgtriage explain {}", escape::line(&finding.rule));
        group = group.element(Level::NOTE.with_name("more").message(more));
    }
    group
}

/// The place by itself, for what is in no text that is known.
fn origin(path: &str, location: &Location) -> Origin<'static> {
    let number = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
    let mut origin = Origin::path(path.to_owned());
    if let Some(line) = number(location.line) {
        origin = origin.line(line);
        if let Some(column) = number(location.column) {
            origin = origin.char_column(column);
        }
    }
    origin
}
