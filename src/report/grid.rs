//! Cells in columns that fit a width.

use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Alignment, Color, Padding, Style as Lines};

use super::style::{Role, Style};
use super::wrap::{cut, width, wrap, wrap_sql};

/// Columns between two columns of either look.
const GAP: usize = 3;

/// Rows of cells under a head.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    title: String,
    /// It is not made narrower than this.
    least: usize,
    right: bool,
}

/// A cell: lines with their roles, wrapped where the column is too narrow.
#[derive(Debug, Clone, Default)]
pub struct Cell(Vec<(Role, String)>);

/// How rows are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Lines between columns, as psql draws them.
    Ruled,
    /// An empty line between rows.
    Spaced,
}

impl Column {
    /// A column that becomes narrower where room is short.
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            least: 8,
            right: false,
        }
    }

    /// A column that is as wide as its widest cell.
    pub fn fixed(title: &str) -> Self {
        Self {
            least: usize::MAX,
            ..Self::new(title)
        }
    }

    /// A fixed column of numbers.
    pub fn number(title: &str) -> Self {
        Self {
            right: true,
            ..Self::fixed(title)
        }
    }
}

impl Cell {
    /// One text.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self(vec![(role, text.into())])
    }

    /// The same cell with another text below.
    #[must_use]
    pub fn and(mut self, role: Role, text: impl Into<String>) -> Self {
        self.0.push((role, text.into()));
        self
    }

    fn width(&self) -> usize {
        let lines = self.0.iter().flat_map(|(_, text)| text.split('\n'));
        lines.map(width).max().unwrap_or(0)
    }

    fn wrapped(&self, columns: usize) -> Vec<(Role, String)> {
        let wrapped = self.0.iter().flat_map(|(role, text)| {
            let lines = match role {
                Role::Code => wrap_sql(text, columns),
                _ => wrap(text, columns),
            };
            lines.into_iter().map(|line| (*role, line))
        });
        wrapped.collect()
    }
}

impl Grid {
    /// A grid without rows.
    pub fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row of as many cells as there are columns.
    pub fn push(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The narrowest that the grid can be drawn, in columns.
    pub fn least_width(&self) -> usize {
        let least = self.natural().zip(&self.columns);
        let cells: usize = least
            .map(|(natural, column)| natural.min(column.least))
            .sum();
        cells + GAP * self.columns.len().saturating_sub(1)
    }

    /// Draws the grid in so many columns, or wider where the fixed columns need it.
    pub fn draw(&self, style: Style, look: Look, columns: usize) -> String {
        let widths = self.widths(columns);
        let mut drawing = Drawing {
            style,
            builder: Builder::default(),
            colours: Vec::new(),
            line: 0,
        };
        let titles = self.columns.iter().zip(&widths);
        let head =
            titles.map(|(column, width)| Cell::new(Role::Strong, cut(&column.title, *width)));
        drawing.row(&head.collect::<Vec<_>>(), &widths);
        for (index, row) in self.rows.iter().enumerate() {
            if index > 0 && look == Look::Spaced {
                drawing.row(&vec![Cell::default(); self.columns.len()], &widths);
            }
            drawing.row(row, &widths);
        }
        let mut table = drawing.builder.build();
        match look {
            Look::Ruled => table.with(Lines::psql()),
            Look::Spaced => table.with(Lines::empty().vertical(' ').horizontals([(
                1,
                HorizontalLine::inherit(Lines::empty().vertical(' ').horizontal('─')),
            )])),
        };
        table.with(Padding::new(1, 1, 0, 0));
        table.modify(Columns::first(), Padding::new(0, 1, 0, 0));
        table.modify(Columns::last(), Padding::new(1, 0, 0, 0));
        let right = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.right);
        for (index, _) in right {
            table.modify(Columns::one(index), Alignment::right());
        }
        for (line, column, on, off) in drawing.colours {
            table.modify((line, column), Color::new(on, off));
        }
        let drawn = table.to_string();
        let lines = drawn.lines();
        lines.flat_map(|line| [line.trim_end(), "\n"]).collect()
    }

    /// Columns that each column would take.
    fn natural(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().enumerate().map(|(index, column)| {
            let cells = self.rows.iter().filter_map(|row| row.get(index));
            let widest = cells.map(Cell::width).max().unwrap_or(0);
            widest.max(width(&column.title)).max(1)
        })
    }

    /// Columns that each column gets: the widest give first.
    fn widths(&self, columns: usize) -> Vec<usize> {
        let natural: Vec<usize> = self.natural().collect();
        let gaps = GAP * self.columns.len().saturating_sub(1);
        let room = columns.saturating_sub(gaps);
        let at = |cap: usize| -> Vec<usize> {
            let each = natural.iter().zip(&self.columns);
            each.map(|(natural, column)| (*natural).min(cap.max(column.least)))
                .collect()
        };
        let widest = natural.iter().copied().max().unwrap_or(0);
        let fits = |cap: &usize| at(*cap).iter().sum::<usize>() <= room;
        let cap = (1..=widest).rev().find(fits).unwrap_or(1);
        let mut widths = at(cap);
        // What the last step left over goes to the columns that were narrowed.
        let mut left = room.saturating_sub(widths.iter().sum());
        for (width, natural) in widths.iter_mut().zip(&natural).rev() {
            let more = left.min(natural - *width);
            *width += more;
            left -= more;
        }
        widths
    }
}

/// A table that grows line by line: each line of a cell is a cell of its own, so that it can have
/// its own colour.
struct Drawing {
    style: Style,
    builder: Builder,
    colours: Vec<(usize, usize, &'static str, &'static str)>,
    line: usize,
}

impl Drawing {
    fn row(&mut self, cells: &[Cell], widths: &[usize]) {
        let cells: Vec<_> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| cell.wrapped(*width))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        for line in 0..height {
            let mut texts = Vec::with_capacity(cells.len());
            for (column, cell) in cells.iter().enumerate() {
                let (role, text) = cell.get(line).cloned().unwrap_or_default();
                if let Some((on, off)) = self.style.codes(role).filter(|_| !text.is_empty()) {
                    self.colours.push((self.line, column, on, off));
                }
                texts.push(text);
            }
            self.builder.push_record(texts);
            self.line += 1;
        }
    }
}
