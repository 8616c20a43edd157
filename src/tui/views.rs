//! From view to view of a tab.

use super::keymap::Action;
use super::overlays::{Choice, Item, Menu, Overlay};
use super::screens::Screen;
use super::state::App;

/// Does what a key about views asks for.
pub fn act(app: &mut App, action: Action) {
    let (at, count) = (app.tabs[app.at].view, app.tab().views.len());
    match action {
        Action::NextView => show(app, (at + 1) % count),
        Action::PreviousView => show(app, (at + count - 1) % count),
        Action::ViewMenu => menu(app),
        _ => {}
    }
}

/// Shows a view of the tab.
pub fn show(app: &mut App, view: usize) {
    if view < app.tab().views.len() {
        app.tabs[app.at].view = view;
    }
}

/// The views with the number of their rows.
fn menu(app: &mut App) {
    let state = &app.tabs[app.at];
    let item = |(at, view): (usize, &&dyn Screen)| Item {
        label: view.name().to_owned(),
        note: state.rows(at).to_string(),
        choice: Choice::View(at),
    };
    let items = app.tab().views.iter().enumerate().map(item).collect();
    let menu = Menu::new("View", items, state.view);
    app.overlays.push(Overlay::Menu(menu));
}
