//! What statements do to what is there: locks, scans, rewrites, errors.
//!
//! | module | does |
//! |---|---|
//! | [`lock`] | modes of table locks |
//! | [`found`] | what an action does to one object |
//! | [`forms`] | what is known of forms: `forms.tsv`; and keys of details: `details.tsv` |
//! | [`context`] | what effects go by besides the catalog |
//! | `effects` | a statement's effects; `sink`: while they are found |
//! | `alter` | `ALTER TABLE`; `column`, `add_column`, `alter_type`, `constraint`, `constraint_change`, `partition`: its actions |
//! | `retype` | what a change of type costs |
//! | `proof`, `bound` | what validated checks prove |
//! | `create`, `index`, `drop`, `types`, `object`, `upkeep`, `row`, `session` | other statements |
//! | `reader`, `referencing` | views that read tables, and foreign keys to them |
//! | `on_texts` | effects, all things given as texts; `alone`: whether a statement can share a transaction |
//! | `duplicate` | indexes that do the same |
//! | `volatility` | whether a default gives each row a value of its own |
//! | `syntax` | what needs a newer server |

mod add_column;
mod alone;
mod alter;
mod alter_type;
mod bound;
mod column;
mod constraint;
mod constraint_change;
pub mod context;
mod create;
mod drop;
mod duplicate;
mod effects;
pub mod forms;
pub mod found;
mod index;
pub mod lock;
mod object;
mod on_texts;
mod partition;
mod proof;
mod reader;
mod referencing;
mod retype;
mod row;
mod session;
mod sink;
mod syntax;
mod types;
mod upkeep;
mod volatility;

pub use alone::stands_alone;
pub(in crate::parse) use constraint::has_index;
pub use context::Context;
pub(in crate::parse) use effects::effects;
pub use found::{Effect, Target};
pub use lock::Lock;
pub use on_texts::{Before, effects_on};
