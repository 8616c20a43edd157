//! A report as one HTML file: no script, nothing from elsewhere. Its content security policy allows the style
//! sheet in it, by its hash, and nothing else, so that even a text that were not escaped could not act.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::page::{Block, Card, Cell, Head, Page, Section, Table, Tone};
use crate::facts::escape;

/// Characters from which on a cell is given room: names fit below, sentences and statements do not.
const LONG: usize = 24;

const STYLE: &str = include_str!("style.css");

/// The file.
pub fn html(page: &Page) -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let title = text(&format!("{}: {}", page.title, page.subtitle));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">To the content</a>\n\
         <header>\n<h1>{}</h1>\n<p class=\"sub\">{}</p>\n",
        text(&page.title),
        text(&page.subtitle)
    );
    out += "<nav aria-label=\"Parts\"><ul>\n";
    for Section { id, title, .. } in &page.sections {
        let _ = writeln!(out, "<li><a href=\"#{id}\">{}</a></li>", text(title));
    }
    out += "</ul></nav>\n</header>\n<main id=\"content\">\n";
    for section in &page.sections {
        let (id, title) = (section.id, text(section.title));
        let _ = writeln!(
            out,
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>"
        );
        for each in &section.blocks {
            block(&mut out, each);
        }
        out += "</section>\n";
    }
    let version = env!("CARGO_PKG_VERSION");
    let _ = write!(
        out,
        "</main>\n<footer>Made by pgtriage {version}.</footer>\n</body>\n</html>\n"
    );
    out
}

fn block(out: &mut String, block: &Block) {
    let _ = match block {
        Block::Verdict(tone, sentence) => writeln!(
            out,
            "<p class=\"verdict {}\">{}</p>",
            class(*tone),
            text(sentence)
        ),
        Block::Text(sentence) => writeln!(out, "<p>{}</p>", text(sentence)),
        Block::Note(sentence) => writeln!(out, "<p class=\"note\">{}</p>", text(sentence)),
        Block::Heading(title) => writeln!(out, "<h3>{}</h3>", text(title)),
        Block::Rule(rule, title) => writeln!(
            out,
            "<h3 id=\"{}\">{} <code>{}</code></h3>",
            anchor(rule),
            text(title),
            text(rule)
        ),
        Block::Prose(words) => writeln!(out, "<p>{}</p>", prose(words)),
        Block::Table(rows) => table(out, rows),
        Block::Card(finding) => card(out, finding),
        Block::List(items) => list(out, items),
    };
}

fn table(out: &mut String, table: &Table) -> std::fmt::Result {
    let caption = text(&table.caption);
    writeln!(
        out,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\">\n<table role=\"table\">\n<caption>{caption}</caption>"
    )?;
    out.push_str("<thead><tr>");
    for head in &table.heads {
        let class = if head.is_figure { " class=\"num\"" } else { "" };
        write!(out, "<th scope=\"col\"{class}>{}</th>", text(head.title))?;
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr role=\"row\">");
        for (cell, head) in row.iter().zip(&table.heads) {
            self::cell(out, cell, *head)?;
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    match table.beyond {
        0 => Ok(()),
        beyond => writeln!(out, "<p class=\"note\">… and {beyond} more</p>"),
    }
}

/// On narrow screens a row stands as lines, each with its head; the roles say that it is a row none the less.
fn cell(out: &mut String, cell: &Cell, head: Head) -> std::fmt::Result {
    let mut classes = Vec::new();
    if head.is_figure {
        classes.push("num");
    } else if cell.text.chars().count() > LONG {
        classes.push("wide");
    }
    if cell.tone != Tone::Plain {
        classes.push(class(cell.tone));
    }
    let class = match classes.as_slice() {
        [] => String::new(),
        some => format!(" class=\"{}\"", some.join(" ")),
    };
    let (head, words) = (text(head.title), text(&cell.text));
    write!(out, "<td role=\"cell\" data-h=\"{head}\"{class}>")?;
    if cell.is_code && !words.is_empty() {
        write!(out, "<code>{words}</code></td>")
    } else {
        write!(out, "{words}</td>")
    }
}

fn card(out: &mut String, card: &Card) -> std::fmt::Result {
    let tone = class(Tone::of(card.severity));
    writeln!(out, "<article class=\"{tone}\">")?;
    write!(
        out,
        "<h3><span class=\"word {tone}\">{}</span> ",
        card.severity
    )?;
    if let Some(mark) = &card.mark {
        write!(out, "<span class=\"word\">{}</span> ", text(mark))?;
    }
    writeln!(
        out,
        "{}: <code>{}</code></h3>\n<p>{}</p>",
        text(&card.title),
        text(&card.object),
        text(&card.detail)
    )?;
    for (title, sql) in &card.codes {
        let sql = lines(sql);
        // What takes the fix back is seldom read.
        if *title == "Undo" {
            writeln!(
                out,
                "<details><summary>{title}</summary>\n<pre><code>{sql}</code></pre>\n</details>"
            )?;
        } else {
            writeln!(
                out,
                "<p class=\"label\">{title}</p>\n<pre><code>{sql}</code></pre>"
            )?;
        }
    }
    if !card.fields.is_empty() {
        out.push_str("<details><summary>Evidence</summary>\n<dl>\n");
        for (name, value) in &card.fields {
            writeln!(out, "<dt>{}</dt><dd>{}</dd>", text(name), text(value))?;
        }
        out.push_str("</dl></details>\n");
    }
    writeln!(
        out,
        "<p class=\"label\">Rule <a href=\"#{}\">{}</a>, {}</p>",
        anchor(&card.rule),
        text(&card.rule),
        card.confidence
    )?;
    out.push_str("</article>\n");
    Ok(())
}

fn list(out: &mut String, items: &[(String, Option<String>)]) -> std::fmt::Result {
    out.push_str("<ul class=\"list\">\n");
    for (sentence, remedy) in items {
        write!(out, "<li>{}", text(sentence))?;
        if let Some(remedy) = remedy {
            write!(out, "<pre><code>{}</code></pre>", lines(remedy))?;
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
    Ok(())
}

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Bad => "bad",
        Tone::Warn => "warn",
        Tone::Good => "good",
        Tone::Dim => "dim",
    }
}

/// The name that links to a rule lead to. Ids of rules are words, but what is not stays out of it.
fn anchor(rule: &str) -> String {
    let words = rule.chars();
    let words = words.map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    format!("rule-{}", words.collect::<String>())
}

/// A paragraph of a page with `code` and **strong**.
fn prose(words: &str) -> String {
    let mut out = String::new();
    for (at, part) in words.split('`').enumerate() {
        if at % 2 == 1 {
            let _ = write!(out, "<code>{}</code>", text(part));
            continue;
        }
        for (at, part) in part.split("**").enumerate() {
            let _ = if at % 2 == 1 {
                write!(out, "<strong>{}</strong>", text(part))
            } else {
                write!(out, "{}", text(part))
            };
        }
    }
    out
}

/// A text of one line, as text and as the value of an attribute.
fn text(text: &str) -> String {
    entities(&escape::line(text))
}

/// A text of several lines.
fn lines(text: &str) -> String {
    entities(&escape::lines(text.trim_end()))
}

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
