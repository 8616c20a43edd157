//! Which statements go where: those of one transaction into several, in an order that keeps what
//! works on the same objects one after the other.

use std::collections::HashMap;

use super::read::{Piece, Statement};

/// A transaction that is to be, or statements that run outside of one.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Unit {
    pub is_outside: bool,
    pub pieces: Vec<Piece>,
    /// What they work on.
    pub objects: std::collections::BTreeSet<String>,
}

/// What becomes of a statement where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Here {
    /// It stays as it is.
    Stays,
    /// These stand in its place; none: it has gone.
    Becomes(Vec<String>),
}

/// Statements of one transaction, put into several.
#[derive(Debug, Default)]
pub struct Spread {
    /// For each statement what stands in its place.
    pub here: Vec<Here>,
    /// What comes after, in order.
    pub units: Vec<Unit>,
}

impl Spread {
    /// Nothing is left where the statements stood, but settings.
    pub fn is_emptied(&self, statements: &[&Statement]) -> bool {
        let mut pairs = self.here.iter().zip(statements);
        pairs.all(|(here, statement)| match here {
            Here::Stays => is_setting(statement),
            Here::Becomes(pieces) => pieces.is_empty(),
        })
    }
}

/// It sets something, and does nothing else.
pub fn is_setting(statement: &Statement) -> bool {
    statement.objects.is_empty()
        && !statement.is_opaque
        && ["SET", "RESET"].contains(&statement.command.as_str())
}

/// Spreads statements of one transaction; with `one` what runs outside of one stands by itself.
pub fn spread(statements: &[&Statement], one: bool) -> Spread {
    let mut spread = Spread::default();
    // The unit in which each object was worked on last; 0 is where the statements stand.
    let mut last: HashMap<&str, usize> = HashMap::new();
    let mut opaque = 0;
    for statement in statements {
        let known = statement
            .objects
            .iter()
            .filter_map(|object| last.get(object.as_str()));
        let mut at = known.copied().max().unwrap_or(0).max(opaque);
        if statement.is_opaque {
            at = last.values().copied().max().unwrap_or(0).max(at);
        }
        if statement.pieces.is_none() && at == 0 {
            spread.here.push(Here::Stays);
            continue;
        }
        let verbatim = || {
            vec![Piece {
                sql: statement.text.clone(),
                undo: None,
                is_outside: false,
                stage: 0,
            }]
        };
        let pieces = statement.pieces.clone().unwrap_or_else(verbatim);
        let mut here = Vec::new();
        let mut first = None;
        let mut stage = 0;
        for piece in pieces {
            let least = at + usize::from(piece.stage > stage);
            stage = piece.stage;
            if least == 0 && !piece.is_outside {
                here.push(piece.sql);
                continue;
            }
            at = place(&mut spread.units, least.max(1), &piece, one);
            let unit = &mut spread.units[at - 1];
            unit.objects.extend(statement.objects.iter().cloned());
            first.get_or_insert((at - 1, unit.pieces.len()));
            unit.pieces.push(piece);
        }
        // Comments go where the statement goes.
        if let Some((unit, piece)) =
            first.filter(|_| here.is_empty() && !statement.comments.is_empty())
        {
            let sql = &mut spread.units[unit].pieces[piece].sql;
            *sql = format!("{}\n{sql}", statement.comments);
        }
        for object in &statement.objects {
            last.insert(object, at);
        }
        if statement.is_opaque {
            opaque = at;
        }
        spread.here.push(Here::Becomes(here));
    }
    spread
}

/// The first unit from one on that can take a piece; a new one if there is none.
fn place(units: &mut Vec<Unit>, least: usize, piece: &Piece, one: bool) -> usize {
    let takes = |unit: &Unit| {
        unit.is_outside == piece.is_outside && !(one && unit.is_outside && !unit.pieces.is_empty())
    };
    if let Some(at) = (least..=units.len()).find(|at| takes(&units[at - 1])) {
        return at;
    }
    units.push(Unit {
        is_outside: piece.is_outside,
        ..Unit::default()
    });
    units.len()
}
