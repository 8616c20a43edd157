//! The pages that are part of the binary: every file under `rules/`, one line each, sorted.

use super::source::Source;

macro_rules! page {
    ($id:literal) => {
        (
            concat!("rules/", $id, ".md"),
            include_str!(concat!("../../rules/", $id, ".md")),
        )
    };
}

const PAGES: &[(&str, &str)] = &[
    page!("index/duplicate"),
    page!("index/invalid"),
    page!("index/missing-foreign-key"),
    page!("index/redundant-prefix"),
    page!("index/unused"),
    page!("query/jit-cost"),
    page!("query/plan-time"),
    page!("query/reads-heavy"),
    page!("query/slow-mean"),
    page!("query/statements-evicting"),
    page!("query/statements-hidden"),
    page!("query/statements-missing"),
    page!("query/temp-spill"),
    page!("query/top-share"),
    page!("query/variance"),
    page!("setting/fsync-off"),
    page!("table/autovacuum-lag"),
    page!("table/autovacuum-off"),
    page!("table/constraint-not-valid"),
    page!("table/dead-tuples"),
    page!("table/hot-updates-low"),
    page!("table/integer-key-exhaustion"),
    page!("table/multixact-wraparound"),
    page!("table/never-analyzed"),
    page!("table/no-primary-key"),
    page!("table/scale-factor-on-large"),
    page!("table/sequence-exhaustion"),
    page!("table/sequential-scans"),
    page!("table/stale-statistics"),
    page!("table/trigger-disabled"),
    page!("table/unlogged"),
    page!("table/wraparound"),
];

/// Paths and texts of the built-in pages.
pub fn sources() -> impl Iterator<Item = Source> {
    PAGES.iter().map(|(path, text)| Source::new(*path, *text))
}
