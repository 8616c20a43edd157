//! Which key does what: one list that dispatch, footer, help and `docs/keys.md` are made from.

use std::fmt::Write as _;
use std::sync::LazyLock;

pub use super::context::{Context, STACKS};
use super::inputs::Input;
use super::key::Key;

/// What a key can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is explained by its binding's help")]
pub enum Action {
    Down,
    Up,
    Open,
    Back,
    Close,
    Copy,
    CopyMenu,
    RulePage,
    Screen(usize),
    NextView,
    PreviousView,
    ViewMenu,
    Follow,
    Jump,
    Filter,
    Severity,
    Help,
    SortMenu,
    SortLeft,
    SortRight,
    Reverse,
    NextPane,
    PreviousPane,
    Unjudged,
    Collect,
    CollectAll,
    Search,
    Toggle,
    AsAdvised,
    ChooseNone,
    Edit,
    Remove,
    AskFolder,
    Answer,
    SampleBloat,
    EditInput,
    More(Input),
    Less(Input),
    Zoom,
    Wrap,
    Refresh,
    Pause,
    Slower,
    Faster,
    Top,
    Bottom,
    PageDown,
    PageUp,
    HalfDown,
    HalfUp,
    Left,
    Right,
    Keep,
    Clear,
    Redraw,
    Exit,
}

/// Some keys that do one thing.
#[derive(Debug)]
pub struct Binding {
    /// What they do.
    pub action: Action,
    /// The keys; a sequence is written with spaces.
    pub keys: &'static [&'static str],
    /// Where.
    pub contexts: &'static [Context],
    /// What the help says.
    pub help: &'static str,
    /// Rank and word in the footer; the lowest rank is the last to go when the screen is narrow.
    /// Bindings with the same word share one hint.
    pub hint: Option<(u8, &'static str)>,
}

const fn bind(
    action: Action,
    keys: &'static [&'static str],
    contexts: &'static [Context],
    help: &'static str,
) -> Binding {
    Binding {
        action,
        keys,
        contexts,
        help,
        hint: None,
    }
}

impl Binding {
    const fn hint(mut self, rank: u8, word: &'static str) -> Self {
        self.hint = Some((rank, word));
        self
    }
}

use Action as A;
use Context as C;

const MOVING: &[Context] = &[C::Table, C::Text, C::Menu];
/// Screens with several views.
const VIEWED: &[Context] = &[C::Logs, C::Tables, C::Indexes, C::Settings];
const LONG: &[Context] = &[C::Table, C::Text, C::Help];

/// All bindings.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bind(A::Down, &["j", "Down"], MOVING, "one row down").hint(4, "move"),
    bind(A::Up, &["k", "Up"], MOVING, "one row up").hint(4, "move"),
    bind(A::Down, &["Down"], &[C::Typing, C::Help], "one row down"),
    bind(A::Up, &["Up"], &[C::Typing, C::Help], "one row up"),
    bind(A::Top, &["g g", "Home"], MOVING, "first row"),
    bind(A::Bottom, &["G", "End"], MOVING, "last row"),
    bind(A::PageDown, &["PgDn", "Ctrl-f"], LONG, "one page down"),
    bind(A::PageUp, &["PgUp", "Ctrl-b"], LONG, "one page up"),
    bind(A::HalfDown, &["Ctrl-d"], &[C::Table, C::Text], "half a page down"),
    bind(A::HalfUp, &["Ctrl-u"], &[C::Table, C::Text], "half a page up"),
    bind(A::Open, &["Enter"], &[C::Table], "open: the detail pane over the whole screen").hint(5, "open"),
    bind(A::Open, &["Enter"], &[C::Menu], "choose").hint(1, "choose"),
    bind(A::Left, &["h", "Left"], &[C::Text], "scroll to the left (lines that are not wrapped)"),
    bind(A::Right, &["l", "Right"], &[C::Text], "scroll to the right (lines that are not wrapped)"),
    bind(A::Wrap, &["w"], &[C::Text], "wrap long lines, or don't").hint(13, "wrap"),
    bind(A::Copy, &["y"], &[C::Screen], "copy the main thing: the SQL that fixes a finding, the text of a statement, a message").hint(6, "copy"),
    bind(A::CopyMenu, &["Y"], &[C::Screen], "copy: choose what (undo, text, JSON, Markdown, key, …)").hint(15, "copy…"),
    bind(A::RulePage, &["R"], &[C::Findings, C::Settings], "page of the rule: what it finds, why it matters, when to ignore it").hint(7, "rule"),
    bind(A::Jump, &["f"], &[C::Queries], "findings about this statement").hint(7, "findings"),
    bind(A::Jump, &["f"], &[C::Findings], "what this finding is about: the statement, table, index or setting, with its figures"),
    bind(A::PreviousView, &["["], VIEWED, "view before").hint(5, "view"),
    bind(A::NextView, &["]"], VIEWED, "next view").hint(5, "view"),
    bind(A::ViewMenu, &["v"], VIEWED, "choose the view").hint(5, "view"),
    bind(A::Jump, &["f"], &[C::Logs], "the statement among the queries, else findings about it").hint(7, "query"),
    bind(A::Follow, &["F"], &[C::Logs], "follow: stay on the newest row, in views by time").hint(7, "follow"),
    bind(A::Screen(0), &["1"], &[C::Screen], "screen 1: findings").hint(6, "screen"),
    bind(A::Screen(1), &["2"], &[C::Screen], "screen 2: queries").hint(6, "screen"),
    bind(A::Screen(2), &["3"], &[C::Screen], "screen 3: logs").hint(6, "screen"),
    bind(A::Screen(3), &["4"], &[C::Screen], "screen 4: migrations").hint(6, "screen"),
    bind(A::Screen(4), &["5"], &[C::Screen], "screen 5: tables, indexes, and indexes that would pay").hint(6, "screen"),
    bind(A::Screen(5), &["6"], &[C::Screen], "screen 6: settings, pool sizes, timeouts").hint(6, "screen"),
    bind(A::Collect, &["m"], &[C::Findings, C::Settings, C::Indexes], "collect its fix for a migration, or leave it out again").hint(7, "collect"),
    bind(A::Edit, &["e"], &[C::Migrations], "edit its SQL in $VISUAL or $EDITOR").hint(7, "edit"),
    bind(A::Remove, &["x"], &[C::Migrations], "leave it out").hint(9, "leave out"),
    bind(A::AskFolder, &["W"], &[C::Migrations], "write all as migrations: asks for the folder").hint(6, "write"),
    bind(A::Jump, &["f"], &[C::Migrations], "the finding that it mends").hint(9, "finding"),
    bind(A::Search, &["a"], &[C::Indexes], "search for indexes that pay; again: go on from what is known, after F5 from facts read anew").hint(5, "search"),
    bind(A::Toggle, &["Space"], &[C::Indexes], "choose: make a new index or don't, drop one that is there or don't; costs follow").hint(5, "choose"),
    bind(A::AsAdvised, &["A"], &[C::Indexes], "choose as advised"),
    bind(A::ChooseNone, &["n"], &[C::Indexes], "choose nothing"),
    bind(A::EditInput, &["e"], &[C::Indexes], "change what is searched: budget, time, planner").hint(6, "budget…"),
    bind(A::CollectAll, &["M"], &[C::Indexes], "collect all that is chosen for migrations: new indexes, then drops that are advised").hint(8, "collect all"),
    bind(A::Unjudged, &["u"], &[C::Indexes], "what the search rests on: costs and sizes in all, planner, statements that were not planned").hint(9, "ground"),
    bind(A::Jump, &["f"], &[C::Indexes], "findings about its table; of a new index: the statements that it changes; of a statement: its figures").hint(9, "follow"),
    bind(A::SampleBloat, &["b"], &[C::Tables, C::Indexes], "sample bloat now: some blocks of each table are read, 2.4 MB at most").hint(6, "bloat"),
    bind(A::Jump, &["f"], &[C::Tables], "findings about this table and its indexes").hint(7, "findings"),
    bind(A::EditInput, &["e"], &[C::Settings], "change an input of the calculator: cores, instances, multiples of the load; headroom of timeouts").hint(6, "inputs"),
    bind(A::More(Input::Cores), &["c"], &[C::Settings], "pool: one core more"),
    bind(A::Less(Input::Cores), &["C"], &[C::Settings], "pool: one core less"),
    bind(A::More(Input::Instances), &["i"], &[C::Settings], "pool: one application instance more"),
    bind(A::Less(Input::Instances), &["I"], &[C::Settings], "pool: one application instance less"),
    bind(A::Jump, &["f"], &[C::Settings], "the finding that advises it; of a timeout: the statement that it would have ended"),
    bind(A::Filter, &["/"], &[C::Screen], "filter: words, column:value, column>5, !not").hint(8, "filter"),
    bind(A::Severity, &["S"], &[C::Findings], "filter by severity").hint(11, "severity"),
    bind(A::Unjudged, &["u"], &[C::Findings], "what could not be judged, why, and what would enable it").hint(9, "unjudged"),
    bind(A::Unjudged, &["u"], &[C::Logs], "the logs that were read, what of them was not, and what they lack").hint(9, "logs"),
    bind(A::SortMenu, &["s"], &[C::Screen], "sort: choose the column").hint(10, "sort"),
    bind(A::SortLeft, &["<"], &[C::Table], "sort by the column to the left"),
    bind(A::SortRight, &[">"], &[C::Table], "sort by the column to the right"),
    bind(A::Reverse, &["r"], &[C::Table], "reverse the order"),
    bind(A::NextPane, &["Tab"], &[C::Screen], "next pane").hint(12, "pane"),
    bind(A::PreviousPane, &["Shift-Tab"], &[C::Screen], "previous pane"),
    bind(A::Zoom, &["z"], &[C::Screen], "zoom the pane, or show both").hint(14, "zoom"),
    bind(A::Pause, &["p"], &[C::Screen], "pause: the data on the screen stay").hint(16, "pause"),
    bind(A::Refresh, &["F5"], &[C::Screen], "refresh now").hint(17, "refresh"),
    bind(A::Slower, &["+"], &[C::Screen], "refresh less often"),
    bind(A::Faster, &["-"], &[C::Screen], "refresh more often"),
    bind(A::Help, &["?", "F1"], &[C::Screen, C::Page], "help: all keys, searchable").hint(1, "help"),
    bind(A::Back, &["Esc"], &[C::Screen], "back: leave the detail, then clear the filter, then stop the sampling of bloat or the search for indexes").hint(3, "back"),
    bind(A::Close, &["q"], &[C::Screen], "leave the detail, then quit").hint(2, "quit"),
    bind(A::Close, &["Esc", "q"], &[C::Page, C::Menu], "close").hint(2, "close"),
    bind(A::Keep, &["Enter"], &[C::Typing], "keep the filter").hint(1, "keep"),
    bind(A::Clear, &["Esc"], &[C::Typing], "clear the filter").hint(2, "clear"),
    bind(A::Answer, &["Enter"], &[C::Asking], "take what stands there: a folder to write to, an input of a calculator").hint(1, "take"),
    bind(A::Close, &["Esc"], &[C::Asking], "leave everything as it is").hint(2, "cancel"),
    bind(A::Close, &["Esc", "Enter"], &[C::Help], "close").hint(1, "close"),
    bind(A::Redraw, &["Ctrl-l"], &[C::Always], "draw the screen anew"),
    bind(A::Exit, &["Ctrl-c"], &[C::Always], "quit at once"),
];

/// What the keys typed so far mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// This action.
    Action(Action),
    /// The beginning of a sequence.
    Prefix,
    /// Nothing.
    Nothing,
}

static SEQUENCES: LazyLock<Vec<(&'static Binding, Vec<Key>)>> = LazyLock::new(|| {
    let sequences = |binding: &'static Binding| {
        let keys = binding.keys.iter();
        keys.map(move |sequence| (binding, parse(sequence)))
    };
    BINDINGS.iter().flat_map(sequences).collect()
});

fn parse(sequence: &str) -> Vec<Key> {
    let keys = sequence.split(' ').map(Key::parse);
    let keys: Option<Vec<Key>> = keys.collect();
    keys.expect("BINDINGS names keys that Key::parse knows")
}

/// Looks up what was typed in a stack of contexts.
pub fn find(stack: &[Context], typed: &[Key]) -> Found {
    let here = |binding: &Binding| binding.contexts.iter().any(|c| stack.contains(c));
    let mut found = Found::Nothing;
    for (binding, keys) in SEQUENCES.iter().filter(|(binding, _)| here(binding)) {
        if keys == typed {
            return Found::Action(binding.action);
        }
        if keys.starts_with(typed) {
            found = Found::Prefix;
        }
    }
    found
}

/// Bindings that hold in one context.
pub fn of(context: Context) -> impl Iterator<Item = &'static Binding> {
    let here = move |binding: &&Binding| binding.contexts.contains(&context);
    BINDINGS.iter().filter(here)
}

/// The keys of a binding as the help writes them.
pub fn keys(binding: &Binding) -> String {
    binding.keys.join(", ")
}

/// The text of `docs/keys.md`.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Keys of the terminal UI\n\nMade from `src/tui/keymap.rs`; a test keeps it so. Keys with a space between them are \
         pressed one after the other.\n",
    );
    for context in Context::ALL {
        let _ = write!(
            out,
            "\n## {}\n\n| keys | what they do |\n|---|---|\n",
            context.title()
        );
        for binding in of(context) {
            let keys: Vec<String> = binding.keys.iter().map(|k| format!("`{k}`")).collect();
            let _ = writeln!(out, "| {} | {} |", keys.join(" "), binding.help);
        }
    }
    out.push_str(
        "\n## Filters\n\nWords that all must hold. A word is looked for in every column; `\"two words\"` count as one; \
         `column:value` looks in one column; `column>5` compares its figure (`>` `>=` `<` `<=` `=`, with units where \
         it has them: `mean>=5ms`, `total>2min`, `wal>1MB`, `share>10%`; plain numbers are milliseconds, bytes, per \
         cent or a count); `!` before a word turns it round. What is not known is neither larger nor smaller than \
         anything. The columns are those of the sort menu, whether there is room for them or not.\n",
    );
    out.push_str(
        "\n## Mouse\n\nA click selects a row, sorts by a column's head or chooses from a menu; the wheel scrolls \
         what is under it. `--no-mouse` leaves the mouse to the terminal, to mark text with.\n",
    );
    out
}
