//! What is known of forms, as `forms.tsv` has it.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

use super::lock::Lock;

/// The table, as it is kept.
pub const TABLE: &str = include_str!("forms.tsv");

/// What a form does to one part.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a column of the facts"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// What is done.
    pub form: &'static str,
    /// What the object is in it.
    pub part: &'static str,
    /// First major version that the row is for.
    pub since: u32,
    /// Last one.
    pub until: u32,
    /// Mode that it takes on the object.
    pub lock: Option<Lock>,
    /// It reads all of it.
    pub scans: bool,
    /// It writes it anew.
    pub rewrites: bool,
    /// It builds indexes of it.
    pub builds: bool,
    /// It fails in a transaction block.
    pub outside_block: bool,
    /// Rows or values are gone.
    pub loses_data: bool,
    /// What running code no longer finds: names or values.
    pub breaks: Option<&'static str>,
}

/// Rows of a form, by its name.
static FORMS: LazyLock<HashMap<&'static str, Vec<Form>>> = LazyLock::new(|| {
    let mut forms: HashMap<&str, Vec<Form>> = HashMap::new();
    for row in rows() {
        forms.entry(row.form).or_default().push(row);
    }
    forms
});

/// All rows, in the order in which they stand.
pub fn rows() -> impl Iterator<Item = Form> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).filter_map(row)
}

fn row(line: &'static str) -> Option<Form> {
    let mut cells = line.split('\t');
    let form = cells.next()?;
    let part = cells.next()?;
    let versions = cells.next()?;
    let lock = cells.next()?;
    let does = cells.next()?;
    let does = |word: &str| does.split(' ').any(|known| known == word);
    let (since, until) = match versions.split_once('-') {
        Some((since, until)) => (
            since.parse().unwrap_or(0),
            until.parse().unwrap_or(u32::MAX),
        ),
        None => (0, u32::MAX),
    };
    Some(Form {
        form,
        part,
        since,
        until,
        lock: Lock::named(lock),
        scans: does("scan"),
        rewrites: does("rewrite"),
        builds: does("build"),
        outside_block: cells.next()? == "no",
        loses_data: !cells.next()?.is_empty(),
        breaks: cells.next().filter(|word| !word.is_empty()),
    })
}

/// What a form does to a part in a version; none if the table does not say.
pub(super) fn find(form: &str, part: &str, major: u32) -> Option<&'static Form> {
    let rows = FORMS.get(form)?;
    let fits = |row: &&Form| row.part == part && (row.since..=row.until).contains(&major);
    // A form that the version does not know is judged as it is where it is known at all.
    let newer = |row: &&Form| row.part == part && rows.iter().all(|row| row.since > major);
    rows.iter().find(fits).or_else(|| rows.iter().find(newer))
}

/// Keys of details and what they say, as `details.tsv` has them.
pub fn details() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("details.tsv").lines();
    let lines = lines.filter(|line| !line.starts_with('#'));
    lines.skip(1).filter_map(|line| line.split_once('\t'))
}
