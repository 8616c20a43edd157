//! For people.

use super::recipes::{Pool, Settings};
use super::sentences::{self, Usual};
use super::sizes::{Size, Sizes};
use crate::facts::{escape, human};
use crate::report::grid::{Cell, Column, Grid, Look};
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
        page.line(Role::Warning, &sentences::sentence(note));
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
        self.lines(&sentences::nothing(sizes));
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
        self.head(sentences::POOLING);
        let (is_blocked, texts) = sentences::pooling(sizes);
        for (at, text) in texts.iter().enumerate() {
            let role = if is_blocked && at == 0 {
                Role::Warning
            } else {
                Role::Plain
            };
            self.line(role, text);
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
