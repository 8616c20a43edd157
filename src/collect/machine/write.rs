//! What was seen, as facts.

use rusqlite::{Connection, params};

use super::disk::Disk;
use super::figures::Figures;
use crate::collect::error::CollectError;

/// What was seen of a machine.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// How, as `machines.memory_source` has it.
    pub source: Option<&'static str>,
    /// Cores and memory.
    pub figures: Figures,
    /// The disk, where the machine is this one.
    pub disk: Option<Disk>,
    /// The service hides its machines.
    pub is_managed: bool,
}

/// Writes one row, and what is missing of it.
pub fn write(facts: &Connection, node: i64, seen: &Seen) -> Result<(), CollectError> {
    let (cores, memory) = (seen.figures.cores, seen.figures.memory_bytes);
    let disk = seen.disk.as_ref();
    let storage = disk.filter(|disk| disk.is_flash).map(|_| "ssd");
    let source = |known: bool| seen.source.filter(|_| known);
    facts.execute(
        "INSERT INTO machines (node_id, cores, cores_source, memory_bytes, memory_source, storage, storage_source,
           disk_bytes, disk_free_bytes, disk_source)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            node,
            cores,
            source(cores.is_some()),
            memory,
            source(memory.is_some()),
            storage,
            source(storage.is_some()),
            disk.map(|disk| disk.bytes),
            disk.map(|disk| disk.free_bytes),
            source(disk.is_some()),
        ],
    )?;
    facts.execute(
        "INSERT INTO collections (table_name, node_id, row_count) VALUES ('machines', ?1, 1)",
        [node],
    )?;
    let because = |what: &str| {
        if seen.source == Some("same machine") {
            format!(
                "{what} cannot be seen: the kernel does not tell for the file system of the data directory"
            )
        } else if seen.is_managed {
            format!("the service does not tell {what}")
        } else if seen.source.is_some() {
            format!("{what} cannot be seen from a session")
        } else {
            format!(
                "{what} cannot be seen: our role may not read files of the server, and it is not this machine"
            )
        }
    };
    let missing = [
        (
            cores.is_none(),
            "cores",
            "how many cores the server has",
            "--cores 4",
        ),
        (
            memory.is_none(),
            "memory_bytes",
            "how much memory the server has",
            "--memory 16GB",
        ),
        (
            storage.is_none(),
            "storage",
            "what kind of storage the server has",
            "--storage ssd",
        ),
        (
            disk.is_none(),
            "disk_bytes",
            "how large the server's disk is",
            "--disk 500GB",
        ),
    ];
    for (_, column, what, option) in missing.into_iter().filter(|row| row.0) {
        facts.execute(
            "INSERT INTO missing_facts (node_id, table_name, column_name, reason, remedy)
             VALUES (?1, 'machines', ?2, ?3, ?4)",
            params![node, column, because(what), remedy(option)],
        )?;
    }
    Ok(())
}

/// What tells it by hand.
fn remedy(option: &str) -> String {
    let (name, value) = option
        .trim_start_matches('-')
        .split_once(' ')
        .unwrap_or((option, ""));
    let value = match name {
        "cores" => value.to_owned(),
        _ => format!("\"{value}\""),
    };
    format!("{option}, or {name} = {value} under [machine] in pgtriage.toml")
}
