//! Where things stand on the screen.
//!
//! ```text
//! header   1 or 2 rows
//! list     title, heads of columns, rows
//! detail   title, text
//! footer   1 row: hints, notice or the filter being typed
//! ```
//!
//! Without rows the text that says why takes the place of both panes. Below 60 x 15 one pane is
//! shown, below 20 x 5 one line.

use ratatui::layout::Rect;

use super::state::{Focus, Pane};

/// Where things stand. A rectangle may be empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Areas {
    /// The header.
    pub header: Rect,
    /// All between header and footer.
    pub body: Rect,
    /// The list with its title, where it is shown.
    pub list: Rect,
    /// The detail pane with its title, where it is shown.
    pub detail: Rect,
    /// The footer.
    pub footer: Rect,
    /// There is room for one line only.
    pub one_line: bool,
    /// There is room for one pane only.
    pub one_pane: bool,
}

impl Areas {
    /// For a screen of this size, with `rows` rows in the list.
    pub fn new((width, height): (u16, u16), rows: usize, pane: &Pane) -> Self {
        if width < 20 || height < 5 {
            return Self {
                one_line: true,
                one_pane: true,
                ..Self::default()
            };
        }
        let one_pane = width < 60 || height < 15;
        let head = if height < 15 { 1 } else { 2 };
        let body = Rect::new(0, head, width, height - head - 1);
        let areas = Self {
            header: Rect::new(0, 0, width, head),
            body,
            footer: Rect::new(0, height - 1, width, 1),
            one_pane,
            ..Self::default()
        };
        if rows == 0 {
            return Self {
                detail: body,
                ..areas
            };
        }
        if one_pane || pane.zoom {
            return match pane.focus {
                Focus::List => Self {
                    list: body,
                    ..areas
                },
                Focus::Detail => Self {
                    detail: body,
                    ..areas
                },
            };
        }
        let wanted = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2);
        let list = wanted.clamp(5, (body.height * 9 / 20).max(5));
        Self {
            list: Rect {
                height: list,
                ..body
            },
            detail: Rect {
                y: body.y + list,
                height: body.height - list,
                ..body
            },
            ..areas
        }
    }
}

/// The pane without its title.
pub fn below_title(area: Rect) -> Rect {
    rest(area, 1)
}

/// The rows of a list, without title and heads.
pub fn rows(list: Rect) -> Rect {
    rest(list, 2)
}

/// The text of a page or the detail pane: below the title, one column in.
pub fn text(area: Rect) -> Rect {
    let area = below_title(area);
    let margin = u16::from(area.width > 4);
    Rect {
        x: area.x + margin,
        width: area.width - 2 * margin,
        ..area
    }
}

fn rest(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

/// A box in the middle of an area, as large as its contents and frame need and the area allows.
pub fn centered(area: Rect, columns: usize, rows: usize) -> Rect {
    let width = u16::try_from(columns + 2)
        .unwrap_or(u16::MAX)
        .min(area.width);
    let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(area.height);
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
