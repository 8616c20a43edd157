//! How a throwaway cluster is set up.

use std::path::PathBuf;

/// What a new cluster looks like. The default is `PostgreSQL`'s own configuration with durability
/// off, reached by a unix socket only, every local connection trusted.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Settings for `postgresql.conf`, unquoted; a later one of the same name wins.
    pub settings: Vec<(String, String)>,
    /// Libraries for `shared_preload_libraries`.
    pub preload: Vec<String>,
    /// Lines for `pg_hba.conf`, before those that trust local connections (the first match wins).
    pub hba: Vec<String>,
    /// Files to put into the data directory, readable to the server's user only.
    pub files: Vec<(String, Vec<u8>)>,
    /// More arguments for `initdb`, such as `--data-checksums`.
    pub initdb: Vec<String>,
    /// Make the cluster as a copy of this data directory, whose server must not run, instead of by
    /// `initdb`. The copy has the same system identifier.
    pub copy_of: Option<PathBuf>,
    /// Listen on a free port of 127.0.0.1 too.
    pub tcp: bool,
    /// Leave `fsync`, `synchronous_commit` and `full_page_writes` on, as a real server has them.
    pub durable: bool,
}

impl Options {
    /// Adds one setting.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Turns TLS on with a certificate and its key, both PEM.
    #[must_use]
    pub fn ssl(mut self, certificate: &[u8], key: &[u8]) -> Self {
        self.files
            .push(("server.crt".to_owned(), certificate.to_vec()));
        self.files.push(("server.key".to_owned(), key.to_vec()));
        self.set("ssl", "on")
    }

    /// The arguments of `initdb` besides the data directory.
    pub(super) fn initdb_arguments(&self) -> Vec<String> {
        let mut arguments = vec!["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"];
        if !self.durable {
            arguments.push("--no-sync");
        }
        let own = arguments.into_iter().map(str::to_owned);
        own.chain(self.initdb.iter().cloned()).collect()
    }

    /// The settings of these options; `home` is the folder for the socket.
    pub(super) fn all_settings(&self, home: &str) -> Vec<(String, String)> {
        let listen = if self.tcp { "127.0.0.1" } else { "" };
        let mut settings = vec![
            ("unix_socket_directories", home),
            ("listen_addresses", listen),
        ];
        if !self.durable {
            settings.extend([
                ("fsync", "off"),
                ("synchronous_commit", "off"),
                ("full_page_writes", "off"),
            ]);
        }
        let preload = self.preload.join(",");
        if !preload.is_empty() {
            settings.push(("shared_preload_libraries", &preload));
        }
        let ours = settings
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        ours.chain(self.settings.iter().cloned()).collect()
    }
}
