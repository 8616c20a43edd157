//! Effects of a statement on what a schema makes, all of them given as texts.

use super::context::Context;
use super::effects::effects;
use super::found::Effect;
use crate::parse::ddl::catalog::Catalog;
use crate::parse::ddl::read::statement;
use crate::parse::item::ItemKind;
use crate::parse::split::split;

/// What a statement is run on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Before<'a> {
    /// What was there before the file.
    pub schema: &'a str,
    /// All of the database is in `schema`.
    pub complete: bool,
    /// Statements of the same file, of transactions before that of the statement.
    pub file: &'a str,
    /// Statements of the same transaction.
    pub transaction: &'a str,
}

/// What a statement does; the reason is given where it is not understood, or where one of the
/// statements before it is not. Marks and text of the context are set here.
pub fn effects_on(before: Before, text: &str, context: &Context) -> Result<Vec<Effect>, String> {
    let mut catalog = Catalog::lenient(context.version());
    catalog.complete = before.complete;
    apply(&mut catalog, before.schema)?;
    let file_mark = catalog.mark();
    apply(&mut catalog, before.file)?;
    let transaction_mark = catalog.mark();
    apply(&mut catalog, before.transaction)?;
    let context = Context {
        file_mark,
        transaction_mark,
        text: Some(text),
        ..context.clone()
    };
    Ok(effects(&catalog, &statement(text)?, &context))
}

fn apply(catalog: &mut Catalog, script: &str) -> Result<(), String> {
    for item in split(script) {
        if item.kind == ItemKind::Sql {
            let text = item.text(script);
            let statement = statement(&text)?;
            catalog
                .apply(&statement)
                .map_err(|reason| format!("{reason}: {text}"))?;
        }
    }
    Ok(())
}
