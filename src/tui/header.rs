//! The rows at the top: which server, how fresh, what was found.

use jiff::{SignedDuration, Timestamp};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::facts::{escape, human};
use crate::report::plural;

use super::advising::Stage;
use super::feed::State;
use super::options::Origin;
use super::screens;
use super::state::App;
use super::text::{fit, width};
use super::theme::Role;

/// A part of a row: the parts with the highest rank go first when the screen is narrow.
struct Part {
    rank: u8,
    role: Role,
    text: String,
}

impl Part {
    fn new(rank: u8, role: Role, text: impl AsRef<str>) -> Self {
        let text = escape::line(text.as_ref()).into_owned();
        Self { rank, role, text }
    }
}

/// Rank of the names of the screens.
const TABS: u8 = 2;
/// Columns between two parts.
const GAP: usize = 2;

/// Draws the header.
pub fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let row = |y: u16| Rect {
        y: area.y + y,
        height: 1,
        ..area
    };
    if area.height > 0 {
        let style = app.options.theme.style(Role::Header);
        frame.buffer_mut().set_style(row(0), style);
        parts(app, frame, row(0), &server(app));
    }
    if area.height > 1 {
        let full = summary(app, false);
        // Words go before screens do: all of them stay in sight.
        let first = full.iter().filter(|part| part.rank <= TABS);
        let needed: usize = first.map(|part| width(&part.text) + GAP).sum();
        let fits = needed <= usize::from(area.width);
        let shown = if fits { full } else { summary(app, true) };
        parts(app, frame, row(1), &shown);
    }
}

fn server(app: &App) -> Vec<Part> {
    let mut parts = vec![Part::new(6, Role::Strong, "pgtriage")];
    let Some(data) = app.data() else {
        parts.push(Part::new(0, Role::Text, &app.options.target));
        parts.push(state(app));
        return parts;
    };
    let server = &data.server;
    let node = server.nodes.first();
    let address = node.and_then(|node| node.address.as_deref()).map(short);
    let databases = match server.databases.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(plural(many.len(), "database")),
    };
    let place = match (databases, address) {
        (Some(databases), Some(address)) => format!("{databases}@{address}"),
        (Some(one), None) => one,
        (None, Some(address)) => address,
        (None, None) => app.options.target.clone(),
    };
    parts.push(Part::new(0, Role::Strong, place));
    if let Some(version) = node.and_then(|node| node.version.as_ref()) {
        parts.push(Part::new(5, Role::Text, format!("PostgreSQL {version}")));
    }
    parts.push(state(app));
    if server.nodes.len() > 1 {
        let others = plural(server.nodes.len() - 1, "more server");
        parts.push(Part::new(6, Role::Text, format!("and {others}")));
    }
    let figures = &data.figures;
    if let Some(activity) = figures.activity {
        let rate = human::count(activity.transactions_per_second.round());
        parts.push(Part::new(8, Role::Text, format!("{rate} tps")));
        if let Some(ratio) = activity.cache_hit_ratio {
            let ratio = human::percent(ratio);
            parts.push(Part::new(9, Role::Text, format!("cache {ratio}")));
        }
    }
    match (figures.connections, figures.max_connections) {
        (Some(now), Some(max)) => {
            let text = format!("{now}/{max} connections");
            parts.push(Part::new(7, Role::Text, text));
        }
        (Some(now), None) => parts.push(Part::new(7, Role::Text, format!("{now} connections"))),
        _ => {}
    }
    parts
}

/// A socket's path is long and says little: its port is its ending.
fn short(address: &str) -> String {
    match address.rsplit_once(".s.PGSQL.") {
        Some((folder, port)) if folder.starts_with('/') => format!("[local]:{port}"),
        _ => address.to_owned(),
    }
}

/// Where the data come from and how old they are; that is never left out.
fn state(app: &App) -> Part {
    let feed = &app.feed;
    let captured = app.data().and_then(|data| data.server.captured_at);
    if let Origin::Snapshot(path) = &feed.origin {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        if app.is_searching() {
            let text = format!("snapshot {file}, {} (Esc stops)", searching(app));
            return Part::new(0, Role::Warning, text);
        }
        let when = captured.map_or_else(String::new, |at| {
            let old = age(app.now.duration_since(at));
            format!(" of {} ({old} old)", day_and_time(app, at))
        });
        return Part::new(0, Role::Text, format!("snapshot {file}{when}"));
    }
    let old = format!("{} old", age(feed.age(app.now)));
    let newer = if feed.holds_newer() {
        ", newer waits"
    } else {
        ""
    };
    match (&feed.state, feed.paused_at) {
        (State::Lost(..), _) if app.data().is_none() => Part::new(0, Role::Error, "no connection"),
        (State::Lost(..), _) => Part::new(0, Role::Error, format!("LOST, {old}")),
        (State::Loading(_), _) => Part::new(0, Role::Text, "reading"),
        _ if feed.sampling.is_some() => {
            let progress = feed.sampling.as_ref().filter(|progress| progress.total > 0);
            let far = progress.map_or_else(String::new, |progress| {
                format!(" {} of {}", progress.done, progress.total)
            });
            Part::new(
                0,
                Role::Warning,
                format!("sampling bloat{far} (Esc stops), {old}{newer}"),
            )
        }
        _ if app.is_searching() => {
            let text = format!("{} (Esc stops), {old}{newer}", searching(app));
            Part::new(0, Role::Warning, text)
        }
        (_, Some(at)) => Part::new(
            0,
            Role::Warning,
            format!("PAUSED {}, {old}{newer}", time(app, at)),
        ),
        (State::Fresh, None) => {
            let every = match feed.origin {
                Origin::Live(interval) => format!("live {} s, ", interval.as_secs()),
                Origin::Snapshot(_) => String::new(),
            };
            Part::new(0, Role::Text, format!("{every}{old}{newer}"))
        }
        (State::Refreshing, None) => Part::new(0, Role::Text, format!("refreshing, {old}")),
    }
}

/// How far the search for indexes is.
fn searching(app: &App) -> String {
    let Some(advising) = app.data().map(|data| &data.advising) else {
        return String::new();
    };
    match advising.stage {
        _ if advising.is_stopping => "stopping the search for indexes".to_owned(),
        Stage::Searching(since) => {
            let past = app.now.duration_since(since).as_secs().max(0);
            format!("searching indexes {past} of {} s", advising.time.as_secs())
        }
        _ => "preparing a search for indexes".to_owned(),
    }
}

fn summary(app: &App, is_short: bool) -> Vec<Part> {
    if let State::Lost(reason, since) = &app.feed.state {
        let text = format!("since {}: {reason}", time(app, *since));
        return vec![Part::new(0, Role::Error, text)];
    }
    let Some(data) = app.data() else {
        return Vec::new();
    };
    let mut parts: Vec<Part> = screens::ALL
        .iter()
        .enumerate()
        .map(|(at, tab)| {
            let role = if at == app.at { Role::Title } else { Role::Dim };
            let name = if is_short { tab.short } else { tab.name };
            Part::new(TABS, role, format!("{} {name}", at + 1))
        })
        .collect();
    let mut pieces = app.screen().summary(data);
    if let (Some(at), true) = (app.screen().newest(data), app.feed.is_live()) {
        let old = age(app.now.duration_since(at));
        pieces.insert(
            1.min(pieces.len()),
            (Role::Text, format!("newest {old} ago")),
        );
    }
    let pieces = pieces.into_iter().enumerate();
    parts.extend(pieces.map(|(at, (role, text))| {
        let at = at as u8;
        // Where there is little room, all but the first piece go before the screens.
        let last = if is_short { 1 } else { TABS };
        let rank = if at < last { at } else { at + 1 + TABS - last };
        Part::new(rank, role, text)
    }));
    parts
}

/// Draws the parts that there is room for, in their order.
fn parts(app: &App, frame: &mut Frame<'_>, area: Rect, parts: &[Part]) {
    let room = usize::from(area.width).saturating_sub(2);
    let used = |shown: &[&Part]| {
        shown
            .iter()
            .map(|part| width(&part.text) + GAP)
            .sum::<usize>()
    };
    let mut shown: Vec<&Part> = parts.iter().collect();
    while used(&shown).saturating_sub(GAP) > room && shown.iter().any(|part| part.rank > 0) {
        let last = shown.iter().map(|part| part.rank).max();
        shown.retain(|part| Some(part.rank) != last);
    }
    // The last of those that always stand is whole as far as it can be; the others are cut.
    let tail: usize = shown.last().map_or(0, |part| width(&part.text));
    let mut x = 1;
    for (index, part) in shown.iter().enumerate() {
        let is_last = index + 1 == shown.len();
        let left = (room + 1).saturating_sub(x);
        let left = if is_last {
            left
        } else {
            left.saturating_sub(tail + GAP)
        };
        if left < 4 && !is_last {
            continue;
        }
        let text = fit(&part.text, left, app.glyphs.cut);
        let style = app.options.theme.style(part.role);
        let at = area.x + x as u16;
        frame
            .buffer_mut()
            .set_stringn(at, area.y, &text, left, style);
        x += width(&text) + GAP;
    }
}

/// `8 s`, `3 min`, `2 h`, `5 d`.
pub fn age(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn time(app: &App, at: Timestamp) -> String {
    let zoned = at.to_zoned_datetime(app.options.time_zone.clone());
    zoned.strftime("%H:%M:%S").to_string()
}

fn day_and_time(app: &App, at: Timestamp) -> String {
    let zoned = at.to_zoned_datetime(app.options.time_zone.clone());
    zoned.strftime("%F %H:%M").to_string()
}
