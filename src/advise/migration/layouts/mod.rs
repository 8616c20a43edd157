//! Migrations written in the form of each tool.
//!
//! | module | does |
//! |---|---|
//! | [`write`](mod@write) | files of a new migration |
//! | `liquibase`, [`sqitch`](mod@sqitch), [`alembic`](mod@alembic), [`django`](mod@django), [`rails`](mod@rails), `node` | those of tools whose files are more than SQL |
//! | `verify` | what tells that a migration was run; `turns`: retries |
//! | [`mark`](mod@mark) | the marks by which a file is run without a transaction |
//! | [`atlas_sum`](mod@atlas_sum) | the hashes that Atlas keeps beside its migrations |
//! | [`version`](mod@version) | the version that comes after the newest |

pub mod alembic;
pub mod atlas_sum;
pub mod django;
mod liquibase;
pub mod mark;
mod node;
pub mod rails;
pub mod sqitch;
mod turns;
mod verify;
pub mod version;
pub mod write;

pub use mark::Outside;
pub use write::{Habits, Migration, NewFile, write};
