//! Facts to facts, pure: typed values, and gaps that the facts themselves show. Rates and
//! differences between samples are views (`facts/views.sql`).

pub mod bloat;
mod gaps;
pub mod indexes;
pub mod loops;
pub mod migrations;
mod settings;
pub mod shapes;

pub use all::all;
use all::derived;
mod all;
