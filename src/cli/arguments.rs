//! The arguments of the process, with their passwords kept out of the process list.

use std::ffi::OsString;

use crate::parse::redact_conninfo;

/// The environment of a process can be read by its own user only, unlike its arguments.
const KEPT: &str = "PGTRIAGE_ARGUMENT_";

/// The arguments that were given. When one holds a password the program starts itself anew under
/// redacted arguments first; where that is not possible it goes on as it is.
pub fn given() -> Vec<OsString> {
    let shown: Vec<OsString> = std::env::args_os().collect();
    let kept: Vec<Option<OsString>> = (0..shown.len())
        .map(|index| std::env::var_os(format!("{KEPT}{index}")))
        .collect();
    if kept.iter().all(Option::is_none) {
        #[cfg(unix)]
        hide(&shown);
        return shown;
    }
    let arguments = shown.into_iter().zip(kept);
    arguments
        .map(|(shown, kept)| kept.unwrap_or(shown))
        .collect()
}

/// Starts the program anew if an argument has something to hide. Returns only if not.
#[cfg(unix)]
fn hide(arguments: &[OsString]) {
    use std::os::unix::process::CommandExt;

    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let mut anew = std::process::Command::new(program);
    let mut hides = false;
    for (index, argument) in arguments.iter().enumerate().skip(1) {
        match argument.to_str().and_then(redacted) {
            Some(shown) => {
                anew.arg(shown).env(format!("{KEPT}{index}"), argument);
                hides = true;
            }
            None => {
                anew.arg(argument);
            }
        }
    }
    if let Some(name) = arguments.first() {
        anew.arg0(name);
    }
    if hides {
        // What cannot be started anew goes on as it is: the password is as visible as before.
        let _ = anew.exec();
    }
}

/// The argument without its secrets, if it has any.
fn redacted(argument: &str) -> Option<String> {
    let uri = ["postgresql://", "postgres://"]
        .iter()
        .find_map(|scheme| argument.find(scheme));
    if uri.is_none() && !argument.to_ascii_lowercase().contains("password") {
        return None;
    }
    let start = uri.unwrap_or_else(|| match argument.strip_prefix('-') {
        Some(long) if long.starts_with('-') => argument.find('=').map_or(0, |at| at + 1),
        Some(_) => 2,
        None => 0,
    });
    let (option, conninfo) = argument.split_at_checked(start)?;
    let shown = redact_conninfo(conninfo);
    (shown != conninfo).then(|| format!("{option}{shown}"))
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn passwords_are_hidden_however_they_are_given() {
        let check = |given: &str, shown: Option<&str>| {
            assert_eq!(redacted(given).as_deref(), shown, "{given}");
        };
        check(
            "postgresql://u:secret@h/db",
            Some("postgresql://u:***@h/db"),
        );
        check(
            "-dpostgres://u:secret@h/db",
            Some("-dpostgres://u:***@h/db"),
        );
        check("host=h password=secret", Some("host=h password=***"));
        check("-dhost=h password='se cret'", Some("-dhost=h password=***"));
        check(
            "--dbname=host=h password=secret",
            Some("--dbname=host=h password=***"),
        );
        check("postgresql://u@h/db", None);
        check("host=h dbname=db", None);
        check("--min-severity", None);
    }
}
