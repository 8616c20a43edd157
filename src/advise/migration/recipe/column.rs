//! New columns.

use crate::parse::ddl::object_name;
use rusqlite::Result;

use super::constraint::{self, Key};
use super::definition::{Clause, Definition};
use super::not_null;
use super::rows;
use crate::advise::migration::case::Case;
use crate::advise::migration::step::{Rewrite, Step};
use crate::advise::migration::words::Words;
use crate::facts::quote;

/// The column as it was written, its name as it is kept, and its definition.
fn read<'a>(case: &'a Case) -> Option<(&'a str, String, Definition)> {
    let definition = Definition::read(&case.action)?;
    let written = case.action.word(definition.name);
    let name = case.column.clone().unwrap_or_else(|| written.to_owned());
    Some((written, name, definition))
}

fn drop_column(case: &Case, written: &str) -> String {
    case.alter(&format!("DROP COLUMN {written}"))
}

/// Steps that fill a column and make it NOT NULL in the end.
fn fill(case: &Case, name: &str, value: &str, required: bool) -> Result<Vec<Step>> {
    let written = quote::ident(name);
    let mut steps = vec![rows::backfill(case, &written, value)?];
    if required {
        for mut step in not_null::steps(case, name) {
            step.migration += 2;
            steps.push(step);
        }
    }
    Ok(steps)
}

/// `DEFAULT` that is another for each row.
pub fn with_default(case: &Case) -> Result<Option<Rewrite>> {
    let Some((written, name, definition)) = read(case) else {
        return Ok(None);
    };
    let Some(default) = definition.clause("default") else {
        return Ok(None);
    };
    let words = &case.action;
    let value = words.slice(default.tokens.start + 1..default.tokens.end);
    let add = definition.without(words, &["default", "not null"]);
    let mut steps = vec![
        Step::new(1, format!("{} {add}", case.head())).undo(drop_column(case, written)),
        Step::new(
            1,
            case.alter(&format!("ALTER COLUMN {written} SET DEFAULT {value}")),
        ),
    ];
    steps.extend(fill(
        case,
        &name,
        value,
        definition.clause("not null").is_some(),
    )?);
    Ok(Some(Rewrite::advice(steps)))
}

/// `serial`
pub fn serial(case: &Case) -> Result<Option<Rewrite>> {
    let Some((written, name, definition)) = read(case) else {
        return Ok(None);
    };
    let words = &case.action;
    let of = words.slice(definition.of.clone()).to_ascii_lowercase();
    let of = match of.as_str() {
        "bigserial" | "serial8" => "bigint",
        "smallserial" | "serial2" => "smallint",
        _ => "integer",
    };
    let sequence = quote::ident(&object_name(&case.name, &name, "seq"));
    let value = format!("nextval({})", quote::literal(&sequence));
    let mut steps = vec![
        Step::new(1, format!("CREATE SEQUENCE {sequence} AS {of}"))
            .undo(format!("DROP SEQUENCE {sequence}")),
        Step::new(1, case.alter(&format!("ADD COLUMN {written} {of}")))
            .undo(drop_column(case, written)),
        Step::new(
            1,
            format!(
                "ALTER SEQUENCE {sequence} OWNED BY {}.{written}",
                case.table()
            ),
        ),
        Step::new(
            1,
            case.alter(&format!("ALTER COLUMN {written} SET DEFAULT {value}")),
        ),
    ];
    steps.extend(fill(case, &name, &value, true)?);
    Ok(Some(Rewrite::advice(steps)))
}

/// `GENERATED … AS IDENTITY`
pub fn identity(case: &Case) -> Result<Option<Rewrite>> {
    let Some((written, name, definition)) = read(case) else {
        return Ok(None);
    };
    let Some(clause) = definition.clause("generated") else {
        return Ok(None);
    };
    let words = &case.action;
    let identity = words.slice(clause.tokens.clone());
    let of = words.slice(definition.of.clone());
    let sequence = quote::ident(&object_name(&case.name, &name, "fill_seq"));
    let value = format!("nextval({})", quote::literal(&sequence));
    let mut steps = vec![
        Step::new(1, format!("CREATE SEQUENCE {sequence} AS {of}"))
            .undo(format!("DROP SEQUENCE {sequence}")),
        Step::new(1, case.alter(&format!("ADD COLUMN {written} {of}")))
            .undo(drop_column(case, written)),
        Step::new(
            1,
            case.alter(&format!("ALTER COLUMN {written} SET DEFAULT {value}")),
        ),
    ];
    steps.extend(fill(case, &name, &value, true)?);
    let last = steps.last().map_or(1, |step| step.migration);
    let table = quote::literal(case.table());
    let next = format!(
        "SELECT setval(pg_get_serial_sequence({table}, {}), nextval({}))",
        quote::literal(&name),
        quote::literal(&sequence)
    );
    steps.extend([
        Step::new(
            last,
            case.alter(&format!("ALTER COLUMN {written} DROP DEFAULT")),
        ),
        Step::new(
            last,
            case.alter(&format!("ALTER COLUMN {written} ADD {identity}")),
        ),
        Step::new(last, next).note("The identity goes on where the sequence stands."),
        Step::new(last, format!("DROP SEQUENCE {sequence}")),
    ]);
    Ok(Some(Rewrite::advice(steps)))
}

/// `GENERATED ALWAYS AS (…) STORED`
pub fn generated(case: &Case) -> Result<Option<Rewrite>> {
    let Some((written, name, definition)) = read(case) else {
        return Ok(None);
    };
    let words = &case.action;
    if case.has(18)
        && let Some(at) = words.find("stored")
    {
        let text = words.text.trim_end();
        let sql = format!(
            "{}VIRTUAL{}",
            &text[..words.start(at)],
            &text[words.end(at)..]
        );
        let step = Step::new(1, case.with_action(&sql))
            .undo(drop_column(case, written))
            .note("A virtual column is reckoned when it is read. It cannot be indexed.");
        return Ok(Some(Rewrite::advice(vec![step])));
    }
    let add = definition.without(words, &["generated", "not null"]);
    let mut steps = vec![
        Step::new(1, format!("{} {add}", case.head()))
            .undo(drop_column(case, written))
            .note("A trigger that sets the column on INSERT and UPDATE takes the place of the expression."),
    ];
    let expression = definition
        .clause("generated")
        .map(|clause| clause.tokens.clone());
    let value = expression.map_or("", |tokens| {
        let open = tokens
            .clone()
            .find(|at| words.is_kind(*at, crate::parse::tokens::TokenKind::LeftParen));
        open.map_or("", |open| words.slice(open..words.after_group(open)))
    });
    steps.extend(fill(
        case,
        &name,
        value,
        definition.clause("not null").is_some(),
    )?);
    Ok(Some(Rewrite::advice(steps)))
}

/// A domain with checks.
pub fn domain(case: &Case) -> Result<Option<Rewrite>> {
    let Some((written, name, definition)) = read(case) else {
        return Ok(None);
    };
    let base = case.detail("base_type").unwrap_or("text");
    let constraint = quote::ident(&object_name(&case.name, &name, "check"));
    let rest: Vec<&str> = (definition.clauses.iter())
        .map(|clause| case.action.slice(clause.tokens.clone()))
        .collect();
    let add = format!("ADD COLUMN {written} {base} {}", rest.join(" "));
    let steps = vec![
        Step::new(1, case.alter(add.trim_end()))
            .undo(drop_column(case, written))
            .note("The type that the domain is over, with the domain's checks as checks of the table."),
        Step::new(1, case.alter(&format!("ADD CONSTRAINT {constraint} CHECK ({written} = {written}::{}) NOT VALID",
            case.action.slice(definition.of.clone())))),
        Step::new(2, case.alter(&format!("VALIDATE CONSTRAINT {constraint}"))),
    ];
    Ok(Some(Rewrite::advice(steps)))
}

/// `NOT NULL` without a default.
pub fn required(case: &Case) -> Result<Option<Rewrite>> {
    let Some((written, name, definition)) = read(case) else {
        return Ok(None);
    };
    let add = definition.without(&case.action, &["not null"]);
    let mut steps = vec![
        Step::new(1, format!("{} {add}", case.head()))
            .undo(drop_column(case, written))
            .note("Or give it a constant default: then it needs no rewrite and no scan."),
    ];
    steps.extend(fill(case, &name, "…", true)?);
    Ok(Some(Rewrite::advice(steps)))
}

/// Constraints that are written with the column.
pub fn apart(case: &Case) -> Result<Option<Rewrite>> {
    let Some((written, name, definition)) = read(case) else {
        return Ok(None);
    };
    let kinds = ["check", "references", "unique"];
    let words = &case.action;
    let add = definition.without(words, &kinds);
    let mut steps = vec![Step::new(1, case.with_action(&add)).undo(drop_column(case, written))];
    let apart = definition.clauses.iter();
    for clause in apart.filter(|clause| kinds.contains(&clause.kind)) {
        let more = one_apart(case, clause, written, &name);
        let Some(more) = more else {
            return Ok(None);
        };
        steps.extend(more);
    }
    steps.sort_by_key(|step| step.migration);
    let mechanical = !definition.guarded && definition.clause("primary key").is_none();
    Ok(Some(Rewrite {
        steps,
        is_mechanical: mechanical,
    }))
}

fn one_apart(case: &Case, clause: &Clause, written: &str, column: &str) -> Option<Vec<Step>> {
    let words = &case.action;
    let label = match clause.kind {
        "check" => "check",
        "unique" => "key",
        _ => "fkey",
    };
    let chosen = || quote::ident(&object_name(&case.name, column, label));
    let name = clause
        .named
        .map_or_else(chosen, |at| words.word(at).to_owned());
    let from = clause.named.map_or(clause.tokens.start, |at| at + 1);
    let text = words.slice(from..clause.tokens.end);
    let demand = match clause.kind {
        "check" => text.to_owned(),
        "unique" => {
            let action = format!("ADD CONSTRAINT {name} UNIQUE ({written}){}", text.get(6..)?);
            let words = Words::new(&action);
            let key = Key::read(&words)?;
            return Some(constraint::key_steps(case, &words, &key, &name, 1));
        }
        _ => format!("FOREIGN KEY ({written}) {text}"),
    };
    let add = case.alter(&format!("ADD CONSTRAINT {name} {demand} NOT VALID"));
    Some(constraint::steps(case, &name, add))
}
