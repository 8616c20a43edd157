//! Which files are linted: found, read and taken apart.

use std::collections::HashSet;
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context as _, bail};

use super::context::Context;
use super::lint::Args;
use crate::collect::migrations::{Gathered, Said, Search, gather};
use crate::parse::migration::layout::{Taken, files};
use crate::parse::migration::{File, Layout};

/// Name of a text from stdin that has none.
const STDIN: &str = "stdin.sql";

/// Files that are linted, and those that come before them.
#[derive(Debug)]
pub struct Files {
    /// In order.
    pub files: Vec<File>,
    /// Paths of files that could not be read.
    pub unreadable: Vec<String>,
}

/// Finds, reads and takes apart what the arguments name.
pub fn read(args: &Args, context: &Context) -> anyhow::Result<Files> {
    let gathered = gathered(args, context)?;
    taken(args, context, gathered)
}

/// Finds and reads what the arguments name.
pub fn gathered(args: &Args, context: &Context) -> anyhow::Result<Gathered> {
    let root = context.root()?;
    let lint = &context.settings.lint;
    let has_paths = lint.paths.as_ref().is_some_and(|paths| !paths.is_empty());
    let said = |path: &str| {
        let entry = has_paths.then(|| lint.of(&root.relative(path))).flatten();
        Said {
            is_excluded: entry.is_some_and(|entry| entry.exclude),
            layout: args
                .layout
                .or(entry.and_then(|entry| entry.layout))
                .or(lint.layout),
            transaction: args
                .transaction
                .or(entry.and_then(|entry| entry.transaction))
                .or(lint.transaction),
        }
    };
    let from_stdin =
        args.stdin_name.is_some() || args.path.iter().any(|path| path.as_os_str() == "-");
    let mut paths: Vec<PathBuf> = args.path.clone();
    paths.retain(|path| path.as_os_str() != "-");
    if is_here(args) {
        paths.push(PathBuf::from("."));
    }
    let name = args.stdin_name.as_deref().unwrap_or(STDIN);
    let text = from_stdin.then(stdin).transpose()?.map(|text| (name, text));
    Ok(gather(Search {
        paths: &paths,
        text,
        changed_since: args.changed_since.as_deref(),
        said: &said,
    })?)
}

/// Nobody named a path: it is the current folder.
fn is_here(args: &Args) -> bool {
    args.path.is_empty() && args.stdin_name.is_none()
}

/// Which files the findings of this run are all there is of: those that were judged, and those that
/// would have been if they were there still. Paths are told from the root.
pub fn covered(
    args: &Args,
    context: &Context,
    read: &Files,
) -> anyhow::Result<impl Fn(&str) -> bool> {
    let root = context.root()?;
    let judged = read.files.iter().filter(|file| file.is_judged);
    let judged: HashSet<String> = judged.map(|file| root.relative(&file.path)).collect();
    let paths = args.path.iter().filter(|path| path.as_os_str() != "-");
    let mut folders: Vec<String> = paths
        .map(|path| root.relative(&path.to_string_lossy()))
        .collect();
    if is_here(args) {
        folders.push(root.relative("."));
    }
    Ok(move |path: &str| {
        let is_below = |folder: &String| match folder.as_str() {
            "" => !path.starts_with('/'),
            folder => {
                let rest = path.strip_prefix(folder);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        };
        judged.contains(path) || folders.iter().any(is_below) && !root.absolute(path).exists()
    })
}

fn stdin() -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut text);
    read.context("cannot read stdin")?;
    Ok(text)
}

/// Takes files apart.
pub fn taken(args: &Args, context: &Context, gathered: Gathered) -> anyhow::Result<Files> {
    let here = is_here(args);
    let say = context.say;
    for folder in &gathered.unreadable {
        say.warn(&format!("this folder cannot be read: {folder}"));
    }
    let judged = gathered.found.iter().filter(|found| found.is_judged);
    let unreadable: Vec<String> = judged
        .filter_map(|found| {
            let because = found.bytes.as_ref().err()?;
            Some(format!("{}: {because}", found.path))
        })
        .collect();
    let mut taken: Taken = files(gathered.found, &gathered.around);
    for passed in &taken.passed {
        say.detail(&format!(
            "{} is passed over: {}",
            passed.path, passed.because
        ));
    }
    if here {
        leave_strangers(&mut taken.files, context);
    }
    if taken.files.iter().any(|file| file.is_judged) {
        return Ok(Files {
            files: taken.files,
            unreadable,
        });
    }
    match &args.changed_since {
        Some(revision) => say.note(&format!("no migration changed since {revision}")),
        None if here => bail!(
            "no migrations are recognized in this folder; name files or folders: `pgtriage lint PATH…`"
        ),
        None => bail!("there is nothing to lint: no file of SQL is where it was looked for"),
    }
    Ok(Files {
        files: Vec::new(),
        unreadable,
    })
}

/// Where nobody named a path, only what is known as migrations is taken for such.
fn leave_strangers(files: &mut Vec<File>, context: &Context) {
    let before = files.len();
    files.retain(|file| {
        file.layout != Layout::Sql || (file.version.is_some() && file.kind == "versioned")
    });
    let left = before - files.len();
    if left > 0 {
        let (files, them) = if left == 1 {
            ("file of SQL is", "it")
        } else {
            ("files of SQL are", "them")
        };
        context.say.note(&format!(
            "{left} {files} not known as migrations by name or marks; name {them} to lint {them}"
        ));
    }
}
