//! The one integration-test binary: a module per area.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::map_unwrap_or,
    clippy::needless_pass_by_value,
    clippy::match_same_arms,
    reason = "tests read files, start servers, speak up, and may panic"
)]

mod advise;
mod advise_alerts;
mod advise_live;
mod advise_settings;
mod ages;
mod applied;
mod architecture;
mod bloat;
mod bloat_live;
mod ci;
mod cli;
mod cli_live;
mod cli_ui;
mod cluster;
mod cluster_owner;
mod collect;
mod config;
mod connect;
mod demo;
mod docs;
mod engine;
mod engine_pages;
mod engine_settings;
mod facts;
mod files;
mod index_advice;
mod index_drops;
mod index_writes;
mod lint;
mod lint_live;
mod lint_plans;
mod lint_trace;
mod logs;
mod logs_envelope;
mod logs_fuzz;
mod logs_live;
mod logs_prefix;
mod logs_report;
mod logs_runs;
mod logs_server;
mod logs_sources;
mod matrix;
mod objects;
mod parse;
mod plans;
mod plans_live;
mod plans_readings;
mod queries;
mod report;
mod reports;
mod rules;
mod rules_live;
mod rules_logs;
mod shadow;
mod shadow_script;
mod shapes;
mod shop;
mod sizes_live;
mod slow;
mod support;
mod tui;
mod workload;
