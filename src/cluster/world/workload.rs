//! Reading `workload.sql`; its head says how it is written.

use super::error::WorldError;
use super::values::Source;

/// What a program of the shop does on one occasion.
#[derive(Debug)]
pub(super) struct Request {
    pub name: &'static str,
    pub application: &'static str,
    /// How often in one round.
    pub weight: usize,
    /// Not done in the healthy twin.
    pub planted_only: bool,
    /// Run between BEGIN and COMMIT.
    pub transaction: bool,
    pub values: Vec<(&'static str, Source)>,
    pub part: Part,
}

/// Statements one after the other, then something for rows of the last one.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub statements: Vec<Statement>,
    pub then: Option<(Rows, Box<Part>)>,
}

/// For which rows the rest is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    First,
    Each,
}

/// One statement, with `$1` … in place of the names of its values.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub sql: String,
    pub values: Vec<String>,
}

const FILE: &str = "workload.sql";

/// All requests of a workload.
pub(super) fn parse(text: &'static str) -> Result<Vec<Request>, WorldError> {
    let mut requests = text.split("\n-- request: ");
    requests.next(); // what stands before the first one
    requests.map(request).collect()
}

fn request(text: &'static str) -> Result<Request, WorldError> {
    let (head, body) = text.split_once('\n').unwrap_or((text, ""));
    let wrong = |because: &str| WorldError::Fixture {
        file: FILE,
        because: format!("request \"{head}\": {because}"),
    };
    let mut fields = head.split(" | ");
    let mut request = Request {
        name: fields.next().unwrap_or_default(),
        application: "",
        weight: 0,
        planted_only: false,
        transaction: false,
        values: Vec::new(),
        part: Part::default(),
    };
    for field in fields {
        match field.split_once(": ") {
            Some(("app", application)) => request.application = application,
            Some(("weight", weight)) => {
                request.weight = weight.parse().map_err(|_| wrong("bad weight"))?;
            }
            Some(("only", "planted")) => request.planted_only = true,
            None if field == "transaction" => request.transaction = true,
            _ => return Err(wrong(&format!("unknown field {field}"))),
        }
    }
    if request.weight == 0 {
        return Err(wrong("it has no weight"));
    }
    let mut lines = body.lines();
    request.part = part(&mut lines, &mut |text| {
        let (name, source) = text.split_once(' ').unwrap_or((text, ""));
        let source = Source::parse(source).ok_or_else(|| wrong(&format!("value {text}")))?;
        request.values.push((name, source));
        Ok(())
    })?;
    if request.part.statements.is_empty() {
        return Err(wrong("it has no statement"));
    }
    Ok(request)
}

/// Reads statements up to the end or to a line that says what the rest is done for.
fn part(
    lines: &mut std::str::Lines<'static>,
    value: &mut impl FnMut(&'static str) -> Result<(), WorldError>,
) -> Result<Part, WorldError> {
    let mut part = Part::default();
    let mut sql = String::new();
    while let Some(line) = lines.next() {
        let rows = match line {
            "-- for each row" => Some(Rows::Each),
            "-- with its row" => Some(Rows::First),
            _ => None,
        };
        if let Some(rows) = rows {
            let rest = self::part(lines, value)?;
            part.then = Some((rows, Box::new(rest)));
        } else if let Some(text) = line.strip_prefix("-- :") {
            value(text)?;
        } else if !line.starts_with("--") && !line.is_empty() {
            sql += line;
            match sql.strip_suffix(';') {
                Some(whole) => {
                    part.statements.push(statement(whole));
                    sql.clear();
                }
                None => sql.push('\n'),
            }
        }
    }
    Ok(part)
}

/// Puts `$1` … in place of `:name`; a cast `::type` stays.
fn statement(text: &str) -> Statement {
    let mut sql = String::new();
    let mut values: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let (before, after) = rest.split_at(colon);
        sql += before;
        let colons = after.len() - after.trim_start_matches(':').len();
        let after = &after[colons..];
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, after) = after.split_at(end.unwrap_or(after.len()));
        if colons == 1 && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let place = values.iter().position(|value| value == name);
            let place = place.unwrap_or_else(|| {
                values.push(name.to_owned());
                values.len() - 1
            });
            sql.push('$');
            sql += &(place + 1).to_string();
        } else {
            sql += &":".repeat(colons);
            sql += name;
        }
        rest = after;
    }
    sql += rest;
    Statement { sql, values }
}

#[cfg(test)]
mod tests {
    use super::super::files::WORKLOAD;
    use super::super::run::APPLICATIONS;
    use super::{Rows, parse, statement};

    #[test]
    fn names_become_parameters() {
        let check = |text, sql: &str, values: &[&str]| {
            let read = statement(text);
            assert_eq!(read.sql, sql);
            assert_eq!(read.values, values);
        };
        check("SELECT 1", "SELECT 1", &[]);
        check("a = :b AND c = :d_1", "a = $1 AND c = $2", &["b", "d_1"]);
        check(":a::bigint + :a", "$1::bigint + $1", &["a"]);
        check("'12:30' < t::time", "'12:30' < t::time", &[]);
    }

    #[test]
    fn the_rest_of_a_request_belongs_to_rows() {
        let text = "\n-- request: r | app: a | weight: 2 | transaction\n-- :x int 1..2\nSELECT 1;\nSELECT id\n    FROM t WHERE x = :x;\n-- for each row\nSELECT :id;\n-- with its row\nSELECT 3;\n";
        let requests = parse(text).unwrap();
        let [request] = &requests[..] else {
            panic!("{requests:?}")
        };
        assert!(request.transaction && !request.planted_only && request.weight == 2);
        assert_eq!(
            request.part.statements[1].sql,
            "SELECT id\n    FROM t WHERE x = $1"
        );
        let (rows, rest) = request.part.then.as_ref().unwrap();
        assert_eq!(*rows, Rows::Each);
        assert_eq!(rest.statements[0].values, ["id"]);
        assert_eq!(rest.then.as_ref().unwrap().0, Rows::First);
    }

    #[test]
    fn mistakes_are_named() {
        let says = |text: &'static str, what: &str| {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(what), "{error}");
        };
        says(
            "\n-- request: r | app: a\nSELECT 1;\n",
            "r | app: a\": it has no weight",
        );
        says(
            "\n-- request: r | weight: 1 | colour: red\n",
            "unknown field colour: red",
        );
        says("\n-- request: r | weight: 1\n", "it has no statement");
        says(
            "\n-- request: r | weight: 1\n-- :x some\nSELECT 1;\n",
            "value x some",
        );
    }

    #[test]
    fn the_workload_of_the_fixture_is_read() {
        let requests = parse(WORKLOAD).unwrap();
        for request in &requests {
            let known = APPLICATIONS.iter().any(|a| a.name == request.application);
            assert!(known, "{}: {}", request.name, request.application);
        }
        let weight = |sound| -> usize {
            let some = requests.iter().filter(|r| r.planted_only != sound);
            some.map(|r| r.weight).sum()
        };
        assert!(
            weight(true) > 4 * weight(false),
            "most of the traffic is sound"
        );
    }
}
