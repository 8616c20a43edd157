//! Rule pages: load, run, rank. Pure: texts, dates and clocks come in.
//!
//! [`Pages::load`] reads the pages, [`Plan::new`] checks the settings against them, [`run()`] runs
//! them over the facts and gives an [`Outcome`]; the results are facts too.

mod baseline;
mod builtin;
mod case_parse;
mod cases;
mod check_page;
mod comments;
mod conclude;
mod explain;
mod finding;
mod front;
pub mod glob;
mod ground;
mod keys;
pub mod markdown;
mod needs;
mod outcome;
pub mod page;
mod page_parse;
mod pages;
pub mod params;
mod path_pattern;
mod plan;
mod query;
pub mod rank;
mod results;
mod root;
mod row;
mod run;
mod settings;
mod severity;
mod shared;
pub mod source;
mod subject;
mod suppress;

pub use baseline::{Accepted, Baseline, BaselineError};
pub use builtin::sources as builtin_sources;
pub use cases::{BASE_SCHEMA, CaseLinter, World};
pub use check_page::{check as check_page, check_sql};
pub use explain::{Explanation, Part, explain};
pub use finding::{Finding, Location, Scope, Subject};
pub use needs::Gap;
pub use outcome::{Outcome, RuleRun, SkipKind, Skipped, Status, Unjudged};
pub use page::{Case, CaseFile, Origin, Page};
pub use pages::{Pages, Selection};
pub use path_pattern::PathPattern;
pub use plan::{IgnoreRule, ObjectPlan, Plan, RulePlan};
pub use query::Values;
pub use root::Root;
pub use run::{Options, run};
pub use settings::{Ignore, ObjectSettings, RuleSettings, RulesSettings};
pub use severity::{Confidence, Severity};
pub use shared::of_family as shared_params;
pub use source::{Source, SourceError};
pub use suppress::{Ignored, IgnoredBy, Stale, StaleIgnore};
