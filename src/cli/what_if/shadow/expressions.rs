//! Statistics of the expressions of hypothetical indexes, as ANALYZE would find them once the index is there.

use super::build::lost;
use super::catalog::Catalog;
use crate::advise::index::Lost;
use crate::collect::connect::{ReadError, Session};
use crate::derive::shadow::{Argument, Estimate, Image, estimate};
use crate::facts::quote;

/// Expressions of indexes that are made of one column each, with that column and what ANALYZE found of it. Of arrays
/// the catalog's texts do not tell values from parts of them. 403: B-tree, whose operators ANALYZE takes.
const EXPRESSIONS: &str = "SELECT x.attrelid, x.attnum, x.atttypid, x.attcollation,
      pg_catalog.pg_get_indexdef(x.attrelid, x.attnum, false), a.attname,
      pg_catalog.format_type(a.atttypid, a.atttypmod), nullif(a.attcollation, t.typcollation)::regcollation,
      o.less, o.equal, s.n_distinct, s.correlation, c.oid, n.nspname, c.relname
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_attribute x ON x.attrelid = i.indexrelid AND x.attnum <= i.indnkeyatts AND i.indkey[x.attnum - 1] = 0
    JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
      SELECT min(v.part[1]::int) AS only FROM pg_catalog.regexp_matches(i.indexprs::text, ':varattno (\\d+)', 'g') v (part)
      HAVING min(v.part[1]) = max(v.part[1])) v
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = v.only
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid AND t.typcategory <> 'A'
    JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
    JOIN LATERAL (
      SELECT max(o.amopopr) FILTER (WHERE o.amopstrategy = 1) AS less, max(o.amopopr) FILTER (WHERE o.amopstrategy = 3) AS equal
      FROM pg_catalog.pg_opclass k
      JOIN pg_catalog.pg_amop o ON o.amopfamily = k.opcfamily AND o.amoplefttype = k.opcintype AND o.amoprighttype = k.opcintype
      WHERE k.opcmethod = 403 AND k.opcdefault AND k.opcintype = x.atttypid) o ON o.less IS NOT NULL
    WHERE i.indexrelid IN ";

/// Functions that hardly ever make one value of two.
const APART: [&str; 8] = [
    "lower", "upper", "initcap", "btrim", "ltrim", "rtrim", "reverse", "md5",
];

/// Slots of a row of `pg_statistic` (`STATISTIC_NUM_SLOTS`).
const SLOTS: usize = 5;

/// How long an expression may take on the values of a column's statistics.
const TIMEOUT: &str = "SET LOCAL statement_timeout = '2s'";

/// An expression of an index, and its column.
struct Expression {
    index: String,
    position: String,
    kind: String,
    collation: String,
    sql: String,
    column: String,
    column_kind: String,
    column_collation: Option<String>,
    less: String,
    equal: String,
    argument: Argument,
    schema: String,
    table: String,
}

/// Gives expressions of new indexes their statistics, in the transaction that makes the indexes. What cannot be
/// worked out stays without, as in an index that ANALYZE has not seen.
pub async fn analyze(session: &Session, catalog: &Catalog, indexes: &str) -> Result<(), Lost> {
    let found = session.run(&format!("{EXPRESSIONS}({indexes})")).await;
    for row in found.map_err(lost)? {
        let Some(expression) = expression(row, catalog) else {
            continue;
        };
        let images = format!("SAVEPOINT pgtriage; {TIMEOUT}; {}", images_of(&expression));
        let rows = match session.run(&images).await {
            Ok(rows) => rows,
            Err(ReadError::Server(_)) => {
                let back = session.run("ROLLBACK TO pgtriage").await;
                back.map_err(lost)?;
                continue;
            }
            Err(error) => return Err(lost(error)),
        };
        let images: Vec<Image> = rows.into_iter().filter_map(image).collect();
        let mut sql = String::from("SET LOCAL statement_timeout = 0; RELEASE pgtriage");
        if let Some(estimate) = estimate(expression.argument, &images) {
            sql.push_str("; ");
            sql.push_str(&insert(&expression, &estimate));
        }
        session.run(&sql).await.map_err(lost)?;
    }
    Ok(())
}

fn expression(row: Vec<Option<String>>, catalog: &Catalog) -> Option<Expression> {
    let [
        index,
        position,
        kind,
        collation,
        sql,
        column,
        column_kind,
        column_collation,
        less,
        equal,
        distinct,
        correlation,
        relation,
        schema,
        table,
    ] = <[Option<String>; 15]>::try_from(row).ok()?;
    let (sql, column_kind) = (sql?, column_kind?);
    // Making an index has overwritten the figures in `pg_class`.
    let [_, rows, _] = &catalog.get(relation?.parse().ok()?)?.figures;
    Some(Expression {
        index: index?,
        position: position?,
        kind: kind?,
        collation: collation?,
        argument: Argument {
            rows: rows.parse::<f64>().ok().filter(|rows| *rows > 0.0)?,
            distinct: distinct?.parse().ok()?,
            correlation: correlation.and_then(|known| known.parse().ok()),
            is_kept_apart: keeps_apart(&sql),
            may_repeat: may_repeat(&sql, &column_kind),
        },
        sql,
        column: column?,
        column_kind,
        column_collation,
        less: less?,
        equal: equal?,
        schema: schema?,
        table: table?,
    })
}

/// SQL that makes images of the sample in the statistics.
fn images_of(of: &Expression) -> String {
    let column = quote::ident(&of.column);
    let kind = &of.column_kind;
    let collation = of
        .column_collation
        .as_ref()
        .map_or_else(String::new, |name| format!(" COLLATE {name}"));
    let (schema, table) = (quote::literal(&of.schema), quote::literal(&of.table));
    let name = quote::literal(&of.column);
    let expression = &of.sql;
    format!(
        "WITH s AS MATERIALIZED (
           SELECT null_frac, most_common_vals::text::{kind}[] AS common, most_common_freqs AS shares,
             histogram_bounds::text::{kind}[] AS bounds
           FROM pg_catalog.pg_stats
           WHERE schemaname = {schema} AND tablename = {table} AND attname = {name} AND NOT inherited
         ), v AS (
           SELECT u.value{collation} AS {column}, u.share AS \"pgtriage share\", 1 AS \"pgtriage common\",
             0 AS \"pgtriage sampled\", NULL::bigint AS \"pgtriage place\"
           FROM s, LATERAL unnest(s.common, s.shares) u (value, share)
           UNION ALL SELECT u.value{collation}, 0, 0, 1, u.place FROM s, LATERAL unnest(s.bounds) WITH ORDINALITY u (value, place)
           UNION ALL SELECT NULL, null_frac, 0, 0, NULL FROM s WHERE null_frac > 0
         ), x AS MATERIALIZED (
           SELECT {expression} AS value, \"pgtriage share\" AS share, \"pgtriage common\" AS common,
             \"pgtriage sampled\" AS sampled, \"pgtriage place\" AS place FROM v
         )
         SELECT x.value::text, sum(x.share), sum(x.common), sum(x.sampled), coalesce(avg(x.place), 0),
           coalesce(avg(pg_catalog.pg_column_size(x.value)), 0)
         FROM x GROUP BY x.value ORDER BY x.value"
    )
}

fn image(row: Vec<Option<String>>) -> Option<Image> {
    let [value, share, common, sampled, place, width] =
        <[Option<String>; 6]>::try_from(row).ok()?;
    Some(Image {
        value,
        share: share?.parse().ok()?,
        common: common?.parse().ok()?,
        sampled: sampled?.parse().ok()?,
        place: place?.parse().ok()?,
        width: width?.parse().ok()?,
    })
}

/// SQL that writes the statistics: slots 1, 2 and 3 as ANALYZE numbers their kinds.
fn insert(of: &Expression, estimate: &Estimate) -> String {
    let array = |items: &mut dyn Iterator<Item = String>| {
        format!("ARRAY[{}]", items.collect::<Vec<_>>().join(", "))
    };
    let values = |all: &mut dyn Iterator<Item = &String>| {
        let all = array(&mut all.map(|value| quote::literal(value)));
        format!(
            "pg_catalog.array_in(pg_catalog.array_out({all}::text[]), {}, -1)",
            of.kind
        )
    };
    let (less, equal, collation) = (&of.less, &of.equal, &of.collation);
    let mut slots = Vec::new();
    if !estimate.common.is_empty() {
        let shares = array(&mut estimate.common.iter().map(|(_, share)| share.to_string()));
        let common = values(&mut estimate.common.iter().map(|(value, _)| value));
        slots.push(("1", equal, format!("{shares}::real[]"), common));
    }
    if !estimate.bounds.is_empty() {
        let bounds = values(&mut estimate.bounds.iter());
        slots.push(("2", less, "NULL".to_owned(), bounds));
    }
    if let Some(correlation) = estimate.correlation {
        let numbers = format!("ARRAY[{correlation}]::real[]");
        slots.push(("3", less, numbers, "NULL".to_owned()));
    }
    let mut columns = ["0", "0", "0", "NULL", "NULL"].map(|empty| vec![empty.to_owned(); SLOTS]);
    for (place, (kind, operator, numbers, all)) in slots.into_iter().enumerate() {
        let slot = [
            kind.to_owned(),
            operator.clone(),
            collation.clone(),
            numbers,
            all,
        ];
        for (column, part) in columns.iter_mut().zip(slot) {
            column[place] = part;
        }
    }
    let slots = columns.concat().join(", ");
    format!(
        "INSERT INTO pg_catalog.pg_statistic SELECT {}, {}, false, {}, {}, ({}), {slots}",
        of.index,
        of.position,
        estimate.null_frac,
        estimate.width.round(),
        estimate.distinct
    )
}

/// Whether an expression hardly ever makes one value of two: texts that are folded, trimmed or put together.
fn keeps_apart(sql: &str) -> bool {
    let text = sql.replace("::text", "").replace("::character varying", "");
    let mut quoted = false;
    let outside: String = text
        .chars()
        .filter(|c| {
            quoted ^= *c == '\'';
            !quoted && *c != '\''
        })
        .collect();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | ' ' | '(' | ')' | '|');
    let mut heads = outside.split('(');
    heads.next_back();
    let is_known = |head: &str| {
        let word = head.rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '"')));
        let word = word.into_iter().next().unwrap_or_default();
        word.is_empty() || APART.contains(&word)
    };
    outside.chars().all(is_plain) && heads.all(is_known)
}

/// Whether an expression may repeat itself along its column: of numbers and times all may but those that round.
fn may_repeat(sql: &str, kind: &str) -> bool {
    let counts = [
        "int", "numeric", "real", "double", "time", "date", "interval",
    ];
    let sql = sql.to_lowercase();
    let rounds = [
        "date_trunc(",
        "::date",
        "(year from",
        "'year'",
        "floor(",
        "round(",
    ];
    counts.iter().any(|count| kind.contains(count))
        && !rounds.iter().any(|known| sql.contains(known))
}

#[cfg(test)]
mod tests {
    use super::{keeps_apart, may_repeat};

    #[test]
    fn expressions_that_repeat_are_known() {
        for (sql, kind, repeats) in [
            ("(id % 10)", "bigint", true),
            ("EXTRACT(dow FROM at)", "timestamp with time zone", true),
            ("EXTRACT(year FROM born)", "date", false),
            ("(at)::date", "timestamp without time zone", false),
            (
                "date_trunc('month'::text, at)",
                "timestamp without time zone",
                false,
            ),
            ("(doc ->> 'kind'::text)", "jsonb", false),
            ("\"left\"(name, 3)", "character varying(20)", false),
        ] {
            assert_eq!(may_repeat(sql, kind), repeats, "{sql}");
        }
    }

    #[test]
    fn expressions_that_keep_values_apart_are_known() {
        for (sql, apart) in [
            ("lower(email)", true),
            ("lower((\"E mail\")::text)", true),
            ("upper(btrim(name))", true),
            ("((a || '%-('::text) || b)", true),
            ("(a)::text", true),
            ("(at)::date", false),
            ("(a % 100)", false),
            ("\"left\"(name, 3)", false),
            ("(doc ->> 'id'::text)", false),
            ("date_trunc('day'::text, at)", false),
            ("f(x)", false),
        ] {
            assert_eq!(keeps_apart(sql), apart, "{sql}");
        }
    }
}
