//! The rows of a table: order, filter, selection. The selection follows a row's key.

use std::cmp::Ordering;

use tui_input::Input;

use crate::facts::escape;

use super::columns::Column;
use super::filter::Filter;
use super::keymap::Action;
use super::text;
use super::theme::Role;

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is, the same after every refresh.
    pub key: String,
    /// One cell a column.
    pub cells: Vec<Cell>,
    fields: Vec<(String, String)>,
}

/// What stands in a cell and what it is sorted by.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The text, escaped.
    pub text: String,
    /// Its colour.
    pub role: Role,
    order: Order,
}

#[derive(Debug, Clone, PartialEq)]
enum Order {
    Number(f64),
    Text(String),
    Unknown,
}

impl Cell {
    /// Sorted by its text.
    pub fn text(role: Role, text: &str) -> Self {
        let text = escape::line(text).into_owned();
        Self {
            order: Order::Text(text.to_lowercase()),
            text,
            role,
        }
    }

    /// Sorted by a number.
    pub fn number(role: Role, number: f64, text: &str) -> Self {
        Self {
            order: Order::Number(number),
            ..Self::text(role, text)
        }
    }

    /// Not known; stands last in either direction.
    pub fn unknown() -> Self {
        Self {
            order: Order::Unknown,
            ..Self::text(Role::Dim, "-")
        }
    }
}

impl Row {
    /// A row; `more` are fields that the filter knows beside the columns.
    pub fn new(key: String, columns: &[Column], cells: Vec<Cell>, more: &[(&str, &str)]) -> Self {
        let shown = columns.iter().zip(&cells);
        let shown = shown.map(|(column, cell)| (column.name.to_owned(), cell.text.to_lowercase()));
        let more = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.to_lowercase()));
        let fields = shown.chain(more).collect();
        Self { key, cells, fields }
    }

    /// The figure of a column; `None`: there is no such column, or no figure in it.
    pub fn number(&self, name: &str) -> Option<f64> {
        // The fields of the columns come first.
        let at = self.fields.iter().position(|(field, _)| field == name)?;
        match self.cells.get(at)?.order {
            Order::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Names and values, in lower case.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }
}

/// What the rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// Column; `None`: the order that the screen gives.
    pub column: Option<usize>,
    /// Turned round.
    pub descending: bool,
}

/// The rows of a table.
#[derive(Debug, Default)]
pub struct List {
    rows: Vec<Row>,
    widths: Vec<usize>,
    shown: Vec<usize>,
    position: usize,
    top: usize,
    follows: bool,
    /// What they are sorted by.
    pub sort: Sort,
    /// The filter as it is typed.
    pub filter: Input,
}

impl List {
    /// Rows in the screen's own order.
    pub fn set_rows(&mut self, rows: Vec<Row>) {
        let key = self.selected().map(|row| self.rows[row].key.clone());
        self.widths = widest(&rows);
        self.rows = rows;
        self.arrange(key.as_deref());
    }

    /// Filters and sorts anew, with the selection on the row of that key if it is shown.
    fn arrange(&mut self, key: Option<&str>) {
        let filter = Filter::parse(self.filter.value());
        let rows = &self.rows;
        let shown = (0..rows.len()).filter(|&index| filter.matches(&rows[index]));
        self.shown = shown.collect();
        let Sort { column, descending } = self.sort;
        let shown = &mut self.shown;
        match column {
            None if descending => shown.reverse(),
            None => {}
            Some(column) => shown.sort_by(|&a, &b| {
                let (a, b) = (&rows[a].cells[column].order, &rows[b].cells[column].order);
                compare(a, b, descending)
            }),
        }
        let same = key.and_then(|key| self.shown.iter().position(|&row| self.rows[row].key == key));
        self.position = same.unwrap_or(self.position.min(self.shown.len().saturating_sub(1)));
        if self.follows {
            self.position = self.newest();
        }
    }

    /// Place of the newest row among those shown, where the screen gives the newest first.
    fn newest(&self) -> usize {
        let places = 0..self.shown.len();
        places.min_by_key(|&at| self.shown[at]).unwrap_or(0)
    }

    /// Stays on the newest row until another is selected.
    pub fn follow(&mut self, follows: bool) {
        self.follows = follows;
        if follows {
            self.position = self.newest();
        }
    }

    /// Whether it stays on the newest row.
    pub fn follows(&self) -> bool {
        self.follows
    }

    /// Filters and sorts anew; call it when the filter's text or the order changed.
    pub fn rearrange(&mut self) {
        let key = self.selected().map(|row| self.rows[row].key.clone());
        self.arrange(key.as_deref());
    }

    /// All rows, in the screen's own order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows that the filter lets through, in the order they stand in.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.shown.iter().map(|&index| &self.rows[index])
    }

    /// Index of the selected row in the screen's own order.
    pub fn selected(&self) -> Option<usize> {
        self.shown.get(self.position).copied()
    }

    /// Place of the selected row among those shown.
    pub fn position(&self) -> usize {
        self.position
    }

    /// First row in view.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Selects a row by its place among those shown; beyond the end: the last.
    pub fn select(&mut self, position: usize) {
        self.position = position.min(self.shown.len().saturating_sub(1));
        if self.follows {
            self.follows = self.position == self.newest();
        }
    }

    /// Moves the selection, if that is what a key asks for.
    pub fn act(&mut self, action: Action, page: usize) {
        let page = page.max(1);
        let to = match action {
            Action::Down => self.position + 1,
            Action::Up => self.position.saturating_sub(1),
            Action::PageDown => self.position + page,
            Action::PageUp => self.position.saturating_sub(page),
            Action::HalfDown => self.position + page.div_ceil(2),
            Action::HalfUp => self.position.saturating_sub(page.div_ceil(2)),
            Action::Top => 0,
            Action::Bottom => usize::MAX,
            _ => return,
        };
        self.select(to);
    }

    /// Keeps the selected row in view.
    pub fn settle(&mut self, page: usize) {
        let page = page.max(1);
        let last = self.shown.len().saturating_sub(page);
        self.top = self
            .top
            .clamp(self.position.saturating_sub(page - 1), self.position)
            .min(last);
    }

    /// Sorts by a column: figures largest first, texts from A; again by the same: turned round.
    pub fn sort_by(&mut self, column: Option<usize>) {
        let descending = if self.sort.column == column {
            !self.sort.descending
        } else {
            let number = |row: &Row| column.map(|c| matches!(row.cells[c].order, Order::Number(_)));
            self.rows.iter().any(|row| number(row) == Some(true))
        };
        self.sort = Sort { column, descending };
        self.rearrange();
    }

    /// Turns the order round.
    pub fn reverse(&mut self) {
        self.sort.descending = !self.sort.descending;
        self.rearrange();
    }

    /// Columns of the screen that each column takes with its head, over all rows: what the filter
    /// lets through does not move the columns. None at all where nothing is known.
    pub fn contents(&self, columns: &[Column]) -> Vec<usize> {
        let one = |(index, column): (usize, &Column)| {
            let is_sorted = self.sort.column == Some(index);
            let cells = self.widths.get(index).copied().unwrap_or(0);
            if cells == 0 && !is_sorted {
                return 0;
            }
            cells.max(text::width(column.name) + usize::from(is_sorted))
        };
        columns.iter().enumerate().map(one).collect()
    }
}

/// The widest cell of each column; 0 where nothing is known.
fn widest(rows: &[Row]) -> Vec<usize> {
    let mut widths = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.cells.len()), 0);
        for (width, cell) in widths.iter_mut().zip(&row.cells) {
            if cell.order != Order::Unknown {
                *width = text::width(&cell.text).max(*width);
            }
        }
    }
    widths
}

fn compare(a: &Order, b: &Order, descending: bool) -> Ordering {
    let known = match (a, b) {
        (Order::Unknown, Order::Unknown) => return Ordering::Equal,
        (Order::Unknown, _) => return Ordering::Greater,
        (_, Order::Unknown) => return Ordering::Less,
        (Order::Number(a), Order::Number(b)) => a.total_cmp(b),
        (Order::Text(a), Order::Text(b)) => a.cmp(b),
        (Order::Number(_), Order::Text(_)) => Ordering::Less,
        (Order::Text(_), Order::Number(_)) => Ordering::Greater,
    };
    if descending { known.reverse() } else { known }
}
