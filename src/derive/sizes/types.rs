//! Which types have their equal keys merged.

/// What a B-tree build does with rows of equal keys (`PostgreSQL` 13 and newer).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Merging {
    /// It merges them.
    Yes,
    /// It does not: keys that count as equal may differ in their bytes.
    No,
    /// It depends on what the facts do not tell.
    Unknown,
}

/// Types whose default operator class says that equal keys are the same bytes (support function 4 of
/// `pg_amproc`, the same in 13 to 18). Intervals say so in early minor versions.
const SAME_BYTES: &[&str] = &[
    "\"char\"",
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "bytea",
    "character",
    "character varying",
    "cidr",
    "date",
    "inet",
    "integer",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "oid",
    "oidvector",
    "pg_lsn",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "smallint",
    "text",
    "tid",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "uuid",
    "xid8",
];

/// Operator classes beside the default ones that say so.
const SAME_BYTES_CLASSES: &[&str] = &[
    "text_pattern_ops",
    "varchar_pattern_ops",
    "bpchar_pattern_ops",
];

/// Collations that come with the server compare texts byte by byte in the end; one that users made may not.
const GIVEN_COLLATIONS: &[&str] = &["C", "POSIX", "default", "ucs_basic", "unicode", "pg_c_utf8"];

/// A type as `format_type` writes it, without its modifier.
pub(super) fn bare(kind: &str) -> String {
    match (kind.find('('), kind.find(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &kind[..open], &kind[close + 1..])
        }
        _ => kind.to_owned(),
    }
}

/// The modifier of a type such as `character(10)`.
pub(super) fn modifier(kind: &str) -> Option<i64> {
    let (_, rest) = kind.split_once('(')?;
    let (number, _) = rest.split_once([')', ','])?;
    number.trim().parse().ok()
}

/// What a build does with equal keys of a type, under its default operator class. `is_enum`: users made the
/// type, of labels.
pub(super) fn of_type(kind: &str, is_enum: bool, collation: Option<&str>) -> Merging {
    let bare = bare(kind);
    if is_enum || SAME_BYTES.contains(&bare.as_str()) {
        match collation {
            Some(name) if !is_given(name) => Merging::Unknown,
            _ => Merging::Yes,
        }
    } else {
        Merging::No
    }
}

/// The same under an operator class that was named.
pub(super) fn of_class(class: &str, by_type: Merging) -> Merging {
    let name = class.rsplit('.').next().unwrap_or(class);
    if SAME_BYTES_CLASSES.contains(&name) {
        Merging::Yes
    } else if name.ends_with("_ops") && !class.contains('.') {
        by_type
    } else {
        Merging::Unknown
    }
}

/// Collations of the server are made at initdb: `C`, and one for each locale, as `de_DE.utf8` or `de-x-icu`.
fn is_given(name: &str) -> bool {
    let is_locale = |(language, country): (&str, &str)| {
        let country: Vec<char> = country.chars().take(2).collect();
        matches!(language.len(), 2 | 3)
            && country.len() == 2
            && country.iter().all(char::is_ascii_uppercase)
    };
    GIVEN_COLLATIONS.contains(&name)
        || name.ends_with("-x-icu")
        || name.split_once('_').is_some_and(is_locale)
}

#[cfg(test)]
mod tests {
    use super::{Merging, bare, modifier, of_class, of_type};

    #[test]
    fn types_tell_whether_equal_keys_are_merged() {
        let cases = [
            ("integer", Merging::Yes),
            ("character(10)", Merging::Yes),
            ("timestamp(3) without time zone", Merging::Yes),
            ("character varying(20)", Merging::Yes),
            ("numeric(15,2)", Merging::No),
            ("double precision", Merging::No),
            ("jsonb", Merging::No),
            ("integer[]", Merging::No),
            ("interval", Merging::No),
        ];
        for (kind, expected) in cases {
            assert_eq!(of_type(kind, false, None), expected, "{kind}");
        }
        assert_eq!(of_type("mood", true, None), Merging::Yes);
        assert_eq!(of_type("text", false, Some("any_case")), Merging::Unknown);
        assert_eq!(of_type("text", false, Some("de_DE.utf8")), Merging::Yes);
        assert_eq!(of_class("text_pattern_ops", Merging::Unknown), Merging::Yes);
        assert_eq!(of_class("numeric_ops", Merging::No), Merging::No);
    }

    #[test]
    fn modifiers_are_told_from_types() {
        assert_eq!(
            bare("timestamp(3) without time zone"),
            "timestamp without time zone"
        );
        assert_eq!(modifier("character(10)"), Some(10));
        assert_eq!(modifier("numeric(15,2)"), Some(15));
        assert_eq!(modifier("text"), None);
    }
}
