//! A report as Markdown, for tickets and mail.

use super::page::{Block, Card, Cell, Page, Table, Tone};
use crate::facts::escape;
use crate::report::markdown::{code, fence, prose};

/// The text.
pub fn markdown(page: &Page) -> String {
    let mut out = format!("# {}\n\n{}\n", prose(&page.title), prose(&page.subtitle));
    for section in &page.sections {
        out += &format!("\n## {}\n", prose(section.title));
        for each in &section.blocks {
            out.push('\n');
            out += &block(each);
        }
    }
    out
}

fn block(block: &Block) -> String {
    match block {
        Block::Verdict(_, sentence) => format!("**{}**\n", prose(sentence)),
        Block::Text(sentence) | Block::Note(sentence) => format!("{}\n", prose(sentence)),
        Block::Heading(title) => format!("### {}\n", prose(title)),
        Block::Rule(rule, title) => format!("### {} {}\n", prose(title), code(rule)),
        // A page is Markdown already; it is ours or the user's own.
        Block::Prose(words) => format!("{}\n", escape::line(words)),
        Block::Table(rows) => table(rows),
        Block::Card(finding) => card(finding),
        Block::List(items) => items
            .iter()
            .map(|(sentence, remedy)| {
                let remedy = remedy.as_deref().map_or_else(String::new, |remedy| {
                    let block = fence("", remedy);
                    block.lines().map(|line| format!("  {line}\n")).collect()
                });
                format!("- {}\n{remedy}", prose(sentence))
            })
            .collect(),
    }
}

fn table(table: &Table) -> String {
    let mut out = format!("{}\n\n", prose(&table.caption));
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out += &line(table.heads.iter().map(|head| prose(head.title)).collect());
    let rules = table.heads.iter();
    let rules = rules.map(|head| if head.is_figure { "---:" } else { "---" }.to_owned());
    out += &line(rules.collect());
    for row in &table.rows {
        out += &line(row.iter().map(cell).collect());
    }
    if table.beyond > 0 {
        out += &format!("\n… and {} more\n", table.beyond);
    }
    out
}

/// Bars would end a cell even within code, so code with one is prose.
fn cell(cell: &Cell) -> String {
    let text = if cell.is_code && !cell.text.contains('|') {
        code(&cell.text)
    } else {
        prose(&cell.text)
    };
    if cell.tone == Tone::Bad && !text.is_empty() {
        format!("**{text}**")
    } else {
        text
    }
}

fn card(card: &Card) -> String {
    let mark = card.mark.as_deref();
    let mark = mark.map_or_else(String::new, |mark| format!(" ({})", prose(mark)));
    let mut out = format!(
        "### {}{mark}: {}: {}\n\n{}\n",
        card.severity,
        prose(&card.title),
        code(&card.object),
        prose(&card.detail)
    );
    out += &format!("\n- rule {}, {}\n", code(&card.rule), card.confidence);
    for (name, value) in &card.fields {
        out += &format!("- {}: {}\n", prose(name), code(value));
    }
    for (title, sql) in &card.codes {
        out += &format!("\n{title}:\n\n{}", fence("sql", sql));
    }
    out
}
