//! Facts to facts, pure: typed values, and gaps that the facts themselves show. Rates and
//! differences between samples are views (`facts/views.sql`); how fast things grow over weeks is `growth`.

pub mod ages;
pub mod bloat;
mod column;
mod gaps;
pub mod growth;
pub mod history;
pub mod indexes;
pub mod loops;
pub mod migrations;
mod settings;
pub mod shadow;
pub mod shapes;
pub mod sizes;

pub use all::all;
use all::derived;
pub use column::{ASSUMED_DISTINCT, distinct, is_indexable};
mod all;
