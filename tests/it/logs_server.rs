//! Logs of real servers: what is read from each format equals what the driver sent, what the client
//! saw and what the server counted.

mod figures;
mod load;

use std::collections::BTreeMap;
use std::path::Path;

use pgtriage::cluster::{Cluster, Options, StopMode};
use pgtriage::parse::fingerprint;

use crate::support::{loudly, newest, private, server};
use figures::{Figures, plain_durations};
use load::{Counted, Load, Sent, monitor};

/// A run of the load, and how the server logs it.
struct Run {
    name: &'static str,
    /// `log_line_prefix`; `%Q` goes where the server does not know it.
    prefix: &'static str,
    settings: &'static [(&'static str, &'static str)],
}

/// Times with their texts.
const TIMES: &[(&str, &str)] = &[
    ("log_min_duration_statement", "0"),
    ("log_statement", "none"),
    ("log_duration", "off"),
];

/// Texts, and times apart.
const APART: &[(&str, &str)] = &[
    ("log_min_duration_statement", "-1"),
    ("log_statement", "all"),
    ("log_duration", "on"),
];

const RUNS: [Run; 3] = [
    Run {
        name: "rich",
        prefix: "%m [%p] %q%u@%d app=%a %e %Q ",
        settings: TIMES,
    },
    Run {
        name: "poor",
        prefix: "%m [%p] ",
        settings: TIMES,
    },
    Run {
        name: "apart",
        prefix: "%m [%p] %q%u@%d ",
        settings: APART,
    },
];

fn options() -> Options {
    let settings = [
        ("logging_collector", "on"),
        ("log_directory", "log"),
        ("log_file_mode", "0644"),
        ("log_rotation_age", "0"),
        ("log_checkpoints", "on"),
        ("log_connections", "on"),
        ("log_disconnections", "on"),
        ("log_lock_waits", "on"),
        ("log_temp_files", "0"),
        ("log_timezone", "UTC"),
        ("deadlock_timeout", "10ms"),
        ("pg_stat_statements.track", "top"),
        ("max_parallel_workers_per_gather", "0"),
    ];
    let options = Options {
        preload: vec!["pg_stat_statements".to_owned()],
        hba: vec!["local all refused reject".to_owned()],
        ..Options::default()
    };
    settings
        .iter()
        .fold(options, |options, (name, value)| options.set(name, value))
}

impl Run {
    fn prefix(&self, major: u32) -> String {
        let known = if major < 14 { "" } else { "%Q " };
        self.prefix.replace("%Q ", known)
    }

    /// Starts the server with these settings, runs the load and stops it.
    async fn play(&self, cluster: &mut Cluster) -> (Sent, Counted) {
        let major = cluster.server().major;
        let to = ["stderr,csvlog,jsonlog", "stderr,csvlog"][usize::from(major < 15)];
        let mut settings = vec![
            ("log_line_prefix".to_owned(), self.prefix(major)),
            ("log_filename".to_owned(), format!("{}.log", self.name)),
            ("log_destination".to_owned(), to.to_owned()),
        ];
        settings.extend(
            self.settings
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        cluster.configure(&settings).unwrap();
        cluster.resume().unwrap();
        let log = cluster
            .data_dir()
            .join("log")
            .join(format!("{}.log", self.name));
        let mut load = Load::new(cluster, &log).await;
        load.run().await;
        let (sent, counted) = load.end().await;
        cluster.stop(StopMode::Fast).unwrap();
        (sent, counted)
    }

    /// Reads each file by itself and compares.
    fn compare(&self, folder: &Path, major: u32, sent: &Sent, counted: &Counted) {
        let file = |ending: &str| folder.join(format!("{}.{ending}", self.name));
        let prefix = self.prefix(major);
        let mut all = vec![
            (
                "stderr, its prefix given",
                Figures::read(&file("log"), Some(&prefix)),
            ),
            ("stderr", Figures::read(&file("log"), None)),
            ("csvlog", Figures::read(&file("csv"), None)),
        ];
        if major >= 15 {
            all.push(("jsonlog", Figures::read(&file("json"), None)));
        }
        let (csvlog, by_hand) = (&all[2].1, plain_durations(&file("csv")));
        assert_eq!(
            csvlog.duration_us, by_hand,
            "PostgreSQL {major}, {}",
            self.name
        );
        for (format, figures) in &all {
            let what = format!(
                "PostgreSQL {major}, {}, {format}: {:?}",
                self.name, figures.prefixes
            );
            let has_codes =
                *format != "stderr" && !format.starts_with("stderr,") || prefix.contains("%e");
            let has_ids = major >= 14 && (!format.starts_with("stderr") || prefix.contains("%Q"));
            self.check(&what, figures, sent, counted, (has_codes, has_ids));
            assert_eq!(figures.calls, csvlog.calls, "{what}");
            assert_eq!(figures.duration_us, csvlog.duration_us, "{what}");
            assert_eq!(figures.messages, csvlog.messages, "{what}");
            assert_eq!(figures.errors_of, csvlog.errors_of, "{what}");
        }
    }

    fn check(
        &self,
        what: &str,
        figures: &Figures,
        sent: &Sent,
        counted: &Counted,
        (has_codes, has_ids): (bool, bool),
    ) {
        assert_eq!(figures.unread, 0, "{what}: {:?}", figures.first_unread);
        assert_eq!(figures.statements, sent.done, "{what}");
        assert_eq!(
            figures.unpaired,
            sent.parsed_only * u64::from(self.name == "apart"),
            "{what}"
        );
        let calls: BTreeMap<&str, u64> = figures
            .calls
            .iter()
            .filter(|(_, (calls, _))| *calls > 0)
            .map(|(print, (calls, _))| (print.as_str(), *calls))
            .collect();
        let by_print = counted.by_print();
        let by_print: BTreeMap<&str, u64> = by_print
            .iter()
            .map(|(print, calls)| (print.as_str(), *calls))
            .collect();
        assert_eq!(calls, by_print, "{what}: {:#?}", counted.explained(&calls));
        if has_codes {
            assert_eq!(figures.errors, sent.errors, "{what}");
        } else {
            let all = BTreeMap::from([("none".to_owned(), sent.errors.values().sum())]);
            assert_eq!(figures.errors, all, "{what}");
        }
        if has_ids {
            assert_eq!(figures.query_ids, counted.by_id(), "{what}");
        }
        for (kind, count) in &sent.messages {
            assert_eq!(figures.of(kind), *count, "{what}: {kind}");
        }
        assert_eq!(figures.of("temp_file"), counted.temp_files, "{what}");
        assert_eq!(figures.temp_bytes, counted.temp_bytes, "{what}");
        assert_eq!(figures.of("deadlock"), counted.deadlocks, "{what}");
    }
}

async fn check(major: u32) {
    let Some(server) = server(major) else {
        return loudly(&format!("SKIPPED: logs of PostgreSQL {major}"));
    };
    if !server.has_extension("pg_stat_statements") {
        return loudly(&format!(
            "SKIPPED: logs of PostgreSQL {major}: no pg_stat_statements"
        ));
    }
    let mut cluster = private(server, options());
    {
        let (client, _) = monitor(&cluster).await;
        let setup = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements; CREATE ROLE refused LOGIN;
                     CREATE ROLE \"an, \"\"odd\"\" role\" SUPERUSER LOGIN";
        client.batch_execute(setup).await.unwrap();
    }
    cluster.stop(StopMode::Fast).unwrap();
    let folder = cluster.data_dir().join("log");
    for run in &RUNS {
        let (sent, counted) = run.play(&mut cluster).await;
        run.compare(&folder, major, &sent, &counted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_of_the_newest_server_hold_what_was_done() {
    match newest() {
        Some(server) => check(server.major).await,
        None => loudly("SKIPPED: logs of a server"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_of_the_oldest_server_hold_what_was_done() {
    check(13).await;
}

/// What the extension counted, by our fingerprint of its text.
impl Counted {
    fn by_print(&self) -> BTreeMap<String, u64> {
        let mut calls = BTreeMap::new();
        for (_, text, count) in &self.statements {
            *calls.entry(fingerprint(text).to_string()).or_default() += count;
        }
        calls
    }

    fn by_id(&self) -> BTreeMap<i64, u64> {
        let mut calls = BTreeMap::new();
        for (id, _, count) in &self.statements {
            *calls.entry(*id).or_default() += count;
        }
        calls
    }

    /// Statements whose number differs.
    fn explained(&self, calls: &BTreeMap<&str, u64>) -> Vec<String> {
        let differs = |text: &str, count: u64| {
            calls.get(fingerprint(text).to_string().as_str()) != Some(&count)
        };
        let differing = self
            .statements
            .iter()
            .filter(|(_, text, count)| differs(text, *count));
        differing
            .map(|(_, text, count)| format!("{count} {} {text:.200}", fingerprint(text)))
            .collect()
    }
}
