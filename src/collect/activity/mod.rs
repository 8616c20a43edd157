//! Sessions looked at many times a second.
//!
//! | file | does |
//! |---|---|
//! | `look` | one look: who does what, cheaply |
//! | `spells` | how long sessions stay as they are, put together from looks |
//! | `sampler` | looks and counters over a while, into the facts |

mod look;
mod sampler;
mod spells;

pub(super) use sampler::Sampler;
