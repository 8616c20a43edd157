//! What a layout needs of a migration's statements.

use super::kind::{Kind, index_name, kind, qualified};
use super::sort::Part;
use crate::advise::migration::layouts::mark::{Outside, outside};
use crate::advise::migration::words::Words;
use crate::parse::migration::Layout;

/// Says what to do where a build that failed has to be cleared away by hand.
const LEFTOVER: &str =
    "-- If it fails it leaves an invalid index, which has to go before it is run again:";

/// A migration as a layout can have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suited {
    pub up: Vec<String>,
    pub down: Vec<String>,
    pub is_outside: bool,
    pub undo_is_outside: bool,
}

/// A migration as a layout can have it; with `again` so that it can be run again when it failed.
pub fn suited(part: &Part, layout: Layout, again: bool) -> Suited {
    let is_alone = |statements: &[String]| {
        let mut kinds = statements.iter().map(|statement| kind(statement));
        kinds.any(|kind| kind == Kind::Outside)
    };
    let is_outside = is_alone(&part.up);
    let one_by_one = one_by_one(layout);
    let mut down = part.down.clone();
    let mut undo_is_outside = is_alone(&down);
    // Where several are sent as one string, or the mark of the file would take what migrates out of
    // its transaction too, what takes back does without CONCURRENTLY.
    let fits = if down.len() == 1 {
        is_outside || part.up.len() == 1 || has_own_mark(layout)
    } else {
        one_by_one && (is_outside || has_own_mark(layout))
    };
    if undo_is_outside && !fits {
        down = down.iter().map(|statement| plain(statement)).collect();
        undo_is_outside = is_alone(&down);
    }
    let all = |statements: &[String], is_outside| {
        if is_outside && again {
            let all = statements.iter();
            all.flat_map(|statement| repeatable(statement, one_by_one))
                .collect()
        } else {
            statements.to_vec()
        }
    };
    Suited {
        up: all(&part.up, is_outside),
        down: all(&down, undo_is_outside),
        is_outside,
        undo_is_outside,
    }
}

/// Whether a layout runs statements of a file one by one, once that is marked.
pub fn one_by_one(layout: Layout) -> bool {
    match layout {
        Layout::Sql | Layout::Alembic | Layout::Django | Layout::Rails | Layout::NodePgMigrate => {
            true
        }
        _ => outside(layout) == Outside::EachAlone,
    }
}

/// Whether what takes back is marked apart from what migrates.
fn has_own_mark(layout: Layout) -> bool {
    !matches!(
        layout,
        Layout::Goose | Layout::Diesel | Layout::Liquibase | Layout::Django | Layout::Rails
    )
}

/// A statement so that its file can be run again when it failed. The name of an index was free when
/// the fix was made; what has it now is what a build left.
fn repeatable(statement: &str, one_by_one: bool) -> Vec<String> {
    let words = Words::new(statement);
    let Some(index) = index_name(&words).filter(|index| index.is_concurrent) else {
        return vec![statement.to_owned()];
    };
    if index.is_guarded {
        return vec![statement.to_owned()];
    }
    if !index.is_made {
        let at = words.start(index.at);
        let (head, name) = statement.split_at(at);
        return vec![format!("{head}IF EXISTS {name}")];
    }
    let drop = format!(
        "DROP INDEX CONCURRENTLY IF EXISTS {}",
        qualified(&words, &index)
    );
    if one_by_one {
        vec![drop, statement.to_owned()]
    } else {
        vec![format!("{LEFTOVER}\n--   {drop};\n{statement}")]
    }
}

/// A statement without CONCURRENTLY.
fn plain(statement: &str) -> String {
    let words = Words::new(statement);
    match words.find("concurrently") {
        Some(at) if kind(statement) == Kind::Outside => {
            let (from, to) = (words.start(at), words.start(at + 1));
            format!("{}{}", &statement[..from], &statement[to..])
        }
        _ => statement.to_owned(),
    }
}
