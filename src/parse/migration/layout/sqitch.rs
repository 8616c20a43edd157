//! Sqitch: `deploy/`, `revert/` and `verify/` with scripts of the same names, in the order of
//! `sqitch.plan`.
//!
//! psql runs them; their transactions stand in them.

use super::super::file::{Direction, Layout, Mode};
use super::found::join;
use super::lines::is_blank;
use super::name;
use super::seen::{Content, Seen};

/// Folders of scripts.
const FOLDERS: [&str; 3] = ["deploy", "revert", "verify"];

/// Project, kind of script and change of a path: `db/deploy/sub/users.sql`.
fn place<'a>(seen: &Seen<'a>) -> Option<(&'a str, &'static str, &'a str)> {
    let path = seen.path;
    FOLDERS
        .iter()
        .filter_map(|folder| {
            let inner = path.rfind(&format!("/{folder}/")).map(|at| (at, at + 1));
            let outer = path
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'));
            let (end, start) = inner.or_else(|| outer.map(|_| (0, 0)))?;
            let change = &path[start + folder.len() + 1..];
            Some((&path[..end], *folder, name::stem(change)))
        })
        .max_by_key(|(project, ..)| project.len())
}

/// The project's folder.
pub(super) fn root<'a>(seen: &Seen<'a>) -> &'a str {
    place(seen).map_or(seen.folder, |(project, ..)| project)
}

/// Its folder and what stands beside that, or its comment.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let (project, folder, _) = place(seen)?;
    let beside = |name| seen.around.has(project, name);
    if beside("sqitch.plan") || beside("sqitch.conf") {
        return Some(format!("its folder `{folder}` stands beside Sqitch's plan"));
    }
    if seen.spoken == Some(Layout::Sqitch) {
        return Some("it has a comment of Sqitch (`-- Deploy project:change to pg`)".to_owned());
    }
    let pair = beside("deploy") && beside("revert");
    pair.then(|| {
        "it stands in `deploy` or `revert`, beside the other, as Sqitch has them".to_owned()
    })
}

/// Is it a script that only checks?
pub(super) fn verifies(seen: &Seen<'_>) -> bool {
    place(seen).is_some_and(|(_, folder, _)| folder == "verify")
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let (project, folder, change) = place(seen).unwrap_or(("", "deploy", seen.stem()));
    let plan = seen.around.text(project, "sqitch.plan");
    let planned = plan.map(|plan| planned(plan, change));
    let mistake = (planned == Some(None))
        .then(|| "it is not in `sqitch.plan`, so Sqitch never runs it".to_owned());
    let is_down = folder == "revert";
    let direction = if is_down {
        Direction::Down
    } else {
        Direction::Up
    };
    let up = format!("{}.sql", join(&join(project, "deploy"), change));
    let (up_folder, up_name) = super::found::split(&up);
    let parts = if is_down && is_blank(seen.text) {
        Vec::new()
    } else {
        seen.whole(direction, Mode::Autocommit)
    };
    Content {
        version: Some(change.to_owned()),
        parts,
        up_path: (is_down && seen.around.has(up_folder, up_name)).then(|| up.clone()),
        rank: planned.flatten().unwrap_or(usize::MAX),
        mistake,
        ..Content::default()
    }
}

/// Where a plan has a change. Scripts of changes that were made anew have a tag behind their name.
fn planned(plan: &str, change: &str) -> Option<usize> {
    let name = change.split_once('@').map_or(change, |(name, _)| name);
    let names = plan
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with(['%', '@', '#']));
    let mut names = names.map(|line| line.split_whitespace().next().unwrap_or_default());
    names.position(|known| known == name)
}
