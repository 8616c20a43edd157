//! Estimates in every format.

use rusqlite::types::Value as SqlValue;
use serde_json::{Value, json as object};

use super::estimates::{Estimate, Estimates};
use super::points::{bounded, is_least, points};
use crate::facts::{escape, human};
use crate::report::grid::{Cell, Column, Grid, Look};
use crate::report::json as document;
use crate::report::rows::Rows;
use crate::report::style::{Role, Style};
use crate::report::wrap::wrap;

/// Sentences below the rows.
fn notes(all: &Estimates, shown: usize) -> Vec<String> {
    if !all.were_made {
        return vec![
            "No estimates: nothing was sampled. Read a server (-d CONNINFO), or take the snapshot anew without --no-bloat."
                .to_owned(),
        ];
    }
    let known = all.known.iter();
    let bytes: i64 = known.filter_map(|estimate| estimate.bloat_bytes).sum();
    let count = match all.known.len() - shown {
        0 => shown.to_string(),
        _ => format!("{shown} of {}", all.known.len()),
    };
    let mut notes = vec![format!(
        "{count} estimated; a rewrite of all {} would give back {}{}. ± is half of a 95 % interval.",
        all.known.len(),
        if all.known.iter().any(|one| is_least(&one.method)) {
            "at least "
        } else {
            ""
        },
        human::bytes(bytes as f64)
    )];
    if !all.unknown.is_empty() {
        let names = all.unknown.iter().map(|one| one.relation.as_str());
        let names = names.take(5).collect::<Vec<_>>().join(", ");
        let more = match all.unknown.len().saturating_sub(5) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        notes.push(format!("Not known of {names}{more}."));
    }
    notes.extend(
        all.missing
            .iter()
            .map(crate::report::listing::Missing::sentence),
    );
    notes
}

fn shown(all: &Estimates, limit: usize) -> &[Estimate] {
    &all.known[..limit.min(all.known.len())]
}

fn name(all: &Estimates, estimate: &Estimate) -> String {
    if all.is_of_several {
        format!("{}.{}", estimate.database, estimate.relation)
    } else {
        estimate.relation.clone()
    }
}

/// What people are shown of an estimate, behind its name.
fn figures(estimate: &Estimate) -> [String; 5] {
    let share = estimate.share().unwrap_or_default();
    let bytes = estimate.bloat_bytes.unwrap_or_default();
    let how = match estimate.blocks {
        Some((read, of)) if read < of => {
            let blocks = human::count(of as f64);
            format!("{} of {blocks} blocks", human::count(read as f64))
        }
        _ => estimate.method.clone(),
    };
    [
        estimate.kind.clone(),
        human::bytes(estimate.size_bytes as f64),
        bounded(points(share, estimate.plus_minus_share()), &estimate.method),
        bounded(human::bytes(bytes as f64), &estimate.method),
        how,
    ]
}

/// For a terminal of so many columns.
pub fn table(all: &Estimates, limit: usize, style: Style, columns: usize) -> String {
    let mut out = String::new();
    let shown = shown(all, limit);
    if !shown.is_empty() {
        let mut grid = Grid::new(vec![
            Column::new("relation"),
            Column::fixed("kind"),
            Column::number("size"),
            Column::number("bloat"),
            Column::number("reclaim"),
            Column::new("by"),
        ]);
        for estimate in shown {
            let relation = name(all, estimate);
            let mut cells = vec![Cell::new(Role::Code, escape::line(&relation))];
            let figures = figures(estimate).into_iter().enumerate();
            cells.extend(figures.map(|(at, text)| {
                let role = if at == 2 { Role::Strong } else { Role::Plain };
                Cell::new(role, text)
            }));
            grid.push(cells);
        }
        out += &grid.draw(style, Look::Ruled, columns);
    }
    for note in notes(all, shown.len()) {
        for line in wrap(&escape::line(&note), columns) {
            out += &style.paint(Role::Dim, &line);
            out.push('\n');
        }
    }
    out
}

fn row(estimate: &Estimate) -> Value {
    object!({
        "relation": estimate.relation,
        "kind": estimate.kind,
        "database": estimate.database,
        "table": estimate.table,
        "size_bytes": estimate.size_bytes,
        "bloat_bytes": estimate.bloat_bytes,
        "plus_minus_bytes": estimate.plus_minus_bytes,
        "method": estimate.method,
        "blocks_read": estimate.blocks.map(|blocks| blocks.0),
        "blocks": estimate.blocks.map(|blocks| blocks.1),
    })
}

/// For programs; `docs/json.md` describes it.
pub fn json(all: &Estimates, limit: usize) -> String {
    let shown = shown(all, limit);
    document::text(&object!({
        "format": document::FORMAT,
        "tool": document::tool(),
        "relations": shown.iter().map(row).collect::<Vec<_>>(),
        "unknown": all.unknown.iter().map(|estimate| object!({
            "relation": estimate.relation,
            "kind": estimate.kind,
            "database": estimate.database,
            "size_bytes": estimate.size_bytes,
        })).collect::<Vec<_>>(),
        "omitted": all.known.len() - shown.len(),
        "missing": all.missing.iter().map(|missing| object!({
            "because": missing.because,
            "remedy": missing.remedy,
            "objects": missing.objects,
        })).collect::<Vec<_>>(),
    }))
}

/// With a head, as RFC 4180 has it; what is not known is empty.
pub fn csv(all: &Estimates, limit: usize) -> String {
    let columns = [
        "database",
        "relation",
        "kind",
        "size_bytes",
        "bloat_bytes",
        "plus_minus_bytes",
        "method",
    ];
    let number = |value: Option<i64>| value.map_or(SqlValue::Null, SqlValue::Integer);
    let rows = shown(all, limit).iter().map(|estimate| {
        vec![
            SqlValue::Text(estimate.database.clone()),
            SqlValue::Text(estimate.relation.clone()),
            SqlValue::Text(estimate.kind.clone()),
            SqlValue::Integer(estimate.size_bytes),
            number(estimate.bloat_bytes),
            number(estimate.plus_minus_bytes),
            SqlValue::Text(estimate.method.clone()),
        ]
    });
    Rows {
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
    .csv()
}

/// A table for tickets.
pub fn markdown(all: &Estimates, limit: usize) -> String {
    let shown = shown(all, limit);
    let columns = ["relation", "kind", "size", "bloat", "reclaim", "by"];
    let rows = shown.iter().map(|estimate| {
        let mut cells = vec![SqlValue::Text(name(all, estimate))];
        cells.extend(figures(estimate).map(SqlValue::Text));
        cells
    });
    let rows = rows.collect();
    let mut out = Rows {
        columns: columns.map(str::to_owned).to_vec(),
        rows,
    }
    .markdown();
    for note in notes(all, shown.len()) {
        out += &format!("\n{}\n", crate::report::markdown::prose(&note));
    }
    out
}
