//! The machine of the server, as the user tells it.

use std::str::FromStr;

use clap::Args;
use rusqlite::params;

use super::args::words;
use crate::config::{Cores, MachineSettings, Size, StorageWord};
use crate::facts::Store;

/// The machine that the server runs on, where it does not show that itself.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Machine")]
pub struct Machine {
    /// Cores that the server may use; a container's quota or a cloud's vCPUs
    #[arg(long, value_name = "N", value_parser = Cores::from_str)]
    cores: Option<Cores>,
    /// Memory that the server may use; a container's limit
    #[arg(long, value_name = "SIZE", value_parser = Size::from_str)]
    memory: Option<Size>,
    /// What its data lie on: ssd, hdd or network (a cloud's volumes)
    #[arg(long, value_name = "KIND", value_parser = words::<StorageWord>(&StorageWord::WORDS))]
    #[arg(hide_possible_values = true)]
    storage: Option<StorageWord>,
    /// Size of the disk of its data
    #[arg(long, value_name = "SIZE", value_parser = Size::from_str)]
    disk: Option<Size>,
}

/// What is told of the machine.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// By options.
    pub options: MachineSettings,
    /// In all: by options, environment and file.
    pub all: MachineSettings,
}

impl Machine {
    /// As a layer of settings.
    pub fn settings(&self) -> MachineSettings {
        MachineSettings {
            cores: self.cores,
            memory: self.memory,
            storage: self.storage,
            disk: self.disk,
        }
    }
}

impl Told {
    /// Writes it over what the facts say of the server that findings are about, and what is not known
    /// even so.
    pub fn write(&self, store: &Store) -> anyhow::Result<()> {
        let facts = store.connection();
        let node = "SELECT id FROM server WHERE true";
        facts.execute(
            &format!("INSERT INTO machines (node_id) {node} ON CONFLICT (node_id) DO NOTHING"),
            [],
        )?;
        facts.execute(
            "INSERT INTO collections (table_name, node_id, row_count)
             SELECT 'machines', id, 1 FROM server
             WHERE id NOT IN (SELECT node_id FROM collections WHERE table_name = 'machines')",
            [],
        )?;
        let (all, options) = (&self.all, &self.options);
        let size = |size: Option<Size>| size.map(|size| size.0);
        facts.execute(
            "UPDATE machines SET
               cores = coalesce(?1, cores), cores_source = coalesce(?2, cores_source),
               memory_bytes = coalesce(?3, memory_bytes), memory_source = coalesce(?4, memory_source),
               storage = coalesce(?5, storage), storage_source = coalesce(?6, storage_source),
               disk_bytes = coalesce(?7, disk_bytes), disk_source = coalesce(?8, disk_source),
               disk_free_bytes = CASE WHEN ?7 IS NULL THEN disk_free_bytes END
             WHERE node_id = (SELECT id FROM server)",
            params![
                all.cores.map(|cores| cores.0),
                source(all.cores.is_some(), options.cores.is_some()),
                size(all.memory),
                source(all.memory.is_some(), options.memory.is_some()),
                all.storage.map(|storage| storage.0),
                source(all.storage.is_some(), options.storage.is_some()),
                size(all.disk),
                source(all.disk.is_some(), options.disk.is_some()),
            ],
        )?;
        for (column, remedy) in COLUMNS {
            facts.execute(
                &format!(
                    "DELETE FROM missing_facts WHERE table_name = 'machines' AND column_name = ?1
                       AND node_id = (SELECT node_id FROM machine WHERE {column} IS NOT NULL)"
                ),
                [column],
            )?;
            facts.execute(
                &format!(
                    "INSERT INTO missing_facts (node_id, table_name, column_name, reason, remedy)
                     SELECT node_id, 'machines', ?1, 'nothing tells the machine of the server', ?2 FROM machine m
                     WHERE {column} IS NULL
                       AND NOT EXISTS (SELECT 1 FROM missing_facts x WHERE x.table_name = 'machines'
                                         AND x.column_name = ?1 AND x.node_id = m.node_id)"
                ),
                [column, remedy],
            )?;
        }
        Ok(())
    }
}

/// Columns of `machines` and what tells them by hand.
const COLUMNS: [(&str, &str); 4] = [
    (
        "cores",
        "--cores 4, or cores = 4 under [machine] in pgtriage.toml",
    ),
    (
        "memory_bytes",
        "--memory 16GB, or memory = \"16GB\" under [machine] in pgtriage.toml",
    ),
    (
        "storage",
        "--storage ssd, or storage = \"ssd\" under [machine] in pgtriage.toml",
    ),
    (
        "disk_bytes",
        "--disk 500GB, or disk = \"500GB\" under [machine] in pgtriage.toml",
    ),
];

fn source(is_told: bool, by_option: bool) -> Option<&'static str> {
    let word = if by_option { "option" } else { "configuration" };
    is_told.then_some(word)
}
