//! The server that a shadow runs on.

use std::path::PathBuf;

use anyhow::Context as _;

use super::original::Original;
use crate::cluster::{
    Cluster, ClusterError, Kept, Options, RelationFiles, ServerBinaries, StopMode,
};
use crate::collect::connect::{ConnInfo, Environment, Session};
use crate::facts::quote;

/// The first version with the option `--no-data-checksums` of `initdb`, where sums are on by default. A page
/// that is written past the server has none.
const CHECKSUMS: u32 = 18;
/// The first version whose databases can have a locale of ICU.
const ICU: u32 = 15;
/// The first version with locales of its own.
const BUILTIN: u32 = 17;

/// Settings of the server. Relation files are never scanned, and nothing has to outlive the server.
const SETTINGS: [(&str, &str); 16] = [
    // With `minimal`, the end of a transaction would read the files that it made.
    ("wal_level", "replica"),
    ("max_wal_senders", "0"),
    ("max_wal_size", "64MB"),
    ("min_wal_size", "2MB"),
    ("checkpoint_timeout", "1d"),
    ("checkpoint_warning", "0"),
    ("autovacuum", "off"),
    ("max_parallel_maintenance_workers", "0"),
    ("max_connections", "20"),
    // A plan locks all indexes of its tables, and all partitions.
    ("max_locks_per_transaction", "1024"),
    ("shared_buffers", "64MB"),
    ("plan_cache_mode", "force_generic_plan"),
    // A function that the planner runs may never end.
    ("statement_timeout", "60s"),
    // Statements hold values of users.
    ("log_min_error_statement", "panic"),
    ("log_min_messages", "fatal"),
    ("huge_pages", "off"),
];

/// A server with one empty database, named as the original.
pub struct Ground {
    /// The server.
    cluster: Cluster,
    /// How to connect to the database.
    pub info: ConnInfo,
    /// Its files.
    pub files: RelationFiles,
    /// What its locale has not as the original.
    pub locale: Option<String>,
}

impl Ground {
    /// Makes it.
    pub async fn start(server: &ServerBinaries, original: &Original) -> anyhow::Result<Self> {
        let (cluster, locale) = cluster(server, original)?;
        let info = info(&cluster, "template1")?;
        let session = Session::open(&info).await?;
        if original.name != "postgres" {
            let name = quote::ident(&original.name);
            session
                .run(&format!("ALTER DATABASE postgres RENAME TO {name}"))
                .await?;
        }
        Self::of(cluster, original, locale, &session).await
    }

    /// A server whose database is made already, from a data directory that was kept.
    pub async fn again(
        server: &ServerBinaries,
        original: &Original,
        data: PathBuf,
    ) -> anyhow::Result<Self> {
        let options = Options {
            copy_of: Some(data),
            ..options(server, original, Vec::new())
        };
        let cluster = Cluster::start(server, &options)?;
        let session = Session::open(&info(&cluster, &original.name)?).await?;
        Self::of(cluster, original, None, &session).await
    }

    /// Keeps the data directory under a key. Sessions end with it, and the server starts anew.
    pub fn keep(&mut self, kept: &Kept, key: &str, note: &[u8]) -> Result<(), ClusterError> {
        self.cluster.stop(StopMode::Fast)?;
        // That it can't be kept is no loss but of time.
        let _ = kept.keep(key, &self.cluster, note);
        self.cluster.resume()
    }

    async fn of(
        cluster: Cluster,
        original: &Original,
        locale: Option<String>,
        session: &Session,
    ) -> anyhow::Result<Self> {
        let sizes = session
            .run("SELECT current_setting('block_size'), setting FROM pg_settings WHERE name = 'segment_size'")
            .await?;
        let (block, segment) = geometry(&sizes)
            .context("the server does not tell how long its blocks and segments are")?;
        let files = cluster.relation_files(block, segment);
        let info = info(&cluster, &original.name)?;
        Ok(Self {
            cluster,
            info,
            files,
            locale,
        })
    }
}

/// Bytes of a block and of a segment.
fn geometry(rows: &[Vec<Option<String>>]) -> Option<(u64, u64)> {
    let [block, segment] = rows.first()?.as_slice() else {
        return None;
    };
    let block: u64 = block.as_ref()?.parse().ok()?;
    let segment: u64 = segment.as_ref()?.parse().ok()?;
    Some((block, block * segment))
}

/// Nothing of the user's environment: it is meant for other servers.
fn info(cluster: &Cluster, database: &str) -> anyhow::Result<ConnInfo> {
    let conninfo = cluster.conninfo(database);
    Ok(ConnInfo::resolve(Some(&conninfo), &Environment::empty())?)
}

/// A server with the locale of the original, or the nearest that this machine has.
fn cluster(
    server: &ServerBinaries,
    original: &Original,
) -> anyhow::Result<(Cluster, Option<String>)> {
    let mut refused = None;
    for (arguments, note) in locales(server.major, original) {
        match Cluster::start(server, &options(server, original, arguments)) {
            Ok(cluster) => return Ok((cluster, note)),
            Err(error @ ClusterError::Server { .. }) => refused = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    let refused = refused.map(anyhow::Error::from);
    Err(refused.unwrap_or_else(|| anyhow::anyhow!("there is no locale to make a server with")))
}

fn options(server: &ServerBinaries, original: &Original, locale: Vec<String>) -> Options {
    let mut options = Options {
        initdb: vec!["--wal-segsize=1".to_owned()],
        ..Options::default()
    };
    if server.major >= CHECKSUMS {
        options.initdb.push("--no-data-checksums".to_owned());
    }
    if let Some(encoding) = &original.encoding {
        options.initdb.push(format!("--encoding={encoding}"));
    }
    options.initdb.extend(locale);
    for (name, value) in SETTINGS {
        options = options.set(name, value);
    }
    options
}

/// Arguments of `initdb`, the nearest locale first, each with what it changes.
fn locales(major: u32, original: &Original) -> Vec<(Vec<String>, Option<String>)> {
    let own = |arguments: &[&str]| arguments.iter().map(|&text| text.to_owned()).collect();
    let name = original.collation.as_deref().unwrap_or("C");
    let is_plain = ["C", "POSIX"].contains(&name);
    let provider = original.provider.as_deref().unwrap_or("libc");
    let tongue = name.split(['.', '@']).next().unwrap_or_default();
    let tongue = if is_plain || tongue.is_empty() || tongue == "C" {
        "und".to_owned()
    } else {
        tongue.replace('_', "-")
    };
    let libc = format!("--locale={name}");
    let icu = format!("--icu-locale={tongue}");
    let icu = own(&["--locale-provider=icu", &icu, "--locale=C"]);
    let mut all = Vec::new();
    match provider {
        "icu" if major >= ICU => {
            all.push((icu, None));
        }
        "builtin" if major >= BUILTIN => {
            let wanted = if is_plain { "C" } else { "C.UTF-8" };
            let builtin = format!("--builtin-locale={wanted}");
            let builtin = own(&["--locale-provider=builtin", &builtin, "--locale=C"]);
            all.push((builtin, None));
        }
        _ if is_plain => {
            all.push((own(&["--locale=C"]), None));
            return all;
        }
        _ => {
            all.push((own(&[&libc]), None));
            if major >= ICU {
                let note = format!(
                    "this machine has no locale {name}: texts are sorted by ICU's {tongue}"
                );
                all.push((icu, Some(note)));
            }
        }
    }
    let note = |instead: &str| {
        Some(format!(
            "this machine has no locale {name} of {provider}: texts are sorted by {instead}, so ranges of texts may be estimated otherwise"
        ))
    };
    for instead in ["C.UTF-8", "C.utf8", "en_US.UTF-8"] {
        all.push((own(&[&format!("--locale={instead}")]), note(instead)));
    }
    let plain = note("C, where an index also serves LIKE 'prefix%'");
    all.push((own(&["--locale=C"]), plain));
    all
}

#[cfg(test)]
mod tests {
    use super::{Original, locales};

    #[test]
    fn the_nearest_locale_comes_first() {
        let first = |major, provider: &str, collation: &str| {
            let original = Original {
                provider: Some(provider.to_owned()),
                collation: Some(collation.to_owned()),
                ..Original::default()
            };
            let all = locales(major, &original);
            assert_eq!(all[0].1, None);
            assert!(all[1..].iter().all(|(_, note)| note.is_some()));
            all.into_iter()
                .map(|(arguments, _)| arguments.join(" "))
                .take(2)
                .collect::<Vec<_>>()
        };
        assert_eq!(first(13, "libc", "C"), ["--locale=C"]);
        assert_eq!(
            first(13, "libc", "de_DE.UTF-8"),
            ["--locale=de_DE.UTF-8", "--locale=C.UTF-8"]
        );
        assert_eq!(
            first(16, "libc", "de_DE.UTF-8")[1],
            "--locale-provider=icu --icu-locale=de-DE --locale=C"
        );
        assert_eq!(
            first(16, "icu", "en_US.utf8")[0],
            "--locale-provider=icu --icu-locale=en-US --locale=C"
        );
        assert_eq!(
            first(17, "builtin", "C.UTF-8")[0],
            "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C"
        );
    }
}
