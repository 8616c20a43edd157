//! What each action does.

use tui_input::Input;

use super::advising;
use super::drafts;
use super::effect::{Effect, Request};
use super::filter::Filter;
use super::inputs;
use super::keymap::Action;
use super::layout;
use super::message::Progress;
use super::overlays::{Answer, Choice, Help, Item, Menu, Overlay};
use super::screens::Copy;
use super::state::{App, Focus};
use super::views;

/// Does what a key, or the mouse in its place, asks for.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Exit => return vec![Effect::Quit],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Close => return close(app),
        Action::Back => return back(app),
        Action::Open => return open(app),
        Action::Copy => return copy_main(app),
        Action::CopyMenu => copy_menu(app),
        Action::RulePage | Action::Unjudged | Action::Severity => open_of_screen(app, action),
        Action::Screen(number) => {
            if number < super::screens::ALL.len() {
                app.at = number;
            }
        }
        Action::NextView | Action::PreviousView | Action::ViewMenu => views::act(app, action),
        Action::Follow => follow(app),
        Action::Collect => return drafts::collect(app),
        Action::CollectAll => return drafts::collect_all(app),
        Action::Search => return advising::act::search(app),
        Action::Toggle => advising::act::toggle(app),
        Action::AsAdvised => advising::act::as_advised(app),
        Action::ChooseNone => advising::act::none(app),
        Action::Edit => return drafts::edit(app),
        Action::Remove => drafts::remove(app),
        Action::AskFolder => drafts::ask_folder(app),
        Action::Answer => return answer(app),
        Action::SampleBloat => return sample_bloat(app),
        Action::EditInput => inputs::edit(app),
        Action::More(input) => inputs::step(app, input, true),
        Action::Less(input) => inputs::step(app, input, false),
        Action::Jump => jump(app),
        Action::Filter => app.overlays.push(Overlay::Filter),
        Action::Keep => drop(app.overlays.pop()),
        Action::Clear => {
            app.overlays.pop();
            clear_filter(app);
        }
        Action::Help => app.overlays.push(Overlay::Help(Help::new())),
        Action::SortMenu => sort_menu(app),
        Action::SortLeft | Action::SortRight => sort_beside(app, action == Action::SortRight),
        Action::Reverse => app.pane_mut().list.reverse(),
        Action::NextPane | Action::PreviousPane => other_pane(app),
        Action::Zoom => {
            let pane = app.pane_mut();
            pane.zoom = !pane.zoom;
        }
        Action::Refresh | Action::Pause | Action::Slower | Action::Faster => {
            return collecting(app, action);
        }
        Action::Down
        | Action::Up
        | Action::Top
        | Action::Bottom
        | Action::PageDown
        | Action::PageUp
        | Action::HalfDown
        | Action::HalfUp
        | Action::Left
        | Action::Right
        | Action::Wrap => move_in(app, action),
    }
    Vec::new()
}

/// Moves in whatever has the keys.
fn move_in(app: &mut App, action: Action) {
    let areas = app.areas();
    let covering = layout::text(app.page_area());
    let reads = app.keys_go_to() == Focus::Detail;
    let pane = app.tabs[app.at].pane_mut();
    match app.overlays.last_mut() {
        Some(Overlay::Page(overlay)) => overlay.reader.act(action, covering),
        Some(Overlay::Help(help)) => help.reader.act(action, covering),
        Some(Overlay::Menu(menu)) => menu.act(action),
        None if reads => {
            pane.detail.act(action, layout::text(areas.detail));
        }
        Some(Overlay::Ask(_)) => {}
        Some(Overlay::Filter) | None => {
            pane.list
                .act(action, layout::rows(areas.list).height.into());
        }
    }
}

fn open(app: &mut App) -> Vec<Effect> {
    if matches!(app.overlays.last(), Some(Overlay::Menu(_))) {
        return choose(app);
    }
    let pane = app.pane_mut();
    if pane.list.selected().is_some() {
        pane.focus = Focus::Detail;
        pane.zoom = true;
    }
    Vec::new()
}

/// One level back.
fn back(app: &mut App) -> Vec<Effect> {
    if leave_detail(app) {
        return Vec::new();
    }
    if app.pane_mut().list.filter.value().is_empty() {
        if app.feed.sampling.is_some() {
            app.say("stopping: the table at hand is finished first");
            return vec![Effect::Ask(Request::StopBloat)];
        }
        return advising::act::stop(app).into_iter().collect();
    }
    clear_filter(app);
    Vec::new()
}

fn close(app: &mut App) -> Vec<Effect> {
    if app.overlays.pop().is_some() || leave_detail(app) {
        Vec::new()
    } else {
        vec![Effect::Quit]
    }
}

fn leave_detail(app: &mut App) -> bool {
    let pane = app.pane_mut();
    let left = pane.focus == Focus::Detail || pane.zoom;
    pane.focus = Focus::List;
    pane.zoom = false;
    left
}

fn other_pane(app: &mut App) {
    let pane = app.pane_mut();
    pane.focus = match pane.focus {
        Focus::List if pane.list.selected().is_some() => Focus::Detail,
        _ => Focus::List,
    };
}

fn clear_filter(app: &mut App) {
    set_filter(app, String::new());
}

fn set_filter(app: &mut App, text: String) {
    let list = &mut app.pane_mut().list;
    list.filter = Input::new(text);
    list.rearrange();
}

/// Stays on the newest row from now on, or no longer.
fn follow(app: &mut App) {
    if !app.screen().is_by_time() {
        app.say("the rows of this view are not in order of time");
        return;
    }
    let list = &mut app.pane_mut().list;
    let follows = !list.follows();
    list.follow(follows);
}

/// Goes to where the selected row leads on another screen.
fn jump(app: &mut App) {
    let screen = app.screen();
    let (Some(data), Some(row)) = (app.feed.data.clone(), app.pane().list.selected()) else {
        return;
    };
    match screen.jump(&data, row) {
        Ok(jump) => {
            app.at = jump.screen;
            app.tabs[app.at].view = jump.view;
            leave_detail(app);
            set_filter(app, jump.filter);
        }
        Err(why) => app.say(why),
    }
}

fn open_of_screen(app: &mut App, action: Action) {
    let screen = app.screen();
    let row = app.pane().list.selected();
    let Some(data) = app.feed.data.clone() else {
        return;
    };
    match screen.open(action, &data, row) {
        Some(overlay) => app.overlays.push(overlay),
        None => app.say("nothing is selected that this could show"),
    }
}

fn copy_main(app: &mut App) -> Vec<Effect> {
    let screen = app.screen();
    match (app.feed.data.clone(), app.pane().list.selected()) {
        (Some(data), Some(row)) => match screen.copy(&data, row) {
            Ok(copy) => send(app, copy),
            Err(why) => {
                app.complain(why);
                Vec::new()
            }
        },
        _ => Vec::new(),
    }
}

fn copy_menu(app: &mut App) {
    let screen = app.screen();
    let (Some(data), Some(row)) = (app.feed.data.clone(), app.pane().list.selected()) else {
        return;
    };
    let item = |copy: Copy| Item {
        label: copy.what.to_owned(),
        note: size(copy.text.len()),
        choice: Choice::Copy(copy),
    };
    let items = screen.copies(&data, row).into_iter().map(item).collect();
    app.overlays
        .push(Overlay::Menu(Menu::new("Copy", items, 0)));
}

/// Whether it arrives only the terminal knows, so the notice says what was done and no more.
fn send(app: &mut App, copy: Copy) -> Vec<Effect> {
    let tmux = if app.options.in_tmux {
        "; tmux passes it on with `set -g set-clipboard on`"
    } else {
        ""
    };
    app.say(&format!(
        "{} ({}) sent to the terminal's clipboard (OSC 52){tmux}",
        copy.what,
        size(copy.text.len())
    ));
    vec![Effect::Copy(copy.text)]
}

fn size(bytes: usize) -> String {
    crate::facts::human::bytes(bytes as f64)
}

fn sort_menu(app: &mut App) {
    let screen = app.screen();
    let columns = screen.columns().iter().map(|column| column.name);
    let names = [screen.natural_order()].into_iter().chain(columns);
    let sort = app.pane().list.sort;
    let glyphs = app.glyphs;
    let items = names.enumerate().map(|(index, name)| {
        let column = index.checked_sub(1);
        let arrow = if sort.descending {
            glyphs.descending
        } else {
            glyphs.ascending
        };
        Item {
            label: name.to_owned(),
            note: if column == sort.column { arrow } else { "" }.to_owned(),
            choice: Choice::Sort(column),
        }
    });
    let at = sort.column.map_or(0, |column| column + 1);
    let menu = Menu::new("Sort by", items.collect(), at);
    app.overlays.push(Overlay::Menu(menu));
}

fn sort_beside(app: &mut App, right: bool) {
    let columns = app.screen().columns().len();
    let list = &mut app.pane_mut().list;
    let at = list.sort.column.map_or(0, |column| column + 1);
    let to = if right {
        (at + 1).min(columns)
    } else {
        at.saturating_sub(1)
    };
    if to != at {
        list.sort_by(to.checked_sub(1));
    }
}

/// Does what the cursor of the menu stands on.
pub fn choose(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Menu(menu)) = app.overlays.pop() else {
        return Vec::new();
    };
    let choice = menu
        .items
        .into_iter()
        .nth(menu.selected)
        .map(|item| item.choice);
    match choice {
        Some(Choice::Sort(column)) => app.pane_mut().list.sort_by(column),
        Some(Choice::View(number)) => views::show(app, number),
        Some(Choice::Filter { field, terms }) => {
            let filter = Filter::parse(app.pane().list.filter.value());
            set_filter(app, filter.with_field(field, &terms));
        }
        Some(Choice::Copy(copy)) => return send(app, copy),
        Some(Choice::Input(input)) => inputs::ask(app, input),
        None => {}
    }
    Vec::new()
}

/// Takes the line that was asked for.
fn answer(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Ask(ask)) = app.overlays.pop() else {
        return Vec::new();
    };
    match ask.answer {
        Answer::Folder => drafts::write(app, ask.input.value()),
        Answer::Input(input) => inputs::answer(app, input, ask.input.value()),
    }
}

fn sample_bloat(app: &mut App) -> Vec<Effect> {
    if !app.feed.is_live() {
        app.say("bloat is sampled on a server, and these data are a snapshot file");
        return Vec::new();
    }
    if app.feed.sampling.is_some() {
        app.say("bloat is being sampled; Esc stops it");
        return Vec::new();
    }
    app.feed.sampling = Some(Progress::default());
    vec![Effect::Ask(Request::Bloat)]
}

fn collecting(app: &mut App, action: Action) -> Vec<Effect> {
    if !app.feed.is_live() {
        app.say("these data are a snapshot file, which does not change");
        return Vec::new();
    }
    let request = match action {
        Action::Refresh => {
            app.feed.want();
            app.search_anew();
            Request::Refresh
        }
        Action::Pause => {
            let paused = app.feed.paused_at.is_none();
            app.feed.paused_at = paused.then_some(app.now);
            Request::Pause(paused)
        }
        _ => match app.feed.step_interval(action == Action::Slower) {
            Some(interval) => {
                app.say(&format!("refresh every {} s", interval.as_secs()));
                Request::Interval(interval)
            }
            None => return Vec::new(),
        },
    };
    vec![Effect::Ask(request)]
}
