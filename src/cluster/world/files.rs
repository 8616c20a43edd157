//! The files of the fixture and what they set up.

use super::super::options::Options;
use super::script::Script;

/// The name of the world's database.
pub const DATABASE: &str = "shop";

/// `planted.toml`: the planted problems and the SQL that shows each of them.
pub const PLANTED: &str = include_str!("../../../fixtures/shop/planted.toml");

/// `pgtriage.toml` for a world that is seconds old.
pub const SETTINGS: &str = include_str!("../../../fixtures/shop/pgtriage.toml");

pub(super) const WORKLOAD: &str = include_str!("../../../fixtures/shop/workload.sql");

const SERVER_CONF: &str = include_str!("../../../fixtures/shop/server.conf");
const CLEAN_CONF: &str = include_str!("../../../fixtures/shop/clean.conf");

macro_rules! script {
    ($name:literal) => {
        Script {
            file: $name,
            text: include_str!(concat!("../../../fixtures/shop/", $name)),
        }
    };
}

/// Which of the two worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The one with the problems that `planted.toml` lists.
    Planted,
    /// The same schema and rows without them, durable and well configured.
    Clean,
}

impl Variant {
    /// How a cluster for this world is set up.
    pub fn options(self) -> Options {
        let (conf, durable) = match self {
            Self::Planted => (SERVER_CONF, false),
            Self::Clean => (CLEAN_CONF, true),
        };
        Options {
            settings: settings(conf),
            durable,
            ..Options::default()
        }
    }

    /// The scripts that make this world, in their order.
    pub(super) fn scripts(self) -> [Script; 5] {
        [
            script!("schema.sql"),
            script!("seed.sql"),
            script!("keys.sql"),
            script!("settle.sql"),
            match self {
                Self::Planted => script!("plant.sql"),
                Self::Clean => script!("clean.sql"),
            },
        ]
    }
}

/// The settings of a file in the form of `postgresql.conf`, without the quotes around values.
fn settings(conf: &str) -> Vec<(String, String)> {
    let lines = conf.lines().filter_map(|line| line.split_once('='));
    lines
        .filter(|(name, _)| !name.starts_with('#'))
        .map(|(name, value)| {
            let value = value.trim();
            let value = match value.strip_prefix('\'') {
                Some(quoted) => quoted.split('\'').next(),
                None => value.split_whitespace().next(),
            };
            (name.trim().to_owned(), value.unwrap_or_default().to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn settings_lose_quotes_and_comments() {
        let text = "# a = 1\n\nfsync = off      # planted: setting/fsync-off\nprefix = '%m [%p] # '\nempty = ''\n";
        let read = settings(text);
        let read: Vec<(&str, &str)> = read
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            read,
            [("fsync", "off"), ("prefix", "%m [%p] # "), ("empty", "")]
        );
    }
}
