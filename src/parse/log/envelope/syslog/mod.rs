//! syslog: [`header`] reads what a line begins with, [`escape`] undoes what relays do to the text,
//! [`years`] finds the year of times without one, [`piece`] tells how a message was cut, [`join`]
//! makes records of the pieces.

mod escape;
mod header;
mod join;
mod piece;
mod years;

pub(super) use header::{Time, header, octets, time};
pub(super) use join::Joiner;
