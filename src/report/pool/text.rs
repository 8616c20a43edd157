//! For people.

use super::recipes::{Pool, Settings};
use super::sentences::{self, Usual};
use super::sizes::{Blocker, Size, Sizes};
use crate::facts::{escape, human};
use crate::report::grid::{Cell, Column, Grid, Look};
use crate::report::server::plural;
use crate::report::style::{Role, Style};
use crate::report::wrap::wrap;

/// What to show beside the sizes.
#[derive(Debug, Clone)]
pub struct Shown<'a> {
    /// `shop on db.example:5432, PostgreSQL 17.2`.
    pub server: &'a str,
    /// Pools whose settings are asked for.
    pub pools: &'a [&'static Pool],
    /// Numbers for them; `None`: there is no advice.
    pub settings: Option<&'a Settings>,
    /// Range that applications usually have, for each instance.
    pub usual: Usual,
}

/// The advice.
pub fn text(sizes: &Sizes, shown: &Shown<'_>, style: Style, columns: usize) -> String {
    let mut page = Page {
        out: String::new(),
        style,
        columns,
    };
    page.line(
        Role::Strong,
        &format!("Connection pool for {}", shown.server),
    );
    let (Some(now), Some(sized)) = (sizes.whole().first(), sizes.sized()) else {
        page.nothing(sizes);
        page.blockers(sizes);
        return page.out;
    };
    page.line(Role::Plain, &sentences::measured(now));
    for note in &now.notes {
        page.line(Role::Warning, &sentence(note));
    }
    page.loads(sizes.whole());
    page.head("Advice");
    page.lines(&sentences::advice(sized));
    page.lines(&sentences::instances(sized, shown.usual));
    page.lines(&sentences::room(sized));
    page.lines(sentences::provider(sizes).as_slice());
    page.line(Role::Plain, &sentences::cores(now));
    page.databases(sizes);
    page.blockers(sizes);
    if let Some(settings) = shown.settings {
        page.pools(shown.pools, settings);
    }
    page.out
}

struct Page {
    out: String,
    style: Style,
    columns: usize,
}

impl Page {
    fn head(&mut self, title: &str) {
        self.out.push('\n');
        self.line(Role::Strong, title);
    }

    fn line(&mut self, role: Role, text: &str) {
        for line in wrap(&escape::line(text), self.columns) {
            self.out += &self.style.paint(role, &line);
            self.out.push('\n');
        }
    }

    fn lines(&mut self, texts: &[String]) {
        for text in texts {
            self.line(Role::Plain, text);
        }
    }

    fn nothing(&mut self, sizes: &Sizes) {
        self.line(
            Role::Plain,
            "The load is not known, so neither is a size. It takes two readings of pg_stat_database, or one of a server of version 14 or newer; read-only sources without counters do not show it.",
        );
        if (1..14).contains(&sizes.major) {
            self.line(
                Role::Plain,
                "PostgreSQL before 14 does not count how long sessions are busy: run it on the server, which looks at sessions for a minute.",
            );
        }
        for (because, remedy) in &sizes.missing {
            let remedy = remedy
                .as_deref()
                .map_or_else(String::new, |remedy| format!(": {remedy}"));
            self.line(Role::Plain, &sentence(&format!("{because}{remedy}")));
        }
    }

    fn loads(&mut self, rows: &[Size]) {
        let heads = ["load", "transactions/s", "busy", "cores in use", "needed"];
        let mut grid = Grid::new(
            heads
                .iter()
                .enumerate()
                .map(|(at, head)| {
                    if at == 0 {
                        Column::fixed(head)
                    } else {
                        Column::number(head)
                    }
                })
                .collect(),
        );
        for row in rows {
            let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), human::count);
            let needed = row.needed.map_or_else(
                || "no number will do".to_owned(),
                |needed| needed.to_string(),
            );
            grid.push(vec![
                Cell::new(Role::Strong, sentences::peak(row.peak)),
                Cell::new(Role::Plain, number(row.per_s)),
                Cell::new(Role::Plain, number(row.busy)),
                Cell::new(
                    Role::Plain,
                    row.utilization
                        .map_or_else(|| "-".to_owned(), human::percent),
                ),
                Cell::new(Role::Plain, needed),
            ]);
        }
        self.out.push('\n');
        self.out += &grid.draw(self.style, Look::Ruled, self.columns);
    }

    fn databases(&mut self, sizes: &Sizes) {
        let all: Vec<&[Size]> = sizes.databases().collect();
        if all.len() < 2 {
            return;
        }
        self.head("By database");
        let mut grid = Grid::new(vec![
            Column::new("database"),
            Column::number("transactions/s"),
            Column::number("busy"),
            Column::number("advised"),
        ]);
        for rows in all {
            let (Some(now), Some(sized)) = (rows.first(), rows.get(1).or(rows.first())) else {
                continue;
            };
            let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), human::count);
            grid.push(vec![
                Cell::new(
                    Role::Plain,
                    escape::line(now.database.as_deref().unwrap_or("-")),
                ),
                Cell::new(Role::Plain, number(now.per_s)),
                Cell::new(Role::Plain, number(now.busy)),
                Cell::new(
                    Role::Plain,
                    sentences::advised(sized).unwrap_or("-".to_owned()),
                ),
            ]);
        }
        self.out += &grid.draw(self.style, Look::Ruled, self.columns);
    }

    fn blockers(&mut self, sizes: &Sizes) {
        self.head("Transaction pooling (PgBouncer and the like)");
        if sizes.blockers.is_empty() {
            let text = match sizes.statements {
                0 => "Whether this workload allows it is not known: no statements were read. pg_stat_statements or logs show them.".to_owned(),
                count => format!(
                    "Nothing in its way was seen in {}. Protocol-level prepared statements need PgBouncer 1.21.",
                    plural(usize::try_from(count).unwrap_or(usize::MAX), "statement")
                ),
            };
            self.line(Role::Plain, &text);
            return;
        }
        self.line(
            Role::Warning,
            "In its way, since the session has to stay the same:",
        );
        for blocker in &sizes.blockers {
            self.line(Role::Plain, &blocked(blocker));
        }
    }

    fn pools(&mut self, pools: &[&'static Pool], settings: &Settings) {
        for pool in pools {
            self.head(&format!("{}: {}", pool.name, pool.place));
            // Settings are copied, so they are not wrapped.
            for line in pool.settings(settings).lines() {
                self.out += &self.style.paint(Role::Code, &escape::line(line));
                self.out.push('\n');
            }
        }
    }
}

fn blocked(blocker: &Blocker) -> String {
    let who = blocker
        .role
        .as_deref()
        .map_or_else(String::new, |role| format!(" by {role}"));
    let calls = blocker.calls.map_or_else(String::new, |calls| {
        format!(", {} calls", human::count(calls as f64))
    });
    format!(
        "- {}: {}{who}{calls}. Instead: {}.",
        blocker.kind, blocker.evidence, blocker.remedy
    )
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    let end = if text.ends_with(['.', ';']) { "" } else { "." };
    // Names of settings keep their letters.
    let word = text.split_whitespace().next().unwrap_or("");
    if word.contains('_') {
        return format!("{text}{end}");
    }
    format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
}
