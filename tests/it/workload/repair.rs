//! Mending by what an error says.
