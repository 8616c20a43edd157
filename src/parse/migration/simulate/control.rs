//! What commands about transactions do, where that is worth telling.

use serde_json::Map;

use crate::parse::ddl::effect::{Effect, Target};

/// Forms of effects that concern transactions; `forms.tsv` has them as well.
pub(super) mod form {
    /// BEGIN within a transaction: the server warns and goes on in it.
    pub const NESTED: &str = "begin nested";
    /// BEGIN whose transaction the file never ends.
    pub const LEFT_OPEN: &str = "begin left open";
    /// COMMIT that ends the tool's transaction.
    pub const ENDS_TOOLS: &str = "commit of tool";
    /// COMMIT or ROLLBACK without a transaction.
    pub const NOTHING_TO_END: &str = "commit without begin";
    /// ROLLBACK that ends the tool's transaction.
    pub const TAKES_TOOLS_BACK: &str = "rollback of tool";
    /// SAVEPOINT, RELEASE or ROLLBACK TO outside a transaction, or of no savepoint.
    pub const NO_SAVEPOINT: &str = "savepoint missing";
    /// SET LOCAL outside a transaction: it does nothing.
    pub const LOCAL_OUTSIDE: &str = "set local outside";
}

/// The effect of a whole command on its transaction.
pub(super) fn effect(form: &'static str, text: &str, error: Option<&'static str>) -> Effect {
    Effect {
        action: 1,
        span: 0..text.len(),
        form,
        part: "transaction",
        target: Target {
            schema: None,
            name: "transaction".to_owned(),
            kind: "transaction",
            oid: None,
        },
        column: None,
        object: None,
        lock: None,
        scans: false,
        rewrites: false,
        builds: false,
        error,
        loses_data: false,
        breaks: None,
        details: Map::new(),
    }
}
