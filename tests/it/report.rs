//! Output formats by themselves.

use insta::assert_snapshot;
use pgtriage::engine::{Explanation, Part, Source};
use pgtriage::report::grid::{Cell, Column, Grid, Look};
use pgtriage::report::markdown::{code, fence, prose};
use pgtriage::report::wrap::width;
use pgtriage::report::{Mistakes, Role, Rows, Style, explain, json};
use proptest::prelude::{any, prop_assert, proptest};
use rusqlite::types::Value;

const PLAIN: Style = Style { colour: false };
const COLOUR: Style = Style { colour: true };

fn grid(rows: &[[&str; 3]]) -> Grid {
    let columns = vec![
        Column::fixed("kind"),
        Column::new("object"),
        Column::new("detail"),
    ];
    let mut grid = Grid::new(columns);
    for [kind, object, detail] in rows {
        grid.push(vec![
            Cell::new(Role::Error, *kind),
            Cell::new(Role::Strong, *object).and(Role::Dim, "below"),
            Cell::new(Role::Plain, *detail),
        ]);
    }
    grid
}

#[test]
fn cells_wrap_at_spaces_and_signs() {
    let grid = grid(&[
        [
            "error",
            "public.a_table_with_a_long_name",
            "one sentence with a few words in it",
        ],
        ["info", "表表表", "naïve e\u{301}"],
    ]);
    let mut all = String::new();
    for (columns, look) in [
        (200, Look::Ruled),
        (50, Look::Ruled),
        (50, Look::Spaced),
        (10, Look::Spaced),
    ] {
        all += &format!("{columns}\n{}\n", grid.draw(PLAIN, look, columns));
    }
    assert_snapshot!(all);
}

#[test]
fn colours_take_no_room() {
    let grid = grid(&[[
        "error",
        "public.orders",
        "one sentence with a few words in it",
    ]]);
    let coloured = grid.draw(COLOUR, Look::Spaced, 40);
    assert!(coloured.contains("\x1b[1;31merror"), "{coloured:?}");
    let mut plain = String::new();
    for piece in coloured.split('\x1b') {
        plain += piece
            .strip_prefix('[')
            .and_then(|rest| rest.split_once('m'))
            .map_or(piece, |(_, text)| text);
    }
    let trimmed = |text: &str| {
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        trimmed(&plain),
        trimmed(&grid.draw(PLAIN, Look::Spaced, 40))
    );
}

#[test]
fn a_grid_without_rows_is_its_head() {
    assert_eq!(
        grid(&[]).draw(PLAIN, Look::Ruled, 80),
        "kind | object | detail\n-----+--------+-------\n"
    );
}

proptest! {
    #[test]
    fn a_grid_fits_wherever_its_fixed_columns_do(texts in proptest::collection::vec(any::<[String; 2]>(), 0..5), columns in 30_usize..120) {
        let mut grid = Grid::new(vec![Column::fixed("kind"), Column::new("a"), Column::new("b")]);
        for [a, b] in &texts {
            let safe = |text: &str| pgtriage::facts::escape::lines(text).into_owned();
            grid.push(vec![Cell::new(Role::Plain, "x"), Cell::new(Role::Plain, safe(a)), Cell::new(Role::Plain, safe(b))]);
        }
        for line in grid.draw(PLAIN, Look::Ruled, columns).lines() {
            prop_assert!(width(line) <= columns, "{} > {columns}: {line:?}", width(line));
        }
    }

    #[test]
    fn a_fence_cannot_be_closed_from_inside(text: String) {
        let fenced = fence("sql", &text);
        let marks = fenced.split("sql").next().unwrap();
        let inside: Vec<&str> = fenced.lines().collect();
        let inside = &inside[1..inside.len() - 1];
        prop_assert!(inside.iter().all(|line| !line.trim().starts_with(marks)), "{fenced}");
    }

    #[test]
    fn json_is_read_back_as_it_was(text: String) {
        let written = json::text(&serde_json::json!({ "text": text }));
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        prop_assert!(read["text"] == text);
        prop_assert!(!written.chars().any(|c| c.is_control() && c != '\n'));
    }

    #[test]
    fn csv_has_as_many_fields_in_every_row(texts in proptest::collection::vec(any::<[String; 2]>(), 1..4)) {
        let rows = Rows {
            columns: vec!["a".to_owned(), "b".to_owned()],
            rows: texts.iter().map(|pair| pair.iter().cloned().map(Value::Text).collect()).collect(),
        };
        let mut expected = vec![rows.columns.clone()];
        expected.extend(texts.iter().map(|pair| pair.to_vec()));
        prop_assert!(fields(&rows.csv()) == expected);
    }
}

/// A reader of RFC 4180.
fn fields(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (true, '"') if chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
            (true, '"') => quoted = false,
            (true, c) => field.push(c),
            (false, '"') if field.is_empty() => quoted = true,
            (false, ',') => row.push(std::mem::take(&mut field)),
            (false, '\r') if chars.peek() == Some(&'\n') => {
                chars.next();
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            (false, c) => field.push(c),
        }
    }
    rows
}

#[test]
fn markdown_is_text_whatever_it_holds() {
    for (text, as_prose, as_code) in [
        ("plain", "plain", "`plain`"),
        ("a|b*c_d", r"a\|b\*c\_d", "`a|b*c_d`"),
        ("<script>", "&lt;script&gt;", "`<script>`"),
        ("a`b", r"a\`b", "``a`b``"),
        ("`", r"\`", "`` ` ``"),
        ("two\nlines", r"two\\nlines", r"`two\nlines`"),
    ] {
        assert_eq!(prose(text), as_prose, "{text}");
        assert_eq!(code(text), as_code, "{text}");
    }
}

#[test]
fn a_page_for_a_terminal() {
    let text = |text: &str| text.to_owned();
    let page = Explanation {
        title: text("Table is large"),
        parts: vec![
            Part::Paragraph(text(
                "`table/large` · warning · needs `relations` and a few more words than fit",
            )),
            Part::Heading(2, text("How to fix it")),
            Part::Item(
                text("-"),
                text("drop **it** with `DROP TABLE x`, or with another statement"),
            ),
            Part::Item(text("2."), text("or not")),
            Part::Code(
                text("sql"),
                text("SELECT 1\nFROM a_table_with_a_name_that_is_too_long_to_fit"),
            ),
            Part::Table(
                vec![text("name"), text("value")],
                vec![vec![text("min_size"), text("1MB\u{1b}")]],
            ),
        ],
    };
    let plain = explain::render(&page, PLAIN, 48);
    let coloured = explain::render(&page, COLOUR, 48).replace('\x1b', "␛");
    assert_snapshot!(format!("{plain}\n=== in colour\n{coloured}"));
}

#[test]
fn rows_become_a_list_where_columns_do_not_fit() {
    let rows = Rows {
        columns: (0..12).map(|n| format!("a_column_{n}")).collect(),
        rows: vec![(0..12).map(Value::Integer).collect(), vec![Value::Null; 12]],
    };
    let narrow = rows.table(PLAIN, Some(40));
    assert!(narrow.lines().all(|line| width(line) <= 40), "{narrow}");
    assert!(narrow.contains("a_column_11 | 11"), "{narrow}");
    assert!(narrow.ends_with("(2 rows)\n"), "{narrow}");
    assert_eq!(rows.table(PLAIN, None).lines().count(), 5);
}

#[test]
fn mistakes_show_their_line_and_nothing_that_acts() {
    let source = Source::new(
        "a\u{1b}.md",
        "first\nse\u{202e}cond \u{1b}[2J line\nthird\n",
    );
    let outside = source.error(900..901, "out of the text").help("a\u{7}b");
    let errors = vec![
        source.error(17..23, "bad\u{1b}[31m"),
        source.error(6..8, "worse"),
        outside,
    ];
    let mistakes = Mistakes::of(source, errors);
    let rendered = mistakes.render(PLAIN, 80);
    assert!(
        !rendered.contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{rendered:?}"
    );
    assert_snapshot!(rendered);
    let empty = Source::new("empty.md", "");
    let nothing = Mistakes::of(empty.clone(), vec![empty.error(0..0, "nothing here")]);
    let rendered = nothing.render(PLAIN, 80);
    assert_eq!(rendered, "error: nothing here\n--> empty.md\n\n");
}
