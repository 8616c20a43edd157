//! Migration linting.

mod load;
