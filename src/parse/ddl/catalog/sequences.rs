//! Sequences: by themselves, of `serial` and of identities.

use super::catalog::{Catalog, Done, Entity};
use super::model::Sequence;
use super::resolve::next_value;
use crate::facts::quote;
use crate::parse::ddl::statement::{Name, SequenceOptions};

impl Catalog {
    pub(super) fn create_sequence(
        &mut self,
        name: &Name,
        options: &SequenceOptions,
    ) -> Done<usize> {
        let schema = self.home(name)?;
        let place = self.sequences.len();
        self.enter(&schema, &name.name, Entity::Sequence(place))?;
        let mut sequence = Sequence {
            oid: self.oid(),
            schema,
            name: name.name.clone(),
            of: "bigint",
            increment: 1,
            ..Sequence::default()
        };
        set(&mut sequence, options, true);
        self.sequences.push(sequence);
        self.own(place, options)?;
        Ok(place)
    }

    pub(super) fn alter_sequence(&mut self, place: usize, options: &SequenceOptions) -> Done {
        if let Some(sequence) = self.sequences.get_mut(place) {
            set(sequence, options, false);
        }
        self.own(place, options)
    }

    fn own(&mut self, place: usize, options: &SequenceOptions) -> Done {
        match &options.owned_by {
            None => Ok(()),
            Some(None) => {
                self.disown(place);
                Ok(())
            }
            Some(Some((table, column))) => {
                let relation = self.relation(table)?;
                let column = self.column(relation, column)?;
                self.set_owner(place, relation, column)
            }
        }
    }

    fn disown(&mut self, place: usize) {
        let Some(sequence) = self.sequences.get_mut(place) else {
            return;
        };
        if let Some((relation, _)) = sequence.owner.take()
            && let Some(relation) = self.relations.get_mut(relation)
        {
            relation.sequences.remove(&place);
        }
    }

    fn set_owner(&mut self, place: usize, relation: usize, column: usize) -> Done {
        self.disown(place);
        if let Some(sequence) = self.sequences.get_mut(place) {
            sequence.owner = Some((relation, column));
        }
        self.rel_mut(relation)?.sequences.insert(place);
        Ok(())
    }

    /// Makes the sequence of an identity or serial column; gives the default that uses it.
    pub(super) fn sequence_of_column(
        &mut self,
        relation: usize,
        column: usize,
        options: &SequenceOptions,
    ) -> Done<String> {
        let table = self.rel(relation)?;
        let Some((column_name, known)) = table.columns.at(column) else {
            return Err("its column is gone".to_owned());
        };
        let of = known.of.printed.clone();
        let name = options.name.clone().unwrap_or_else(|| Name {
            schema: Some(table.schema.clone()),
            name: self.choose_relation_name(&table.schema, &table.name, column_name, "seq"),
        });
        let place = self.create_sequence(&name, options)?;
        self.set_owner(place, relation, column)?;
        let Some(sequence) = self.sequences.get_mut(place) else {
            return Err("its sequence is gone".to_owned());
        };
        if options.type_name.is_none() {
            sequence.of = sequence_type(&of);
            set(sequence, options, true);
        }
        Ok(next_value(&quote::name(&sequence.schema, &sequence.name)))
    }

    /// The sequence that a column owns.
    pub(in crate::parse::ddl) fn owned_sequence(
        &self,
        relation: usize,
        column: usize,
    ) -> Option<usize> {
        let owned = &self.rel(relation).ok()?.sequences;
        owned.iter().copied().find(|place| {
            let sequence = self.sequences.get(*place);
            sequence.is_some_and(|sequence| sequence.owner == Some((relation, column)))
        })
    }

    /// What makes another sequence like that of a column.
    pub(super) fn sequence_options(&self, relation: usize, column: usize) -> SequenceOptions {
        let place = self.owned_sequence(relation, column);
        let Some(known) = place.and_then(|place| self.sequences.get(place)) else {
            return SequenceOptions::default();
        };
        SequenceOptions {
            start: Some(known.start),
            increment: Some(known.increment),
            min_value: Some(Some(known.min)),
            max_value: Some(Some(known.max)),
            cycles: Some(known.cycles),
            ..SequenceOptions::default()
        }
    }

    pub(super) fn drop_sequence(&mut self, place: usize) {
        self.disown(place);
        if let Some(sequence) = self.sequences.take(place) {
            self.leave(&sequence.schema, &sequence.name);
        }
    }
}

fn sequence_type(printed: &str) -> &'static str {
    match printed {
        "smallint" => "smallint",
        "integer" => "integer",
        _ => "bigint",
    }
}

fn limits(of: &str) -> (i64, i64) {
    match of {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    }
}

/// Takes over what is said; what is not said stays, or gets its default in a new sequence.
fn set(sequence: &mut Sequence, options: &SequenceOptions, new: bool) {
    let (old_min, old_max) = limits(sequence.of);
    if let Some(name) = &options.type_name {
        let printed = name.builtin().map_or("bigint", |builtin| builtin.printed);
        sequence.of = sequence_type(printed);
    }
    let (type_min, type_max) = limits(sequence.of);
    sequence.increment = options.increment.unwrap_or(sequence.increment);
    let up = sequence.increment > 0;
    // A limit that was the type's follows it to another type.
    if let Some(max) = options.max_value {
        sequence.max = max.unwrap_or(if up { type_max } else { -1 });
    } else if new || (up && sequence.max == old_max) {
        sequence.max = if up { type_max } else { -1 };
    }
    if let Some(min) = options.min_value {
        sequence.min = min.unwrap_or(if up { 1 } else { type_min });
    } else if new || (!up && sequence.min == old_min) {
        sequence.min = if up { 1 } else { type_min };
    }
    if let Some(start) = options.start {
        sequence.start = start;
    } else if new {
        sequence.start = if up { sequence.min } else { sequence.max };
    }
    sequence.cycles = options.cycles.unwrap_or(sequence.cycles);
}
