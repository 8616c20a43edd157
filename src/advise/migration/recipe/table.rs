//! Which recipe a form has.

use rusqlite::Result;

use super::{column, constraint, index, later, not_null, partition, retype, rows};
use crate::advise::migration::case::Case;
use crate::advise::migration::step::Rewrite;

/// Makes what takes the place of an action; none where nothing is known to be better.
pub type Recipe = fn(&Case) -> Result<Option<Rewrite>>;

/// Recipes by form, and by the part that the object has in it.
#[rustfmt::skip]
pub const FORMS: &[(&str, &str, Recipe)] = &[
    ("create index", "table", index::create),
    ("drop index", "table", index::drop),
    ("reindex index", "table", index::reindex),
    ("reindex table", "table", index::reindex),
    ("reindex schema", "schema", index::reindex),
    ("reindex database", "database", index::reindex),
    ("refresh", "materialized view", index::refresh),
    ("add check", "table", constraint::not_valid),
    ("add foreign key", "table", constraint::not_valid),
    ("add domain check", "domain", constraint::domain),
    ("add unique", "table", constraint::by_index),
    ("add primary key", "table", constraint::by_index),
    ("add primary key using nullable index", "table", constraint::key_of_nullable),
    ("validate check", "table", later::validate),
    ("validate foreign key", "table", later::validate),
    ("validate not null", "table", later::validate),
    ("set not null", "table", not_null::set),
    ("add not null", "table", not_null::set),
    ("add column volatile default", "table", column::with_default),
    ("add column serial", "table", column::serial),
    ("add column identity", "table", column::identity),
    ("add column stored generated", "table", column::generated),
    ("add column constrained domain", "table", column::domain),
    ("add column required", "table", column::required),
    ("add column check", "table", column::apart),
    ("add column foreign key checked", "table", column::apart),
    ("add column unique", "table", column::apart),
    ("alter type rewrite", "table", retype::by_new_column),
    ("alter type check", "table", retype::by_new_column),
    ("alter type unknown", "table", retype::by_new_column),
    ("attach partition scan", "partition", partition::attach),
    ("attach partition scan", "built partition", partition::attach),
    ("detach partition", "table", partition::detach),
    ("update", "table", rows::update),
    ("delete", "table", rows::delete),
    ("vacuum full", "table", rows::repack),
    ("cluster", "table", rows::repack),
];

/// The recipe of an action that fails with an SQLSTATE.
pub fn recipe(error: &str) -> Option<Recipe> {
    match error {
        // active_sql_transaction
        "25001" => Some(later::outside),
        // unsafe_new_enum_value_usage
        "55P04" => Some(later::next),
        _ => None,
    }
}
