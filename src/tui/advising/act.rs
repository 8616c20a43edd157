//! What keys and news do.

use std::sync::Arc;

use super::choice::{self, Choice};
use super::news::{Found, News};
use super::state::{Advising, Stage};
use super::wish::{Search, Wish};
use crate::facts::human;
use crate::tui::effect::{Effect, Request};
use crate::tui::state::App;

/// Starts a search.
pub fn search(app: &mut App) -> Vec<Effect> {
    let (screen, row) = (app.screen(), app.pane().list.selected());
    let Some(data) = app.feed.data.clone() else {
        return Vec::new();
    };
    if data.advising.is_busy() {
        app.say("a search is under way; Esc stops it and keeps the best by then");
        return Vec::new();
    }
    let known = data.advising.found.as_ref();
    let database = row.and_then(|row| screen.database(&data, row));
    let database = database.or_else(|| known.map(|found| found.database.clone()));
    let advising = &data.advising;
    let search = Search {
        budget: advising.budget,
        time: advising.time,
        planner: advising.planner,
        database,
        is_anew: advising.is_anew,
    };
    change(app, |advising| {
        advising.stage = Stage::Preparing("preparing".to_owned());
        advising.is_stopping = false;
        advising.is_anew = false;
        advising.best = None;
    });
    vec![ask(Wish::Search(search))]
}

/// Stops what runs, if something does.
pub fn stop(app: &mut App) -> Option<Effect> {
    let advising = app.data().map(|data| &data.advising);
    if !advising.is_some_and(Advising::is_busy) {
        return None;
    }
    app.say("stopping: the best by now is kept");
    change(app, |advising| advising.is_stopping = true);
    Some(ask(Wish::Stop))
}

/// Chooses the selected index, or no longer.
pub fn toggle(app: &mut App) {
    let (screen, row) = (app.screen(), app.pane().list.selected());
    let (Some(data), Some(row)) = (app.feed.data.clone(), row) else {
        return;
    };
    let (key, is_chosen) = match screen.toggles(&data, row) {
        Ok(toggled) => toggled,
        Err(why) => return app.complain(&why),
    };
    change(app, |advising| {
        advising.wanted.insert(key, !is_chosen);
    });
    match &data.advising.stage {
        Stage::Ready => {}
        stage if stage.is_on_its_way() => app.say("weighed when the search has ended"),
        _ => app.say("what that changes is known after a search: a starts it"),
    }
}

/// Chooses as advised.
pub fn as_advised(app: &mut App) {
    change(app, |advising| advising.wanted.clear());
    app.say("chosen as advised");
}

/// Chooses nothing.
pub fn none(app: &mut App) {
    let Some(data) = app.feed.data.clone() else {
        return;
    };
    let proposals = data.advising.found.iter();
    let proposals = proposals.flat_map(|found| 0..found.proposals.len());
    let indexes = data.relations.indexes.rows.iter();
    let gone = indexes.filter(|index| choice::is_dropped(&data, index));
    let mut wanted = data.advising.wanted.clone();
    wanted.extend(proposals.map(|place| (choice::proposal_key(&data, place), false)));
    wanted.extend(gone.map(|index| (choice::index_key(&data, index), false)));
    change(app, |advising| advising.wanted = wanted);
    app.say("nothing is chosen; A chooses as advised");
}

/// Takes what whoever searches tells.
pub fn told(app: &mut App, news: News) {
    match news {
        News::Doing(what) => quietly(app, |advising| advising.stage = Stage::Preparing(what)),
        News::Searching => {
            let now = app.now;
            quietly(app, |advising| advising.stage = Stage::Searching(now));
        }
        News::Better(best) => change(app, |advising| advising.best = Some(best)),
        News::Found(found) => {
            let sentence = sentence(&found);
            change(app, |advising| {
                advising.stage = Stage::Ready;
                advising.best = None;
                advising.worth = None;
                advising.asked = None;
                advising.found = Some(Arc::new(*found));
                // What the user wanted of new indexes was about another advice.
                advising.wanted.retain(|key, _| !choice::is_proposal(key));
            });
            app.say(&sentence);
        }
        News::Stopped => {
            change(app, |advising| {
                advising.stage = Stage::Idle;
                advising.best = None;
            });
            app.say("stopped before anything was weighed");
        }
        News::Weighed(weighing) => change(app, |advising| {
            if advising.is_asked(weighing.number) {
                advising.weighing = Some(Arc::new(weighing));
            }
        }),
        News::Worth(number, worth) => change(app, |advising| {
            if advising.is_asked(number) {
                advising.worth = Some(Arc::new(*worth));
            }
        }),
        News::Failed(why) => {
            app.complain(&why);
            change(app, |advising| {
                advising.stage = Stage::Failed(why);
                advising.best = None;
            });
        }
    }
}

/// Has the choice weighed if it is another than the one that was asked for last.
pub fn follow(app: &mut App) -> Vec<Effect> {
    let Some(data) = app.feed.data.clone() else {
        return Vec::new();
    };
    if data.advising.stage != Stage::Ready {
        return Vec::new();
    }
    let now = choice::of(&data);
    let number = match &data.advising.asked {
        Some((_, asked)) if *asked == now => return Vec::new(),
        Some((number, _)) => number + 1,
        None => data
            .advising
            .weighing
            .as_ref()
            .map_or(1, |last| last.number + 1),
    };
    let Choice { created, without } = now.clone();
    quietly(app, |advising| advising.asked = Some((number, now)));
    vec![ask(Wish::Weigh {
        number,
        created,
        without,
    })]
}

impl Stage {
    fn is_on_its_way(&self) -> bool {
        matches!(self, Self::Preparing(_) | Self::Searching(_))
    }
}

impl Advising {
    fn is_asked(&self, number: u64) -> bool {
        self.asked
            .as_ref()
            .is_some_and(|(asked, _)| *asked == number)
    }
}

fn ask(wish: Wish) -> Effect {
    Effect::Ask(Request::Advising(wish))
}

fn change(app: &mut App, change: impl FnOnce(&mut Advising)) {
    app.change(|data| change(&mut data.advising));
}

/// Changes what no row shows.
fn quietly(app: &mut App, change: impl FnOnce(&mut Advising)) {
    if let Some(data) = app.feed.data_mut() {
        change(&mut data.advising);
    }
}

fn sentence(found: &Found) -> String {
    let advice = &found.advice;
    let cut = if advice.is_complete {
        ""
    } else {
        "; the search was cut short"
    };
    let count = match advice.create.len() {
        0 => return format!("no index gains enough to be made{cut}"),
        1 => "1 new index brings".to_owned(),
        count => format!("{count} new indexes bring"),
    };
    let saved = 1.0 - advice.after / advice.before.max(f64::MIN_POSITIVE);
    format!("{count} the cost down by {}{cut}", human::percent(saved))
}
