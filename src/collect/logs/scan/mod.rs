//! Bytes of logs to figures: a thread chops each source into blocks that begin with a record,
//! workers make events of blocks, and one thread takes the events in the order of the log. So the
//! figures do not depend on how many workers there are.

mod batch;
mod chopper;
mod feed;
mod options;
mod reading;
mod source;
mod worker;

pub use chopper::{Block, Chopper};
pub use feed::Until;
pub use options::{How, ScanOptions};
pub use reading::{Opened, Scan};
pub use source::{Account, Tried};
