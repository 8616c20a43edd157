//! The terminal UI.
//!
//! The cycle: the runtime turns what happens (keys, new data, time) into a [`Message`];
//! [`update()`] changes the [`App`] and asks for [`Effect`]s; [`view::draw`] draws the state. Update
//! and view are pure: they read no clock and do no I/O, so a test plays keys and looks at the
//! screen.
//!
//! A screen is one file in `screens/`: its columns, its rows, the text of a row, what can be copied.
//! Several screens may be views of one tab.
//! Everything else (moving, sorting, filtering, mouse, narrow terminals) is the same for all.
//! Keys stand in one list, [`keymap`]; the footer, the help and `docs/keys.md` are made from it.

mod act;
pub mod advising;
mod calculator;
mod columns;
mod compare;
mod context;
pub mod data;
mod doc;
mod drafts;
mod effect;
mod feed;
mod filter;
mod footer;
mod grid;
mod guard;
mod header;
mod inputs;
mod key;
pub mod keymap;
mod layout;
mod list;
mod message;
mod mouse;
mod options;
mod overlays;
mod paragraph;
mod read;
mod reader;
mod relations;
mod runtime;
mod screens;
mod sql;
mod state;
mod table;
mod text;
mod theme;
mod update;
pub mod view;
mod views;

pub use calculator::Calculator;
pub use data::{Activity, Counters, Data, Figures, Missing};
pub use drafts::{Draft, DraftStatement, Lint};
pub use effect::{Effect, Request};
pub use feed::Feed;
pub use inputs::Input;
pub use key::Key;
pub use message::{Message, Progress};
pub use options::{Options, Origin};
pub use read::{Given, explanations, read};
pub use relations::Relations;
pub use runtime::{Editor, Exit, TuiError, run};
pub use state::App;
pub use theme::{Role, Theme, ThemeName};
pub use update::update;
