//! Records to events: what a record means for the figures of a log, without its bytes.

mod call;
mod event;
mod explained;
mod incident;
mod met;
mod offsets;
mod parameters;
mod pattern;
mod reader;
mod role;
mod texts;
mod who;

pub use call::{Call, trace};
pub use event::{Event, Incident, Party, Phase, Plan, Sample, What};
pub use explained::query_text;
pub use met::{Has, Met};
pub use parameters::{bind, values};
pub use pattern::pattern;
pub use reader::{Filter, Options, Reader};
pub use role::{Role, role};
pub use texts::{Text, TextId, Texts};
pub use who::{People, Person, PersonId};
