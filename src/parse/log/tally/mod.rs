//! Events to the figures of a log, in the order of the log and in bounded memory.

mod errors;
mod figures;
mod incidents;
mod pace;
mod place;
mod room;
pub mod runs;
mod series;
mod session;
mod spread;
mod statement;
mod statements;
mod totals;

pub use errors::{ErrorKey, ErrorTally, Errors};
pub use figures::Tally;
pub use incidents::{Incidents, Noted};
pub use pace::{Pace, Recent, Watch};
pub use room::Room;
pub use series::{Add, Series};
pub use spread::Spread;
pub use statement::{Group, Hour, Kept, Statement};
pub use statements::StatementKey;
pub use totals::{Minute, Totals};
