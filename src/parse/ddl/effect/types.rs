//! Types and domains, and the `ALTER` of everything that is no relation.

use super::found::Target;
use super::object::{self, columns_of_type};
use super::sink::{Sink, thing, unknown};
use crate::parse::ddl::action::OtherChange;
use crate::parse::ddl::catalog::Shape;
use crate::parse::ddl::constraint::ConstraintKind;
use crate::parse::ddl::kind::ObjectKind;
use crate::parse::ddl::statement::{Name, TypeShape};

/// `CREATE TYPE` and `CREATE DOMAIN`
pub(super) fn create(sink: &mut Sink, name: &Name, shape: &TypeShape) {
    let taken = sink.catalog.find_type(name).is_some();
    let (form, part) = match shape {
        TypeShape::Domain(_) => ("create domain", "domain"),
        _ => ("create type", "type"),
    };
    let target = Target {
        oid: Some(sink.catalog.mark()),
        ..unknown(name, part)
    };
    let effect = sink.add(form, part, target);
    if taken && !matches!(shape, TypeShape::Base) {
        effect.fails("42710");
    }
}

/// `ALTER` of what is no relation; `on` is the table of a policy, rule or the like.
pub(super) fn alter(
    sink: &mut Sink,
    kind: ObjectKind,
    name: &Name,
    on: Option<&Name>,
    change: &OtherChange,
) {
    match kind {
        ObjectKind::Type | ObjectKind::Domain => of_type(sink, kind, name, change),
        ObjectKind::Schema => {
            let known = sink.catalog.schemas.get(&name.name).map(|known| known.oid);
            let target = Target {
                oid: known.filter(|oid| *oid > 0),
                ..thing(&name.name, "schema")
            };
            match change {
                OtherChange::Rename(to) => {
                    sink.add("rename schema", "schema", target).about(to);
                }
                _ => {
                    sink.add("alter object", "object", target);
                }
            }
        }
        ObjectKind::Extension => {
            sink.add("alter extension", "extension", unknown(name, "extension"));
        }
        ObjectKind::Database => {
            let form = match change {
                OtherChange::Rename(_) => "rename database",
                OtherChange::Other(words) if words.starts_with("set tablespace") => {
                    "alter database tablespace"
                }
                _ => "alter database",
            };
            let effect = sink.add(form, "database", unknown(name, "database"));
            setting(effect, change);
        }
        ObjectKind::System => {
            let effect = sink.add("alter system", "setting", thing("", "system"));
            setting(effect, change);
        }
        ObjectKind::Role => {
            let effect = sink.add("alter role", "role", unknown(name, "role"));
            setting(effect, change);
        }
        ObjectKind::Publication => {
            let effect = sink.add(
                "alter publication",
                "publication",
                unknown(name, "publication"),
            );
            if let OtherChange::Tables(word, tables) = change {
                effect.about(*word);
                for table in tables {
                    let table = sink.table(table);
                    let target = sink.target_of(&table, "table");
                    sink.add("alter publication", "table", target);
                }
            }
        }
        ObjectKind::Subscription => {
            sink.add(
                "alter subscription",
                "subscription",
                unknown(name, "subscription"),
            );
        }
        ObjectKind::Policy => {
            if let Some(table) = on {
                object::on_table(sink, "alter policy", table, &name.name);
            }
        }
        ObjectKind::Statistics => {
            sink.add(
                "alter statistics",
                "statistics",
                unknown(name, "statistics"),
            );
        }
        kind if kind.is_routine() => {
            let form = match change {
                OtherChange::Rename(_) | OtherChange::SetSchema(_) => "rename function",
                _ => "alter function",
            };
            sink.add(form, "function", unknown(name, kind.word()));
        }
        kind => {
            sink.add("alter object", "object", unknown(name, kind.word()));
        }
    }
}

fn setting(effect: &mut super::found::Effect, change: &OtherChange) {
    if let OtherChange::Setting(name, values) = change {
        effect.about(name).with("value", values.join(", "));
    }
}

fn of_type(sink: &mut Sink, kind: ObjectKind, name: &Name, change: &OtherChange) {
    let known = sink.catalog.find_type(name).cloned();
    let target = Target {
        schema: known
            .as_ref()
            .map(|known| known.schema.clone())
            .or_else(|| name.schema.clone()),
        oid: known.as_ref().map(|known| known.oid).filter(|oid| *oid > 0),
        ..unknown(name, kind.word())
    };
    let complete = sink.catalog.complete;
    let missing = known.is_none() && complete;
    let users = known
        .as_ref()
        .map(|known| columns_of_type(sink.catalog, known));
    let users = users.unwrap_or_default();
    let (form, part, object) = match change {
        OtherChange::AddValue { label, .. } => ("add enum value", "type", Some(label)),
        OtherChange::RenameValue(label, _) => ("rename enum value", "type", Some(label)),
        OtherChange::Rename(to) => ("rename type", "type", Some(to)),
        OtherChange::SetSchema(to) => ("set type schema", "type", Some(to)),
        OtherChange::AddAttribute(_)
        | OtherChange::DropAttribute(..)
        | OtherChange::AlterAttribute(..)
        | OtherChange::RenameAttribute(..) => ("alter composite", "type", None),
        OtherChange::AddConstraint(said) => {
            let form = match &said.kind {
                ConstraintKind::NotNull(_) => "set domain not null",
                _ if said.not_valid => "add domain check not valid",
                _ => "add domain check",
            };
            (form, "domain", said.name.as_ref())
        }
        OtherChange::NotNull(true) => ("set domain not null", "domain", None),
        OtherChange::ValidateConstraint(name) => ("validate domain check", "domain", Some(name)),
        _ if kind == ObjectKind::Domain => ("alter domain", "domain", None),
        _ => ("alter object", "object", None),
    };
    let has_label = |label: &String| match known.as_ref().map(|known| &known.shape) {
        Some(Shape::Enum(labels)) => labels.iter().any(|known| known.name == *label),
        _ => false,
    };
    let exists = match change {
        OtherChange::AddValue {
            label,
            if_not_exists,
            ..
        } if has_label(label) => Some(*if_not_exists),
        _ => None,
    };
    let effect = sink.add(form, part, target);
    effect.object = object.cloned();
    match exists {
        Some(true) => {
            effect.with("exists", true);
        }
        Some(false) => {
            effect.fails("42710");
        }
        None => {}
    }
    if missing {
        effect.fails("42704");
    }
    let on_tables = matches!(
        form,
        "add domain check" | "set domain not null" | "validate domain check"
    );
    if !on_tables {
        return;
    }
    let mut seen = None;
    for (place, column) in users {
        if seen.replace(place) != Some(place)
            && let Some(effect) = sink.add_place(form, "table", place)
        {
            effect.of_column(&column);
        }
    }
}
