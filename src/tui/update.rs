//! What happens, turned into a new state.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind};
use jiff::Timestamp;
use tui_input::{Input, InputRequest};

use super::act::act;
use super::advising;
use super::drafts;
use super::effect::Effect;
use super::feed::State;
use super::key::Key;
use super::keymap::{self, Found};
use super::message::Message;
use super::mouse;
use super::overlays::Overlay;
use super::state::App;

/// Changes the state by what happened at this time, and says what is to be done outside it.
pub fn update(app: &mut App, message: Message, now: Timestamp) -> Vec<Effect> {
    app.now = now;
    let mut effects = Vec::new();
    match message {
        Message::Terminal(Event::Key(event)) if event.kind != KeyEventKind::Release => {
            effects = press(app, &event);
        }
        Message::Terminal(Event::Mouse(event)) => effects = mouse::act(app, event),
        Message::Terminal(Event::Paste(text)) => {
            let text: Vec<char> = text.chars().filter(|c| !c.is_control()).collect();
            edit(app, text.into_iter().map(InputRequest::InsertChar));
        }
        Message::Terminal(Event::Resize(width, height)) => app.size = (width, height),
        Message::Progress(progress) => {
            if app.feed.data.is_none() {
                app.feed.state = State::Loading(progress);
            }
        }
        Message::Refreshing => app.feed.refreshing(),
        Message::Data(data) => app.feed.receive(data),
        Message::Lost(reason) => app.feed.lost(reason, now),
        Message::Ended if app.feed.is_live() => {
            let reason = "the part that reads the server has ended; quit and start again";
            app.feed.lost(reason.to_owned(), now);
        }
        Message::Broken(text) => {
            app.complain(&format!(
                "a background task failed, please report it: {text}"
            ));
        }
        Message::Sampling(progress) => app.feed.sampling = Some(progress),
        Message::Sampled(result) => {
            app.feed.sampling = None;
            match result {
                Ok(false) => app.say("bloat is sampled"),
                Ok(true) => app
                    .say("sampling was stopped: bloat is known of the tables that it had come to"),
                Err(why) => app.complain(&why),
            }
        }
        Message::Timeouts(headroom, Ok(timeouts)) => app.change(|data| {
            data.timeouts = timeouts;
            data.headroom = headroom;
        }),
        Message::Timeouts(_, Err(why)) => app.complain(&why),
        Message::Advising(news) => advising::act::told(app, news),
        Message::Linted { key, sql, result } => drafts::linted(app, &key, &sql, result),
        Message::Edited { key, result } => effects = drafts::edited(app, &key, result),
        Message::Written(result) => drafts::written(app, result),
        Message::Quit => effects.push(Effect::Quit),
        Message::Terminal(_) | Message::Tick | Message::Ended => {}
    }
    app.settle();
    if std::mem::take(&mut app.choice_is_old) {
        effects.extend(advising::act::follow(app));
    }
    effects
}

fn press(app: &mut App, event: &KeyEvent) -> Vec<Effect> {
    let key = Key::of(event);
    app.typed.push(key);
    let stack = app.stack();
    let mut found = keymap::find(stack, &app.typed);
    if found == Found::Nothing && app.typed.len() > 1 {
        // A sequence that leads nowhere is forgotten; its last key counts by itself.
        app.typed = vec![key];
        found = keymap::find(stack, &app.typed);
    }
    match found {
        Found::Prefix => Vec::new(),
        Found::Action(action) => {
            app.typed.clear();
            act(app, action)
        }
        Found::Nothing => {
            app.typed.clear();
            edit(app, editing(key));
            Vec::new()
        }
    }
}

/// What a key does to a line that is being typed.
fn editing(key: Key) -> Option<InputRequest> {
    use InputRequest as R;
    if let Some(c) = key.typed() {
        return Some(R::InsertChar(c));
    }
    match (key.code, key.ctrl) {
        (KeyCode::Backspace, false) => Some(R::DeletePrevChar),
        (KeyCode::Delete, _) => Some(R::DeleteNextChar),
        (KeyCode::Left, false) => Some(R::GoToPrevChar),
        (KeyCode::Right, false) => Some(R::GoToNextChar),
        (KeyCode::Left, true) => Some(R::GoToPrevWord),
        (KeyCode::Right, true) => Some(R::GoToNextWord),
        (KeyCode::Home, _) | (KeyCode::Char('a'), true) => Some(R::GoToStart),
        (KeyCode::End, _) | (KeyCode::Char('e'), true) => Some(R::GoToEnd),
        (KeyCode::Backspace | KeyCode::Char('w' | 'h'), true) => Some(R::DeletePrevWord),
        (KeyCode::Char('u'), true) => Some(R::DeleteLine),
        (KeyCode::Char('k'), true) => Some(R::DeleteTillEnd),
        _ => None,
    }
}

/// Edits the line that is being typed, if one is.
fn edit(app: &mut App, requests: impl IntoIterator<Item = InputRequest>) {
    let all = |input: &mut Input| {
        for request in requests {
            input.handle(request);
        }
    };
    match app.overlays.last_mut() {
        Some(Overlay::Filter) => {
            let list = &mut app.tabs[app.at].pane_mut().list;
            all(&mut list.filter);
            list.rearrange();
        }
        Some(Overlay::Ask(ask)) => all(&mut ask.input),
        Some(Overlay::Help(help)) => {
            all(&mut help.search);
            help.search_changed();
        }
        _ => {}
    }
}
