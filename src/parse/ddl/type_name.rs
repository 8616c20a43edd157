//! Names of types as they are written, and as `format_type` prints them.

use super::builtin::{self, Builtin};
use super::cursor::{Cursor, Read};
use super::statement::Name;
use crate::facts::quote;
use crate::parse::tokens::TokenKind;

/// A type as a statement names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    /// The server's own name of a built-in type (`int4`), or the user's of another.
    pub name: Name,
    /// What stands in parentheses after it.
    pub modifiers: Option<String>,
    /// What is printed after the name of a built-in type: fields of an interval.
    pub fields: String,
    /// An array of it.
    pub array: bool,
    /// `serial` and its like: an integer that has a sequence.
    pub serial: bool,
    /// A set of it, of the type of a column (`%TYPE`): good for a function only.
    pub setof: bool,
}

impl TypeName {
    /// A built-in type, by the server's own name.
    pub fn builtin(&self) -> Option<&'static Builtin> {
        match self.name.schema.as_deref() {
            None | Some("pg_catalog") => builtin::find(&self.name.name),
            Some(_) => None,
        }
    }

    /// As `format_type` prints it, if its name without modifiers is `base`.
    pub fn print(&self, base: &str) -> String {
        let mut text = match (&self.modifiers, self.builtin().map(|b| b.name)) {
            (Some(modifiers), Some("timestamptz" | "timetz" | "timestamp" | "time")) => {
                let (word, rest) = base.split_once(' ').unwrap_or((base, ""));
                format!("{word}({modifiers}) {rest}")
            }
            (Some(modifiers), Some("interval")) => {
                format!("{base}{}({modifiers})", self.fields)
            }
            (Some(modifiers), _) => format!("{base}({modifiers})"),
            (None, _) => format!("{base}{}", self.fields),
        };
        if self.array {
            text.push_str("[]");
        }
        text
    }
}

/// Reads the name of a type.
pub(super) fn type_name(c: &mut Cursor) -> Read<TypeName> {
    let setof = c.accept("setof");
    let quoted = c.sees_kind(TokenKind::QuotedIdent);
    let mut name = c.name()?;
    let mut of_column = false;
    if c.text_at(c.at()) == "%" && c.is_word(c.at() + 1, "type") {
        c.go_to(c.at() + 2);
        of_column = true;
    }
    let mut read = TypeName {
        name: name.clone(),
        modifiers: None,
        fields: String::new(),
        array: false,
        serial: false,
        setof: setof || of_column,
    };
    if name.schema.is_none() && !quoted {
        let word = std::mem::take(&mut name.name);
        name.name = spelled(c, &word, &mut read)?;
        read.name = name;
    } else {
        modifiers(c, &mut read)?;
    }
    if read.builtin().is_some_and(|b| b.name == "bpchar")
        && read.modifiers.is_none()
        && read.fields == " "
    {
        read.modifiers = Some("1".to_owned());
    }
    if read.fields == " " {
        read.fields.clear();
    }
    if c.accept("array") {
        read.array = true;
    }
    while c.accept_kind(TokenKind::LeftBracket) {
        read.array = true;
        c.accept_kind(TokenKind::Number);
        c.expect_kind(TokenKind::RightBracket, "]")?;
    }
    Ok(read)
}

/// Reads on after the first word of a type that SQL spells in its own way, and gives the server's
/// name of it.
fn spelled(c: &mut Cursor, word: &str, read: &mut TypeName) -> Read<String> {
    let mut name = match word {
        "int" | "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "serial" | "serial4" => "serial:int4",
        "bigserial" | "serial8" => "serial:int8",
        "smallserial" | "serial2" => "serial:int2",
        "real" => "float4",
        "double" => {
            c.expect("precision")?;
            "float8"
        }
        "decimal" | "dec" => "numeric",
        "boolean" => "bool",
        "national" | "character" | "char" | "nchar" => {
            if word == "national" && !c.accept("character") {
                c.expect("char")?;
            }
            if c.accept("varying") {
                "varchar"
            } else {
                // Without a length it has the length 1; bpchar, by that name, has none.
                " ".clone_into(&mut read.fields);
                "bpchar"
            }
        }
        "bit" => {
            if c.accept("varying") {
                "varbit"
            } else {
                "bit"
            }
        }
        other => other,
    }
    .to_owned();
    if let Some(of) = name.strip_prefix("serial:") {
        name = of.to_owned();
        read.serial = true;
    }
    if name == "interval" {
        read.fields = interval_fields(c);
    }
    modifiers(c, read)?;
    match name.as_str() {
        "float" => {
            let digits = read.modifiers.take().map(|m| m.parse::<u32>());
            let short = matches!(digits, Some(Ok(n)) if n < 25);
            if short { "float4" } else { "float8" }.clone_into(&mut name);
        }
        "timestamp" | "time" => {
            if c.accept("with time zone") {
                name.push_str("tz");
            } else {
                c.accept("without time zone");
            }
        }
        "bit" if read.modifiers.is_none() => read.modifiers = Some("1".to_owned()),
        "numeric" => {
            // The scale is 0 where only a precision is written.
            if let Some(precision) = read.modifiers.take() {
                let whole = !precision.contains(',');
                let scale = if whole { ",0" } else { "" };
                read.modifiers = Some(format!("{precision}{scale}"));
            }
        }
        _ => {}
    }
    Ok(name)
}

fn interval_fields(c: &mut Cursor) -> String {
    let field = |c: &mut Cursor| {
        let words = ["year", "month", "day", "hour", "minute", "second"];
        let found = words.into_iter().find(|word| c.sees(word));
        found.inspect(|word| {
            c.accept(word);
        })
    };
    let Some(first) = field(c) else {
        return String::new();
    };
    if c.accept("to")
        && let Some(last) = field(c)
    {
        return format!(" {first} to {last}");
    }
    format!(" {first}")
}

fn modifiers(c: &mut Cursor, read: &mut TypeName) -> Read<()> {
    if c.sees_kind(TokenKind::LeftParen) {
        let list = c.group()?;
        let parts = c.parts(list);
        let parts: Vec<String> = parts.into_iter().map(|part| c.source(part)).collect();
        read.modifiers = Some(parts.join(","));
    }
    Ok(())
}

/// The name of a type of the user's, as it is printed.
pub(super) fn user_type(schema: &str, name: &str) -> String {
    quote::name(schema, name)
}
