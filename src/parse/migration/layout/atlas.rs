//! Atlas: `VERSION_name.sql` beside `atlas.sum`, told apart by comments at the head of a file.
//!
//! A file is run statement by statement in a transaction; `-- atlas:txmode none` does without.
//! Such comments count only with an empty line behind them. In an archive (`-- atlas:txtar`) a file
//! has sections: what migrates, what takes that back, and checks before it.

use super::super::file::{Direction, Layout, Mode, Part};
use super::lines::{Line, comment, is_blank, lines};
use super::name;
use super::seen::{Content, Seen};

/// Its comments, or the checksums beside it.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    if seen.spoken == Some(Layout::Atlas) {
        return Some("it has comments of Atlas (`-- atlas:…`)".to_owned());
    }
    if seen.beside("atlas.sum") {
        return Some("it stands beside Atlas' `atlas.sum`".to_owned());
    }
    let adopted = seen.spoken.is_none()
        && seen.folder_speaks == Some(Layout::Atlas)
        && name::numbered(seen.stem()).is_some();
    adopted.then(|| "its folder's files have comments of Atlas".to_owned())
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let stem = seen.stem();
    let (version, rest) = stem.split_once('_').unwrap_or((stem, ""));
    let mut content = Content {
        version: Some(version.to_owned()),
        description: name::words(rest),
        ..Content::default()
    };
    let head = head(seen.text);
    let mut mode = Mode::Wrapped;
    for said in &head.said {
        let (word, value) = said.split_once(' ').unwrap_or((said, ""));
        match (word, value.trim()) {
            ("txmode", _) if !head.counts => {
                content.mistake = Some(format!(
                    "`-- atlas:{said}` has no empty line behind it, so Atlas takes it for a comment of the statement"
                ));
            }
            ("txmode", "none") => {
                mode = Mode::Autocommit;
                content.says_mode = true;
            }
            ("txmode", "file" | "all") => content.says_mode = true,
            ("txmode", other) => {
                content.mistake = Some(format!("Atlas knows no txmode `{other}`"));
            }
            ("checkpoint", _) if head.counts => content.kind = "schema",
            ("delimiter", value) if !is_whitespace(value) && value != ";" => {
                content.mistake = Some(format!(
                    "its statements end with `{value}`, which is not followed: they are cut at semicolons"
                ));
            }
            _ => {}
        }
    }
    content.parts = if head.said.iter().any(|said| said.starts_with("txtar")) {
        sections(seen.text, mode)
    } else {
        seen.whole(Direction::Up, mode)
    };
    content
}

/// What comments at the head of a file say.
struct Head<'a> {
    said: Vec<&'a str>,
    /// An empty line follows them.
    counts: bool,
}

fn head(text: &str) -> Head<'_> {
    let mut head = Head {
        said: Vec::new(),
        counts: false,
    };
    for line in lines(text) {
        if !line.text.starts_with("--") && !line.text.starts_with('#') {
            head.counts = line.text.trim().is_empty();
            break;
        }
        let said = comment(line.text).and_then(|said| said.strip_prefix("atlas:"));
        head.said.extend(said);
    }
    head
}

/// A delimiter of blanks and line ends, written as such or escaped.
fn is_whitespace(delimiter: &str) -> bool {
    let rest = delimiter
        .replace("\\n", "")
        .replace("\\r", "")
        .replace("\\t", "");
    rest.trim().is_empty()
}

/// The sections of an archive: `-- migration.sql --`, `-- down.sql --`.
fn sections(text: &str, mode: Mode) -> Vec<Part> {
    let heads: Vec<(Line<'_>, &str)> = lines(text)
        .filter_map(|line| {
            let name = line.text.strip_prefix("-- ")?.strip_suffix(" --")?;
            Some((line, name.trim()))
        })
        .collect();
    let mut parts = Vec::new();
    for (at, (line, name)) in heads.iter().enumerate() {
        let direction = match *name {
            "migration.sql" => Direction::Up,
            "down.sql" => Direction::Down,
            _ => continue,
        };
        let end = heads.get(at + 1).map_or(text.len(), |next| next.0.start);
        let range = line.next..end;
        if direction == Direction::Up || !is_blank(&text[range.clone()]) {
            parts.push(Part {
                direction,
                mode,
                ranges: vec![range],
            });
        }
    }
    parts
}
