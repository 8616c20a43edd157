//! What a change of a column's type costs.

use super::context::Context;
use crate::parse::ddl::catalog::{Catalog, Shape, Type};
use crate::parse::ddl::cursor::Cursor;
use crate::parse::ddl::type_name::type_name;
use crate::parse::tokens::TokenKind;

/// What a change of type costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cost {
    /// The type is the same.
    Nothing,
    /// Values stay as they are stored.
    Catalog,
    /// The old type is not known.
    Unknown,
    /// All rows are written anew.
    Rewrite,
}

/// Types whose values are stored alike, so that the server takes one for the other: from, to.
const ALIKE: [(&str, &str); 13] = [
    ("text", "varchar"),
    ("text", "bpchar"),
    ("varchar", "text"),
    ("varchar", "bpchar"),
    ("xml", "text"),
    ("xml", "varchar"),
    ("xml", "bpchar"),
    ("cidr", "inet"),
    ("bit", "varbit"),
    ("varbit", "bit"),
    ("int4", "oid"),
    ("oid", "int4"),
    ("regclass", "oid"),
];

/// Types of extensions that are stored like a built-in one, and are taken for it both ways.
const EXTENSION_ALIKE: [(&str, &[&str]); 1] = [("citext", &["text", "varchar"])];

/// What it costs to make a column of one type another, by the expression after USING.
pub(super) fn cost(
    catalog: &Catalog,
    context: &Context,
    column: &str,
    old: &Type,
    new: &Type,
    using: Option<&str>,
) -> Cost {
    let Some(using) = using else {
        return step(catalog, context, old, new);
    };
    let Some(casts) = plain_casts(catalog, using, column) else {
        return Cost::Rewrite;
    };
    let mut cost = Cost::Nothing;
    let mut from = old.clone();
    for to in casts.into_iter().chain([new.clone()]) {
        cost = cost.max(step(catalog, context, &from, &to));
        from = to;
    }
    cost
}

/// The types that an expression casts a column to, innermost first, if it does no more than that.
fn plain_casts(catalog: &Catalog, text: &str, column: &str) -> Option<Vec<Type>> {
    let mut cursor = Cursor::new(text);
    let c = &mut cursor;
    let casts = casts(catalog, c, column)?;
    c.is_at_end().then_some(casts)
}

fn casts(catalog: &Catalog, c: &mut Cursor, column: &str) -> Option<Vec<Type>> {
    let mut found = if c.sees_kind(TokenKind::LeftParen) {
        c.accept_kind(TokenKind::LeftParen);
        let found = casts(catalog, c, column)?;
        c.accept_kind(TokenKind::RightParen).then_some(found)?
    } else if c.accept("cast") {
        c.accept_kind(TokenKind::LeftParen).then_some(())?;
        let mut found = casts(catalog, c, column)?;
        c.accept("as").then_some(())?;
        found.push(catalog.resolve(&type_name(c).ok()?));
        c.accept_kind(TokenKind::RightParen).then_some(found)?
    } else {
        let name = c.ident().ok()?;
        (name == column).then(Vec::new)?
    };
    while c.accept_kind(TokenKind::Cast) {
        found.push(catalog.resolve(&type_name(c).ok()?));
    }
    Some(found)
}

/// What it costs to take a value of one type for one of another.
fn step(catalog: &Catalog, context: &Context, old: &Type, new: &Type) -> Cost {
    if old.printed.is_empty() {
        return Cost::Unknown;
    }
    if old.printed == new.printed {
        return Cost::Nothing;
    }
    let (old, new) = (base(catalog, old), base(catalog, new));
    if new.constrained {
        return Cost::Rewrite;
    }
    let (old, new) = (old.of, new.of);
    if old.printed == new.printed {
        return Cost::Catalog;
    }
    if is_user_made(&old) || is_user_made(&new) {
        return user_made(&old, &new);
    }
    let (Some(from), Some(to)) = (old.class, new.class) else {
        return user_made(&old, &new);
    };
    if from == "array" || to == "array" {
        let same = without_modifiers(&old.printed) == without_modifiers(&new.printed);
        return cheap(same && new.modifiers.is_none());
    }
    if from == to {
        return cheap(keeps_values(from, &old, &new));
    }
    if ALIKE.contains(&(from, to)) {
        // The length is looked at after the type, when that of the old one is no longer known.
        return cheap(new.modifiers.is_none() && !new.printed.starts_with("character("));
    }
    let times = ["timestamp", "timestamptz"];
    if times.contains(&from) && times.contains(&to) {
        return cheap(context.is_utc() && is_full_precision(&new));
    }
    Cost::Rewrite
}

fn cheap(is_cheap: bool) -> Cost {
    if is_cheap {
        Cost::Catalog
    } else {
        Cost::Rewrite
    }
}

/// A type without the domains around it.
struct Base {
    of: Type,
    /// One of its domains checks values.
    constrained: bool,
}

fn base(catalog: &Catalog, of: &Type) -> Base {
    let mut base = Base {
        of: of.clone(),
        constrained: false,
    };
    // Domains over domains are few; the bound keeps a broken catalog from turning round.
    for _ in 0..32 {
        if base.of.class == Some("array") {
            return base;
        }
        let Some(user) = &base.of.user else {
            return base;
        };
        match catalog
            .types
            .get(&user.0, &user.1)
            .map(|known| &known.shape)
        {
            Some(Shape::Domain(domain)) => {
                base.constrained |= domain.is_constrained();
                base.of = domain.over.clone();
            }
            _ => return base,
        }
    }
    base
}

/// Whether values of a type are checked when they are taken: it is a domain with constraints.
pub(super) fn is_constrained(catalog: &Catalog, of: &Type) -> bool {
    base(catalog, of).constrained
}

fn is_user_made(of: &Type) -> bool {
    of.user.is_some() || of.oid.is_none()
}

/// Of types that users or extensions made: only lengths that go are free.
fn user_made(old: &Type, new: &Type) -> Cost {
    let (from, to) = (
        without_modifiers(&old.printed),
        without_modifiers(&new.printed),
    );
    if from == to {
        return cheap(new.modifiers.is_none());
    }
    let plain = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let alike = EXTENSION_ALIKE.iter().any(|(name, of)| {
        let other = |class: Option<&'static str>| class.is_some_and(|class| of.contains(&class));
        (plain(&from) == *name && other(new.class)) || (plain(&to) == *name && other(old.class))
    });
    cheap(alike && new.modifiers.is_none())
}

/// Whether values of a built-in type stay when what is in its parentheses changes.
fn keeps_values(class: &str, old: &Type, new: &Type) -> bool {
    let was = numbers(old);
    let is = numbers(new);
    match class {
        "varchar" | "varbit" => is.is_empty() || (!was.is_empty() && is[0] >= was[0]),
        "numeric" => match (was.as_slice(), is.as_slice()) {
            (_, []) => true,
            ([p, s], [new_p, new_s]) => new_s == s && new_p >= p,
            _ => false,
        },
        "timestamp" | "timestamptz" | "time" | "timetz" => {
            is_full_precision(new) || (!was.is_empty() && is[0] >= was[0])
        }
        "interval" => new.printed == "interval",
        // Of bpchar and bit each value is filled up to its length.
        _ => is.is_empty() && new.printed != "character(1)" && class != "bit",
    }
}

/// Seconds have six digits, more cannot be stored.
fn is_full_precision(of: &Type) -> bool {
    numbers(of).first().is_none_or(|digits| *digits >= 6)
}

fn numbers(of: &Type) -> Vec<i64> {
    let text = of.modifiers.as_deref().unwrap_or_default();
    let numbers = text.split(',').map(|number| number.trim().parse());
    numbers.filter_map(Result::ok).collect()
}

fn without_modifiers(printed: &str) -> String {
    match (printed.find('('), printed.find(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &printed[..open], &printed[close + 1..])
        }
        _ => printed.to_owned(),
    }
}

/// Whether an index on a column outlives a change of its type that writes no rows: its operators
/// have to be those of the old one.
pub(super) fn keeps_indexes(catalog: &Catalog, old: &Type, new: &Type) -> bool {
    let (old, new) = (base(catalog, old).of, base(catalog, new).of);
    let family = |of: &Type| match of.class {
        Some("varchar") => Some("text"),
        Some("cidr") => Some("inet"),
        class => class,
    };
    match (family(&old), family(&new)) {
        (Some(from), Some(to)) => from == to,
        _ => without_modifiers(&old.printed) == without_modifiers(&new.printed),
    }
}
