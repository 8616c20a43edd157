//! Statements: the slowest, and how they changed.

use super::changes::NOTABLE;
use super::input::{Earlier, Input, Limits, several};
use super::page::{Block, Cell, Section, Table, Tone};
use super::shifts::{Pace, Shift, shifts};
use crate::facts::{FactsError, human};
use crate::report::queries::{Queries, line};

/// Means of fewer calls are chance.
const LEAST_CALLS: f64 = 20.0;

/// Characters of a statement in a table.
const STATEMENT: usize = 200;

/// The part.
pub fn section(input: &Input<'_>, limits: Limits) -> Result<Section, FactsError> {
    let mut blocks = Vec::new();
    if let Some(earlier) = &input.earlier {
        changed(&mut blocks, input, earlier, limits)?;
    }
    let queries = Queries::read(input.store)?;
    if queries.rows.is_empty() {
        blocks.push(Block::Text("No statements are known.".to_owned()));
    } else {
        let heads = [
            "#total",
            "#share",
            "#calls",
            "#mean",
            "#rows/call",
            "statement",
        ];
        let mut table = Table::new("Statements that take the most time", &heads);
        table.take(limits.list, &queries.rows, |query| {
            let figure = |column: &str| Cell::known(query.figure(column));
            vec![
                figure("total_exec_ms"),
                figure("exec_share"),
                figure("calls"),
                figure("mean_exec_ms"),
                figure("rows_per_call"),
                Cell::code(line(query.text.as_deref(), STATEMENT)),
            ]
        });
        blocks.push(Block::Table(table));
        blocks.push(Block::Note(queries.window_sentence()));
    }
    for missing in &queries.missing {
        let sentence = format!("Not known, because {}", missing.because);
        blocks.push(Block::List(vec![(sentence, missing.remedy.clone())]));
    }
    Ok(Section {
        id: "statements",
        title: "Slow statements",
        blocks,
    })
}

fn changed(
    blocks: &mut Vec<Block>,
    input: &Input<'_>,
    earlier: &Earlier<'_>,
    limits: Limits,
) -> Result<(), FactsError> {
    let all = shifts(input.store, earlier.store)?;
    let is_any = |side: fn(&Shift) -> Option<Pace>| all.iter().any(|shift| side(shift).is_some());
    if !is_any(|shift| shift.then) || !all.iter().any(|shift| shift.now.is_some()) {
        let side = if is_any(|shift| shift.then) {
            "now"
        } else {
            "then"
        };
        blocks.push(Block::Note(format!(
            "Statements cannot be compared with {}: none are known of {side}.",
            earlier.name
        )));
        return Ok(());
    }
    let with_database = several(all.iter().map(|shift| shift.database.as_str()));
    let table = |caption: &str, chosen: Vec<&Shift>| {
        let heads = [
            "#mean before",
            "#mean now",
            "#change",
            "#calls/h",
            "#time/h",
            "statement",
        ];
        let mut table = Table::new(caption, &heads);
        table.take(limits.list, chosen, |shift| row(shift, with_database));
        table
    };
    let is_told = |shift: &&Shift| {
        let calls = |pace: Option<Pace>| pace.map_or(0.0, |pace| pace.calls);
        calls(shift.now) >= LEAST_CALLS && calls(shift.then) >= LEAST_CALLS
    };
    let mut worse: Vec<&Shift> = all
        .iter()
        .filter(is_told)
        .filter(|shift| shift.ratio().is_some_and(|ratio| ratio >= NOTABLE))
        .collect();
    sort(&mut worse, Shift::added_ms);
    let mut better: Vec<&Shift> = all
        .iter()
        .filter(is_told)
        .filter(|shift| shift.ratio().is_some_and(|ratio| ratio * NOTABLE <= 1.0))
        .collect();
    sort(&mut better, |shift| shift.added_ms().map(|ms| -ms));
    let mut new: Vec<&Shift> = all.iter().filter(|shift| shift.then.is_none()).collect();
    sort(&mut new, |shift| shift.now.map(|pace| pace.exec_ms));
    let mut gone: Vec<&Shift> = all.iter().filter(|shift| shift.now.is_none()).collect();
    sort(&mut gone, |shift| shift.then.map(|pace| pace.exec_ms));
    let kinds = [
        ("Slower than before", worse),
        ("New", new),
        ("Faster than before", better),
        ("No longer run", gone),
    ];
    let words: Vec<String> = kinds
        .iter()
        .map(|(title, chosen)| format!("{} {}", chosen.len(), title.to_lowercase()))
        .collect();
    blocks.push(Block::Text(format!(
        "Since {}: {}.",
        earlier.when(),
        words.join(", ")
    )));
    for (title, chosen) in kinds {
        if !chosen.is_empty() {
            blocks.push(Block::Table(table(title, chosen)));
        }
    }
    blocks.push(Block::Note(format!(
        "Means of now are of the executions since {}; counters that were reset meanwhile, of those since their reset. Means of \
         before are since the counters began. Slower and faster are means that differ by a quarter or more over {LEAST_CALLS} calls \
         or more, those first that cost or save the most time.",
        earlier.when()
    )));
    Ok(())
}

fn sort(shifts: &mut [&Shift], by: impl Fn(&Shift) -> Option<f64>) {
    let size = |shift: &Shift| by(shift).unwrap_or(f64::NEG_INFINITY);
    shifts.sort_by(|a, b| size(b).total_cmp(&size(a)));
}

fn row(shift: &Shift, with_database: bool) -> Vec<Cell> {
    let mean = |pace: Option<Pace>| match pace {
        None => Cell::new("–").toned(Tone::Dim),
        Some(pace) => Cell::known(pace.mean_ms().map(human::ms)),
    };
    let change = match shift.ratio() {
        None => Cell::default(),
        Some(ratio) if ratio >= NOTABLE => {
            Cell::new(format!("{} slower", times(ratio))).toned(Tone::Bad)
        }
        Some(ratio) if ratio * NOTABLE <= 1.0 => {
            let faster = (ratio > 0.0).then(|| times(1.0 / ratio));
            Cell::new(format!("{} faster", faster.unwrap_or_default())).toned(Tone::Good)
        }
        Some(_) => Cell::new("same"),
    };
    let pace = shift.now.or(shift.then).unwrap_or_default();
    let mut text = line(shift.text.as_deref(), STATEMENT);
    if with_database {
        text = format!("{}: {text}", shift.database);
    }
    vec![
        mean(shift.then),
        mean(shift.now),
        change,
        Cell::known(pace.calls_per_hour().map(human::count)),
        Cell::known(pace.ms_per_hour().map(human::ms)),
        Cell::code(text),
    ]
}

fn times(ratio: f64) -> String {
    format!("{}×", human::count((ratio * 10.0).round() / 10.0))
}
