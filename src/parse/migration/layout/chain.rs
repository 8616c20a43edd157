//! Files one after the other: which belong together, and in which order they are run.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::super::file::{Direction, File, Layout};
use super::found::split;
use super::name::by_numbers;
use super::table::{Form, Order};

/// A file that is taken apart but not yet put in order.
pub(super) struct Draft {
    /// The file; its chain is not known yet.
    pub file: File,
    /// How its layout is read.
    pub form: &'static Form,
    /// The folder that holds its chain.
    pub root: String,
    /// Where it stands, as its project's plan says.
    pub rank: usize,
    /// Revisions that it comes from and leads to.
    pub link: Option<(String, String)>,
}

impl Draft {
    fn is_down(&self) -> bool {
        let parts = &self.file.parts;
        self.file.up_path.is_some()
            || (!parts.is_empty() && parts.iter().all(|part| part.direction == Direction::Down))
    }

    fn has_down(&self) -> bool {
        let mut parts = self.file.parts.iter();
        self.file.up_path.is_some() || parts.any(|part| part.direction == Direction::Down)
    }

    /// What chain it is in: the same for all files of it.
    fn key(&self) -> (String, String) {
        let alone = self.form.order == Order::Alone
            || self.file.kind == "schema"
            || (self.file.layout == Layout::Sql && self.file.version.is_none());
        let own = if alone {
            self.file
                .up_path
                .clone()
                .unwrap_or_else(|| self.file.path.clone())
        } else {
            String::new()
        };
        (self.root.clone(), own)
    }
}

/// Puts files into chains and in order, and leaves out what only stands behind those that are
/// judged.
pub(super) fn chained(mut drafts: Vec<Draft>) -> Vec<File> {
    join_roots(&mut drafts);
    link(&mut drafts);
    let mut chains: HashMap<(String, String, Layout), Vec<Draft>> = HashMap::new();
    for draft in drafts {
        let (root, own) = draft.key();
        chains
            .entry((root, own, draft.file.layout))
            .or_default()
            .push(draft);
    }
    let mut chains: Vec<_> = chains.into_iter().collect();
    chains.retain(|(_, drafts)| drafts.iter().any(|draft| draft.file.is_judged));
    chains.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut files = Vec::new();
    for (number, (_, mut drafts)) in chains.into_iter().enumerate() {
        drafts.sort_by(order);
        duplicates(&mut drafts);
        let expects_down = drafts.iter().any(Draft::has_down);
        // What takes back a judged file tells that it can be taken back.
        let judged: HashSet<&str> = (drafts.iter())
            .filter(|draft| draft.file.is_judged)
            .map(|draft| draft.file.path.as_str())
            .collect();
        let wanted = |draft: &Draft| {
            let up = draft.file.up_path.as_deref();
            draft.file.is_judged || up.is_some_and(|path| judged.contains(path))
        };
        let last = drafts.iter().rposition(wanted);
        drafts.truncate(last.map_or(0, |last| last + 1));
        files.extend(drafts.into_iter().map(|draft| File {
            chain: number + 1,
            expects_down: expects_down && !draft.is_down() && draft.file.kind == "versioned",
            ..draft.file
        }));
    }
    files
}

/// Flyway and refinery look into folders below: those belong to the topmost.
fn join_roots(drafts: &mut [Draft]) {
    let nests = |layout| matches!(layout, Layout::Flyway | Layout::Refinery);
    let roots: HashSet<(Layout, String)> = drafts
        .iter()
        .filter(|draft| nests(draft.file.layout))
        .map(|draft| (draft.file.layout, draft.root.clone()))
        .collect();
    if roots.len() < 2 {
        return;
    }
    for draft in drafts.iter_mut().filter(|draft| nests(draft.file.layout)) {
        let mut folder = draft.root.as_str();
        let mut top = folder;
        while !folder.is_empty() && folder != "/" {
            folder = split(folder).0;
            if roots.contains(&(draft.file.layout, folder.to_owned())) {
                top = folder;
            }
        }
        draft.root = top.to_owned();
    }
}

/// Ranks files that name the revision they come from; those that go back stand behind the file
/// that led there.
fn link(drafts: &mut [Draft]) {
    let mut before: HashMap<(String, String), (String, String)> = HashMap::new();
    for draft in drafts.iter().filter(|draft| !draft.is_down()) {
        if let Some((from, to)) = &draft.link {
            let step = (from.clone(), draft.file.path.clone());
            before.insert((draft.root.clone(), to.clone()), step);
        }
    }
    for draft in drafts.iter_mut() {
        let Some((from, _)) = &draft.link else {
            continue;
        };
        let mut place = (draft.root.clone(), from.clone());
        let mut depth = 0;
        if draft.is_down() {
            let Some((from, path)) = before.get(&place) else {
                draft.rank = usize::MAX;
                continue;
            };
            draft.file.up_path = Some(path.clone());
            place.1.clone_from(from);
        }
        // Steps back to a revision that no file leads to; a circle ends somewhere.
        while let Some((from, _)) = before.get(&place)
            && depth < before.len()
        {
            place.1.clone_from(from);
            depth += 1;
        }
        draft.rank = depth;
    }
}

fn order(a: &Draft, b: &Draft) -> Ordering {
    let late = |draft: &Draft| draft.file.kind == "repeatable";
    (late(a).cmp(&late(b)))
        .then(a.rank.cmp(&b.rank))
        .then_with(|| {
            if linked(a, b) {
                Ordering::Equal
            } else {
                versions(a, b)
            }
        })
        .then_with(|| a.is_down().cmp(&b.is_down()))
        .then_with(|| a.file.path.cmp(&b.file.path))
}

/// Is their order that of revisions, which are no numbers?
fn linked(a: &Draft, b: &Draft) -> bool {
    a.link.is_some() && b.link.is_some()
}

fn versions(a: &Draft, b: &Draft) -> Ordering {
    match (&a.file.version, &b.file.version) {
        (Some(left), Some(right)) => match a.form.order {
            Order::Numbers => by_numbers(left, right),
            Order::Text | Order::Alone => left.cmp(right),
        },
        // Without a version a file stands where its path does.
        _ => Ordering::Equal,
    }
}

/// Two files of the same version and direction: most tools refuse that.
fn duplicates(drafts: &mut [Draft]) {
    for at in 1..drafts.len() {
        let (before, rest) = drafts.split_at_mut(at);
        let (Some(earlier), Some(later)) = (before.last(), rest.first_mut()) else {
            continue;
        };
        let same = later.form.is_unique
            && later.file.version.is_some()
            && earlier.file.version.is_some()
            && earlier.is_down() == later.is_down()
            && versions(earlier, later) == Ordering::Equal;
        if same {
            let version = later.file.version.clone().unwrap_or_default();
            let said = format!("version {version} is that of {} too", earlier.file.path);
            later.file.unread = Some(match later.file.unread.take() {
                Some(mistake) => format!("{mistake}; {said}"),
                None => said,
            });
        }
    }
}
