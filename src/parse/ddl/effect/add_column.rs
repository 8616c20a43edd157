//! Columns that are added.

use super::constraint::foreign_details;
use super::retype;
use super::sink::{Sink, Table};
use crate::parse::ddl::catalog::{Shape, Type};
use crate::parse::ddl::constraint::{ConstraintKind, TableConstraint};
use crate::parse::ddl::statement::ColumnDefinition;
use crate::parse::ddl::volatility::Volatility;

/// `ADD COLUMN`
pub(super) fn add(
    sink: &mut Sink,
    table: &Table,
    added: &ColumnDefinition,
    if_not_exists: bool,
    below: Option<usize>,
) {
    let target = sink.target_of(table, "table");
    if super::column::known(table, &added.name).is_some() {
        let effect = sink.add("add column again", "table", target);
        effect
            .of_column(&added.name)
            .with("if_not_exists", if_not_exists);
        if !if_not_exists {
            effect.fails("42701");
        }
        return;
    }
    let of = added
        .type_name
        .as_ref()
        .map(|name| sink.catalog.resolve(name));
    let of = of.unwrap_or_default();
    let facts = Facts::of(sink, added, &of);
    let form = facts.form();
    let is_new = table
        .relation
        .is_some_and(|known| !known.implied && sink.is_new(known.oid));
    let at = sink.found.len();
    let effect = sink.add(form, "table", target);
    effect.of_column(&added.name);
    effect.with("type", of.printed.as_str());
    if if_not_exists {
        effect.with("if_not_exists", true);
    }
    if facts.not_null {
        effect.with("not_null", true);
    }
    if let Some(default) = &added.default {
        effect.with("expression", default.as_str());
        effect.with("volatility", word(facts.volatility));
    }
    if let Some((_, expression)) = &added.generated {
        effect.with("expression", expression.as_str());
    }
    let below_only = below.is_none()
        && table.place.is_some_and(|place| {
            let below = sink.catalog.descendants(place);
            below.is_ok_and(|below| !below.is_empty())
        });
    let effect = &mut sink.found[at];
    if below_only {
        effect.fails("42P16");
    } else if (facts.is_required || facts.is_given) && !is_new {
        effect.fails("23502").with("rows", "unknown");
    }
    sink.add_below(form, "partition", below);
    let has_default = facts.has_default;
    for said in &added.constraints {
        inline(sink, table, added, said, has_default, below);
    }
}

fn word(volatility: Volatility) -> &'static str {
    match volatility {
        Volatility::Immutable => "immutable",
        Volatility::Stable => "stable",
        Volatility::Unknown => "unknown",
        Volatility::Volatile => "volatile",
    }
}

/// What of a new column decides what it costs.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a question that the server asks"
)]
struct Facts {
    serial: bool,
    identity: bool,
    generated: Option<&'static str>,
    constrained: bool,
    not_null: bool,
    has_default: bool,
    is_required: bool,
    /// Its domain takes no NULL.
    is_given: bool,
    volatility: Volatility,
}

impl Facts {
    fn of(sink: &Sink, added: &ColumnDefinition, of: &Type) -> Self {
        let serial = added.type_name.as_ref().is_some_and(|name| name.serial);
        let default = added.default.as_deref();
        let default = default.filter(|text| !text.trim().eq_ignore_ascii_case("null"));
        let primary = added
            .constraints
            .iter()
            .any(|said| matches!(said.kind, ConstraintKind::Unique { primary: true, .. }));
        let named = added
            .constraints
            .iter()
            .any(|said| matches!(said.kind, ConstraintKind::NotNull(_)));
        let identity = added.identity.is_some();
        let generated = added.generated.as_ref().map(|(when, _)| *when);
        let domain_default = domain_default(sink, of);
        let not_null = added.not_null.is_some() || primary || named || serial || identity;
        let has_default = default.is_some() || domain_default.is_some() || serial || identity;
        let volatility = match default.or(domain_default.as_deref()) {
            Some(text) => super::volatility::of(sink.catalog, text),
            None => Volatility::Immutable,
        };
        Self {
            serial,
            identity,
            generated,
            constrained: retype::is_constrained(sink.catalog, of),
            not_null,
            has_default,
            is_required: not_null && !has_default && generated.is_none(),
            is_given: !has_default && generated.is_none() && is_given(sink, of),
            volatility,
        }
    }

    fn form(&self) -> &'static str {
        match self.generated {
            Some("virtual") => return "add column virtual generated",
            Some(_) => return "add column stored generated",
            None => {}
        }
        if self.serial {
            return "add column serial";
        }
        if self.identity {
            return "add column identity";
        }
        if self.is_required {
            return "add column required";
        }
        match self.volatility {
            Volatility::Volatile => "add column volatile default",
            _ if self.constrained => "add column constrained domain",
            Volatility::Unknown => "add column unknown default",
            _ => "add column",
        }
    }
}

/// Whether a domain, or one that it is over, takes no NULL.
fn is_given(sink: &Sink, of: &Type) -> bool {
    let mut of = of.clone();
    for _ in 0..32 {
        let user = of.user.as_ref().filter(|_| of.class != Some("array"));
        let known = user.and_then(|user| sink.catalog.types.get(&user.0, &user.1));
        let Some(Shape::Domain(domain)) = known.map(|known| &known.shape) else {
            return false;
        };
        if domain.not_null {
            return true;
        }
        of = domain.over.clone();
    }
    false
}

/// The default that a domain gives.
fn domain_default(sink: &Sink, of: &Type) -> Option<String> {
    let user = of.user.as_ref().filter(|_| of.class != Some("array"))?;
    match &sink.catalog.types.get(&user.0, &user.1)?.shape {
        Shape::Domain(domain) => domain.default.clone(),
        _ => None,
    }
}

/// A constraint that is written beside the column.
fn inline(
    sink: &mut Sink,
    table: &Table,
    column: &ColumnDefinition,
    said: &TableConstraint,
    has_default: bool,
    below: Option<usize>,
) {
    let form = match &said.kind {
        ConstraintKind::Check(..) if said.not_enforced => return,
        ConstraintKind::Check(..) => "add column check",
        ConstraintKind::Unique { primary: true, .. } => "add column primary key",
        ConstraintKind::Unique { .. } => "add column unique",
        ConstraintKind::Foreign { .. } if has_default && !said.not_enforced => {
            "add column foreign key checked"
        }
        ConstraintKind::Foreign { .. } => "add column foreign key",
        ConstraintKind::NotNull(_) | ConstraintKind::Exclude { .. } => return,
    };
    let target = sink.target_of(table, "table");
    let effect = sink.add(form, "table", target);
    effect.of_column(&column.name);
    effect.object.clone_from(&said.name);
    if let ConstraintKind::Check(text, _) = &said.kind {
        effect.with("expression", text.as_str());
    }
    if let ConstraintKind::Foreign { table: to, .. } = &said.kind {
        foreign_details(sink, table, said, std::slice::from_ref(&column.name));
        let to = sink.table(to);
        let target = sink.target_of(&to, "table");
        sink.add(form, "referenced", target).of_column(&column.name);
        sink.add_below(form, "referenced", to.place);
    }
    let recurse = !said.no_inherit;
    sink.add_below(form, "partition", below.filter(|_| recurse));
}
