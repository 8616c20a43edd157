//! A rule page as text to read, for any terminal or screen: `pgtriage explain`, the UI's rule page.

use super::markdown::BlockKind;
use super::page::Page;
use super::plan::RulePlan;

/// A page, laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The rule's title.
    pub title: String,
    /// What stands below it, in order.
    pub parts: Vec<Part>,
}

/// One part of an explanation. Inline marks (`` `code` ``, `**strong**`) are left to the renderer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A heading below the title; level 2 is the highest.
    Heading(usize, String),
    /// A paragraph.
    Paragraph(String),
    /// A list item with its marker.
    Item(String, String),
    /// Code with its language.
    Code(String, String),
    /// Rows of cells under a head.
    Table(Vec<String>, Vec<Vec<String>>),
}

/// Lays out a page with the values in force.
pub fn explain(page: &Page, rule: &RulePlan) -> Explanation {
    let mut parts = vec![Part::Paragraph(summary(page, rule))];
    if let Some(reason) = &rule.off {
        parts.push(Part::Paragraph(format!(
            "Switched off in pgtriage.toml: {reason}"
        )));
    }
    for section in &page.sections {
        parts.push(Part::Heading(2, section.title.to_owned()));
        parts.extend(section.blocks.iter().map(|block| part(&block.kind)));
        if let Some(reason) = page
            .no_fix
            .as_ref()
            .filter(|_| section.title == "How to fix it")
        {
            parts.push(Part::Paragraph(format!("No statement mends it: {reason}")));
        }
    }
    if !page.params.is_empty() {
        parts.push(Part::Heading(2, "Parameters".to_owned()));
        parts.push(params(page, rule));
    }
    if !rule.objects.is_empty() {
        parts.push(Part::Heading(2, "For some objects".to_owned()));
        parts.push(objects(rule));
    }
    parts.push(Part::Heading(2, "Query".to_owned()));
    parts.push(code("sql", &page.query.text));
    if let Some(sql) = &page.cannot_judge {
        parts.push(Part::Heading(2, "Cannot judge".to_owned()));
        parts.push(code("sql", &sql.text));
    }
    if !page.references.is_empty() {
        parts.push(Part::Heading(2, "References".to_owned()));
        let items = page.references.iter();
        parts.extend(items.map(|url| Part::Item("-".to_owned(), url.clone())));
    }
    Explanation {
        title: page.title.clone(),
        parts,
    }
}

fn summary(page: &Page, rule: &RulePlan) -> String {
    let mut words = vec![format!("`{}`", page.id)];
    match rule.severity.filter(|severity| *severity != page.severity) {
        Some(severity) => words.push(format!("{severity} (the page says {})", page.severity)),
        None => words.push(page.severity.to_string()),
    }
    words.push(format!("since {}", page.since));
    match (page.min_server, page.max_server) {
        (Some(min), Some(max)) => words.push(format!("PostgreSQL {min} to {max}")),
        (Some(min), None) => words.push(format!("PostgreSQL {min} and newer")),
        (None, Some(max)) => words.push(format!("PostgreSQL {max} and older")),
        (None, None) => {}
    }
    let needs = page.needs.iter().map(|need| match &need.column {
        Some(column) => format!("`{}.{column}`", need.table),
        None => format!("`{}`", need.table),
    });
    words.push(format!("needs {}", needs.collect::<Vec<_>>().join(", ")));
    if !page.yields_to.is_empty() {
        let ids = page.yields_to.iter().map(|id| format!("`{}`", id.value));
        words.push(format!("yields to {}", ids.collect::<Vec<_>>().join(", ")));
    }
    words.join(" · ")
}

fn part(block: &BlockKind) -> Part {
    match block {
        BlockKind::Heading { level, text } => Part::Heading(*level, text.clone()),
        BlockKind::Paragraph(text) => Part::Paragraph(text.clone()),
        BlockKind::Item { marker, text } => Part::Item(marker.clone(), text.clone()),
        BlockKind::Fence { info, body, .. } => code(info, body),
    }
}

fn code(language: &str, text: &str) -> Part {
    Part::Code(language.to_owned(), text.trim_end().to_owned())
}

fn params(page: &Page, rule: &RulePlan) -> Part {
    let head = ["name", "value", "default", "why"];
    let rows = page.params.iter().map(|param| {
        let value = rule.values.get(&param.name).unwrap_or(&param.value);
        let why = match &param.source {
            Some(source) => format!("{} ({source})", param.why),
            None => param.why.clone(),
        };
        vec![
            param.name.clone(),
            value.to_string(),
            param.value.to_string(),
            why,
        ]
    });
    Part::Table(head.map(str::to_owned).to_vec(), rows.collect())
}

fn objects(rule: &RulePlan) -> Part {
    let has_paths = rule.objects.iter().any(|entry| entry.path.is_some());
    let mut head = vec!["object", "scope"];
    head.extend(has_paths.then_some("path"));
    head.extend(["severity", "values"]);
    let rows = rule.objects.iter().map(|entry| {
        let changed = entry
            .values
            .iter()
            .filter(|(name, value)| rule.values.get(*name) != Some(value))
            .map(|(name, value)| format!("{name} = {value}"));
        let mut row = vec![
            entry.object.clone().unwrap_or_default(),
            entry.scope.clone().unwrap_or_default(),
        ];
        let path = entry.path.as_ref();
        let path = path.map_or_else(String::new, |path| path.text().to_owned());
        row.extend(has_paths.then_some(path));
        row.extend([
            entry.severity.map_or_else(String::new, |s| s.to_string()),
            changed.collect::<Vec<_>>().join(", "),
        ]);
        row
    });
    let head = head.into_iter().map(str::to_owned).collect();
    Part::Table(head, rows.collect())
}
