//! The report that a timer makes: one file, with what changed since an earlier snapshot.
//!
//! | file | gives |
//! |---|---|
//! | `input` | what a report is made of |
//! | `page` | what it says, before it has a format |
//! | `compose` | its parts in their order, and how it stays small |
//! | `findings`, `statements`, `bloat`, `capacity`, `settings`, `server`, `rules`, `appendix` | a part each |
//! | `changes`, `shifts` | findings and statements compared with those of the earlier snapshot |
//! | `html`, `markdown` | the formats: the only places that escape |

mod appendix;
mod bloat;
mod capacity;
mod changes;
mod compose;
mod findings;
mod html;
mod input;
mod markdown;
mod page;
mod rules;
mod server;
mod settings;
mod shifts;
mod statements;

pub use changes::Changes;
pub use compose::{MOST_BYTES, as_html, as_markdown, page};
pub use html::html;
pub use input::{Earlier, Input, Limits};
pub use markdown::markdown;
pub use page::{Block, Card, Cell, Head, Page, Section, Table, Tone, cut};
pub use shifts::{Pace, Shift, shifts};
