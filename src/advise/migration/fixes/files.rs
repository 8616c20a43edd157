//! What is written, as it will be read: for the linter, before anything is on the disk.

use super::fix::{Made, Written};
use super::place::Place;
use crate::advise::migration::layouts::mark::{Outside, join, outside};
use crate::advise::migration::layouts::write::script;
use crate::parse::migration::layout::{Around, Found, files};
use crate::parse::migration::{Direction, File, Layout, Mode, Part};

/// The files of migrations, in the order in which they are run. Of programs what they run stands in
/// their place.
pub fn forth(written: &Written, layout: Layout, place: &Place) -> Vec<File> {
    // Where some are programs and others are not, their order is that of both.
    let is_mixed = || written.files().any(|file| has_ending(&file.path, "cjs"));
    if is_program(layout) || is_mixed() {
        let all = written.made.iter();
        return all.map(|made| stand_in(made, true)).collect();
    }
    let mut around = Around::default();
    around
        .names
        .insert(place.folder.clone(), place.names.clone());
    for (name, text) in &place.texts {
        around.texts.insert(join(&place.folder, name), text.clone());
    }
    let mut found = Vec::new();
    for made in &written.made {
        for file in &made.files {
            add(&mut around, &file.path);
            if has_ending(&file.path, "sql") {
                found.push(Found {
                    layout: Some(layout),
                    ..Found::new(file.path.clone(), file.text.clone())
                });
            } else {
                around.texts.insert(file.path.clone(), file.text.clone());
            }
        }
    }
    if let Some(changed) = &written.changed {
        add(&mut around, &changed.path);
        around
            .texts
            .insert(changed.path.clone(), changed.text.clone());
    }
    for names in around.names.values_mut() {
        names.sort();
        names.dedup();
    }
    files(found, &around).files
}

/// What takes migrations back, as if it migrated, the last first: so the linter tells what that would
/// lock. Behind the files of [`forth`] it is judged on what they leave.
pub fn back(written: &Written) -> Vec<File> {
    let all = written.made.iter().rev();
    let all = all.filter(|made| !made.migration.down.is_empty());
    all.map(|made| stand_in(made, false)).collect()
}

/// A file with what a migration runs, one way or the other.
fn stand_in(made: &Made, is_up: bool) -> File {
    let m = &made.migration;
    let (statements, is_outside) = if is_up {
        (&m.up, m.is_outside)
    } else {
        (&m.down, m.undo_is_outside)
    };
    let text = script(statements);
    let path = made.files.first().map_or("", |file| file.path.as_str());
    File {
        path: path.to_owned(),
        parts: vec![Part::whole(
            &text,
            Direction::Up,
            mode(m.layout, is_outside),
        )],
        text,
        layout: Layout::Sql,
        because: "a program is to run it".to_owned(),
        version: None,
        description: None,
        kind: "versioned",
        chain: 1,
        expects_down: false,
        up_path: None,
        is_judged: true,
        change: None,
        unread: None,
    }
}

/// How a layout runs the statements of a migration.
pub fn mode(layout: Layout, is_outside: bool) -> Mode {
    match (layout, outside(layout)) {
        (Layout::Sql, _) => Mode::Autocommit,
        (Layout::GolangMigrate | Layout::Prisma, _) => Mode::Script,
        _ if !is_outside => Mode::Wrapped,
        (_, Outside::One) => Mode::Script,
        _ => Mode::Autocommit,
    }
}

fn is_program(layout: Layout) -> bool {
    matches!(layout, Layout::Alembic | Layout::Django | Layout::Rails)
}

fn has_ending(path: &str, ending: &str) -> bool {
    let own = path.rsplit('.').next();
    own.is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

/// Makes a path known, with the folders above.
fn add(around: &mut Around, path: &str) {
    let mut path = path;
    while let Some((folder, name)) = path.rsplit_once('/') {
        let folder = if folder.is_empty() { "/" } else { folder };
        let names = around.names.entry(folder.to_owned()).or_default();
        names.push(name.to_owned());
        if folder == "/" {
            return;
        }
        path = folder;
    }
    around
        .names
        .entry(String::new())
        .or_default()
        .push(path.to_owned());
}
