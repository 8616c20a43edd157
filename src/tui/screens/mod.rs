//! The screens, one file each; [`ALL`] lists them in the order of their numbers.

mod copies;
mod figures;
mod finding_text;
mod findings;
mod fix_kind;
mod logs;
mod migrations;
mod queries;
mod relations;
mod rule_text;
mod screen;
mod settings;
mod tab;
mod unjudged;

pub use findings::Findings;
pub use queries::Queries;
pub use screen::{Copy, Screen};
pub use tab::Tab;

/// All screens.
pub const ALL: [Tab; 6] = [
    Tab {
        name: "Findings",
        short: "Find",
        views: &[&Findings],
    },
    Tab {
        name: "Queries",
        short: "Query",
        views: &[&Queries],
    },
    Tab {
        name: "Logs",
        short: "Logs",
        views: &logs::VIEWS,
    },
    Tab {
        name: "Migrations",
        short: "Migr",
        views: &[&migrations::Migrations],
    },
    Tab {
        name: "Tables",
        short: "Tables",
        views: &relations::VIEWS,
    },
    Tab {
        name: "Settings",
        short: "Set",
        views: &settings::VIEWS,
    },
];
