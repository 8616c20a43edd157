//! The outside world as libpq looks at it: PG* variables, the user, the home folder, files.
//!
//! Everything that decides how to connect comes through [`Environment`], so a test can set up any
//! world without touching the process.
#![allow(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment and files for a connection"
)]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Where distributions put sockets: Debian and Red Hat, then `PostgreSQL`'s own default.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];
/// Where distributions put the system's `pg_service.conf` (`pg_config --sysconfdir`).
const SYSTEM_FOLDERS: [&str; 4] = [
    "/etc/postgresql-common",
    "/etc/sysconfig/pgsql",
    "/usr/local/pgsql/etc",
    "/etc",
];

/// What a connection may depend on besides its connection string.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, OsString>,
    home: Option<PathBuf>,
    user: Option<String>,
    socket_folders: Vec<PathBuf>,
    system_folders: Vec<PathBuf>,
}

impl Environment {
    /// The environment of this process.
    pub fn from_process() -> Self {
        let unix = cfg!(unix);
        let paths = |list: &[&str]| list.iter().filter(|_| unix).map(PathBuf::from).collect();
        Self {
            variables: env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
                .filter(|(name, _)| name.starts_with("PG"))
                .collect(),
            home: if unix {
                env::home_dir()
            } else {
                env::var_os("APPDATA").map(|data| Path::new(&data).join("postgresql"))
            },
            user: login_name(),
            socket_folders: paths(&SOCKET_FOLDERS),
            system_folders: paths(&SYSTEM_FOLDERS),
        }
    }

    /// An environment in which nothing is set.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The same environment with one more variable.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// The same environment with this home folder.
    #[must_use]
    pub fn with_home(mut self, home: impl Into<PathBuf>) -> Self {
        self.home = Some(home.into());
        self
    }

    /// The same environment with this operating-system user.
    #[must_use]
    pub fn with_user(mut self, user: &str) -> Self {
        self.user = Some(user.to_owned());
        self
    }

    /// The same environment with these default folders for sockets, in order of search.
    #[must_use]
    pub fn with_socket_folders(mut self, folders: &[&Path]) -> Self {
        self.socket_folders = folders.iter().map(|folder| folder.to_path_buf()).collect();
        self
    }

    /// A variable as bytes, also when it is empty.
    pub(super) fn variable(&self, name: &str) -> Option<&[u8]> {
        self.variables
            .get(name)
            .map(|value| value.as_encoded_bytes())
    }

    /// A variable as a path, also when it is empty.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        self.variables.get(name).map(PathBuf::from)
    }

    /// Name of the operating-system user.
    pub(super) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The user's own file of this name: below the home folder, or on Windows below
    /// `%APPDATA%\postgresql`.
    pub(super) fn home_file(&self, name: &str) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(name))
    }

    /// The user's default file for TLS, such as `root.crt`.
    pub(super) fn tls_file(&self, name: &str) -> Option<PathBuf> {
        let folder = if cfg!(windows) { "" } else { ".postgresql" };
        self.home_file(folder).map(|folder| folder.join(name))
    }

    /// Default folders for sockets; empty where there are none.
    pub(super) fn socket_folders(&self) -> &[PathBuf] {
        &self.socket_folders
    }

    /// Folders that may hold the system's `pg_service.conf`.
    pub(super) fn system_folders(&self) -> Vec<PathBuf> {
        self.path("PGSYSCONFDIR")
            .map_or_else(|| self.system_folders.clone(), |folder| vec![folder])
    }
}

/// What is known of a file before it is read.
pub(super) struct FileFacts {
    pub(super) regular: bool,
    /// Permission bits; none where the system has no such thing.
    pub(super) mode: u32,
    /// Whether root owns it.
    pub(super) owned_by_root: bool,
}

/// Looks at a file without reading it.
pub(super) fn file_facts(path: &Path) -> io::Result<FileFacts> {
    let metadata = fs::metadata(path)?;
    #[cfg(unix)]
    let (mode, owned_by_root) = {
        use std::os::unix::fs::MetadataExt;
        (metadata.mode() & 0o7777, metadata.uid() == 0)
    };
    #[cfg(not(unix))]
    let (mode, owned_by_root) = (0, false);
    Ok(FileFacts {
        regular: metadata.is_file(),
        mode,
        owned_by_root,
    })
}

/// Reads a whole file.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}

/// Whether something stands at this path.
pub(super) fn exists(path: &Path) -> bool {
    path.exists()
}

/// The files of a folder, in order of name.
pub(super) fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// Name of the user this process runs as: the owner of this process in the user database, else
/// what the login shell says.
fn login_name() -> Option<String> {
    effective_user().or_else(|| {
        ["LOGNAME", "USER", "USERNAME"]
            .iter()
            .filter_map(|name| env::var(name).ok())
            .find(|name| !name.is_empty())
    })
}

/// The name in `/etc/passwd` of the effective user id, which owns `/proc/self`. None where either
/// is missing (macOS) or where users come from elsewhere (LDAP).
#[cfg(unix)]
fn effective_user() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let id = fs::metadata("/proc/self").ok()?.uid().to_string();
    let users = fs::read("/etc/passwd").ok()?;
    String::from_utf8_lossy(&users)
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.get(2) == Some(&id.as_str()))
        .map(|fields| fields[0].to_owned())
}

#[cfg(not(unix))]
fn effective_user() -> Option<String> {
    None
}
