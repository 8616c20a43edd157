//! The user's editor.
#![allow(
    clippy::disallowed_methods,
    reason = "the home of the editor: its name is in the environment, it is a program, its text a file"
)]

use std::io::Write as _;
use std::process::Command;

/// Opens a text in `$VISUAL`, else `$EDITOR`, else `vi`, waits until it is closed, and gives the
/// text as it is then; else a sentence saying what went wrong.
pub fn edit(text: &str) -> Result<String, String> {
    let named = |name: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    let editor = named("VISUAL").or_else(|| named("EDITOR"));
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let failed = |error: std::io::Error| format!("the text cannot be given to {editor}: {error}");
    let mut file = tempfile::Builder::new()
        .prefix("pgtriage-")
        .suffix(".sql")
        .tempfile()
        .map_err(failed)?;
    writeln!(file, "{}", text.trim_end()).map_err(failed)?;
    // The variable may hold options, so a shell takes it apart, as git and psql do.
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$1\""))
        .arg("sh")
        .arg(file.path())
        .status()
        .map_err(failed)?;
    if !status.success() {
        return Err(format!(
            "{editor} ended with {status}; set VISUAL or EDITOR to an editor that is installed"
        ));
    }
    std::fs::read_to_string(file.path())
        .map_err(|error| format!("what {editor} left cannot be read: {error}"))
}
