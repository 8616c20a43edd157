//! Names as the server takes them: folded to lower case unless quoted.

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

use super::shape::Column;

/// The name that an identifier means.
pub(super) fn ident(ident: &Ident) -> String {
    if ident.quote_style.is_some() {
        ident.value.clone()
    } else {
        ident.value.to_ascii_lowercase()
    }
}

/// The parts of a name.
pub(super) fn parts(name: &ObjectName) -> Vec<String> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(part) => ident(part),
            ObjectNamePart::Function(function) => ident(&function.name),
        })
        .collect()
}

/// Schema and name of a relation; a database in front of them is left out.
pub(super) fn relation(name: &ObjectName) -> (Option<String>, String) {
    let mut parts = parts(name);
    let name = parts.pop().unwrap_or_default();
    (parts.pop(), name)
}

/// A name as it is written with dots.
pub(super) fn dotted(name: &ObjectName) -> String {
    parts(name).join(".")
}

/// The column that a list of parts names. The last part is taken for the column.
pub(super) fn column(mut parts: Vec<String>) -> Column {
    let name = parts.pop().unwrap_or_default();
    let table = parts.pop();
    Column {
        schema: parts.pop(),
        table,
        name,
    }
}
