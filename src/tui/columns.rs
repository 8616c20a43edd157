//! Columns of a table, and which of them a width has room for.

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name: head (in capitals), filter (`name:value`) and sort menu.
    pub name: &'static str,
    /// Least columns of the screen that it is any use in.
    pub min: usize,
    /// When it goes: the highest first; those with 0 stay whatever the width.
    pub drop: u8,
    /// Figures stand right.
    pub right: bool,
}

/// Columns of the screen between two columns of the table.
pub const GAP: usize = 2;

/// Width of each column, `None` for those left out. `contents` are the widths of what stands in
/// them, heads included, and 0 for those that say nothing, which go before all others. First every column has its least width, and the least important go until
/// that fits; then those that stay grow evenly until they hold their contents, the least important
/// after the others.
pub fn widths(columns: &[Column], contents: &[usize], available: usize) -> Vec<Option<usize>> {
    let least = |index: usize| columns[index].min.min(contents[index]);
    let says = |index: &usize| contents[*index] > 0 || columns[*index].drop == 0;
    let mut widths: Vec<Option<usize>> = (0..columns.len())
        .map(|index| Some(index).filter(says).map(least))
        .collect();
    let used = |widths: &[Option<usize>]| {
        let shown = widths.iter().flatten();
        shown.clone().sum::<usize>() + GAP * shown.count().saturating_sub(1)
    };
    while used(&widths) > available {
        let shown = (0..columns.len()).filter(|&i| widths[i].is_some() && columns[i].drop > 0);
        let Some(goes) = shown.max_by_key(|&i| columns[i].drop) else {
            break;
        };
        widths[goes] = None;
    }
    let mut spare = available.saturating_sub(used(&widths));
    let least_important = columns.iter().map(|column| column.drop).max();
    for last in [false, true] {
        let grows = |i: &usize| (Some(columns[*i].drop) == least_important) == last;
        let mut growing: Vec<usize> = (0..columns.len()).filter(grows).collect();
        growing.sort_by_key(|&i| columns[i].drop);
        while spare > 0 {
            growing.retain(|&i| widths[i].is_some_and(|width| width < contents[i]));
            if growing.is_empty() {
                break;
            }
            for &index in growing.iter().take(spare) {
                widths[index] = widths[index].map(|width| width + 1);
                spare -= 1;
            }
        }
    }
    // Only columns that never go are left and there are too many for the screen: the last shrink.
    let mut over = used(&widths).saturating_sub(available);
    for width in widths.iter_mut().rev().flatten() {
        let less = over.min(*width);
        *width -= less;
        over -= less;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn column(min: usize, drop: u8) -> Column {
        Column {
            name: "",
            min,
            drop,
            right: false,
        }
    }

    #[test]
    fn the_least_important_go_first_and_the_object_never() {
        let columns = [column(7, 2), column(10, 1), column(10, 0), column(20, 3)];
        let contents = [7, 14, 30, 60];
        let check = |available, expected: [Option<usize>; 4]| {
            assert_eq!(
                widths(&columns, &contents, available),
                expected,
                "{available}"
            );
        };
        check(200, [Some(7), Some(14), Some(30), Some(60)]);
        check(80, [Some(7), Some(14), Some(30), Some(23)]);
        check(55, [Some(7), Some(11), Some(11), Some(20)]);
        check(53, [Some(7), Some(10), Some(10), Some(20)]);
        check(52, [Some(7), Some(14), Some(27), None]);
        check(31, [Some(7), Some(10), Some(10), None]);
        check(30, [None, Some(14), Some(14), None]);
        check(12, [None, None, Some(12), None]);
        check(3, [None, None, Some(3), None]);
        check(0, [None, None, Some(0), None]);
        let some = widths(&columns, &[7, 0, 0, 60], 80);
        assert_eq!(some, [Some(7), None, Some(0), Some(60)]);
    }
}
