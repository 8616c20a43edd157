//! Makes the planner, or says why there is none.

use anyhow::bail;

use super::ground::Ground;
use crate::advise::index::WhatIf;
use crate::cli::plan::has_statistics;
use crate::cli::what_if::HypoPg;
use crate::cli::what_if::shadow::{Keep, Options, Original, Shadow};
use crate::cluster;
use crate::facts::Store;
use crate::tui::advising::Planner;

/// A planner, and what it lacks of the original.
pub struct Made {
    /// The planner.
    pub planner: Box<dyn WhatIf>,
    /// What it lacks, and why.
    pub lacks: Vec<(String, String)>,
}

/// Connects to a planner or makes it.
pub fn make(
    wanted: Planner,
    ground: &Ground,
    store: &Store,
    database: i64,
) -> anyhow::Result<Made> {
    match (wanted, ground) {
        (Planner::HypoPg, Ground::Copy(_)) => bail!(
            "HypoPG is in a server, and these facts are files; e chooses the shadow, which needs none"
        ),
        (Planner::HypoPg, Ground::Server(target, _)) => {
            let Some(info) = target.nodes.first() else {
                bail!("no server is named");
            };
            Ok(Made {
                planner: Box::new(HypoPg::connect(info, store.connection(), database)?),
                lacks: Vec::new(),
            })
        }
        (Planner::Shadow, _) => shadow(ground, store, database),
    }
}

fn shadow(ground: &Ground, store: &Store, database: i64) -> anyhow::Result<Made> {
    let facts = store.connection();
    has_statistics(store, database)?;
    let major = Original::read(facts, database)?.major;
    let found = cluster::per_major(None)?;
    let Some(server) = found.into_iter().find(|server| server.major == major) else {
        let otherwise = match ground {
            Ground::Server(..) => "; or choose the server's own HypoPG by e, where it has it",
            Ground::Copy(_) => "",
        };
        bail!(
            "a shadow needs the server programs of PostgreSQL {major}, which this machine does not have; install \
             them, or set PG_BIN to their folder and start again, or run `pgtriage advise index --fetch` once{otherwise}"
        );
    };
    let options = Options {
        // A server's statistics change, so that its shadow is never met again.
        keep: match ground {
            Ground::Server(..) => None,
            Ground::Copy(_) => Keep::of_user(),
        },
        ..Options::default()
    };
    let shadow = Shadow::start(facts, database, &server, &options)?;
    let lacks = shadow.left_out().iter();
    let lacks = lacks.map(|one| (one.object.clone(), one.because.clone()));
    Ok(Made {
        lacks: lacks.collect(),
        planner: Box::new(shadow),
    })
}
