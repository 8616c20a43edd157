//! Whether a statement can share a transaction.

use super::context::Context;
use super::effects::effects;
use crate::parse::ddl::catalog::Catalog;
use crate::parse::ddl::read::statement;

/// Whether a statement fails in a transaction block, and so in a string with others, whatever is
/// there. A text that cannot be read is taken for one that does not.
pub fn stands_alone(text: &str) -> bool {
    let Ok(statement) = statement(text) else {
        return false;
    };
    let context = Context {
        in_block: true,
        text: Some(text),
        ..Context::default()
    };
    let found = effects(&Catalog::lenient(context.version()), &statement, &context);
    found.iter().any(|effect| effect.error == Some("25001"))
}
