//! dbmate: `-- migrate:up` and `-- migrate:down` in one file.
//!
//! Each of the two is sent as one string, in a transaction unless its mark says
//! `transaction:false`; without one, several statements of a string are still one transaction.

use super::super::file::{Direction, Layout, Mode, Part};
use super::lines::{comment, is_blank, lines};
use super::name;
use super::seen::{Content, Seen};

/// Its comments.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    if seen.spoken == Some(Layout::Dbmate) {
        return Some("it has comments of dbmate (`-- migrate:up`)".to_owned());
    }
    let adopted = seen.spoken.is_none()
        && seen.folder_speaks == Some(Layout::Dbmate)
        && name::numbered(seen.stem()).is_some();
    adopted.then(|| "its folder's files have comments of dbmate".to_owned())
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let mut up = None;
    let mut down = None;
    for line in lines(seen.text) {
        let Some(said) = comment(line.text).and_then(|said| said.strip_prefix("migrate:")) else {
            continue;
        };
        let (word, options) = said.split_once([' ', '\t']).unwrap_or((said, ""));
        let place = match word {
            "up" => &mut up,
            "down" => &mut down,
            _ => continue,
        };
        let wrapped = !options
            .split_whitespace()
            .any(|word| word == "transaction:false");
        place.get_or_insert((line.start, line.next, wrapped));
    }
    let mistake = match (up, down) {
        (None, _) => Some("it has no `-- migrate:up`, so dbmate refuses it"),
        (_, None) => Some("it has no `-- migrate:down`, so dbmate refuses it"),
        (Some(up), Some(down)) if down.0 < up.0 => {
            Some("its `-- migrate:down` comes before `-- migrate:up`, so dbmate refuses it")
        }
        (Some(up), _) if !is_blank(&seen.text[..up.0]) => {
            Some("statements stand before `-- migrate:up`, so dbmate refuses it")
        }
        _ => None,
    };
    let mut parts = Vec::new();
    let places = [(up, down, Direction::Up), (down, up, Direction::Down)];
    for (place, other, direction) in places {
        let Some((start, next, wrapped)) = place else {
            continue;
        };
        let end = other.map(|other| other.0).filter(|other| *other > start);
        let range = next..end.unwrap_or(seen.text.len());
        if direction == Direction::Down && is_blank(&seen.text[range.clone()]) {
            continue;
        }
        let mode = if wrapped { Mode::Wrapped } else { Mode::Script };
        parts.push(Part {
            direction,
            mode,
            ranges: vec![range],
        });
    }
    let (version, description) = match name::numbered(seen.stem()) {
        Some((number, rest)) => (Some(number.to_owned()), name::words(rest)),
        None => (None, None),
    };
    Content {
        version,
        description,
        says_mode: parts.iter().any(|part| part.mode == Mode::Script),
        parts,
        mistake: mistake.map(str::to_owned),
        ..Content::default()
    }
}
