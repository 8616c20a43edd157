//! The shop world: one small believable database with planted problems, and its healthy twin.
//!
//! `fixtures/shop` holds the world as SQL; its `README.md` says what is where. [`Variant::options`]
//! sets a cluster up, [`World::load`] fills it, [`World::run`] sends the traffic of the shop's
//! programs. This part of `cluster` needs a tokio runtime; it talks to throwaway servers only, so
//! without TLS.

mod error;
mod files;
mod lane;
mod link;
mod load;
mod random;
mod run;
mod script;
mod sessions;
mod values;
mod workload;

pub use error::WorldError;
pub use files::{DATABASE, PLANTED, SETTINGS, Variant};
pub use load::{Step, World};
pub use sessions::Traffic;
