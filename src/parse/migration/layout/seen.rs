//! A file and its surroundings, as a layout looks at them.

use super::super::file::{Direction, Layout, Mode, Part};
use super::found::Around;
use super::name;

/// Folders above a file's in which a manifest says what a project uses.
const MANIFEST_LEVELS: usize = 4;
/// Files by which projects say what they use.
pub const MANIFESTS: [&str; 2] = [CARGO, NPM];
/// That of a project in Rust.
pub(super) const CARGO: &str = "Cargo.toml";
/// That of a project in JavaScript.
pub(super) const NPM: &str = "package.json";

/// A file and what stands around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// Its path.
    pub path: &'a str,
    /// Its folder.
    pub folder: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The layout that its comments speak of.
    pub spoken: Option<Layout>,
    /// The layout that comments of its folder's files speak of.
    pub folder_speaks: Option<Layout>,
    /// Names and texts beside it.
    pub around: &'a Around,
}

/// What a layout makes of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    /// Version, as the file or its name says it.
    pub version: Option<String>,
    /// Description, likewise.
    pub description: Option<String>,
    /// versioned, repeatable or schema; empty: versioned.
    pub kind: &'static str,
    /// What is run of it, in order.
    pub parts: Vec<Part>,
    /// The file may say itself how it is run, and does; no setting changes that then.
    pub says_mode: bool,
    /// Of a file that only takes back: the path of the one that migrates, if that is there.
    pub up_path: Option<String>,
    /// Where it stands among others, where something other than its version says so.
    pub rank: usize,
    /// Revisions that it comes from and leads to, where files name them.
    pub link: Option<(String, String)>,
    /// What is wrong with its marks.
    pub mistake: Option<String>,
}

impl<'a> Seen<'a> {
    /// Its name without `.sql`.
    pub fn stem(&self) -> &'a str {
        name::stem(self.name)
    }

    /// The folder above another.
    pub fn parent(folder: &str) -> &str {
        super::found::split(folder).0
    }

    /// The name of its folder.
    pub fn folder_name(&self) -> &'a str {
        super::found::split(self.folder).1
    }

    /// Does the project's manifest of that name name that dependency? Its folder's and those above
    /// are asked.
    pub fn uses(&self, manifest: &str, dependency: &str) -> bool {
        let mut folder = self.folder;
        for _ in 0..MANIFEST_LEVELS {
            if self.around.has(folder, manifest)
                && self
                    .around
                    .text(folder, manifest)
                    .is_some_and(|text| text.contains(dependency))
            {
                return true;
            }
            if folder.is_empty() || folder == "/" {
                return false;
            }
            folder = Self::parent(folder);
        }
        false
    }

    /// The whole text as a part.
    pub fn whole(&self, direction: Direction, mode: Mode) -> Vec<Part> {
        vec![Part::whole(self.text, direction, mode)]
    }

    /// Is there a file of that name in its folder?
    pub fn beside(&self, name: &str) -> bool {
        self.around.has(self.folder, name)
    }

    /// The path of a name in its folder.
    pub fn path_beside(&self, name: &str) -> String {
        super::found::join(self.folder, name)
    }
}
