//! A standby: a copy of its primary, taken while that was stopped, which then streams from it.

use pgtriage::cluster::{Cluster, Options, ServerBinaries, StopMode};

use super::world::send;
use crate::support::Clients;

/// Makes the standby of a cluster.
pub async fn of(primary: &mut Cluster, server: &ServerBinaries) -> Cluster {
    let slot = "SELECT pg_create_physical_replication_slot('db2', true)";
    send(&primary.client("postgres").await, slot).await;
    primary
        .stop(StopMode::Fast)
        .unwrap_or_else(|e| panic!("{e}"));
    let home = primary.home().display().to_string();
    let options = Options {
        copy_of: Some(primary.data_dir()),
        files: vec![("standby.signal".to_owned(), Vec::new())],
        tcp: true,
        ..Options::default()
    };
    let mut standby = Cluster::create(server, &options).unwrap_or_else(|e| panic!("{e}"));
    primary.resume().unwrap_or_else(|e| panic!("{e}"));
    let source = format!(
        "host={home} port={} user=postgres application_name=db2",
        primary.port()
    );
    let settings = [
        ("primary_conninfo", source.as_str()),
        ("primary_slot_name", "db2"),
        ("hot_standby", "on"),
        ("hot_standby_feedback", "on"),
        ("wal_receiver_status_interval", "1s"),
        ("max_standby_streaming_delay", "0"),
        ("synchronous_standby_names", ""),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    standby
        .configure(&settings)
        .unwrap_or_else(|e| panic!("{e}"));
    standby.resume().unwrap_or_else(|e| panic!("{e}"));
    standby
}
