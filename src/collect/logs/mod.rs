//! Server logs to facts.
//!
//! | module | does |
//! |---|---|
//! | [`scan`] | bytes to figures, on all cores |
//! | [`facts`] | figures to facts |

pub mod facts;
pub mod scan;
