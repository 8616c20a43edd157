//! From files found to files taken apart.

use std::collections::HashMap;

use super::super::file::{File, Layout};
use super::chain::{Draft, chained};
use super::decode::decode;
use super::found::{Around, Found, split};
use super::marks::spoken;
use super::seen::{Content, Seen};
use super::table::{FORMS, Form, of};
use super::{sqitch, sql};

/// Layouts that files speak of one by one, so that a file without marks in their folder is one of
/// theirs.
const SPOKEN: [Layout; 6] = [
    Layout::Goose,
    Layout::Dbmate,
    Layout::NodePgMigrate,
    Layout::Sqlx,
    Layout::Refinery,
    Layout::Atlas,
];

/// Files taken apart, in order, and what was passed over.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// Chain by chain, each in the order in which its files are run.
    pub files: Vec<File>,
    /// Files that were found and are none.
    pub passed: Vec<Passed>,
}

/// A file that is not linted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Its path.
    pub path: String,
    /// Why, as words that fit behind "because".
    pub because: &'static str,
}

/// A file, read.
struct Opened {
    found: Found,
    text: String,
    /// What could not be read of it.
    unread: Option<String>,
    spoken: Option<Layout>,
}

/// Takes files apart and puts them in order.
pub fn files(found: Vec<Found>, around: &Around) -> Taken {
    let texts: Vec<Opened> = found.into_iter().map(read).collect();
    let speakers = speakers(&texts);
    let mut taken = Taken::default();
    let mut drafts = Vec::with_capacity(texts.len());
    for opened in texts {
        let (folder, name) = split(&opened.found.path);
        let seen = Seen {
            path: &opened.found.path,
            folder,
            name,
            text: &opened.text,
            spoken: opened.spoken,
            folder_speaks: speakers.get(folder).copied(),
            around,
        };
        let (form, because) = known(&seen, opened.found.layout);
        if form.layout == Layout::Sqitch && sqitch::verifies(&seen) {
            taken.passed.push(Passed {
                path: opened.found.path,
                because: "scripts of Sqitch that verify change nothing",
            });
            continue;
        }
        let content = (form.take)(&seen);
        let root = (form.root)(&seen).to_owned();
        drafts.push(draft(opened, form, because, root, content));
    }
    taken.files = chained(drafts);
    taken
}

fn read(mut found: Found) -> Opened {
    let bytes = std::mem::replace(&mut found.bytes, Ok(Vec::new()));
    let (text, unread) = match bytes {
        Ok(bytes) => decode(bytes),
        Err(because) => (String::new(), Some(because)),
    };
    Opened {
        spoken: spoken(&text),
        found,
        text,
        unread,
    }
}

/// The layout that most of a folder's files speak of.
fn speakers(texts: &[Opened]) -> HashMap<String, Layout> {
    let mut counts: HashMap<&str, [usize; SPOKEN.len()]> = HashMap::new();
    for opened in texts {
        let place = SPOKEN
            .iter()
            .position(|layout| opened.spoken == Some(*layout));
        if let Some(place) = place {
            counts.entry(split(&opened.found.path).0).or_default()[place] += 1;
        }
    }
    let most = |counts: [usize; SPOKEN.len()]| {
        let places = (0..SPOKEN.len()).rev();
        places
            .max_by_key(|place| counts[*place])
            .map(|place| SPOKEN[place])
    };
    counts
        .into_iter()
        .filter_map(|(folder, counts)| Some((folder.to_owned(), most(counts)?)))
        .collect()
}

/// The form of a file, and why.
fn known(seen: &Seen<'_>, said: Option<Layout>) -> (&'static Form, String) {
    if let Some(form) = said.and_then(of) {
        return (form, "it is said to have it".to_owned());
    }
    let marked = FORMS
        .iter()
        .find_map(|form| Some((form, (form.mark)(seen)?)));
    // The last form takes everything.
    marked.unwrap_or_else(|| (&FORMS[FORMS.len() - 1], sql::because(seen)))
}

fn draft(
    opened: Opened,
    form: &'static Form,
    because: String,
    root: String,
    mut content: Content,
) -> Draft {
    if let Some(mode) = opened.found.transaction
        && !content.says_mode
    {
        for part in &mut content.parts {
            part.mode = mode;
        }
    }
    let unread = match (opened.unread, content.mistake) {
        (Some(unread), Some(mistake)) if !opened.text.is_empty() => {
            Some(format!("{unread}; {mistake}"))
        }
        (Some(unread), _) => Some(unread),
        (None, mistake) => mistake,
    };
    Draft {
        file: File {
            path: opened.found.path,
            text: opened.text,
            layout: form.layout,
            because,
            version: content.version,
            description: content.description,
            kind: match content.kind {
                "" => "versioned",
                kind => kind,
            },
            chain: 0,
            parts: content.parts,
            expects_down: false,
            up_path: content.up_path,
            is_judged: opened.found.is_judged,
            change: opened.found.change,
            unread,
        },
        form,
        root,
        rank: content.rank,
        link: content.link,
    }
}
