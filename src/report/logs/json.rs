//! The report for programs; `docs/json.md` describes it.

use serde_json::{Map, Value, json};

use super::errors::{Cause, by_sqlstate};
use super::events::Event;
use super::model::Logs;
use super::report::Report;
use super::series::Step;
use super::statements::Statement;
use super::time::rfc3339;
use super::totals::Source;
use super::verdict::{is_written, verdict};
use crate::report::json as document;

/// Fields of a row under their names.
pub(super) type Fields = Map<String, Value>;

/// The report. Texts of several statements are named by their fingerprints.
pub fn json(report: &Report<'_>) -> String {
    document::text(&value(report))
}

/// The same on one line, as the last of several documents.
pub fn json_line(report: &Report<'_>) -> String {
    format!("{}\n", value(report))
}

fn value(report: &Report<'_>) -> Value {
    let logs = report.logs;
    let totals = &logs.totals;
    let verdict = verdict(logs);
    let known = by_sqlstate(&logs.causes);
    let unknown_errors = totals.error_records - known.values().sum::<i64>();
    let all = |rows: Vec<Fields>| rows.into_iter().map(Value::Object).collect::<Vec<_>>();
    let list = |rows: &dyn Fn() -> Vec<Fields>| all(rows());
    json!({
        "format": document::FORMAT,
        "tool": document::tool(),
        "verdict": verdict.sentences,
        "sources": list(&|| logs.sources.iter().map(source).collect()),
        "from": rfc3339(totals.from_at),
        "to": rfc3339(totals.to_at),
        "records": totals.records,
        "filtered": totals.filtered,
        "unreadable": totals.unread,
        "statements": totals.statements,
        "statement_estimate": totals.statement_estimate,
        "duration_us": totals.duration_us(),
        "least_ms": totals.least_ms,
        "unpaired": totals.unpaired,
        "unpaired_us": (totals.unpaired_ms * 1_000.0).round() as i64,
        "plans": totals.plans,
        "errors": (totals.has_sqlstate || unknown_errors == 0 || !known.is_empty()).then_some(known),
        "error_records": totals.error_records,
        "deadlocks": logs.count("deadlock"),
        "lock_waits": logs.count("lock_waiting"),
        "temp_files": logs.count("temp_file"),
        "temp_bytes": totals.temp_bytes,
        "checkpoints": logs.count("checkpoint_complete"),
        "autovacuums": logs.count("autovacuum"),
        "autoanalyzes": logs.count("autoanalyze"),
        "connections": logs.count("connection_received"),
        "disconnections": logs.count("disconnection"),
        "cancels": logs.cancels(),
        "unknown": unknown(logs, unknown_errors),
        "messages": logs.messages,
        "queries": list(&|| report.shown().iter().map(|one| query(report, one)).collect()),
        "omitted": report.omitted(),
        "causes": list(&|| logs.causes.iter().map(|one| cause(logs, one)).collect()),
        "events": list(&|| logs.events.iter().map(|one| event(logs, one)).collect()),
        "series": list(&|| logs.steps.iter().map(step).collect()),
        "missing": verdict.missing.iter().map(|missing| json!({
            "because": missing.because,
            "remedy": missing.remedy,
        })).collect::<Vec<_>>(),
    })
}

/// What is counted, but not by the key that it has elsewhere.
fn unknown(logs: &Logs, errors: i64) -> Value {
    let mut unknown = Map::new();
    if errors > 0 {
        unknown.insert("errors".to_owned(), json!(errors));
    }
    let named: i64 = logs.statements.iter().map(with_queryid).sum();
    if logs.totals.statements > named && !is_written(logs, "Q") {
        let without = logs.totals.statements - named;
        unknown.insert("queryids".to_owned(), json!(without));
    }
    Value::Object(unknown)
}

/// Executions whose query id is known.
fn with_queryid(statement: &Statement) -> i64 {
    let calls = statement.get("calls_by_queryid").as_object();
    let calls = calls.into_iter().flatten();
    calls.filter_map(|(_, calls)| calls.as_i64()).sum()
}

/// A statement, as it stands under `queries`.
pub(super) fn query(report: &Report<'_>, statement: &Statement) -> Fields {
    let mut fields = statement.json();
    let without = statement.number("calls") as i64 - with_queryid(statement);
    if without > 0
        && is_written(report.logs, "Q")
        && let Some(Value::Object(calls)) = fields.get_mut("calls_by_queryid")
    {
        // So the log has it of transaction control, DEALLOCATE and others.
        calls.insert("0".to_owned(), json!(without));
    }
    let none = super::details::Detail::default();
    let detail = report.details.get(&statement.id).unwrap_or(&none);
    let samples = detail.samples.iter().map(|sample| {
        json!({
            "duration_ms": sample.duration_ms,
            "at": rfc3339(sample.at),
            "user": sample.user,
            "application": sample.application,
            "text": sample.text,
            "parameters": sample.parameters,
        })
    });
    let groups = detail.groups.iter().map(|group| {
        json!({
            "user": group.user,
            "application": group.application,
            "calls": group.calls,
            "total_ms": group.total_ms,
        })
    });
    let hours = detail.hours.iter().map(|hour| {
        json!({
            "at": rfc3339(Some(hour.at)),
            "step_ms": hour.step_ms,
            "calls": hour.calls,
            "total_ms": hour.total_ms,
        })
    });
    fields.insert("samples".to_owned(), samples.collect());
    fields.insert("groups".to_owned(), groups.collect());
    fields.insert("hours".to_owned(), hours.collect());
    let plan = detail.plan.as_ref();
    let plan = plan.map(|(ms, plan)| json!({ "duration_ms": ms, "plan": plan }));
    fields.insert("plan".to_owned(), json!(plan));
    fields
}

pub(super) fn cause(logs: &Logs, cause: &Cause) -> Fields {
    fields(json!({
        "severity": cause.severity,
        "sqlstate": cause.sqlstate,
        "message": cause.message,
        "count": cause.count,
        "first": rfc3339(cause.first_at),
        "last": rfc3339(cause.last_at),
        "fingerprint": cause.statement_id.and_then(|id| logs.fingerprint(id)),
        "query": cause.statement_id.and_then(|id| logs.text(id)),
    }))
}

pub(super) fn event(logs: &Logs, event: &Event) -> Fields {
    let parties = event.parties.iter().map(|party| {
        json!({
            "pid": party.pid,
            "holds": party.holds,
            "mode": party.mode,
            "object": party.object,
            "blocked_by": party.blocked_by,
            "fingerprint": party.statement_id.and_then(|id| logs.fingerprint(id)),
            "query": party.statement_id.and_then(|id| logs.text(id)),
        })
    });
    fields(json!({
        "kind": event.kind,
        "at": rfc3339(event.at),
        "pid": event.pid,
        "user": event.user,
        "database": event.database,
        "application": event.application,
        "duration_ms": event.duration_ms,
        "bytes": event.bytes,
        "object": event.object,
        "relation": event.relation,
        "mode": event.mode,
        "message": event.message,
        "fingerprint": event.statement_id.and_then(|id| logs.fingerprint(id)),
        "query": event.statement_id.and_then(|id| logs.text(id)),
        "parties": parties.collect::<Vec<_>>(),
    }))
}

pub(super) fn step(step: &Step) -> Fields {
    fields(json!({
        "at": rfc3339(Some(step.at)),
        "step_ms": step.step_ms,
        "statements": step.statements,
        "duration_ms": step.duration_ms,
        "errors": step.errors,
        "connections": step.connections,
        "disconnections": step.disconnections,
        "lock_waits": step.lock_waits,
        "deadlocks": step.deadlocks,
        "temp_files": step.temp_files,
        "temp_bytes": step.temp_bytes,
        "checkpoints": step.checkpoints,
        "autovacuums": step.autovacuums,
        "cancels": step.cancels,
    }))
}

pub(super) fn source(source: &Source) -> Fields {
    fields(json!({
        "name": source.name,
        "format": source.format,
        "envelope": source.envelope,
        "packing": source.packing,
        "prefixes": source.prefixes,
        "prefix_source": source.prefix_source,
        "bytes": source.log_bytes,
        "records": source.records,
        "unreadable": source.unread,
        "first_unreadable": source.first_unread,
        "from": rfc3339(source.from_at),
        "to": rfc3339(source.to_at),
        "note": source.note,
    }))
}

fn fields(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
