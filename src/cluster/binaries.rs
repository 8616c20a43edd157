//! A folder of server programs and what is known about it.

use std::fmt;
use std::path::{Path, PathBuf};

use super::error::ClusterError;
use super::os;

/// Where a server was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Named by hand: an argument or `PG_BIN`.
    Named,
    /// The folder that `pg_config --bindir` tells.
    PgConfig,
    /// A folder of the `PATH`.
    Path,
    /// A folder that a distribution or an installer uses.
    System,
    /// The cache of fetched servers.
    Fetched,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Named => "named by hand",
            Self::PgConfig => "told by pg_config",
            Self::Path => "on the PATH",
            Self::System => "installed on this system",
            Self::Fetched => "fetched",
        })
    }
}

/// One `PostgreSQL` server's programs: `postgres`, `initdb` and `pg_ctl` in one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerBinaries {
    /// The folder of the programs, absolute.
    pub bin: PathBuf,
    /// The major version: 17 of 17.10.
    pub major: u32,
    /// The minor version: 10 of 17.10, 0 for a beta.
    pub minor: u32,
    /// Where it was found.
    pub place: Place,
}

impl ServerBinaries {
    /// Looks at `bin` and asks its `postgres` for the version.
    pub(super) fn read(bin: &Path, place: Place) -> Result<Self, ClusterError> {
        let refuse = |because: String| ClusterError::NotAServer {
            bin: bin.to_owned(),
            because,
        };
        let bin = bin.canonicalize().map_err(|e| refuse(e.to_string()))?;
        for program in ["postgres", "initdb", "pg_ctl"] {
            if !os::program(&bin, program).is_file() {
                return Err(refuse(format!("it has no {program}")));
            }
        }
        let output = os::command(&os::program(&bin, "postgres"))
            .arg("--version")
            .output()
            .map_err(|e| refuse(format!("postgres --version does not run: {e}")))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let (major, minor) = parse_version(&said).ok_or_else(|| {
            let errors = String::from_utf8_lossy(&output.stderr);
            refuse(format!("postgres --version says: {said}{errors}"))
        })?;
        Ok(Self {
            bin,
            major,
            minor,
            place,
        })
    }

    /// The version as `PostgreSQL` writes it, such as `17.10`.
    pub fn version(&self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    /// Whether this server ships the extension `name`, by its control file.
    ///
    /// The folder of extensions is compiled into the server, relative to its programs; the layouts
    /// known here are those of the server's own `make install`, Debian, PGDG's RPMs, Fedora, Alpine and Homebrew.
    pub fn has_extension(&self, name: &str) -> bool {
        let major = self.major;
        let shares = [
            "share/postgresql".to_owned(),
            "share".to_owned(),
            format!("share/postgresql/{major}"),
            format!("share/postgresql@{major}"),
            format!("share/postgresql{major}"),
            "share/pgsql".to_owned(),
        ];
        let control = format!("extension/{name}.control");
        (self.bin.ancestors().skip(1))
            .any(|above| (shares.iter()).any(|share| above.join(share).join(&control).is_file()))
    }
}

impl fmt::Display for ServerBinaries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bin, place) = (self.bin.display(), self.place);
        write!(f, "PostgreSQL {} in {bin} ({place})", self.version())
    }
}

/// Reads `postgres (PostgreSQL) 17.10 (Debian …)`; a beta, `18beta1`, counts as minor 0.
fn parse_version(said: &str) -> Option<(u32, u32)> {
    let version = said.split(") ").nth(1)?.split_whitespace().next()?;
    let digits = |s: &str| {
        let end = s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
        s[..end].parse().ok()
    };
    let minor = version.split_once('.').map_or(Some(0), |(_, m)| digits(m));
    Some((digits(version)?, minor?))
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn versions_are_read() {
        for (said, expect) in [
            ("postgres (PostgreSQL) 17.10\n", Some((17, 10))),
            (
                "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n",
                Some((15, 20)),
            ),
            ("postgres (PostgreSQL) 18beta1\n", Some((18, 0))),
            ("postgres (PostgreSQL) 19devel", Some((19, 0))),
            ("postgres: error while loading shared libraries", None),
            ("", None),
        ] {
            assert_eq!(parse_version(said), expect, "{said}");
        }
    }
}
