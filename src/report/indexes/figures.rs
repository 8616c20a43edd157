//! The columns of the view `index_figures`.

use crate::report::listing::Sort;
use crate::report::queries::Measure;

/// Indexes of tables and materialized views.
pub static INDEXES: Sort = Sort {
    view: "index_figures",
    id: "index_id",
    columns: &[
        "database_name",
        "schema",
        "name",
        "table_name",
        "method",
        "is_unique",
        "is_primary",
        "is_valid",
        "size_bytes",
        "scans",
        "last_scan_at",
        "bloat_bytes",
        "bloat_plus_minus_bytes",
        "bloat_share",
        "bloat_method",
        "finding_count",
        "severity",
        "definition",
    ],
    measures: &[
        Measure::figure("size", "size_bytes", "size"),
        Measure::figure(
            "bloat",
            "bloat_share",
            "share that a rebuild would give back",
        ),
        Measure::figure("scans", "scans", "scans"),
        Measure::text("table", "table_name", "table"),
        Measure::text("method", "method", "access method"),
        Measure::figure("unique", "is_unique", "uniqueness"),
        Measure::figure("valid", "is_valid", "validity"),
        Measure::figure("findings", "finding_count", "findings"),
        Measure::figure("last-scan", "last_scan_at", "last scan"),
        Measure::figure(
            "reclaim",
            "bloat_bytes",
            "bytes that a rebuild would give back",
        ),
        Measure::text("name", "name", "name"),
        Measure::text("severity", "severity", "gravest finding"),
    ],
    noun: "index",
    plural: "indexes",
    facts: "'indexes', 'index_stats', 'bloat_estimates'",
};
