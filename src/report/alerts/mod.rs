//! Alerting rules with the thresholds of the rule pages.
//!
//! | file | gives |
//! |---|---|
//! | `list` | what is alerted on, over metrics of `postgres_exporter` |
//! | `values` | parameters of pages, as expressions and as people read them |
//! | `prometheus` | the rules file |

mod list;
mod prometheus;
mod values;

pub use list::{ALERTS, Alert, Group};
pub use prometheus::prometheus;
pub use values::Values;
