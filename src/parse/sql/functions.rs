//! What is known of built-in functions by their names.

/// Aggregate functions (manual, section 9.21), ordered-set ones too.
const AGGREGATES: &[&str] = &[
    "any_value",
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "covar_pop",
    "covar_samp",
    "every",
    "json_agg",
    "json_agg_strict",
    "json_arrayagg",
    "json_object_agg",
    "json_object_agg_strict",
    "json_object_agg_unique",
    "json_object_agg_unique_strict",
    "json_objectagg",
    "jsonb_agg",
    "jsonb_agg_strict",
    "jsonb_object_agg",
    "jsonb_object_agg_strict",
    "jsonb_object_agg_unique",
    "jsonb_object_agg_unique_strict",
    "max",
    "min",
    "mode",
    "percentile_cont",
    "percentile_disc",
    "range_agg",
    "range_intersect_agg",
    "regr_avgx",
    "regr_avgy",
    "regr_count",
    "regr_intercept",
    "regr_r2",
    "regr_slope",
    "regr_sxx",
    "regr_sxy",
    "regr_syy",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "string_agg",
    "sum",
    "var_pop",
    "var_samp",
    "variance",
    "xmlagg",
];

/// Volatile functions (`pg_proc.provolatile = 'v'`) that statements use.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "currval",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "pg_advisory_lock",
    "pg_advisory_unlock",
    "pg_advisory_xact_lock",
    "pg_cancel_backend",
    "pg_notify",
    "pg_sleep",
    "pg_terminate_backend",
    "pg_try_advisory_lock",
    "pg_try_advisory_xact_lock",
    "random",
    "set_config",
    "setseed",
    "setval",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

/// Stable functions (`provolatile = 's'`): the same within a statement.
const STABLE: &[&str] = &[
    "age",
    "current_catalog",
    "current_database",
    "current_date",
    "current_role",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_time",
    "current_timestamp",
    "current_user",
    "date_trunc",
    "inet_client_addr",
    "localtime",
    "localtimestamp",
    "now",
    "pg_backend_pid",
    "session_user",
    "statement_timestamp",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "to_timestamp",
    "to_tsquery",
    "to_tsvector",
    "plainto_tsquery",
    "websearch_to_tsquery",
    "transaction_timestamp",
    "txid_current",
    "user",
    "version",
];

/// Immutable functions (`provolatile = 'i'`) that statements use often.
const IMMUTABLE: &[&str] = &[
    "abs",
    "array_length",
    "btrim",
    "ceil",
    "char_length",
    "coalesce",
    "concat_ws",
    "date_part",
    "floor",
    "greatest",
    "initcap",
    "jsonb_array_elements",
    "jsonb_build_object",
    "least",
    "left",
    "length",
    "lower",
    "lpad",
    "ltrim",
    "md5",
    "mod",
    "nullif",
    "position",
    "power",
    "regexp_replace",
    "replace",
    "right",
    "round",
    "rpad",
    "rtrim",
    "sha256",
    "split_part",
    "sqrt",
    "strpos",
    "substr",
    "substring",
    "trim",
    "trunc",
    "unnest",
    "upper",
];

/// Functions that give another number or identifier with each call, for ORDER BY.
const RANDOM: &[&str] = &["random", "gen_random_uuid", "uuid_generate_v4", "uuidv4"];

/// Whether a function of that name is a built-in aggregate.
pub fn is_aggregate(name: &str) -> bool {
    AGGREGATES.contains(&plain(name))
}

/// volatile, stable or immutable, where the function is a known built-in one.
pub fn volatility(name: &str) -> Option<&'static str> {
    let name = plain(name);
    [
        (VOLATILE, "volatile"),
        (STABLE, "stable"),
        (IMMUTABLE, "immutable"),
    ]
    .into_iter()
    .find_map(|(list, word)| list.contains(&name).then_some(word))
}

/// Whether ordering by the function orders at random.
pub(super) fn is_random(name: &str) -> bool {
    RANDOM.contains(&plain(name))
}

fn plain(name: &str) -> &str {
    name.strip_prefix("pg_catalog.").unwrap_or(name)
}
