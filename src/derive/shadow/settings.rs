//! Settings of the server that bear on plans.

use rusqlite::{Connection, Result};

use super::script::{LeftOut, Script};

/// Those of the group "Query Tuning" of versions 13 to 18 beside `enable_…`, limits of memory and of parallel workers
/// that costs go by, and those by which constants are read.
const NAMES: [&str; 43] = [
    "constraint_exclusion",
    "cpu_index_tuple_cost",
    "cpu_operator_cost",
    "cpu_tuple_cost",
    "cursor_tuple_fraction",
    "datestyle",
    "debug_parallel_query",
    "default_text_search_config",
    "effective_cache_size",
    "effective_io_concurrency",
    "force_parallel_mode",
    "from_collapse_limit",
    "geqo",
    "geqo_effort",
    "geqo_generations",
    "geqo_pool_size",
    "geqo_seed",
    "geqo_selection_bias",
    "geqo_threshold",
    "hash_mem_multiplier",
    "intervalstyle",
    "jit",
    "jit_above_cost",
    "jit_inline_above_cost",
    "jit_optimize_above_cost",
    "join_collapse_limit",
    "max_parallel_workers",
    "max_parallel_workers_per_gather",
    "min_parallel_index_scan_size",
    "min_parallel_table_scan_size",
    "parallel_leader_participation",
    "parallel_setup_cost",
    "parallel_tuple_cost",
    "plan_cache_mode",
    "random_page_cost",
    "recursive_worktable_factor",
    "search_path",
    "seq_page_cost",
    "timezone",
    "transform_null_equals",
    "work_mem",
    "xmloption",
    "array_nulls",
];

/// A setting of the server that bears on plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannerSetting {
    /// Its name.
    pub name: String,
    /// Value for a session whose role and database set nothing, without unit; `None`: hidden.
    pub value: Option<String>,
    /// The value that the server is built with.
    pub built_in: Option<String>,
}

/// Settings of the server that bear on plans, by name.
///
/// # Errors
/// When the facts cannot be read.
pub fn planner_settings(facts: &Connection) -> Result<Vec<PlannerSetting>> {
    let mut statement = facts.prepare(
        "SELECT name, server_value, boot_value FROM settings
         WHERE node_id = (SELECT min(id) FROM nodes) ORDER BY name",
    )?;
    let found = statement.query_map([], |row| {
        Ok(PlannerSetting {
            name: row.get(0)?,
            value: row.get(1)?,
            built_in: row.get(2)?,
        })
    })?;
    let bears = |setting: &PlannerSetting| {
        let lower = setting.name.to_ascii_lowercase();
        lower.starts_with("enable_") || NAMES.contains(&lower.as_str())
    };
    let all: Vec<PlannerSetting> = found.collect::<Result<_>>()?;
    Ok(all.into_iter().filter(bears).collect())
}

/// Adds the settings that differ from what the server is built with. What a role or a database sets is no matter of
/// the server.
pub(super) fn make(facts: &Connection, script: &mut Script) -> Result<()> {
    for setting in planner_settings(facts)? {
        let (name, built_in) = (setting.name, setting.built_in);
        match setting.value {
            Some(value) if Some(&value) != built_in.as_ref() => script.settings.push((name, value)),
            Some(_) => {}
            None => script.left_out.push(LeftOut {
                object: format!("setting {name}"),
                because: "our role or the database sets it, which hides the value of the server"
                    .to_owned(),
                relations: Vec::new(),
            }),
        }
    }
    Ok(())
}
