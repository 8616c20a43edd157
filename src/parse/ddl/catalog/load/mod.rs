//! A catalog out of the facts of a database.
//!
//! | module | does |
//! |---|---|
//! | `loader` | the whole, schemas and extensions |
//! | `types` | types that users made |
//! | `relations` | tables and views, partitions, inheritance, who reads whom |
//! | `columns` | columns |
//! | `indexes` | indexes |
//! | `rules` | constraints |
//! | `others` | sequences, triggers, functions |
//! | `path` | where names are looked for |
//! | `text` | words and lists in facts |

mod columns;
mod indexes;
mod loader;
mod others;
mod path;
mod relations;
mod rules;
mod text;
mod types;
