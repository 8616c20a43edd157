//! What `--verbose` tells: the cost of collector queries and of rules.

use super::say::Say;
use crate::engine::Outcome;
use crate::facts::{Store, human};
use crate::report::Role;
use crate::report::grid::{Cell, Column, Grid, Look};

/// Server time and rows of each collector query, dearest first.
pub fn collections(store: &Store, say: Say) -> anyhow::Result<()> {
    if !say.is_verbose() {
        return Ok(());
    }
    let mut statement = store.connection().prepare(
        "SELECT c.table_name, n.label, coalesce(d.name, ''), c.row_count, c.elapsed_ms
         FROM collections c
         JOIN nodes n ON n.id = c.node_id
         LEFT JOIN databases d ON d.id = c.database_id
         ORDER BY c.elapsed_ms DESC NULLS LAST, 1, 2, 3",
    )?;
    let mut grid = Grid::new(vec![
        Column::fixed("facts"),
        Column::new("server"),
        Column::new("database"),
        Column::number("rows"),
        Column::number("server time"),
    ]);
    let mut rows = statement.query([])?;
    let mut total = 0.0;
    while let Some(row) = rows.next()? {
        let elapsed: Option<f64> = row.get(4)?;
        total += elapsed.unwrap_or(0.0);
        let time = elapsed.map_or_else(|| "unknown".to_owned(), human::ms);
        let cells = [
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get::<_, i64>(3)?.to_string(),
            time,
        ];
        grid.push(
            cells
                .map(|text: String| Cell::new(Role::Plain, text))
                .to_vec(),
        );
    }
    say.detail(&grid.draw(say.style(), Look::Ruled, say.columns()));
    say.detail(&format!(
        "Server time of all queries: {}\n",
        human::ms(total)
    ));
    Ok(())
}

/// Time of each rule, dearest first.
pub fn rules(outcome: &Outcome, say: Say) {
    if !say.is_verbose() {
        return;
    }
    let mut rules: Vec<_> = outcome.rules.iter().collect();
    rules.sort_by(|a, b| {
        b.elapsed_ms
            .unwrap_or(0.0)
            .total_cmp(&a.elapsed_ms.unwrap_or(0.0))
    });
    let mut grid = Grid::new(vec![
        Column::fixed("rule"),
        Column::fixed("status"),
        Column::number("findings"),
        Column::number("time"),
    ]);
    for rule in &rules {
        let time = rule
            .elapsed_ms
            .map_or_else(|| "unknown".to_owned(), human::ms);
        let status = rule.status.as_str().to_owned();
        let cells = [
            rule.id.clone(),
            status,
            rule.finding_count.to_string(),
            time,
        ];
        grid.push(cells.map(|text| Cell::new(Role::Plain, text)).to_vec());
    }
    say.detail(&grid.draw(say.style(), Look::Ruled, say.columns()));
    let total: f64 = rules.iter().filter_map(|rule| rule.elapsed_ms).sum();
    say.detail(&format!("Time of all rules: {}\n", human::ms(total)));
}
