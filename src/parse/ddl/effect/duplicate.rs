//! Indexes that do the same as one that is there.

use super::sink::Table;
use crate::parse::ddl::catalog::{Catalog, Index, Key, KeyOf, Relation};
use crate::parse::ddl::constraint::BackingIndex;
use crate::parse::ddl::statement::{CreateIndex, IndexElement, IndexKey};

/// An index by its words, so that two can be compared.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    method: String,
    unique: bool,
    nulls_not_distinct: bool,
    keys: Vec<KeyShape>,
    include: Vec<String>,
    predicate: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct KeyShape {
    of: String,
    collation: Option<String>,
    opclass: Option<String>,
    descending: bool,
    nulls_first: bool,
}

/// What a new index has in common with those that are there.
#[derive(Debug, Default)]
pub(super) struct Overlap {
    /// An index that does all that it does.
    pub same_as: Option<String>,
    /// An index that begins with its keys.
    pub prefix_of: Option<String>,
    /// Indexes that it does the work of.
    pub replaces: Vec<String>,
}

/// Compares a new index with those of its table.
pub(super) fn of_statement(catalog: &Catalog, table: &Table, said: &CreateIndex) -> Overlap {
    let mut overlap = Overlap::default();
    let Some(relation) = table
        .relation
        .filter(|relation| !relation.indexes.is_empty())
    else {
        return overlap;
    };
    let new = shape_of(said);
    for at in &relation.indexes {
        let Some(index) = catalog.indexes.get(*at) else {
            continue;
        };
        if said.name.as_ref() == Some(&index.name) {
            continue;
        }
        let known = shape(catalog, relation, index);
        if does_all_of(&known, &new) {
            overlap.same_as.get_or_insert_with(|| index.name.clone());
        } else if !new.unique && begins_with(&known, &new) {
            overlap.prefix_of.get_or_insert_with(|| index.name.clone());
        } else if index.constraint.is_none() && !known.unique && begins_with(&new, &known) {
            overlap.replaces.push(index.name.clone());
        }
    }
    overlap
}

/// An index that is unique by the columns of a new constraint.
pub(super) fn of_constraint(
    catalog: &Catalog,
    table: &Table,
    columns: &[String],
    said: &BackingIndex,
) -> Option<String> {
    let relation = table.relation?;
    let key = |name: &String| KeyShape {
        of: name.clone(),
        collation: None,
        opclass: None,
        descending: false,
        nulls_first: false,
    };
    let new = Shape {
        method: "btree".to_owned(),
        unique: true,
        nulls_not_distinct: said.nulls_not_distinct,
        keys: columns.iter().map(key).collect(),
        include: said.include.clone(),
        predicate: None,
    };
    let mut indexes = relation
        .indexes
        .iter()
        .filter_map(|at| catalog.indexes.get(*at));
    let found = indexes.find(|index| does_all_of(&shape(catalog, relation, index), &new));
    found.map(|index| index.name.clone())
}

/// Whether a known index does all that a new one would: the same keys, and at least as unique.
fn does_all_of(known: &Shape, new: &Shape) -> bool {
    let distinct = known.nulls_not_distinct == new.nulls_not_distinct;
    known.keys == new.keys
        && known.method == new.method
        && known.predicate == new.predicate
        && (!new.unique || (known.unique && distinct))
        && new
            .include
            .iter()
            .all(|column| known.include.contains(column))
}

/// Whether a longer index finds all that a shorter one finds.
fn begins_with(longer: &Shape, shorter: &Shape) -> bool {
    let has = |column: &String| {
        longer.include.contains(column) || longer.keys.iter().any(|key| key.of == *column)
    };
    longer.method == "btree"
        && shorter.method == "btree"
        && longer.predicate == shorter.predicate
        && longer.keys.len() >= shorter.keys.len()
        && longer
            .keys
            .iter()
            .zip(&shorter.keys)
            .all(|(one, other)| one == other)
        && shorter.include.iter().all(has)
}

fn shape_of(said: &CreateIndex) -> Shape {
    Shape {
        method: said.method.clone(),
        unique: said.unique,
        nulls_not_distinct: said.nulls_not_distinct,
        keys: said.elements.iter().map(key_of).collect(),
        include: said.include.clone(),
        predicate: said.predicate.as_deref().map(plain),
    }
}

fn key_of(element: &IndexElement) -> KeyShape {
    KeyShape {
        of: match &element.key {
            IndexKey::Column(name) => name.clone(),
            IndexKey::Expression(text, _) => plain(text),
        },
        collation: element.collation.as_ref().map(|name| name.name.clone()),
        opclass: element.opclass.as_ref().map(|name| name.name.clone()),
        descending: element.descending,
        nulls_first: element.nulls_first.unwrap_or(element.descending),
    }
}

fn shape(catalog: &Catalog, relation: &Relation, index: &Index) -> Shape {
    let column = |place: usize| {
        let known = relation.columns.at(place);
        known.map_or_else(String::new, |(name, _)| name.to_owned())
    };
    let key = |key: &Key| {
        let opclass = key.opclass.as_ref().map(|name| name.name.clone());
        let is_default = catalog.opclass(relation, index, key).1;
        KeyShape {
            of: match &key.of {
                KeyOf::Column(place) => column(*place),
                KeyOf::Expression(text) => plain(text),
            },
            collation: key.collation.clone(),
            opclass: opclass.filter(|_| !is_default),
            descending: key.descending,
            nulls_first: key.nulls_first,
        }
    };
    Shape {
        method: index.method.clone(),
        unique: index.unique,
        nulls_not_distinct: index.nulls_not_distinct,
        keys: index.keys.iter().map(key).collect(),
        include: index.include.iter().map(|place| column(*place)).collect(),
        predicate: index.predicate.as_deref().map(plain),
    }
}

/// An expression without what its writing leaves open: parentheses, blanks, casts of constants.
pub(super) fn plain(text: &str) -> String {
    use crate::parse::tokens::{TokenKind, tokenize};
    let mut plain = String::new();
    let mut tokens = tokenize(text)
        .into_iter()
        .filter(|token| !token.is_trivia())
        .peekable();
    while let Some(token) = tokens.next() {
        match token.kind {
            TokenKind::LeftParen | TokenKind::RightParen => {}
            TokenKind::Cast => {
                // The name of a type, of one word or more.
                while tokens
                    .next_if(|next| next.kind == TokenKind::Word && !is_operator(next.text(text)))
                    .is_some()
                {}
            }
            _ => {
                if !plain.is_empty() {
                    plain.push(' ');
                }
                match token.kind {
                    TokenKind::Word => plain.push_str(&token.text(text).to_ascii_lowercase()),
                    _ => plain.push_str(token.text(text)),
                }
            }
        }
    }
    plain
}

fn is_operator(word: &str) -> bool {
    let words = [
        "and", "or", "is", "in", "not", "like", "between", "then", "else", "when", "end",
    ];
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}
