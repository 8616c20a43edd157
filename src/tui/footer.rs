//! The last row: a notice, the line being typed, or the keys that matter here.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::key::Key;
use super::keymap::{BINDINGS, Binding};
use super::overlays::Overlay;
use super::state::App;
use super::text::{fit, skip, width};
use super::theme::Role;

/// Draws the footer.
pub fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = &app.options.theme;
    let columns = usize::from(area.width).saturating_sub(2);
    if area.height == 0 || columns == 0 {
        return;
    }
    match (app.overlays.last(), &app.notice) {
        (Some(Overlay::Filter), _) => {
            let filter = &app.pane().list.filter;
            typing(
                app,
                frame,
                area,
                "/",
                filter,
                "words, column:value, column>5, !not",
            );
        }
        (Some(Overlay::Ask(ask)), _) => {
            typing(app, frame, area, ask.prompt, &ask.input, ask.empty);
        }
        (Some(Overlay::Help(help)), _) => {
            typing(
                app,
                frame,
                area,
                "search: ",
                &help.search,
                "type to search the keys",
            );
        }
        (_, Some(notice)) => {
            let role = if notice.is_error {
                Role::Error
            } else {
                Role::Strong
            };
            let text = fit(&notice.text, columns, app.glyphs.cut);
            frame
                .buffer_mut()
                .set_stringn(area.x + 1, area.y, &text, columns, theme.style(role));
        }
        (_, None) => {
            let line = line(app, &hints(app, columns));
            frame
                .buffer_mut()
                .set_line(area.x + 1, area.y, &line, columns as u16);
        }
    }
}

/// A hint: keys and a word.
#[derive(Debug, Clone)]
struct Hint {
    rank: u8,
    keys: Vec<String>,
    word: &'static str,
}

impl Hint {
    fn width(&self) -> usize {
        width(&self.shown()) + 1 + width(self.word)
    }

    /// Its keys; of many the first and the last.
    fn shown(&self) -> String {
        match self.keys.as_slice() {
            [first, _, _, .., last] if self.keys.len() > 3 => format!("{first}-{last}"),
            keys => keys.join("/"),
        }
    }
}

/// The hints that fit whole, the most important first.
fn hints(app: &App, columns: usize) -> Vec<Hint> {
    let stack = app.stack();
    let here = |binding: &&Binding| {
        binding.contexts.iter().any(|c| stack.contains(c)) && app.can(binding.action)
    };
    let mut all: Vec<Hint> = Vec::new();
    for binding in BINDINGS.iter().filter(here) {
        let Some((rank, word)) = binding.hint else {
            continue;
        };
        let key = shown(binding.keys[0], app.glyphs.ascii);
        match all.iter_mut().find(|hint| hint.word == word) {
            Some(hint) => hint.keys.push(key),
            None => all.push(Hint {
                rank,
                keys: vec![key],
                word,
            }),
        }
    }
    all.sort_by_key(|hint| hint.rank);
    let mut left = columns + 2;
    let mut fitting = Vec::new();
    for hint in all {
        if hint.width() + 2 > left {
            break;
        }
        left -= hint.width() + 2;
        fitting.push(hint);
    }
    // Help and quit are found at the end of the line on most screens of this kind.
    let first = fitting.iter().take_while(|hint| hint.rank < 3).count();
    fitting.rotate_left(first);
    fitting
}

fn shown(key: &str, ascii: bool) -> String {
    let named = Key::parse(key).map_or_else(|| key.to_owned(), |key| key.to_string());
    if ascii || named != "Enter" {
        named
    } else {
        "⏎".to_owned()
    }
}

fn line(app: &App, hints: &[Hint]) -> Line<'static> {
    let theme = &app.options.theme;
    let mut spans = Vec::new();
    for hint in hints {
        if !spans.is_empty() {
            spans.push(Span::raw("  "));
        }
        spans.push(Span::styled(hint.shown(), theme.style(Role::Key)));
        spans.push(Span::styled(
            format!(" {}", hint.word),
            theme.style(Role::Text),
        ));
    }
    Line::from(spans)
}

/// A line being typed, with the cursor, and hints right of it while there is room.
fn typing(app: &App, frame: &mut Frame<'_>, area: Rect, prompt: &str, input: &Input, empty: &str) {
    let theme = &app.options.theme;
    let columns = usize::from(area.width).saturating_sub(2);
    let hints = hints(app, columns.saturating_sub(width(prompt) + 20));
    let hints_width: usize = hints.iter().map(|hint| hint.width() + 2).sum();
    let room = columns
        .saturating_sub(width(prompt) + hints_width + 1)
        .max(1);
    let scroll = input.visual_scroll(room);
    let buffer = frame.buffer_mut();
    let style = theme.style(Role::Key);
    let (x, _) = buffer.set_stringn(area.x + 1, area.y, prompt, columns, style);
    let room = room.min(usize::from(area.right().saturating_sub(x)));
    if input.value().is_empty() {
        buffer.set_stringn(
            x,
            area.y,
            fit(empty, room, app.glyphs.cut),
            room,
            theme.style(Role::Dim),
        );
    } else {
        let value = crate::facts::escape::line(input.value()).into_owned();
        buffer.set_stringn(
            x,
            area.y,
            skip(&value, scroll),
            room,
            theme.style(Role::Text),
        );
    }
    let right = area.right().saturating_sub(hints_width as u16);
    if hints_width > 0 {
        let line = line(app, &hints);
        buffer.set_line(right, area.y, &line, hints_width as u16);
    }
    let cursor = input.visual_cursor().saturating_sub(scroll).min(room);
    let cursor = x.saturating_add(cursor as u16).min(area.right() - 1);
    frame.set_cursor_position(Position::new(cursor, area.y));
}
