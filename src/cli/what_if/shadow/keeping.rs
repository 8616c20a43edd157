//! Shadows that took long to make are kept for the next time: as data directories of servers that are stopped,
//! before files are made long.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::original::Original;
use crate::cluster::{Kept, ServerBinaries};
use crate::derive::shadow::{LeftOut, Script};

/// Where shadows are kept, and which.
#[derive(Debug, Clone)]
pub struct Keep {
    /// The folder.
    pub kept: Kept,
    /// Those that take at least so long to make; to start one that is kept takes about half a second.
    pub from: Duration,
}

impl Keep {
    /// In the user's cache folder, where it saves a second or more. `None`: there is no such folder.
    pub fn of_user() -> Option<Self> {
        Some(Self {
            kept: Kept::of_user()?,
            from: Duration::from_secs(2),
        })
    }
}

/// How one shadow is kept.
#[derive(Debug, Clone)]
pub struct Keeping {
    pub kept: Kept,
    pub from: Duration,
    pub key: String,
}

impl Keeping {
    /// The key holds all that makes the shadow what it is.
    pub fn new(
        keep: Option<&Keep>,
        script: &Script,
        original: &Original,
        server: &ServerBinaries,
    ) -> Option<Self> {
        let keep = keep?;
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        add(env!("CARGO_PKG_VERSION"));
        add(&server.version());
        add(&server.bin.display().to_string());
        add(&original.name);
        for known in [&original.encoding, &original.collation, &original.provider] {
            add(known.as_deref().unwrap_or_default());
        }
        for phase in [
            &script.tables,
            &script.rows,
            &script.indexes,
            &script.changes,
            &script.statistics,
        ] {
            add("phase");
            for statement in phase {
                add(&statement.sql);
            }
        }
        for file in &script.files {
            add(&format!("{file:?}"));
        }
        for (name, value) in &script.settings {
            add(name);
            add(value);
        }
        let key = hash.finalize();
        Some(Self {
            kept: keep.kept.clone(),
            from: keep.from,
            key: key
                .iter()
                .take(16)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        })
    }

    /// The data directory that was kept, and what the shadow does not have.
    pub fn find(&self) -> Option<(PathBuf, Vec<LeftOut>)> {
        let (data, note) = self.kept.find(&self.key)?;
        let left_out: Value = serde_json::from_slice(&note).ok()?;
        let left_out = left_out.as_array()?.iter().map(|one| {
            let text = |name: &str| Some(one.get(name)?.as_str()?.to_owned());
            let relations = one.get("relations")?.as_array()?;
            Some(LeftOut {
                object: text("object")?,
                because: text("because")?,
                relations: relations.iter().filter_map(Value::as_i64).collect(),
            })
        });
        Some((data, left_out.collect::<Option<_>>()?))
    }
}

/// What a shadow does not have, to be kept beside it.
pub fn note(left_out: &[LeftOut]) -> Vec<u8> {
    let all: Vec<Value> = left_out
        .iter()
        .map(
            |one| json!({"object": one.object, "because": one.because, "relations": one.relations}),
        )
        .collect();
    Value::from(all).to_string().into_bytes()
}
