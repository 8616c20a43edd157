//! Settings and transactions.

use super::sink::{Sink, thing};
use crate::parse::ddl::statement::Transaction;

/// `SET` and `RESET`
pub(super) fn set(sink: &mut Sink, name: &str, values: &[String], local: bool) {
    let form = match name {
        "lock_timeout" => "set lock_timeout",
        "statement_timeout" => "set statement_timeout",
        _ => "set setting",
    };
    let effect = sink.add(form, "setting", thing(name, "setting"));
    effect.with("value", values.join(", "));
    effect.with("local", local);
}

/// Commands about transactions: those that finish prepared ones run by themselves only.
pub(super) fn transaction(sink: &mut Sink, command: &Transaction) {
    let (Transaction::CommitPrepared(name) | Transaction::RollbackPrepared(name)) = command else {
        return;
    };
    sink.add(
        "finish prepared transaction",
        "transaction",
        thing(name, "transaction"),
    );
}
