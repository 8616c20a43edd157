//! Whether two expressions are the same to an index.

use std::ops::ControlFlow;

use sqlparser::ast::{
    CastKind, DataType, Expr, Ident, ObjectName, ObjectNamePart, Value, VisitMut, VisitorMut,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::{names, syntax};

/// Longest expression that is looked at, in bytes: those of indexes are short.
const MAX_BYTES: usize = 2_000;

/// Levels of nesting that are read.
const DEPTH: usize = 40;

/// An expression in one form, whoever wrote it: without the names of tables, parentheses and casts
/// to text, names folded, and each value and parameter as `?`. Expressions of one form are the same
/// to an index but for the values in them. `None` where it can't be read.
pub fn same_form(sql: &str) -> Option<String> {
    if sql.len() > MAX_BYTES {
        return None;
    }
    let (tokens, _) = syntax::tokens(sql).ok()?;
    let mut expr = Parser::new(&PostgreSqlDialect {})
        .with_recursion_limit(DEPTH)
        .with_tokens_with_locations(tokens)
        .parse_expr()
        .ok()?;
    let _ = expr.visit(&mut Former);
    Some(expr.to_string())
}

struct Former;

impl VisitorMut for Former {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let form = match expr {
            Expr::Nested(inner) => (**inner).clone(),
            Expr::Cast {
                expr: inner,
                data_type,
                ..
            } if is_text(data_type) || matches!(**inner, Expr::Value(_)) => (**inner).clone(),
            Expr::Cast { kind, .. } => {
                *kind = CastKind::DoubleColon;
                return ControlFlow::Continue(());
            }
            Expr::Identifier(name) => Expr::Identifier(folded(name)),
            Expr::CompoundIdentifier(parts) => match parts.last() {
                Some(name) => Expr::Identifier(folded(name)),
                None => return ControlFlow::Continue(()),
            },
            Expr::Value(value) => {
                value.value = Value::Placeholder("?".to_owned());
                return ControlFlow::Continue(());
            }
            Expr::Interval(_) | Expr::TypedString(_) => {
                Expr::Value(Value::Placeholder("?".to_owned()).into())
            }
            Expr::Function(function) => {
                let mut parts = names::parts(&function.name);
                if parts.len() == 2 && parts[0] == "pg_catalog" {
                    parts.remove(0);
                }
                let parts = parts.into_iter().map(Ident::new);
                function.name = ObjectName(parts.map(ObjectNamePart::Identifier).collect());
                return ControlFlow::Continue(());
            }
            _ => return ControlFlow::Continue(()),
        };
        *expr = form;
        ControlFlow::Continue(())
    }
}

fn folded(name: &Ident) -> Ident {
    Ident::with_quote('"', names::ident(name))
}

fn is_text(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Text
            | DataType::Varchar(None)
            | DataType::CharacterVarying(None)
            | DataType::String(None)
    )
}

#[cfg(test)]
mod tests {
    use super::same_form;

    #[track_caller]
    fn check(written: &str, stored: &str, is_same: bool) {
        let (written, stored) = (same_form(written), same_form(stored));
        assert!(written.is_some() && stored.is_some());
        assert_eq!(written == stored, is_same, "{written:?} {stored:?}");
    }

    #[test]
    fn expressions_of_queries_and_of_indexes() {
        check("lower(\"users\".\"email\")", "lower((email)::text)", true);
        check("UPPER(u.email::text)", "upper((email)::text)", true);
        check("lower(u.email)", "lower(name)", false);
        check("lower(u.email)", "upper(email)", false);
        check("CAST(o.ref AS INTEGER)", "(ref)::integer", true);
        check("CAST(o.ref AS bigint)", "(ref)::integer", false);
        check("date_trunc($1, at)", "date_trunc('day'::text, at)", true);
        check("data ->> $1", "(data ->> 'kind'::text)", true);
        check("coalesce(a, $2)", "COALESCE(a, 0)", true);
        check("(a + b)", "(b + a)", false);
        check("\"Email\"", "email", false);
        check("at + $1", "(at + '1 day'::interval)", true);
        check("pg_catalog.lower(email)", "lower(email)", true);
    }

    #[test]
    fn what_is_no_expression() {
        assert_eq!(same_form(""), None);
        assert_eq!(same_form(&"(".repeat(1_000)), None);
        assert_eq!(same_form(&"a+".repeat(1_000)), None);
    }
}
