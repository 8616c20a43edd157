//! A text that scrolls: detail pane, rule page, help.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::doc::Doc;
use super::keymap::Action;
use super::theme::{Glyphs, Theme};

/// A text and where the reader is in it.
#[derive(Debug, Clone)]
pub struct Reader {
    doc: Doc,
    top: usize,
    left: usize,
    wrap: bool,
}

impl Reader {
    /// At the beginning of a text, wrapped.
    pub fn new(doc: Doc) -> Self {
        Self {
            doc,
            top: 0,
            left: 0,
            wrap: true,
        }
    }

    /// The text.
    pub fn doc(&self) -> &Doc {
        &self.doc
    }

    /// Another text: from its beginning, or from where the reader is if it is the same thing anew.
    pub fn replace(&mut self, doc: Doc, same: bool) {
        self.doc = doc;
        if !same {
            self.top = 0;
            self.left = 0;
        }
    }

    /// Does what a key asks for, if it is about reading.
    pub fn act(&mut self, action: Action, area: Rect) {
        let page = usize::from(area.height).max(1);
        match action {
            Action::Down => self.top += 1,
            Action::Up => self.top = self.top.saturating_sub(1),
            Action::PageDown => self.top += page,
            Action::PageUp => self.top = self.top.saturating_sub(page),
            Action::HalfDown => self.top += page.div_ceil(2),
            Action::HalfUp => self.top = self.top.saturating_sub(page.div_ceil(2)),
            Action::Top => self.top = 0,
            Action::Bottom => self.top = usize::MAX / 2,
            Action::Left => self.left = self.left.saturating_sub(8),
            Action::Right if !self.wrap => self.left += 8,
            Action::Wrap => {
                self.wrap = !self.wrap;
                self.left = 0;
            }
            _ => {}
        }
    }

    /// Brings the position back into the text.
    pub fn settle(&mut self, area: Rect, theme: &Theme) {
        let (columns, rows) = (usize::from(area.width), usize::from(area.height));
        let length = self.length(columns, theme);
        self.top = self.top.min(length.saturating_sub(rows));
        self.left = self.left.min(self.doc.width().saturating_sub(columns));
    }

    fn length(&self, columns: usize, theme: &Theme) -> usize {
        if self.wrap {
            self.doc.wrapped(columns, theme).len()
        } else {
            self.doc.len()
        }
    }

    /// Draws what is in view and says where that is: `3-20 of 45`, empty if all is in view.
    pub fn draw(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        theme: &Theme,
        glyphs: &Glyphs,
    ) -> String {
        let columns = usize::from(area.width);
        let lines: Vec<Line<'static>> = if self.wrap {
            self.doc.wrapped(columns, theme)
        } else {
            self.doc.cut(columns, self.left, theme, glyphs)
        };
        let rows = usize::from(area.height);
        for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(self.top)) {
            frame.buffer_mut().set_line(area.x, y, line, area.width);
        }
        if lines.len() <= rows || rows == 0 {
            return String::new();
        }
        let last = (self.top + rows).min(lines.len());
        format!("{}-{last} of {}", self.top + 1, lines.len())
    }
}
