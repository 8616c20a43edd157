//! Names that PostgreSQL would choose.

/// Longest name that is kept, in bytes.
const NAME_BYTES: usize = 63;

/// A name of a table, columns and a label; the longer of the first two is cut where it would be
/// too long.
pub(super) fn choose(table: &str, columns: &str, label: &str) -> String {
    let joins = usize::from(!columns.is_empty()) + 1;
    let room = NAME_BYTES.saturating_sub(label.len() + joins);
    let (mut first, mut second) = (table.len(), columns.len());
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let table = clip(table, first);
    if columns.is_empty() {
        return format!("{table}_{label}");
    }
    format!("{table}_{}_{label}", clip(columns, second))
}

fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
