//! Draws the list of a screen.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::columns::{self, GAP};
use super::layout;
use super::list::Row;
use super::state::{App, Focus};
use super::text::{fit, pad, pad_left};
use super::theme::Role;
use super::view::title;

/// Columns of the screen left of the table: the marker and a space.
const MARGIN: usize = 2;

/// A column that is shown: its index, where it begins and how wide it is.
struct Place {
    column: usize,
    x: usize,
    width: usize,
}

fn places(app: &App) -> Vec<Place> {
    let all = app.screen().columns();
    let contents = app.pane().list.contents(all);
    let available = usize::from(app.areas().list.width).saturating_sub(MARGIN);
    let mut x = MARGIN;
    let mut places = Vec::new();
    for (column, width) in columns::widths(all, &contents, available)
        .into_iter()
        .enumerate()
    {
        if let Some(width) = width {
            places.push(Place { column, x, width });
            x += width + GAP;
        }
    }
    places
}

/// The column that stands at a column of the screen.
pub fn column_at(app: &App, x: u16) -> Option<usize> {
    let x = usize::from(x);
    let inside = |place: &&Place| (place.x..place.x + place.width + GAP).contains(&x);
    places(app).iter().find(inside).map(|place| place.column)
}

/// Draws the list.
pub fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let list = &app.pane().list;
    let focused = app.pane().focus == Focus::List;
    let total = list.rows().len();
    let order = list
        .sort
        .column
        .map_or(app.screen().natural_order(), |column| {
            app.screen().columns()[column].name
        });
    let arrow = match (list.sort.column, list.sort.descending) {
        (None, false) => "",
        (None, true) => " reversed",
        (Some(_), true) => app.glyphs.descending,
        (Some(_), false) => app.glyphs.ascending,
    };
    let mut parts = vec![
        super::view::screen_name(app),
        format!("{} of {total}", list.shown().len()),
        format!("by {order}{arrow}"),
    ];
    if !list.filter.value().is_empty() {
        parts.insert(
            1,
            format!("filter {}", crate::facts::escape::line(list.filter.value())),
        );
    }
    if list.follows() {
        parts.push("following".to_owned());
    }
    let views = app.tab().views.len();
    let hint = if app.areas().one_pane {
        "Enter: detail".to_owned()
    } else if views > 1 {
        format!("view {} of {views}", app.tabs[app.at].view + 1)
    } else {
        String::new()
    };
    title(app, frame, area, &parts, &hint, focused);

    let places = places(app);
    heads(app, frame, area, &places);
    let rows = layout::rows(area);
    for (y, (position, row)) in
        (rows.y..rows.bottom()).zip(list.shown().enumerate().skip(list.top()))
    {
        let selected = position == list.position();
        let line = Rect {
            y,
            height: 1,
            ..rows
        };
        draw_row(app, frame, line, row, &places, selected, focused);
    }
}

fn heads(app: &App, frame: &mut Frame<'_>, area: Rect, places: &[Place]) {
    let line = layout::below_title(area);
    if line.height == 0 {
        return;
    }
    let sort = app.pane().list.sort;
    let arrow = if sort.descending {
        app.glyphs.descending
    } else {
        app.glyphs.ascending
    };
    for place in places {
        let column = &app.screen().columns()[place.column];
        let mut name = column.name.to_uppercase();
        if sort.column == Some(place.column) {
            name.push_str(arrow);
        }
        let style = app.options.theme.style(Role::Label);
        let text = cell(&name, column.right, place.width, app.glyphs.cut);
        put(frame, line, place.x, &text, style);
    }
}

fn draw_row(
    app: &App,
    frame: &mut Frame<'_>,
    line: Rect,
    row: &Row,
    places: &[Place],
    selected: bool,
    focused: bool,
) {
    let theme = &app.options.theme;
    for place in places {
        let cell_of = &row.cells[place.column];
        let column = &app.screen().columns()[place.column];
        let text = cell(&cell_of.text, column.right, place.width, app.glyphs.cut);
        put(frame, line, place.x, &text, theme.style(cell_of.role));
    }
    if selected {
        let role = if focused {
            Role::Selected
        } else {
            Role::Strong
        };
        frame.buffer_mut().set_style(line, theme.style(role));
        let style = theme.style(Role::Marker);
        put(frame, line, 0, app.glyphs.marker, style);
    }
}

fn cell(text: &str, right: bool, width: usize, cut: &str) -> String {
    let text = fit(text, width, cut);
    if right {
        pad_left(&text, width)
    } else {
        pad(&text, width)
    }
}

fn put(frame: &mut Frame<'_>, line: Rect, x: usize, text: &str, style: ratatui::style::Style) {
    let Ok(x) = u16::try_from(x) else { return };
    if x < line.width {
        let room = usize::from(line.width - x);
        frame
            .buffer_mut()
            .set_stringn(line.x + x, line.y, text, room, style);
    }
}
