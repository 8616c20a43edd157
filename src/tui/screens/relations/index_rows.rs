//! Rows of indexes: those that could be made, then those that may go, then the others.

use crate::facts::human;
use crate::report::index_advice::bytes;
use crate::report::listing::Object;
use crate::tui::advising::{Proposal, Verdict, choice};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::list::{Cell, Row};
use crate::tui::theme::Role;

use super::cells::{ago, colour, figure};

#[rustfmt::skip]
pub static COLUMNS: [Column; 14] = [
    Column { name: "plan", min: 10, drop: 1, right: false },
    Column { name: "index", min: 34, drop: 0, right: false },
    Column { name: "size", min: 14, drop: 2, right: true },
    Column { name: "worth", min: 8, drop: 3, right: true },
    Column { name: "scans", min: 14, drop: 4, right: true },
    Column { name: "bloat", min: 14, drop: 5, right: true },
    Column { name: "table", min: 16, drop: 6, right: false },
    Column { name: "unique", min: 12, drop: 8, right: false },
    Column { name: "valid", min: 8, drop: 9, right: false },
    Column { name: "method", min: 8, drop: 10, right: false },
    Column { name: "reclaim", min: 14, drop: 11, right: true },
    Column { name: "last-scan", min: 14, drop: 12, right: true },
    Column { name: "findings", min: 14, drop: 13, right: true },
    Column { name: "why", min: 30, drop: 7, right: false },
];

/// What a row is about.
pub enum Item<'d> {
    /// A proposal, by its place.
    Proposal(usize, &'d Proposal),
    /// An index of the best choice so far: what follows `ON`, and its bytes.
    Better(&'d str, f64),
    /// An index that is there.
    Existing(&'d Object),
}

/// All rows in their order.
pub fn items(data: &Data) -> Vec<Item<'_>> {
    let advising = &data.advising;
    let proposals = advising.found.iter().flat_map(|found| &found.proposals);
    let proposals: Vec<&Proposal> = proposals.collect();
    let is_new = |target: &str| {
        let mut known = proposals.iter();
        !known.any(|known| known.chosen.sized.spec.target() == target)
    };
    let better = advising.best.iter().flat_map(|best| &best.indexes);
    let better = better.filter(|(target, _)| is_new(target));
    let better = better.map(|(target, bytes)| Item::Better(target, *bytes));
    let known = proposals.iter().enumerate();
    let known = known.map(|(place, proposal)| Item::Proposal(place, proposal));
    let mut items: Vec<Item<'_>> = better.chain(known).collect();
    let indexes = data.relations.indexes.rows.iter();
    let (go, stay): (Vec<&Object>, Vec<&Object>) =
        indexes.partition(|index| is_in_question(data, index));
    items.extend(go.into_iter().chain(stay).map(Item::Existing));
    items
}

/// Something speaks for its going: what was found, an index that takes over, the user.
pub fn is_in_question(data: &Data, index: &Object) -> bool {
    let goes = matches!(data.verdicts.of(index.id), Some(Verdict::Goes(_)));
    goes || choice::is_dropped(data, index) || choice::takeover(data, index).is_some()
}

/// Why it may go, or why it is kept; `None`: it is in use.
pub fn why(data: &Data, index: &Object) -> Option<String> {
    if let Some(Verdict::Goes(drop)) = data.verdicts.of(index.id) {
        return Some(format!("may go ({}): {}", drop.confidence, drop.because));
    }
    if let Some(takeover) = choice::takeover(data, index) {
        let condition = if choice::is_created(data, takeover.by) {
            "may go"
        } else {
            "could go"
        };
        return Some(format!("{condition}: {}", takeover.because));
    }
    if let Some(duty) = data.verdicts.duty(index.id) {
        return Some(format!("kept: {duty}"));
    }
    match data.verdicts.of(index.id) {
        Some(Verdict::Stays(because)) => Some(format!("kept: {because}")),
        _ => None,
    }
}

/// The row of an item.
pub fn row(data: &Data, item: &Item<'_>) -> Row {
    match item {
        Item::Proposal(place, proposal) => proposed(data, *place, proposal),
        Item::Better(target, bytes) => better(target, *bytes),
        Item::Existing(index) => existing(data, index),
    }
}

/// Mark and word of what is planned for an index.
fn plan(is_chosen: bool, word: &str, role: Role) -> Cell {
    let mark = if is_chosen { "[x]" } else { "[ ]" };
    let role = if is_chosen { role } else { Role::Dim };
    Cell::text(role, &format!("{mark} {word}"))
}

fn worth(share: Option<f64>) -> Cell {
    match share {
        None => Cell::unknown(),
        // Rounding is no loss.
        Some(share) if share.abs() < 5e-5 => Cell::number(Role::Dim, 0.0, "0%"),
        Some(share) => {
            let role = if share < 0.0 { Role::Error } else { Role::Good };
            Cell::number(role, share * 100.0, &human::percent(share))
        }
    }
}

fn proposed(data: &Data, place: usize, proposal: &Proposal) -> Row {
    let spec = &proposal.chosen.sized.spec;
    let size = bytes(&proposal.chosen);
    let none = Cell::unknown;
    let cells = vec![
        plan(choice::is_created(data, place), "create", Role::Good),
        Cell::text(
            Role::Text,
            &format!("{}.{}", spec.schema, proposal.chosen.name),
        ),
        Cell::number(Role::Text, size, &human::bytes(size)),
        worth(data.advising.worth_of_proposal(place)),
        none(),
        none(),
        Cell::text(Role::Text, &spec.table),
        Cell::text(Role::Text, "no"),
        none(),
        Cell::text(Role::Text, &spec.method),
        none(),
        none(),
        none(),
        Cell::text(Role::Dim, &format!("on {}", spec.target())),
    ];
    let index = format!("{}.{}", spec.schema, proposal.chosen.name);
    let target = spec.target();
    let more = [
        ("index", index.as_str()),
        ("schema", spec.schema.as_str()),
        ("definition", target.as_str()),
    ];
    Row::new(choice::proposal_key(data, place), &COLUMNS, cells, &more)
}

fn better(target: &str, size: f64) -> Row {
    let mut cells = vec![
        Cell::text(Role::Warning, "    so far"),
        Cell::text(Role::Text, &format!("on {target}")),
        Cell::number(Role::Text, size, &human::bytes(size)),
    ];
    cells.resize_with(COLUMNS.len(), Cell::unknown);
    Row::new(choice::target_key(target), &COLUMNS, cells, &[])
}

fn existing(data: &Data, index: &Object) -> Row {
    let indexes = &data.relations.indexes;
    let name = data.relations.name(indexes, index);
    let figure = |column| figure(indexes, index, column);
    let value = |column| indexes.get(index, column);
    let text = |column| value(column).as_str().unwrap_or_default();
    let is = |column| value(column).as_i64() == Some(1);
    let unique = match (is("is_primary"), is("is_unique")) {
        (true, _) => "primary key",
        (false, true) => "unique",
        (false, false) => "no",
    };
    let valid = if is("is_valid") {
        Cell::text(Role::Text, "yes")
    } else {
        Cell::text(Role::Error, "NO")
    };
    let planned = if is_in_question(data, index) {
        plan(choice::is_dropped(data, index), "drop", Role::Warning)
    } else {
        Cell::text(Role::Dim, "    keep")
    };
    let is_searched = choice::is_of_search(data, index);
    let share = data.advising.worth_of_existing(&choice::name(data, index));
    let cells: Vec<Cell> = vec![
        planned,
        Cell::text(colour(indexes, index), &name),
        figure("size_bytes"),
        worth(share.filter(|_| is_searched)),
        figure("scans"),
        figure("bloat_share"),
        figure("table_name"),
        Cell::text(Role::Text, unique),
        valid,
        figure("method"),
        figure("bloat_bytes"),
        // Before version 16 nobody knows of the last one.
        ago(data, value("last_scan_at"), false),
        figure("finding_count"),
        why(data, index).map_or_else(Cell::unknown, |why| Cell::text(Role::Dim, &why)),
    ];
    let plain = name.replace('"', "");
    let more = [
        ("index", plain.as_str()),
        ("schema", text("schema")),
        ("database", text("database_name")),
        ("severity", text("severity")),
        ("definition", text("definition")),
    ];
    Row::new(choice::index_key(data, index), &COLUMNS, cells, &more)
}
