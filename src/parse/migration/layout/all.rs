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
struct Text {
    found: Found,
    text: String,
    /// What could not be read of it.
    unread: Option<String>,
    spoken: Option<Layout>,
}

/// Takes files apart and puts them in order.
pub fn files(found: Vec<Found>, around: &Around) -> Taken {
    let texts: Vec<Text> = found.into_iter().map(read).collect();
    let speakers = speakers(&texts);
    let mut taken = Taken::default();
    let mut drafts = Vec::with_capacity(texts.len());
    for text in texts {
        let (folder, name) = split(&text.found.path);
        let seen = Seen {
            path: &text.found.path,
            folder,
            name,
            text: &text.text,
            spoken: text.spoken,
            folder_speaks: speakers.get(folder).copied(),
            around,
        };
        let (form, because) = known(&seen, text.found.layout);
        if form.layout == Layout::Sqitch && sqitch::verifies(&seen) {
            taken.passed.push(Passed {
                path: text.found.path,
                because: "scripts of Sqitch that verify change nothing",
            });
            continue;
        }
        let content = (form.take)(&seen);
        let root = (form.root)(&seen).to_owned();
        drafts.push(draft(text, form, because, root, content));
    }
    taken.files = chained(drafts);
    taken
}

fn read(mut found: Found) -> Text {
    let bytes = std::mem::replace(&mut found.bytes, Ok(Vec::new()));
    let (text, unread) = match bytes {
        Ok(bytes) => decode(bytes),
        Err(because) => (String::new(), Some(because)),
    };
    Text {
        spoken: spoken(&text),
        found,
        text,
        unread,
    }
}

/// The layout that most of a folder's files speak of.
fn speakers(texts: &[Text]) -> HashMap<String, Layout> {
    let mut counts: HashMap<&str, [usize; SPOKEN.len()]> = HashMap::new();
    for text in texts {
        let place = SPOKEN
            .iter()
            .position(|layout| text.spoken == Some(*layout));
        if let Some(place) = place {
            counts.entry(split(&text.found.path).0).or_default()[place] += 1;
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
    marked.unwrap_or_else(|| (&FORMS[FORMS.len() - 1], sql::mark(seen).unwrap_or_default()))
}

fn draft(
    text: Text,
    form: &'static Form,
    because: String,
    root: String,
    mut content: Content,
) -> Draft {
    if let Some(mode) = text.found.transaction
        && !content.says_mode
    {
        for part in &mut content.parts {
            part.mode = mode;
        }
    }
    let unread = match (text.unread, content.mistake) {
        (Some(unread), Some(mistake)) if !text.text.is_empty() => {
            Some(format!("{unread}; {mistake}"))
        }
        (Some(unread), _) => Some(unread),
        (None, mistake) => mistake,
    };
    Draft {
        file: File {
            path: text.found.path,
            text: text.text,
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
            is_judged: text.found.is_judged,
            change: text.found.change,
            unread,
        },
        form,
        root,
        rank: content.rank,
        link: content.link,
    }
}
