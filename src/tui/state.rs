//! The state of the UI.

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Rect;

use super::data::Data;
use super::doc::Doc;
use super::drafts::Draft;
use super::feed::{Feed, State};
use super::key::Key;
use super::keymap::{Action, Context, STACKS};
use super::layout::{self, Areas};
use super::list::List;
use super::options::Options;
use super::overlays::Overlay;
use super::reader::Reader;
use super::screens::{self, Screen, Tab};
use super::theme::Glyphs;
use crate::advise::pool::Inputs;

/// How long a notice stands.
const NOTICE: SignedDuration = SignedDuration::from_secs(5);

/// The state of the UI.
#[derive(Debug)]
pub struct App {
    /// What it was told when it started.
    pub options: Options,
    /// Signs to draw with.
    pub glyphs: Glyphs,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The time, as of the last message.
    pub now: Timestamp,
    /// The data.
    pub feed: Feed,
    /// What the tabs remember, as in [`screens::ALL`].
    pub tabs: Vec<TabState>,
    /// The tab that is shown.
    pub at: usize,
    /// What lies over it, the topmost last.
    pub overlays: Vec<Overlay>,
    /// Keys of a sequence that is not complete.
    pub typed: Vec<Key>,
    /// A notice in the footer.
    pub notice: Option<Notice>,
    /// What is shown has changed, and what is chosen of it may have.
    pub choice_is_old: bool,
}

/// What a tab remembers.
#[derive(Debug)]
pub struct TabState {
    /// The view that is shown.
    pub view: usize,
    /// One a view.
    panes: Vec<Pane>,
}

/// What a screen remembers.
#[derive(Debug)]
pub struct Pane {
    /// Its table.
    pub list: List,
    /// The text of the selected row.
    pub detail: Reader,
    /// Key of the row whose text it is.
    detail_key: Option<String>,
    /// The data changed since that text was made.
    detail_is_old: bool,
    /// Who gets the keys.
    pub focus: Focus,
    /// Only the pane with the focus is shown.
    pub zoom: bool,
}

/// The panes of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The table.
    List,
    /// The text of the selected row.
    Detail,
}

/// A sentence that stands in the footer for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence, escaped.
    pub text: String,
    /// It says what went wrong.
    pub is_error: bool,
    until: Timestamp,
}

impl TabState {
    fn new(tab: &Tab) -> Self {
        Self {
            view: 0,
            panes: tab.views.iter().map(|_| Pane::new()).collect(),
        }
    }

    /// How many rows a view has.
    pub fn rows(&self, view: usize) -> usize {
        self.panes[view].list.rows().len()
    }

    /// What the view that is shown remembers.
    pub fn pane(&self) -> &Pane {
        &self.panes[self.view]
    }

    /// The same, to be changed.
    pub fn pane_mut(&mut self) -> &mut Pane {
        &mut self.panes[self.view]
    }
}

impl Pane {
    fn new() -> Self {
        Self {
            list: List::default(),
            detail: Reader::new(Doc::new()),
            detail_key: None,
            detail_is_old: false,
            focus: Focus::List,
            zoom: false,
        }
    }
}

impl App {
    /// Before anything happened.
    pub fn new(options: Options, size: (u16, u16), now: Timestamp) -> Self {
        Self {
            glyphs: Glyphs::new(options.ascii),
            size,
            now,
            feed: Feed::new(options.origin.clone(), now),
            tabs: screens::ALL.iter().map(TabState::new).collect(),
            at: 0,
            overlays: Vec::new(),
            typed: Vec::new(),
            notice: None,
            choice_is_old: false,
            options,
        }
    }

    /// The tab that is shown.
    pub fn tab(&self) -> &'static Tab {
        &screens::ALL[self.at]
    }

    /// The screen that is shown: the view of the tab.
    pub fn screen(&self) -> &'static dyn Screen {
        self.tab().views[self.tabs[self.at].view]
    }

    /// What it remembers.
    pub fn pane(&self) -> &Pane {
        self.tabs[self.at].pane()
    }

    /// What it remembers, to be changed.
    pub fn pane_mut(&mut self) -> &mut Pane {
        self.tabs[self.at].pane_mut()
    }

    /// What is shown, once something is.
    pub fn data(&self) -> Option<&Data> {
        self.feed.data.as_deref()
    }

    /// Key of the selected row.
    pub fn selected_key(&self) -> Option<&str> {
        let list = &self.pane().list;
        list.selected().map(|row| list.rows()[row].key.as_str())
    }

    /// Where things stand.
    pub fn areas(&self) -> Areas {
        Areas::new(self.size, self.pane().list.rows().len(), self.pane())
    }

    /// The contexts that hold now.
    pub fn stack(&self) -> &'static [Context] {
        let holds = match (self.overlays.last(), self.keys_go_to()) {
            (Some(Overlay::Help(_)), _) => [Context::Help, Context::Always],
            (Some(Overlay::Filter), _) => [Context::Typing, Context::Always],
            (Some(Overlay::Ask(_)), _) => [Context::Asking, Context::Always],
            (Some(Overlay::Menu(_)), _) => [Context::Menu, Context::Always],
            (Some(Overlay::Page(_)), _) => [Context::Text, Context::Page],
            (None, Focus::Detail) => [Context::Text, self.screen().context()],
            (None, Focus::List) => [Context::Table, self.screen().context()],
        };
        let mut stacks = STACKS.into_iter();
        let here = |stack: &&[Context]| holds.iter().all(|context| stack.contains(context));
        stacks
            .find(here)
            .expect("STACKS has two for each screen and one for each overlay")
    }

    /// The next search for indexes reads facts anew.
    pub fn search_anew(&mut self) {
        if let Some(data) = self.feed.data_mut() {
            data.advising.is_anew = true;
        }
    }

    /// A search for indexes runs.
    pub fn is_searching(&self) -> bool {
        self.data().is_some_and(|data| data.advising.is_busy())
    }

    /// Who gets the keys when nothing lies over the screen: where there is no table, the text that
    /// stands in its place.
    pub fn keys_go_to(&self) -> Focus {
        if self.pane().list.rows().is_empty() {
            Focus::Detail
        } else {
            self.pane().focus
        }
    }

    /// Says something in the footer.
    pub fn say(&mut self, text: &str) {
        self.notify(text, false);
    }

    /// Says in the footer what went wrong.
    pub fn complain(&mut self, text: &str) {
        self.notify(text, true);
    }

    fn notify(&mut self, text: &str, is_error: bool) {
        self.notice = Some(Notice {
            text: crate::facts::escape::line(text).into_owned(),
            is_error,
            until: self.now + NOTICE,
        });
    }

    /// Shows data that wait, if they may be shown, and brings every position back into bounds.
    pub fn settle(&mut self) {
        let frozen = !self.overlays.is_empty();
        if self.feed.show(frozen, self.now)
            && let Some(data) = self.feed.data.clone()
        {
            self.set_rows(&data);
        }
        if self
            .notice
            .as_ref()
            .is_some_and(|notice| notice.until <= self.now)
        {
            self.notice = None;
        }
        self.settle_detail();
        let areas = self.areas();
        let theme = self.options.theme;
        let pane = self.tabs[self.at].pane_mut();
        pane.list
            .settle(usize::from(layout::rows(areas.list).height));
        pane.detail.settle(layout::text(areas.detail), &theme);
        let covering = layout::text(self.page_area());
        match self.overlays.last_mut() {
            Some(Overlay::Page(overlay)) => overlay.reader.settle(covering, &theme),
            Some(Overlay::Help(help)) => help.reader.settle(covering, &theme),
            _ => {}
        }
    }

    /// Changes the fixes that are collected.
    pub fn change_drafts(&mut self, change: impl FnOnce(&mut Vec<Draft>)) {
        self.change(|data| change(&mut data.drafts));
    }

    /// Changes what pools are sized for.
    pub fn change_inputs(&mut self, inputs: Inputs) {
        self.change(|data| data.calculator.set(inputs));
    }

    /// Changes what is shown.
    pub fn change(&mut self, change: impl FnOnce(&mut Data)) {
        if let Some(data) = self.feed.data_mut() {
            change(data);
        }
        if let Some(data) = self.feed.data.clone() {
            self.set_rows(&data);
        }
    }

    /// Gives all screens their rows.
    fn set_rows(&mut self, data: &Data) {
        self.choice_is_old = true;
        for (tab, state) in screens::ALL.iter().zip(&mut self.tabs) {
            for (screen, pane) in tab.views.iter().zip(&mut state.panes) {
                pane.list.set_rows(screen.rows(data));
                pane.detail_is_old = true;
            }
        }
    }

    /// Where a page over the screen stands.
    pub fn page_area(&self) -> Rect {
        self.areas().body
    }

    /// Would this action do anything here? Those that would not are left out of the footer.
    pub fn can(&self, action: Action) -> bool {
        let pane = self.pane();
        let has_rows = !pane.list.rows().is_empty();
        let is_selected = pane.list.selected().is_some();
        let is_covered = !self.overlays.is_empty();
        match action {
            Action::Pause | Action::SampleBloat => self.feed.is_live() && self.data().is_some(),
            Action::Refresh => self.feed.is_live() && !matches!(self.feed.state, State::Loading(_)),
            Action::NextPane => is_selected && !self.areas().one_pane,
            Action::Zoom => has_rows && !self.areas().one_pane,
            Action::Open | Action::Down | Action::Up => {
                is_covered || is_selected || self.data().is_some() && !has_rows
            }
            Action::RulePage => is_selected && self.screen().is_of_findings(),
            Action::Collect => is_selected && self.screen().is_collected_from(),
            Action::Search => !self.is_searching() && self.data().is_some(),
            Action::Copy | Action::CopyMenu | Action::Jump | Action::Edit | Action::Remove => {
                is_selected
            }
            Action::Toggle => is_selected && self.screen().has_toggles(),
            Action::AskFolder | Action::Filter | Action::SortMenu | Action::Severity => has_rows,
            Action::Unjudged => self.data().is_some(),
            Action::EditInput => has_rows && !self.screen().inputs().is_empty(),
            Action::Follow => has_rows && self.screen().is_by_time(),
            Action::Wrap => is_covered || self.data().is_some(),
            Action::Back => {
                pane.focus == Focus::Detail
                    || pane.zoom
                    || !pane.list.filter.value().is_empty()
                    || self.is_searching()
            }
            _ => true,
        }
    }

    /// Brings the detail pane to the selected row.
    fn settle_detail(&mut self) {
        let screen = self.screen();
        let key = self.selected_key().map(str::to_owned);
        let Some(data) = self.feed.data.clone() else {
            return;
        };
        let glyphs = self.glyphs;
        let pane = self.tabs[self.at].pane_mut();
        let same = pane.detail_key == key;
        if same && !pane.detail_is_old {
            return;
        }
        let doc = match pane.list.selected() {
            Some(row) => screen.detail(&data, row, &glyphs),
            None if pane.list.rows().is_empty() => screen.empty(&data),
            None => Doc::new(),
        };
        pane.detail.replace(doc, same);
        if key.is_none() {
            pane.focus = Focus::List;
        }
        pane.detail_key = key;
        pane.detail_is_old = false;
    }
}
