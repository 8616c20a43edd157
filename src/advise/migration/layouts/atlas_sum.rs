//! `atlas.sum`, by which Atlas sees that a folder of migrations was changed behind its back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Name of the file.
pub const NAME: &str = "atlas.sum";

/// The text of `atlas.sum` for the migrations of a folder, names and contents. A line has the hash
/// over names and contents of all files up to its own, in the order of names; the first line has
/// that over names and hashes. A file that begins with `-- atlas:sum ignore` counts by its name, and
/// has no line.
///
/// Source: `sql/migrate/dir.go` of Atlas; its own folders of tests have such sums.
pub fn atlas_sum(mut files: Vec<(&str, &[u8])>) -> String {
    files.sort_unstable();
    let mut running = Sha256::new();
    let mut whole = Sha256::new();
    let mut lines = String::new();
    for (name, content) in files {
        running.update(name);
        if is_left_out(content) {
            continue;
        }
        running.update(content);
        let hash = STANDARD.encode(running.clone().finalize());
        whole.update(name);
        whole.update(&hash);
        lines.push_str(&format!("{name} h1:{hash}\n"));
    }
    format!("h1:{}\n{lines}", STANDARD.encode(whole.finalize()))
}

/// Whether the first line says that the content does not count.
fn is_left_out(content: &[u8]) -> bool {
    let first = content.split(|byte| *byte == b'\n').next();
    let first = String::from_utf8_lossy(first.unwrap_or_default());
    let said = first.split_once("atlas:sum").map(|(_, said)| said);
    said.is_some_and(|said| said.trim_end_matches('\r').trim_matches(' ') == "ignore")
}
