//! What the migrations of a folder run, read from the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pgtriage::parse::migration::layout::{Around, Found, files};
use pgtriage::parse::migration::{Direction, File, Layout, Mode};
use regex::Regex;

/// What a tool sends one after the other, and how.
pub struct Piece {
    pub mode: Mode,
    pub text: String,
}

/// A migration.
pub struct Run {
    pub path: String,
    /// Text of its file.
    pub text: String,
    pub up: Vec<Piece>,
    pub down: Vec<Piece>,
}

/// Migrations of a folder, in the order in which they are run.
pub fn runs(folder: &Path, layout: Layout) -> Vec<Run> {
    let mut texts = BTreeMap::new();
    read(folder, "", &mut texts);
    let mut all: Vec<Run> = programs(&texts);
    all.extend(scripts(&texts, layout));
    // Versions of those that have two kinds of files are texts of one length.
    let is_program = |run: &Run| ending(&run.path) != "sql";
    if all.iter().any(is_program) {
        all.sort_by(|a, b| a.path.cmp(&b.path));
    }
    if layout == Layout::Alembic {
        all = followed(all);
    }
    all
}

/// The ending of a path.
fn ending(path: &str) -> &str {
    path.rsplit('.').next().unwrap()
}

fn read(folder: &Path, inner: &str, texts: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder.join(inner)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if inner.is_empty() {
            name
        } else {
            format!("{inner}/{name}")
        };
        if entry.path().is_dir() {
            read(folder, &path, texts);
        } else {
            let text = fs::read_to_string(entry.path()).unwrap();
            texts.insert(path, text);
        }
    }
}

fn scripts(texts: &BTreeMap<String, String>, layout: Layout) -> Vec<Run> {
    let mut around = Around::default();
    let mut found = Vec::new();
    for (path, text) in texts {
        let mut rest = path.as_str();
        loop {
            let (folder, name) = rest.rsplit_once('/').unwrap_or(("", rest));
            let names = around.names.entry(folder.to_owned()).or_default();
            names.push(name.to_owned());
            if folder.is_empty() {
                break;
            }
            rest = folder;
        }
        if ending(path) == "sql" {
            found.push(Found {
                layout: Some(layout),
                ..Found::new(path.clone(), text.clone())
            });
        } else {
            around.texts.insert(path.clone(), text.clone());
        }
    }
    for names in around.names.values_mut() {
        names.sort();
        names.dedup();
    }
    let all = files(found, &around).files;
    for file in &all {
        assert_eq!(file.unread, None, "{}", file.path);
    }
    let ups = all.iter().filter(|file| file.up_path.is_none());
    let ups = ups.filter(|file| {
        let mut parts = file.parts.iter();
        parts.any(|part| part.direction == Direction::Up)
    });
    let runs = ups.map(|file| {
        let mut down = pieces(file, Direction::Down);
        for other in &all {
            if other.up_path.as_ref() == Some(&file.path) {
                down.extend(pieces(other, Direction::Down));
            }
        }
        // Where the layout has no place for it, it is a comment.
        if let Some((_, told)) = file.text.split_once("-- What takes it back:\n") {
            let lines = told.lines().filter_map(|line| line.strip_prefix("-- "));
            let lines: Vec<&str> = lines.collect();
            down.push(Piece {
                mode: Mode::Autocommit,
                text: lines.join("\n"),
            });
        }
        Run {
            path: file.path.clone(),
            text: file.text.clone(),
            up: pieces(file, Direction::Up),
            down,
        }
    });
    runs.collect()
}

fn pieces(file: &File, direction: Direction) -> Vec<Piece> {
    let parts = file.parts.iter().filter(|part| part.direction == direction);
    let pieces = parts.map(|part| Piece {
        mode: part.mode,
        text: part.script(&file.text).into_owned(),
    });
    pieces.collect()
}

/// Programs in Python, Ruby and JavaScript: what they send.
fn programs(texts: &BTreeMap<String, String>) -> Vec<Run> {
    let mut all = Vec::new();
    for (path, text) in texts {
        let ending = ending(path);
        let (cut, sql, outside) = match ending {
            "py" if text.contains("from alembic") => (
                "def downgrade",
                r#"(?s)op\.execute\("""(.*?)"""\)"#,
                "autocommit_block",
            ),
            "py" => ("reverse_sql", r#"(?s)"""(.*?)""","#, "atomic = False"),
            "rb" => (
                "def down",
                r"(?s)<<~'SQL'\n(.*?)\n +SQL\n",
                "disable_ddl_transaction!",
            ),
            "cjs" => ("exports.down", r"(?s)pgm\.sql\(`(.*?)`\);", "noTransaction"),
            _ => continue,
        };
        let sql = Regex::new(sql).unwrap();
        let (up, down) = text.split_once(cut).unwrap();
        let of_file = matches!(ending, "rb") || outside == "atomic = False";
        let piece = |part: &str| {
            let statements = sql.captures_iter(part).map(|found| plain(&found[1]));
            let is_outside = part.contains(outside) || of_file && text.contains(outside);
            let mode = if is_outside {
                Mode::Autocommit
            } else {
                Mode::Wrapped
            };
            let text: Vec<String> = statements.collect();
            Piece {
                mode,
                text: text.join("\n"),
            }
        };
        all.push(Run {
            path: path.clone(),
            text: text.clone(),
            up: vec![piece(up)],
            down: vec![piece(down)],
        });
    }
    all
}

/// A text without what its language wants escaped.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' { chars.next().unwrap() } else { c });
    }
    plain
}

/// Revisions of Alembic, each behind the one it follows.
fn followed(mut all: Vec<Run>) -> Vec<Run> {
    let down = Regex::new(r#"down_revision = (?:None|"(\w+)")"#).unwrap();
    let mut ordered: Vec<Run> = Vec::new();
    while !all.is_empty() {
        let last = ordered.last().map(|run| run.path.as_str());
        let next = all.iter().position(|run| {
            let before = down.captures(&run.text).unwrap().get(1);
            match (before, last) {
                (None, None) => true,
                (Some(before), Some(last)) => last.starts_with(before.as_str()),
                _ => false,
            }
        });
        ordered.push(all.remove(next.unwrap()));
    }
    ordered
}
