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
    page!("setting/autovacuum-off"),
    page!("setting/fsync-off"),
    page!("setting/full-page-writes-off"),
    page!("setting/statement-timeout-off"),
    page!("setting/synchronous-commit-off"),
    page!("setting/zero-damaged-pages-on"),
    page!("table/no-primary-key"),
];

/// Paths and texts of the built-in pages.
pub fn sources() -> impl Iterator<Item = Source> {
    PAGES.iter().map(|(path, text)| Source::new(*path, *text))
}
