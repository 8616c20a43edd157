//! Names of types and defaults, as the server keeps them once it has looked things up.

use super::catalog::{Catalog, Entity};
use super::model::Type;
use crate::facts::quote;
use crate::parse::ddl::builtin::Builtin;
use crate::parse::ddl::cursor::Cursor;
use crate::parse::ddl::statement::Name;
use crate::parse::ddl::type_name::TypeName;
use crate::parse::tokens::TokenKind;

impl Catalog {
    /// The type that a name stands for. Of one that nothing is known of only the name is kept.
    pub(in crate::parse::ddl) fn resolve(&self, name: &TypeName) -> Type {
        let mut of = match name.builtin() {
            Some(builtin) => of_builtin(builtin, name),
            None => match self.find_type(&name.name) {
                Some(known) => known.of.clone(),
                None => self.resolve_name(&name.name),
            },
        };
        if name.builtin().is_none() || name.array {
            let base = match name.builtin() {
                Some(builtin) if builtin.name == "bpchar" && name.modifiers.is_none() => "bpchar",
                Some(builtin) => builtin.printed,
                None => &of.printed,
            };
            of.printed = name.print(base);
        }
        if name.array {
            of = Type {
                printed: of.printed,
                oid: name.builtin().map(|builtin| builtin.array_oid),
                length: Some(-1),
                alignment: of
                    .alignment
                    .map(|alignment| if alignment == "d" { "d" } else { "i" }),
                storage: Some("x"),
                collation: of.collation,
                class: Some("array"),
                modifiers: of.modifiers,
                user: of.user,
            };
        }
        of
    }

    /// A type of an extension has the schema of that.
    pub(super) fn resolve_name(&self, name: &Name) -> Type {
        let extension = self.extensions.get(&name.name);
        let schema = name.schema.as_ref();
        let schema = schema.or_else(|| extension.map(|extension| &extension.schema));
        let printed = match schema {
            Some(schema) => quote::name(schema, &name.name),
            None => quote::ident(&name.name),
        };
        Type {
            printed,
            ..Type::default()
        }
    }

    /// The default of a column, as the server prints it; none where it is no default at all.
    pub(super) fn default_text(&self, text: &str, of: &Type) -> Option<String> {
        let mut c = Cursor::new(text);
        let first = c.kind();
        let word = c.take();
        if c.is_at_end() {
            return match first {
                Some(TokenKind::String) => Some(constant(text, of)),
                Some(TokenKind::Word) if word.eq_ignore_ascii_case("null") => None,
                Some(TokenKind::Word) if is_boolean(word) => Some(word.to_ascii_lowercase()),
                Some(TokenKind::Word) => Some(word.to_ascii_uppercase()),
                _ => Some(text.to_owned()),
            };
        }
        if first == Some(TokenKind::Word) && c.sees_kind(TokenKind::LeftParen) {
            if c.group().is_ok_and(|within| within.is_empty()) && c.is_at_end() {
                return Some(text.to_ascii_lowercase());
            }
            if word.eq_ignore_ascii_case("nextval") {
                c.go_to(2);
                if let Some(sequence) = c.string().ok().and_then(|name| self.sequence_text(&name)) {
                    return Some(next_value(&sequence));
                }
            }
        }
        Some(text.to_owned())
    }

    fn sequence_text(&self, text: &str) -> Option<String> {
        let name = Cursor::new(text).name().ok()?;
        let Some(Entity::Sequence(place)) = self.find(&name) else {
            return None;
        };
        let sequence = self.sequences.get(place)?;
        Some(quote::name(&sequence.schema, &sequence.name))
    }
}

/// The default that takes the next value of a sequence.
pub(super) fn next_value(sequence: &str) -> String {
    format!("nextval('{}'::regclass)", sequence.replace('\'', "''"))
}

fn is_boolean(word: &str) -> bool {
    word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false")
}

fn of_builtin(builtin: &Builtin, name: &TypeName) -> Type {
    let base = match builtin.name {
        "bpchar" if name.modifiers.is_none() => "bpchar",
        _ => builtin.printed,
    };
    let class = match builtin.name {
        name if name.ends_with("multirange") => "multirange",
        name if name.ends_with("range") => "range",
        _ => class(builtin),
    };
    Type {
        printed: name.print(base),
        oid: Some(builtin.oid),
        length: Some(builtin.length),
        alignment: Some(builtin.alignment),
        storage: Some(builtin.storage),
        collation: builtin.collation.map(ToOwned::to_owned),
        class: Some(class),
        modifiers: name.modifiers.clone(),
        user: None,
    }
}

fn class(builtin: &Builtin) -> &'static str {
    crate::parse::ddl::builtin::find(builtin.name).map_or("", |known| known.name)
}

/// A string constant that is the default of a column of this type.
fn constant(text: &str, of: &Type) -> String {
    let number = [
        "int2", "int4", "int8", "float4", "float8", "numeric", "bool",
    ];
    match of.class {
        Some(class) if number.contains(&class) => text.to_owned(),
        Some("bpchar") => format!("{text}::bpchar"),
        _ => format!("{text}::{}", without_modifiers(&of.printed)),
    }
}

fn without_modifiers(printed: &str) -> String {
    match (printed.find('('), printed.find(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &printed[..open], &printed[close + 1..])
        }
        _ => printed.to_owned(),
    }
}
