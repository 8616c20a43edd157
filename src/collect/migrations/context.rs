//! What has to be read beside a single file: those that run before it, and what tells its layout.

use super::walk::{Walk, folder, parent};

/// Folders of Sqitch's scripts.
const SQITCH: [&str; 3] = ["deploy", "revert", "verify"];
/// Names that stand in a folder of their own.
const LONE: [&str; 3] = ["up.sql", "down.sql", "migration.sql"];
/// Levels of folders in a project of Sqitch.
const DEEP: usize = 16;

/// Reads what stands around a file: its folder, or that of its project.
pub(super) fn read(walk: &mut Walk, shown: &str) {
    let own = parent(shown);
    let name = shown.rsplit('/').next().unwrap_or_default();
    if let Some(project) = sqitch(own) {
        for kind in &SQITCH[..2] {
            let path = super::walk::join(project, kind);
            if folder(&path).is_dir() {
                walk.read(&folder(&path), &path, false, DEEP);
            }
        }
    }
    if LONE.contains(&name) && !own.is_empty() && own != "/" {
        let above = parent(own);
        walk.read(&folder(above), above, false, 1);
    }
    walk.read(&folder(own), own, false, 0);
}

/// The folder above the last one that is named as one of Sqitch's.
fn sqitch(own: &str) -> Option<&str> {
    let mut path = own;
    loop {
        let name = path.rsplit('/').next().unwrap_or_default();
        if SQITCH.contains(&name) {
            return Some(parent(path));
        }
        if path.is_empty() || path == "/" {
            return None;
        }
        path = parent(path);
    }
}
