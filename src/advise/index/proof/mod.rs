//! Advice judged by what statements take where its indexes are there for real. Pure: running them is asked of a
//! [`Bench`].
//!
//! | file | does |
//! |---|---|
//! | `bench` | the port to a server with the indexes |
//! | `trial` | the statements that are run, and what each takes |
//! | `created` | which new indexes pay |
//! | `told` | what is told of it |
//! | `dropped` | which drops make statements slower |

mod bench;
mod created;
mod dropped;
mod told;
mod trial;

pub use bench::{Answer, Bench, Measured};
pub use created::{Entrant, Judged, Verdict, created};
pub use dropped::{Kept, dropped};
pub use told::{Built, Proof, Proved, Spared};
pub use trial::{Limits, Text, Timed, Trial};
