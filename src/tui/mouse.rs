//! What the mouse does.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::act::{act as act_on, choose};
use super::effect::Effect;
use super::keymap::Action;
use super::layout;
use super::overlays::Overlay;
use super::state::{App, Focus};
use super::{table, view};

/// Rows that one notch of the wheel moves.
const NOTCH: usize = 3;

/// Does what a click or the wheel asks for.
pub fn act(app: &mut App, event: MouseEvent) -> Vec<Effect> {
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => click(app, at),
        MouseEventKind::ScrollDown => wheel(app, at, Action::Down),
        MouseEventKind::ScrollUp => wheel(app, at, Action::Up),
        _ => Vec::new(),
    }
}

fn click(app: &mut App, at: Position) -> Vec<Effect> {
    match app.overlays.last_mut() {
        Some(Overlay::Menu(menu)) => {
            let inner = view::menu_inner(app.size, menu);
            if !inner.contains(at) {
                app.overlays.pop();
                return Vec::new();
            }
            menu.selected = view::menu_first(menu, inner) + usize::from(at.y - inner.y);
            choose(app)
        }
        Some(_) => Vec::new(),
        None => {
            click_pane(app, at);
            Vec::new()
        }
    }
}

fn click_pane(app: &mut App, at: Position) {
    let areas = app.areas();
    let rows = layout::rows(areas.list);
    let heads = Rect {
        y: areas.list.y.saturating_add(1),
        height: areas.list.height.saturating_sub(1).min(1),
        ..areas.list
    };
    let column = table::column_at(app, at.x);
    let pane = app.pane_mut();
    if areas.detail.contains(at) && pane.list.selected().is_some() {
        pane.focus = Focus::Detail;
    } else if areas.list.contains(at) {
        pane.focus = Focus::List;
        let row = pane.list.top() + usize::from(at.y.saturating_sub(rows.y));
        if rows.contains(at) && row < pane.list.shown().len() {
            pane.list.select(row);
        } else if heads.contains(at)
            && let Some(column) = column
        {
            pane.list.sort_by(Some(column));
        }
    }
}

fn wheel(app: &mut App, at: Position, action: Action) -> Vec<Effect> {
    let areas = app.areas();
    let steps = match app.overlays.last() {
        Some(Overlay::Menu(_)) => 1,
        _ => NOTCH,
    };
    for _ in 0..steps {
        if app.overlays.is_empty() && areas.detail.contains(at) {
            let pane = app.pane_mut();
            pane.detail.act(action, layout::text(areas.detail));
        } else if app.overlays.is_empty() && areas.list.contains(at) {
            let pane = app.pane_mut();
            pane.list
                .act(action, layout::rows(areas.list).height.into());
        } else {
            act_on(app, action);
        }
    }
    Vec::new()
}
