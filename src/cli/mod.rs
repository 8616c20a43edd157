//! The command line: one file per subcommand; the only place that wires the parts together, and the
//! only one that writes to stdout and stderr.
//!
//! | file | does |
//! |---|---|
//! | `command`, `args` | the grammar: subcommands, and options that several share |
//! | `arguments`, `run`, `exit` | from arguments to an exit code |
//! | `context` | settings in force, rules |
//! | `source`, `live`, `interrupt`, `progress` | a filled facts database, from a server or a snapshot |
//! | `log_files`, `moment` | logs as a source of facts; moments that the user names |
//! | `logs_follow`, `logs_remote` | logs that are followed, and those of a server over SQL |
//! | `windowed` | facts over a window of time |
//! | `migration_cases` | the migrations in cases of rule pages |
//! | `out`, `say` | stdout or `--output`; stderr |
//! | `screen`, `feeder`, `readings`, `estimates` | the terminal UI over a snapshot or a server that is read again and again |
//! | `adviser` | the search for indexes behind the terminal UI |
//! | `since` | older snapshots to compare with |
//! | `verdict` | what findings mean for the exit code, for `check` and `lint` |
//! | `lint_files`, `lint_facts` | migrations that are linted, and what against |
//! | `fix_files` | fixes as files of migrations: linted, then written |
//! | `atlas_sum` | the hashes that Atlas keeps beside its migrations |
//! | `lint_plans` | plans of the workload before and after migrations |
//! | `lint_trace`, `lint_scratch` | migrations that are run on a scratch server, and that server |
//! | `advise` | what to set, one file a kind of advice |
//! | `plan` | plans of statements, and what changes them |
//! | `objects` | what `tables` and `indexes` share |
//! | `check`, `queries`, `logs`, `snapshot`, `sql`, … | one subcommand each |
#![allow(
    clippy::disallowed_methods,
    reason = "the home of the clock, of files that the user names, of the environment and of the arguments"
)]

mod advise;
mod adviser;
mod args;
mod arguments;
mod atlas_sum;
mod check;
mod check_write;
mod command;
mod completions;
mod conninfo;
mod context;
mod demo;
mod demo_world;
mod drafts;
mod editor;
mod estimates;
mod exit;
mod explain;
mod feeder;
mod fix_files;
mod holdings;
mod indexes;
mod interrupt;
mod lint;
mod lint_facts;
mod lint_files;
mod lint_fix;
mod lint_plans;
mod lint_scratch;
mod lint_trace;
mod linted;
mod live;
mod log_files;
mod logs;
mod logs_empty;
mod logs_follow;
mod logs_remote;
mod machine;
mod man;
pub mod migration_cases;
mod moment;
mod new_files;
mod objects;
mod out;
mod plan;
mod progress;
mod queries;
mod queries_show;
mod readings;
mod report;
mod rules;
mod rules_check;
mod run;
mod say;
mod screen;
mod since;
mod snapshot;
mod source;
mod sql;
mod sql_tables;
mod tables;
mod ui;
mod verbose;
mod verdict;
pub mod what_if;
mod windowed;

pub use run::main;
