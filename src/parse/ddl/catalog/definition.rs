//! Constraints, indexes and triggers as the server prints them.

use super::catalog::Catalog;
use super::model::{Constraint, Foreign, Index, Key, KeyOf, Relation, Rule, Trigger, Type};
use crate::facts::quote;
use crate::parse::ddl::expression::{type_of, words};
use crate::parse::ddl::statement::OptionList;
use crate::parse::tokens::{TokenKind, tokenize};

impl Catalog {
    /// As `pg_get_constraintdef` prints it.
    pub fn constraint_definition(&self, relation: &Relation, constraint: &Constraint) -> String {
        let mut text = match &constraint.rule {
            Rule::Index {
                index,
                without_overlaps,
            } => match self.indexes.get(*index) {
                Some(index) => self.backed(relation, index, *without_overlaps),
                _ => String::new(),
            },
            Rule::Check(expression) => format!("CHECK ({expression})"),
            Rule::Foreign(foreign) => self.foreign_definition(relation, foreign),
            Rule::Trigger => "TRIGGER".to_owned(),
        };
        let check = matches!(constraint.rule, Rule::Check(_));
        for (said, words) in [
            (check && constraint.no_inherit, " NO INHERIT"),
            (constraint.deferrable, " DEFERRABLE"),
            (constraint.deferred, " INITIALLY DEFERRED"),
            (constraint.not_enforced, " NOT ENFORCED"),
            (
                constraint.not_valid && !constraint.not_enforced,
                " NOT VALID",
            ),
        ] {
            if said {
                text.push_str(words);
            }
        }
        text
    }

    fn backed(&self, relation: &Relation, index: &Index, without_overlaps: bool) -> String {
        if !index.unique {
            return format!("EXCLUDE {}", self.index_tail(relation, index, true));
        }
        let keys = index.keys.iter().filter_map(|key| match key.of {
            KeyOf::Column(place) => Some(place),
            KeyOf::Expression(_) => None,
        });
        let mut list = columns(relation, &keys.collect::<Vec<_>>());
        if without_overlaps {
            list.push_str(" WITHOUT OVERLAPS");
        }
        let word = match (index.primary, index.nulls_not_distinct) {
            (true, _) => "PRIMARY KEY",
            (_, true) => "UNIQUE NULLS NOT DISTINCT",
            _ => "UNIQUE",
        };
        let include = match index.include.as_slice() {
            [] => String::new(),
            include => format!(" INCLUDE ({})", columns(relation, include)),
        };
        format!("{word} ({list}){include}")
    }

    fn foreign_definition(&self, relation: &Relation, foreign: &Foreign) -> String {
        let Some(target) = self.relations.get(foreign.relation) else {
            return String::new();
        };
        let period = |list: String| match list.rsplit_once(", ") {
            Some((first, last)) if foreign.period => format!("{first}, PERIOD {last}"),
            _ => list,
        };
        let mut text = format!(
            "FOREIGN KEY ({}) REFERENCES {}({})",
            period(columns(relation, &foreign.columns)),
            quote::name(&target.schema, &target.name),
            period(columns(target, &foreign.referenced)),
        );
        if foreign.full {
            text.push_str(" MATCH FULL");
        }
        for (event, deed) in [("UPDATE", foreign.on_update), ("DELETE", foreign.on_delete)] {
            if deed != "no action" {
                text.push_str(&format!(" ON {event} {}", deed.to_ascii_uppercase()));
            }
        }
        if !foreign.delete_columns.is_empty() {
            let list = columns(relation, &foreign.delete_columns);
            text.push_str(&format!(" ({list})"));
        }
        text
    }

    /// As `pg_get_indexdef` prints it.
    pub fn index_definition(&self, relation: &Relation, index: &Index) -> String {
        format!(
            "CREATE {}INDEX {} ON {}{} {}",
            if index.unique { "UNIQUE " } else { "" },
            quote::ident(&index.name),
            if relation.is_partitioned() {
                "ONLY "
            } else {
                ""
            },
            quote::name(&relation.schema, &relation.name),
            self.index_tail(relation, index, false),
        )
    }

    fn index_tail(&self, relation: &Relation, index: &Index, constraint: bool) -> String {
        let keys = index.keys.iter();
        let keys = keys.map(|key| {
            let text = self.key(relation, index, key);
            match key.operator.as_ref().filter(|_| constraint) {
                Some(operator) => format!("{text} WITH {operator}"),
                None => text,
            }
        });
        let keys: Vec<String> = keys.collect();
        let mut text = format!(
            "USING {} ({})",
            quote::ident(&index.method),
            keys.join(", ")
        );
        if !index.include.is_empty() {
            text.push_str(&format!(" INCLUDE ({})", columns(relation, &index.include)));
        }
        if index.nulls_not_distinct && !constraint {
            text.push_str(" NULLS NOT DISTINCT");
        }
        if !index.options.is_empty() {
            text.push_str(&format!(" WITH ({})", options(&index.options)));
        }
        match &index.predicate {
            Some(predicate) if constraint => text.push_str(&format!(" WHERE ({predicate})")),
            Some(predicate) => text.push_str(&format!(" WHERE {predicate}")),
            None => {}
        }
        text
    }

    fn key(&self, relation: &Relation, index: &Index, key: &Key) -> String {
        let mut text = match &key.of {
            KeyOf::Column(place) => {
                let column = relation.columns.at(*place);
                column.map_or_else(String::new, |(name, _)| quote::ident(name))
            }
            KeyOf::Expression(text) => text.clone(),
        };
        if let Some(collation) = &key.collation
            && key_collation(relation, key, false).as_ref() != Some(collation)
        {
            text.push_str(" COLLATE ");
            match key.collation_schema.as_deref() {
                None | Some("pg_catalog") => text.push_str(&quote::ident(collation)),
                Some(schema) => text.push_str(&quote::name(schema, collation)),
            }
        }
        let (opclass, is_default) = self.opclass(relation, index, key);
        if let Some(opclass) = opclass
            && (!is_default || !key.opclass_options.is_empty())
        {
            text.push(' ');
            text.push_str(&opclass);
            if !key.opclass_options.is_empty() {
                text.push_str(&format!(" ({})", options(&key.opclass_options)));
            }
        }
        match (key.descending, key.nulls_first) {
            (true, true) => text.push_str(" DESC"),
            (true, false) => text.push_str(" DESC NULLS LAST"),
            (false, true) => text.push_str(" NULLS FIRST"),
            (false, false) => {}
        }
        text
    }

    /// The operator class of a key, and whether it is the default of its type.
    pub fn opclass(&self, relation: &Relation, index: &Index, key: &Key) -> (Option<String>, bool) {
        let class = key_type(relation, key).and_then(|of| of.class);
        let default = self.default_opclass(&index.method, class);
        let Some(said) = &key.opclass else {
            return (default, true);
        };
        let name = match said.schema.as_deref() {
            None | Some("pg_catalog") => said.name.clone(),
            Some(schema) => format!("{schema}.{}", said.name),
        };
        let is_default = default.as_ref() == Some(&name);
        (Some(name), is_default)
    }
}

fn key_type(relation: &Relation, key: &Key) -> Option<Type> {
    match &key.of {
        KeyOf::Column(place) => relation.columns.at(*place).map(|(_, c)| c.of.clone()),
        KeyOf::Expression(text) => match type_of(text) {
            Some(builtin) => Some(Type {
                collation: builtin.collation.map(ToOwned::to_owned),
                class: Some(builtin.name),
                ..Type::default()
            }),
            None => type_of_sum(relation, text),
        },
    }
}

/// The collation of a key; without `own` the one that it has if the index says nothing.
pub(in crate::parse) fn key_collation(relation: &Relation, key: &Key, own: bool) -> Option<String> {
    let said = key.collation.clone().filter(|_| own);
    said.or_else(|| match &key.of {
        KeyOf::Column(place) => {
            let (_, column) = relation.columns.at(*place)?;
            column.collation.clone().or(column.of.collation.clone())
        }
        KeyOf::Expression(_) => key_type(relation, key)?.collation,
    })
}

/// As `pg_get_triggerdef` prints it.
pub(in crate::parse) fn trigger_definition(relation: &Relation, trigger: &Trigger) -> String {
    format!(
        "CREATE {} ON {} {}",
        trigger.before,
        quote::name(&relation.schema, &relation.name),
        trigger.after
    )
}

fn columns(relation: &Relation, places: &[usize]) -> String {
    let names = relation.column_names(places).into_iter();
    let names: Vec<String> = names.map(quote::ident).collect();
    names.join(", ")
}

fn options(options: &OptionList) -> String {
    let options = options.iter().map(|(name, value)| {
        let plain = quote::ident(value) == *value;
        let value = if plain {
            value.clone()
        } else {
            quote::literal(value)
        };
        format!("{name}={value}")
    });
    options.collect::<Vec<_>>().join(", ")
}

/// The type of an expression that only reckons with integer columns.
fn type_of_sum(relation: &Relation, text: &str) -> Option<Type> {
    let mut of = Some("int4");
    for token in tokenize(text) {
        match token.kind {
            TokenKind::Word | TokenKind::QuotedIdent => {
                let place = words(token.text(text)).next()?;
                let class = relation.columns.get(&place)?.of.class?;
                match class {
                    "int8" => of = Some("int8"),
                    "int4" | "int2" => {}
                    _ => return None,
                }
            }
            TokenKind::Operator if !["+", "-", "*", "/", "%"].contains(&token.text(text)) => {
                return None;
            }
            TokenKind::Number if token.text(text).contains('.') => return None,
            TokenKind::Operator
            | TokenKind::Number
            | TokenKind::Whitespace
            | TokenKind::LeftParen
            | TokenKind::RightParen => {}
            _ => return None,
        }
    }
    of.map(|class| Type {
        class: Some(class),
        ..Type::default()
    })
}
