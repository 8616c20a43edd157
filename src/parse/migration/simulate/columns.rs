//! Columns that statements define, as they are written.

use std::ops::Range;

use crate::facts::quote;
use crate::parse::ddl::action::{Action, ColumnChange};
use crate::parse::ddl::constraint::{ConstraintKind, TableConstraint};
use crate::parse::ddl::statement::{ColumnDefinition, CreateTable, Element, Name, Statement};
use crate::parse::ddl::type_name::TypeName;

/// A column that a statement defines or changes.
pub(super) struct Defined<'a> {
    /// create table, add column or alter type
    pub change: &'static str,
    pub table: &'a Name,
    pub name: &'a str,
    /// Its type, as `format_type` would print it.
    pub of: String,
    pub default: Option<&'a str>,
    pub is_identity: bool,
    pub is_primary_key: bool,
    pub is_temporary: bool,
    /// Its bytes in the statement.
    pub span: Range<usize>,
}

/// The columns that a statement defines.
pub(super) fn columns(statement: &Statement) -> Vec<Defined<'_>> {
    match statement {
        Statement::CreateTable(table) => of_table(table),
        Statement::AlterRelation { name, actions, .. } => {
            let defined = actions.iter().filter_map(|action| match &action.of {
                Action::AddColumn(column, _) => {
                    let is_key = column.constraints.iter().any(is_primary_key);
                    of_column("add column", name, column, is_key, action.span.clone())
                }
                Action::AlterColumn(column, ColumnChange::Type { of, .. }) => Some(Defined {
                    change: "alter type",
                    table: name,
                    name: column,
                    of: printed(of),
                    default: None,
                    is_identity: false,
                    is_primary_key: false,
                    is_temporary: false,
                    span: action.span.clone(),
                }),
                _ => None,
            });
            defined.collect()
        }
        _ => Vec::new(),
    }
}

fn of_table(table: &CreateTable) -> Vec<Defined<'_>> {
    let keys = table.elements.iter().find_map(|element| match element {
        Element::Constraint(TableConstraint {
            kind:
                ConstraintKind::Unique {
                    primary: true,
                    columns,
                    ..
                },
            ..
        }) => Some(columns.as_slice()),
        _ => None,
    });
    let defined = table.elements.iter().filter_map(|element| {
        let Element::Column(column) = element else {
            return None;
        };
        let is_key = keys == Some(std::slice::from_ref(&column.name))
            || column.constraints.iter().any(is_primary_key);
        let span = column.span.clone();
        let mut defined = of_column("create table", &table.name, column, is_key, span)?;
        defined.is_temporary = table.persistence == "temporary";
        Some(defined)
    });
    defined.collect()
}

fn of_column<'a>(
    change: &'static str,
    table: &'a Name,
    column: &'a ColumnDefinition,
    is_primary_key: bool,
    span: Range<usize>,
) -> Option<Defined<'a>> {
    Some(Defined {
        change,
        table,
        name: &column.name,
        of: printed(column.type_name.as_ref()?),
        default: column.default.as_deref(),
        is_identity: column.identity.is_some(),
        is_primary_key,
        is_temporary: false,
        span,
    })
}

fn is_primary_key(constraint: &TableConstraint) -> bool {
    matches!(
        constraint.kind,
        ConstraintKind::Unique { primary: true, .. }
    )
}

/// As `format_type` prints a type; serial types as they are written.
fn printed(of: &TypeName) -> String {
    let Some(builtin) = of.builtin() else {
        let name = match of.name.schema.as_deref() {
            Some("public") => quote::ident(&of.name.name),
            _ => of.name.quoted(),
        };
        return of.print(&name);
    };
    match (of.serial, builtin.name) {
        (true, "int2") => "smallserial".to_owned(),
        (true, "int8") => "bigserial".to_owned(),
        (true, _) => "serial".to_owned(),
        (false, "bpchar") if of.modifiers.is_none() => of.print("bpchar"),
        (false, _) => of.print(builtin.printed),
    }
}
