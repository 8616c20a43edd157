//! What differs by operating system: users, owners, process groups, sockets.
//!
//! Throwaway clusters are for unix. Elsewhere this compiles, and starting one fails for want of a
//! `sh`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::ClusterError;

pub(super) use imp::{chown, detach, owner, passable, private, socket_answers};

/// The user that a server runs as when we are root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
}

impl Account {
    /// The account for a server if `uid`, our own, is root; `None` if it can run as ourselves.
    pub fn for_server(uid: u32) -> Result<Option<Self>, ClusterError> {
        if uid != 0 || cfg!(not(unix)) {
            return Ok(None);
        }
        let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| Self::among(&users, name))
            .map(Some)
            .ok_or(ClusterError::NoAccount)
    }

    /// Finds `name` in the text of a passwd file. A user with root's id would not help.
    fn among(users: &str, name: &str) -> Option<Self> {
        users.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let [user, _, uid, gid, ..] = fields[..] else {
                return None;
            };
            let (uid, gid) = (uid.parse().ok()?, gid.parse().ok()?);
            (user == name && uid != 0).then(|| Self {
                name: name.to_owned(),
                uid,
                gid,
            })
        })
    }
}

/// The path of a program in a folder.
pub(super) fn program(bin: &Path, name: &str) -> PathBuf {
    bin.join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// A command that none of the caller's `PG*` settings reaches, with messages in English and times
/// in UTC.
pub(super) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C").env("TZ", "UTC");
    command
}

#[cfg(unix)]
mod imp {
    use std::fs::{self, Permissions};
    use std::io;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::net::UnixStream;
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    use super::Account;

    /// The user id that owns `path` (of a link itself, not what it points to).
    pub fn owner(path: &Path) -> io::Result<u32> {
        Ok(fs::symlink_metadata(path)?.uid())
    }

    /// Gives `path` to the server's user, if that is another.
    pub fn chown(path: &Path, account: Option<&Account>) -> io::Result<()> {
        account.map_or(Ok(()), |a| {
            std::os::unix::fs::chown(path, Some(a.uid), Some(a.gid))
        })
    }

    /// Lets nobody but the owner use `path`, a file or a folder.
    pub fn private(path: &Path) -> io::Result<()> {
        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        fs::set_permissions(path, Permissions::from_mode(mode))
    }

    /// Lets everybody reach what lies in a folder, and nobody else list it.
    pub fn passable(folder: &Path) -> io::Result<()> {
        fs::set_permissions(folder, Permissions::from_mode(0o711))
    }

    /// Runs the command as `account`, in a process group of its own, so that a Ctrl-C meant for us
    /// does not reach it. (Setting the user as root also clears the supplementary groups.)
    pub fn detach(command: &mut Command, account: Option<&Account>) {
        command.process_group(0);
        if let Some(account) = account {
            command.uid(account.uid).gid(account.gid);
        }
    }

    /// Whether a server listens on this unix socket.
    pub fn socket_answers(socket: &Path) -> bool {
        UnixStream::connect(socket).is_ok()
    }
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the same signatures as on unix")]
mod imp {
    use std::io;
    use std::path::Path;
    use std::process::Command;

    use super::Account;

    pub fn owner(_: &Path) -> io::Result<u32> {
        Ok(0)
    }

    pub fn chown(_: &Path, _: Option<&Account>) -> io::Result<()> {
        Ok(())
    }

    pub fn private(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub fn passable(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub fn detach(_: &mut Command, _: Option<&Account>) {}

    pub fn socket_answers(_: &Path) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::Account;

    const USERS: &str = "root:x:0:0:root:/:/bin/sh\nbroken\n\
        nobody:x:65534:65533:nobody:/nonexistent:/bin/false\ntoor:x:0:0::/:/bin/sh\n";

    #[test]
    fn accounts_are_found_by_name_and_never_root() {
        let nobody = Account::among(USERS, "nobody").unwrap();
        assert_eq!((nobody.uid, nobody.gid), (65534, 65533));
        assert_eq!(Account::among(USERS, "toor"), None);
        assert_eq!(Account::among(USERS, "postgres"), None);
        assert_eq!(Account::among(USERS, "broken"), None);
    }
}
