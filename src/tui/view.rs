//! Draws the state.

use ratatui::Frame;
use ratatui::buffer::CellWidth;
use ratatui::layout::Rect;
use ratatui::symbols::border;
use ratatui::widgets::{Block, Clear, Widget};

use crate::engine::Severity;

use super::doc::Doc;
use super::feed::State;
use super::layout::{self, Areas};
use super::overlays::{Menu, Overlay};
use super::reader::Reader;
use super::state::{App, Focus};
use super::text::{fit, pad, pad_left, width};
use super::theme::Role;
use super::{footer, header, table};

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// Draws the state.
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < app.size.0 || area.height < app.size.1 {
        // The terminal shrank; the message that says so is on its way.
        return;
    }
    let areas = app.areas();
    if areas.one_line {
        return one_line(app, frame);
    }
    header::draw(app, frame, areas.header);
    match app.overlays.last() {
        Some(Overlay::Page(page)) => {
            reader(app, frame, areas.body, &page.title, &page.reader, true);
        }
        Some(Overlay::Help(help)) => reader(app, frame, areas.body, "Keys", &help.reader, true),
        _ => screen(app, frame, &areas),
    }
    if let Some(Overlay::Menu(menu)) = app.overlays.last() {
        draw_menu(app, frame, menu);
    }
    footer::draw(app, frame, areas.footer);
}

fn screen(app: &App, frame: &mut Frame<'_>, areas: &Areas) {
    let name = screen_name(app);
    let whole = |frame: &mut Frame<'_>, doc: Doc| {
        reader(app, frame, areas.body, &name, &Reader::new(doc), true);
    };
    let Some(data) = app.data() else {
        return whole(frame, before_data(app));
    };
    let pane = app.pane();
    if pane.list.rows().is_empty() {
        return reader(app, frame, areas.body, &name, &pane.detail, true);
    }
    if areas.list.height > 0 {
        table::draw(app, frame, areas.list);
        if pane.list.shown().len() == 0 {
            let mut doc = Doc::new();
            doc.line(Role::Dim, "Nothing matches the filter. Esc clears it.");
            let area = layout::rows(areas.list);
            let theme = &app.options.theme;
            let area = Rect {
                x: area.x + 2.min(area.width),
                width: area.width.saturating_sub(2),
                ..area
            };
            Reader::new(doc).draw(frame, area, theme, &app.glyphs);
        }
    }
    if areas.detail.height > 0 {
        let row = pane.list.selected();
        let title = row.map_or_else(String::new, |row| app.screen().detail_title(data, row));
        let focused = pane.focus == Focus::Detail;
        reader(app, frame, areas.detail, &title, &pane.detail, focused);
    }
}

/// Name of the screen, behind that of its tab where there are several.
pub fn screen_name(app: &App) -> String {
    let (tab, name) = (app.tab(), app.screen().name());
    if tab.has_views() {
        format!("{}: {name}", tab.name)
    } else {
        name.to_owned()
    }
}

/// What is shown before the first data: how far the collection is, or why it failed.
fn before_data(app: &App) -> Doc {
    let mut doc = Doc::new();
    match &app.feed.state {
        State::Lost(reason, _) => {
            doc.line(Role::Error, &format!("Cannot read {}.", app.options.target));
            doc.line(Role::Text, reason);
            doc.blank().pieces(&[
                (Role::Key, "F5"),
                (Role::Text, " tries again, "),
                (Role::Key, "q"),
                (Role::Text, " quits."),
            ]);
        }
        State::Loading(progress) if progress.total > 0 => {
            let columns = usize::from(app.size.0).saturating_sub(4).clamp(1, 40);
            let full = (progress.done * columns / progress.total).min(columns);
            let (on, off) = app.glyphs.bar;
            doc.line(Role::Text, &format!("Reading {}.", app.options.target));
            doc.blank().pieces(&[
                (Role::Good, &on.repeat(full)),
                (Role::Dim, &off.repeat(columns - full)),
            ]);
            let count = format!("{} of {}", progress.done, progress.total);
            doc.line(Role::Dim, format!("{count}  {}", progress.what).trim_end());
        }
        _ => {
            doc.line(
                Role::Text,
                &format!("Connecting to {}.", app.options.target),
            );
        }
    }
    doc
}

/// Draws a title and a text.
fn reader(
    app: &App,
    frame: &mut Frame<'_>,
    area: Rect,
    name: &str,
    reader: &Reader,
    focused: bool,
) {
    let place = reader.draw(frame, layout::text(area), &app.options.theme, &app.glyphs);
    title(app, frame, area, &[name.to_owned()], &place, focused);
}

/// Draws the line above a pane: parts at the left, a note at the right.
pub fn title(
    app: &App,
    frame: &mut Frame<'_>,
    area: Rect,
    parts: &[String],
    note: &str,
    focused: bool,
) {
    let theme = &app.options.theme;
    let (columns, line) = (usize::from(area.width), app.glyphs.line);
    if area.height == 0 || columns < 4 {
        return;
    }
    let separator = format!(" {line}{line} ");
    let note = if note.is_empty() {
        String::new()
    } else {
        format!(" {note} {line}")
    };
    let note = if width(&note) + 12 > columns {
        String::new()
    } else {
        note
    };
    let text = crate::facts::escape::line(&parts.join(&separator)).into_owned();
    let text = fit(
        &text,
        columns.saturating_sub(4 + width(&note)),
        app.glyphs.cut,
    );
    let ruled = theme.style(Role::Rule);
    let role = if focused { Role::Title } else { Role::Rule };
    let buffer = frame.buffer_mut();
    buffer.set_stringn(area.x, area.y, line.repeat(columns), columns, ruled);
    if text.is_empty() {
        return;
    }
    let (x, y) = buffer.set_stringn(area.x + 1, area.y, " ", 1, ruled);
    let (x, y) = buffer.set_stringn(x, y, &text, columns - 2, theme.style(role));
    buffer.set_stringn(x, y, " ", 1, ruled);
    let right = area.right().saturating_sub(width(&note) as u16);
    buffer.set_stringn(right, area.y, &note, width(&note), ruled);
}

/// Where the items of a menu stand.
pub fn menu_inner((columns, rows): (u16, u16), menu: &Menu) -> Rect {
    let body = Rect::new(0, 0, columns, rows.saturating_sub(1));
    let outer = layout::centered(body, menu_columns(menu), menu.items.len());
    Rect {
        x: outer.x + 1.min(outer.width),
        y: outer.y + 1.min(outer.height),
        width: outer.width.saturating_sub(2),
        height: outer.height.saturating_sub(2),
    }
}

/// The first item in view.
pub fn menu_first(menu: &Menu, inner: Rect) -> usize {
    (menu.selected + 1).saturating_sub(usize::from(inner.height))
}

fn menu_columns(menu: &Menu) -> usize {
    let item = menu
        .items
        .iter()
        .map(|item| width(&item.label) + width(&item.note) + 7);
    item.max().unwrap_or(0).max(width(menu.title) + 4).max(24)
}

/// Empties an area, and what stands half in it: a wide character whose right half is covered would
/// otherwise cover the frame.
fn clear(frame: &mut Frame<'_>, area: Rect) {
    let buffer = frame.buffer_mut();
    Clear.render(area, buffer);
    let Some(left) = area.x.checked_sub(1) else {
        return;
    };
    for y in area.y..area.bottom() {
        let cell = &mut buffer[(left, y)];
        if cell.cell_width() > 1 {
            cell.set_symbol(" ");
        }
    }
}

fn draw_menu(app: &App, frame: &mut Frame<'_>, menu: &Menu) {
    let theme = &app.options.theme;
    let inner = menu_inner(app.size, menu);
    let body = Rect::new(0, 0, app.size.0, app.size.1.saturating_sub(1));
    let outer = layout::centered(body, menu_columns(menu), menu.items.len());
    clear(frame, outer);
    let set = if app.glyphs.ascii {
        ASCII_BORDER
    } else {
        border::PLAIN
    };
    Block::bordered()
        .border_set(set)
        .border_style(theme.style(Role::Rule))
        .title_style(theme.style(Role::Title))
        .title(format!(" {} ", menu.title))
        .render(outer, frame.buffer_mut());
    let columns = usize::from(inner.width).saturating_sub(4);
    let items = menu.items.iter().enumerate().skip(menu_first(menu, inner));
    for (y, (index, item)) in (inner.y..inner.bottom()).zip(items) {
        let note = fit(&item.note, columns, app.glyphs.cut);
        let room = columns.saturating_sub(width(&note) + 1);
        let label = pad(&fit(&item.label, room, app.glyphs.cut), room);
        let text = format!("{label} {note}");
        let text = pad_left(&text, columns);
        let marker = if index == menu.selected {
            app.glyphs.marker
        } else {
            " "
        };
        let line = format!("{marker} {text}");
        let buffer = frame.buffer_mut();
        buffer.set_stringn(
            inner.x,
            y,
            line,
            inner.width.into(),
            theme.style(Role::Text),
        );
        if index == menu.selected {
            let row = Rect {
                y,
                height: 1,
                ..inner
            };
            buffer.set_style(row, theme.style(Role::Selected));
        }
    }
}

/// The screen where there is room for one line.
fn one_line(app: &App, frame: &mut Frame<'_>) {
    let (columns, rows) = app.size;
    if columns == 0 || rows == 0 {
        return;
    }
    let (role, text) = match (app.data(), &app.feed.state) {
        (None, State::Lost(reason, _)) => (Role::Error, reason.clone()),
        (None, _) => (Role::Text, "reading".to_owned()),
        (Some(data), state) => {
            let [_, warning, error] = data.outcome.counts().map(|(_, count)| count);
            let lost = if matches!(state, State::Lost(..)) {
                "LOST "
            } else {
                ""
            };
            let findings = data.outcome.findings.len();
            let role = if error > 0 { Role::Error } else { Role::Text };
            let [_, warnings, errors] = Severity::ALL;
            (
                role,
                format!("{lost}{findings} findings, {error} {errors}, {warning} {warnings}"),
            )
        }
    };
    let text = fit(
        &crate::facts::escape::line(&text),
        columns.into(),
        app.glyphs.cut,
    );
    let style = app.options.theme.style(role);
    frame
        .buffer_mut()
        .set_stringn(0, 0, &text, columns.into(), style);
}
