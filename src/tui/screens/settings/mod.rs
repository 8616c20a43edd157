//! Settings and what advises them, in four views.
//!
//! | file | gives |
//! |---|---|
//! | `advice` | settings that findings advise, now and then |
//! | `in_force` | all settings of the server |
//! | `pool` | sizes of connection pools |
//! | `timeouts` | timeouts of roles |

mod advice;
mod in_force;
mod pool;
mod timeouts;

use super::screen::Screen;

/// The views, in the order of their keys.
pub const VIEWS: [&dyn Screen; 4] = [
    &advice::Advice,
    &in_force::InForceView,
    &pool::Pool,
    &timeouts::TimeoutsView,
];
