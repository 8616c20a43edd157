//! All layouts.

use super::super::file::Layout;
use super::seen::{Content, Seen};
use super::{
    alembic, atlas, dbmate, diesel, django, flyway, golang_migrate, goose, liquibase,
    node_pg_migrate, prisma, rails, refinery, sqitch, sql, sqlx,
};

/// How a layout is known and read.
pub(super) struct Form {
    /// Its name.
    pub layout: Layout,
    /// The mark by which a file is known as one of it, as words that fit behind "because".
    pub mark: fn(&Seen<'_>) -> Option<String>,
    /// Takes a file apart.
    pub take: fn(&Seen<'_>) -> Content,
    /// The folder that holds all files of the chain.
    pub root: for<'a> fn(&Seen<'a>) -> &'a str,
    /// How versions are put in order.
    pub order: Order,
    /// Two files of the same version are a mistake.
    pub is_unique: bool,
}

/// How versions are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// By the numbers in them.
    Numbers,
    /// As texts.
    Text,
    /// Versions say nothing of order: each file stands by itself.
    Alone,
}

/// The folder of a file.
fn folder<'a>(seen: &Seen<'a>) -> &'a str {
    seen.folder
}

/// Those that files speak of themselves come first, those known by names alone last.
pub(super) const FORMS: [Form; 16] = [
    Form {
        layout: Layout::Liquibase,
        mark: liquibase::mark,
        take: liquibase::take,
        root: folder,
        order: Order::Text,
        is_unique: false,
    },
    Form {
        layout: Layout::Goose,
        mark: goose::mark,
        take: goose::take,
        root: folder,
        order: Order::Numbers,
        is_unique: true,
    },
    Form {
        layout: Layout::Dbmate,
        mark: dbmate::mark,
        take: dbmate::take,
        root: folder,
        order: Order::Text,
        is_unique: true,
    },
    Form {
        layout: Layout::NodePgMigrate,
        mark: node_pg_migrate::mark,
        take: node_pg_migrate::take,
        root: folder,
        order: Order::Numbers,
        is_unique: false,
    },
    Form {
        layout: Layout::Alembic,
        mark: alembic::mark,
        take: alembic::take,
        root: folder,
        order: Order::Text,
        is_unique: false,
    },
    Form {
        layout: Layout::Django,
        mark: django::mark,
        take: django::take,
        root: folder,
        order: Order::Numbers,
        is_unique: false,
    },
    Form {
        layout: Layout::Rails,
        mark: rails::mark,
        take: rails::take,
        root: folder,
        order: Order::Alone,
        is_unique: false,
    },
    Form {
        layout: Layout::Prisma,
        mark: prisma::mark,
        take: prisma::take,
        root: |seen| Seen::parent(seen.folder),
        order: Order::Text,
        is_unique: false,
    },
    Form {
        layout: Layout::Diesel,
        mark: diesel::mark,
        take: diesel::take,
        root: |seen| Seen::parent(seen.folder),
        order: Order::Text,
        is_unique: true,
    },
    Form {
        layout: Layout::Sqitch,
        mark: sqitch::mark,
        take: sqitch::take,
        root: sqitch::root,
        order: Order::Text,
        is_unique: false,
    },
    Form {
        layout: Layout::Refinery,
        mark: refinery::mark,
        take: refinery::take,
        root: folder,
        order: Order::Numbers,
        is_unique: true,
    },
    Form {
        layout: Layout::Flyway,
        mark: flyway::mark,
        take: flyway::take,
        root: folder,
        order: Order::Numbers,
        is_unique: true,
    },
    Form {
        layout: Layout::Sqlx,
        mark: sqlx::mark,
        take: sqlx::take,
        root: folder,
        order: Order::Numbers,
        is_unique: true,
    },
    Form {
        layout: Layout::GolangMigrate,
        mark: golang_migrate::mark,
        take: golang_migrate::take,
        root: folder,
        order: Order::Numbers,
        is_unique: true,
    },
    Form {
        layout: Layout::Atlas,
        mark: atlas::mark,
        take: atlas::take,
        root: folder,
        order: Order::Text,
        is_unique: false,
    },
    Form {
        layout: Layout::Sql,
        mark: |seen| Some(sql::because(seen)),
        take: sql::take,
        root: folder,
        order: Order::Numbers,
        is_unique: false,
    },
];

/// The form of a layout.
pub(super) fn of(layout: Layout) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.layout == layout)
}
