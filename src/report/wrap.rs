//! Lines for a width.

use tabled::grid::util::string::{get_char_width, get_line_width};

/// Columns that a line takes on a terminal.
pub fn width(line: &str) -> usize {
    get_line_width(line)
}

/// The text in lines of at most `columns` columns: broken at spaces, else behind a sign that ends a
/// part of a name, else anywhere. Line feeds stay; spaces at the beginning of a line stay.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    text.split('\n')
        .flat_map(|line| wrap_line(line.trim_end(), columns.max(1)))
        .collect()
}

/// The same for SQL that people copy: what follows of a comment is a comment too.
pub fn wrap_sql(sql: &str, columns: usize) -> Vec<String> {
    const COMMENT: &str = "-- ";
    let mut lines = Vec::new();
    for line in sql.split('\n') {
        if !line.trim_start().starts_with("--") {
            lines.extend(wrap(line, columns));
            continue;
        }
        let mut parts = wrap(line, columns.saturating_sub(COMMENT.len()).max(1)).into_iter();
        lines.extend(parts.next());
        lines.extend(parts.map(|part| format!("{COMMENT}{part}")));
    }
    lines
}

fn wrap_line(line: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = line;
    while width(rest) > columns {
        let end = break_at(rest, columns);
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start_matches(' ');
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

/// The byte behind which a line that is too long ends.
fn break_at(line: &str, columns: usize) -> usize {
    let mut used = 0;
    let (mut at_space, mut at_sign) = (None, None);
    let indent = line.len() - line.trim_start_matches(' ').len();
    for (index, c) in line.char_indices() {
        if c == ' ' && index > indent {
            at_space = Some(index);
        }
        used += get_char_width(c);
        if used > columns {
            let half = at_sign.filter(|(_, used)| *used * 2 > columns);
            return at_space
                .or(half.map(|(index, _)| index))
                .unwrap_or_else(|| index.max(c.len_utf8().min(line.len())));
        }
        if matches!(c, '.' | ',' | '_' | '-' | '/' | ')') {
            at_sign = Some((index + c.len_utf8(), used));
        }
    }
    line.len()
}

/// The first `columns` columns of a line, with `…` where it is cut.
pub fn cut(line: &str, columns: usize) -> String {
    if width(line) <= columns {
        return line.to_owned();
    }
    let mut used = 1;
    let kept = line.chars().take_while(|c| {
        used += get_char_width(*c);
        used <= columns
    });
    let mut kept: String = kept.collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::{cut, wrap, wrap_sql};

    #[test]
    fn lines_break_where_they_read_best() {
        let cases: [(&str, usize, &[&str]); 8] = [
            ("one two three", 8, &["one two", "three"]),
            ("one two", 7, &["one two"]),
            (
                "public.orders_customer_idx",
                16,
                &["public.orders_", "customer_idx"],
            ),
            ("aaaaaaaaaa", 4, &["aaaa", "aaaa", "aa"]),
            ("a\n  b c d", 5, &["a", "  b c", "d"]),
            ("表表表", 5, &["表表", "表"]),
            ("表", 1, &["表"]),
            ("", 5, &[""]),
        ];
        for (text, columns, lines) in cases {
            assert_eq!(wrap(text, columns), lines, "{text:?} in {columns}");
        }
    }

    #[test]
    fn a_wrapped_comment_stays_a_comment() {
        let lines = wrap_sql("-- If it comes again: DROP it\nSELECT a, b, c;", 14);
        assert_eq!(
            lines,
            [
                "-- If it",
                "-- comes",
                "-- again: DROP",
                "-- it",
                "SELECT a, b,",
                "c;"
            ]
        );
    }

    #[test]
    fn what_is_cut_is_marked() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("表表表", 4), "表…");
    }
}
