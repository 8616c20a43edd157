//! Estimates of bloat from rows that are made up: pages of tables and B-trees as PostgreSQL makes them.

use pgtriage::derive::bloat::{
    Attribute, Index, IndexColumn, Need, Origin, Page, Sample, Table, Values, index, table,
};

const INT: (i64, &str, &str) = (4, "i", "p");
const BIGINT: (i64, &str, &str) = (8, "d", "p");
const BOOL: (i64, &str, &str) = (1, "c", "p");
const TEXT: (i64, &str, &str) = (-1, "i", "x");

fn attribute((length, alignment, storage): (i64, &str, &str)) -> Attribute {
    Attribute::new(length, alignment, storage)
}

/// A table of such columns; `None`: dropped.
fn of(columns: &[Option<(i64, &str, &str)>]) -> Table {
    let mut slot = 0;
    let columns = columns.iter().map(|column| {
        let kept = column.map(|_| {
            slot += 1;
            slot - 1
        });
        (attribute(column.unwrap_or(TEXT)), kept)
    });
    Table {
        page: Page::default(),
        fillfactor: 100,
        toast_target: None,
        has_toast: true,
        columns: columns.collect(),
    }
}

/// So many rows in one block that is all there is, each with these sizes.
fn rows(count: usize, sizes: &[Option<i32>]) -> Sample {
    Sample {
        blocks: 1,
        starts: vec![0],
        rows: count,
        values: sizes
            .iter()
            .map(|size| Values::Sizes(vec![*size; count]))
            .collect(),
        ..Sample::default()
    }
}

fn pages(need: &Need) -> f64 {
    need.bytes / 8192.0
}

#[track_caller]
fn check_table(
    columns: &[Option<(i64, &str, &str)>],
    sizes: &[Option<i32>],
    count: usize,
    expected: f64,
) {
    let need = table(&of(columns), &rows(count, sizes));
    assert!((pages(&need.table) - expected).abs() < 0.5, "{need:?}");
}

fn of_keys(columns: &[(i64, &str, &str)], hashes: bool) -> Index {
    Index {
        page: Page::default(),
        fillfactor: 90,
        columns: columns
            .iter()
            .enumerate()
            .map(|(slot, column)| IndexColumn {
                attribute: attribute(*column),
                slot,
                origin: Origin::Column,
            })
            .collect(),
        key_columns: columns.len(),
        condition: None,
        hashes: hashes.then_some(0),
    }
}

#[test]
fn rows_fill_pages_as_the_heap_has_it() {
    // pgbench_accounts: 61 rows of 121 bytes a page, 1640 pages for 100,000.
    let accounts = [Some(INT), Some(INT), Some(INT), Some(TEXT)];
    check_table(
        &accounts,
        &[Some(4), Some(4), Some(4), Some(85)],
        100_000,
        1640.0,
    );
    // 226 rows of 28 bytes and more: 24 for the head, 4 for the value, up to a multiple of 8.
    check_table(&[Some(INT)], &[Some(4)], 226 * 10, 10.0);
    // A NULL adds a map, which for up to 8 columns fits into the head.
    check_table(&[Some(INT), Some(INT)], &[Some(4), None], 226 * 10, 10.0);
    // A dropped column is one that is NULL.
    check_table(&[Some(INT), None], &[Some(4)], 226 * 10, 10.0);
    // Nine columns need a second byte of map, and with it 8 more of head.
    let nine = [Some(INT), None, None, None, None, None, None, None, None];
    check_table(&nine, &[Some(4)], 185 * 10, 10.0);
    // A boolean before a bigint takes 8 bytes: 24 + 16 = 40 of 44.
    check_table(
        &[Some(BOOL), Some(BIGINT)],
        &[Some(1), Some(8)],
        185 * 10,
        10.0,
    );
    // No rows, no pages.
    check_table(&[Some(INT)], &[Some(4)], 0, 0.0);
}

#[test]
fn fillfactor_keeps_room() {
    let mut half = of(&[Some(INT)]);
    half.fillfactor = 50;
    let need = table(&half, &rows(1130, &[Some(4)]));
    // 8168 - 4096 bytes hold 113 rows of 36.
    assert!((pages(&need.table) - 10.0).abs() < 0.5, "{need:?}");
}

#[test]
fn padding_is_what_another_order_saves() {
    let flags = of(&[Some(BOOL), Some(BIGINT), Some(BOOL), Some(BIGINT)]);
    let need = table(&flags, &rows(1000, &[Some(1), Some(8), Some(1), Some(8)]));
    assert!((need.padding_bytes - 8000.0).abs() < 1.0, "{need:?}");
    let best = of(&[Some(BIGINT), Some(BIGINT), Some(BOOL), Some(BOOL)]);
    let need = table(&best, &rows(1000, &[Some(8), Some(8), Some(1), Some(1)]));
    assert!(need.padding_bytes.abs() < 1.0, "{need:?}");
}

#[test]
fn long_values_go_out_of_line() {
    // 5000 bytes: two full chunks and one of 1008. Packed as they come, four values take three pages.
    let need = table(
        &of(&[Some(INT), Some(TEXT)]),
        &rows(1000, &[Some(4), Some(5000)]),
    );
    assert!((pages(&need.toast) - 750.0).abs() < 0.5, "{need:?}");
    // Of the value 18 bytes stay: 24 + 4 + 18, up to 48.
    assert!((pages(&need.table) - 7.0).abs() < 0.5, "{need:?}");
    // What fits stays.
    let need = table(
        &of(&[Some(INT), Some(TEXT)]),
        &rows(400, &[Some(4), Some(2000)]),
    );
    assert!(need.toast.bytes == 0.0, "{need:?}");
    assert!((pages(&need.table) - 100.0).abs() < 0.5, "{need:?}");
}

#[test]
fn entries_fill_pages_as_a_build_has_it() {
    // pgbench_accounts_pkey: 366 entries a leaf, 276 pages for 100,000 rows.
    let key = of_keys(&[INT], false);
    let need = index(&key, &rows(100_000, &[Some(4)]));
    assert!((pages(&need) - 276.0).abs() < 0.5, "{need:?}");
    // One key 100,000 times: 132 addresses an entry, 9 entries a leaf, as servers from 13 on build it.
    let merged = of_keys(&[INT], true);
    let mut same = rows(100_000, &[Some(4)]);
    same.hashes = vec![vec![7; 100_000]];
    let need = index(&merged, &same);
    assert!((pages(&need) - 87.0).abs() < 0.5, "{need:?}");
    // Nothing but the page of metadata.
    let need = index(&key, &rows(0, &[Some(4)]));
    assert!((pages(&need) - 1.0).abs() < 0.5, "{need:?}");
}

#[test]
fn a_partial_index_has_the_rows_of_its_predicate() {
    let mut partial = of_keys(&[INT], false);
    partial.condition = Some(0);
    let mut sample = rows(100_000, &[Some(4)]);
    sample.conditions = vec![(0..100_000).map(|row| row % 10 == 0).collect()];
    let need = index(&partial, &sample);
    assert!((pages(&need) - 30.0).abs() < 0.5, "{need:?}");
}

/// A sample of every tenth block of 5000, of `rows` rows each; the hash of a row's key by its number.
fn tenth(rows: usize, key: impl Fn(usize) -> i64) -> Sample {
    let read = 500;
    let numbers = (0..read).flat_map(|block| (0..rows).map(move |row| block * 10 * rows + row));
    Sample {
        blocks: 5000,
        starts: (0..read).map(|block| block * rows).collect(),
        rows: read * rows,
        values: vec![Values::Sizes(vec![Some(4); read * rows])],
        hashes: vec![numbers.map(key).collect()],
        ..Sample::default()
    }
}

#[test]
fn keys_that_stand_together_are_not_taken_for_frequent_ones() {
    let merged = of_keys(&[INT], true);
    // Four rows of each key, one behind the other: 40 bytes of entry and 4 of pointer for four rows.
    let together = index(&merged, &tenth(100, |row| (row / 4) as i64));
    let expected = 125_000.0 * 44.0 / 7325.0;
    assert!(
        (pages(&together) / expected - 1.0).abs() < 0.03,
        "{together:?}"
    );
    // As many rows of each key in no order.
    let mixed = |row: usize| {
        let mut mixed = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 20) as i64 % 125_000
    };
    let scattered = index(&merged, &tenth(100, mixed));
    // By Poisson 122,711 keys come, and their entries take 46.9 bytes on average.
    let expected = 122_711.0 * 46.9 / 7325.0;
    assert!(
        (pages(&scattered) / expected - 1.0).abs() < 0.05,
        "{scattered:?}"
    );
    assert!((scattered.bytes - expected * 8192.0).abs() < scattered.model + scattered.chance);
}

#[test]
fn what_differs_between_blocks_makes_the_interval_wide() {
    let plain = of(&[Some(INT)]);
    let of_blocks = |rows: &dyn Fn(usize) -> usize| {
        let counts: Vec<usize> = (0..100).map(rows).collect();
        let total: usize = counts.iter().sum();
        let starts = counts.iter().scan(0, |at, count| {
            let start = *at;
            *at += count;
            Some(start)
        });
        Sample {
            blocks: 10_000,
            starts: starts.collect(),
            rows: total,
            values: vec![Values::Sizes(vec![Some(4); total])],
            ..Sample::default()
        }
    };
    let even = table(&plain, &of_blocks(&|_| 100)).table;
    let uneven = table(&plain, &of_blocks(&|block| 200 * (block % 2))).table;
    assert!((even.bytes / uneven.bytes - 1.0).abs() < 0.02);
    assert!(even.chance < 1.0, "{even:?}");
    assert!(uneven.chance > 0.1 * uneven.bytes, "{uneven:?}");
    let bloat = even.bloat(10_000 * 8192);
    assert!(
        (bloat.bytes as f64 / (10_000.0 * 8192.0) - 0.5575).abs() < 0.01,
        "{bloat:?}"
    );
}
