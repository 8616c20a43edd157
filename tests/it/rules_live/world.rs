//! A world: how its server is set up, what is done to it, and what must be found then.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pgtriage::cluster::{Cluster, Options};
use serde::Deserialize;
use tokio_postgres::Client;

use super::held::{Held, Sessions, connect};
use crate::connect::certificates::Authority;
use crate::support::Clients;

/// `rules_live/NAME.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Settings; a name may be followed by the majors that know it: `compute_query_id 14-`.
    #[serde(default)]
    settings: BTreeMap<String, String>,
    #[serde(default)]
    preload: Vec<String>,
    #[serde(default)]
    hba: Vec<String>,
    /// Arguments of `initdb`, by the majors that know them.
    #[serde(default)]
    initdb: BTreeMap<String, String>,
    /// Nothing is lost in a crash.
    #[serde(default)]
    durable: bool,
    /// TLS is on.
    #[serde(default)]
    ssl: bool,
    /// There is a standby.
    #[serde(default)]
    pub standby: bool,
    /// Further samples, where something is done between them.
    #[serde(default)]
    samples: Option<u32>,
    /// Role that looks.
    #[serde(default)]
    user: Option<String>,
    /// `pgtriage.toml`: mostly lower ages and sizes.
    #[serde(default)]
    pub config: String,
    case: Vec<Case>,
}

/// One thing done, and what is found because of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// `rule object`, for each finding; `…` at the end stands for any rest.
    expect: Vec<String>,
    /// Majors on which it can be done: `14-`, `-13`.
    #[serde(default)]
    versions: String,
    /// Sent one by one. `!restart` restarts the server, `!reload` has it read its files again; a line that
    /// begins with `?` may fail.
    #[serde(default)]
    setup: Vec<String>,
    /// Sessions that stay.
    #[serde(default)]
    session: Vec<Held>,
    /// Sent after the sessions came.
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    calls: Vec<Calls>,
    /// Sent before each further sample.
    #[serde(default)]
    between: Vec<Calls>,
    /// Sent to the standby in sessions that stay; to the primary where `primary: ` stands in front.
    #[serde(default)]
    standby: Vec<String>,
    /// Deadlocks to be made.
    #[serde(default)]
    deadlocks: u32,
}

/// Statements that are run many times. `{i}` stands for the round; `10 * ` in front repeats one within it,
/// `{j}` being its number; `{list}` stands for 300 numbers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    times: u32,
    run: Vec<String>,
    #[serde(default)]
    role: Option<String>,
}

/// The text of `rules_live/NAME.toml`.
pub fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/rules_live");
    fs::read_to_string(folder.join(name).with_extension("toml")).unwrap()
}

/// Whether a range such as `14-` or `-16` holds a major; an empty one holds all.
fn holds(range: &str, major: u32) -> bool {
    let Some((from, to)) = range.split_once('-') else {
        return range.is_empty() || range.parse() == Ok(major);
    };
    let bound = |text: &str, open| {
        if text.is_empty() {
            open
        } else {
            text.parse().unwrap()
        }
    };
    (bound(from, 0)..=bound(to, u32::MAX)).contains(&major)
}

impl World {
    pub fn read(name: &str) -> Self {
        toml::from_str(&file(name)).unwrap_or_else(|e| panic!("{name}.toml: {e}"))
    }

    fn cases(&self, major: u32) -> impl Iterator<Item = &Case> {
        self.case
            .iter()
            .filter(move |case| holds(&case.versions, major))
    }

    /// Findings that are expected on a major.
    pub fn expected(&self, major: u32) -> Vec<String> {
        self.cases(major)
            .flat_map(|case| case.expect.clone())
            .collect()
    }

    /// Rules that are seen on some major.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        let all = self.case.iter().flat_map(|case| &case.expect);
        all.map(|expected| expected.split(' ').next().unwrap())
    }

    pub fn options(&self, major: u32) -> Options {
        let settings = self.settings.iter().filter_map(|(name, value)| {
            let (name, range) = name.split_once(' ').unwrap_or((name, ""));
            holds(range, major).then(|| (name.to_owned(), value.clone()))
        });
        let initdb = self.initdb.iter().filter(|(range, _)| holds(range, major));
        let options = Options {
            settings: settings.collect(),
            preload: self.preload.clone(),
            hba: self.hba.clone(),
            initdb: initdb.map(|(_, argument)| argument.clone()).collect(),
            durable: self.durable,
            tcp: true,
            ..Options::default()
        };
        match Authority::new("rules").filter(|_| self.ssl) {
            Some(authority) => {
                let pair = authority.self_signed("localhost");
                options.ssl(&pair.certificate, &pair.key)
            }
            None => options,
        }
    }

    /// What is connected to for the facts.
    pub fn target(&self, cluster: &Cluster) -> String {
        let user = self.user.as_deref().unwrap_or("postgres");
        format!("{} user={user}", cluster.conninfo("postgres"))
    }

    /// Does all cases, in their order.
    pub async fn make(&self, cluster: &mut Cluster, sessions: &mut Sessions) {
        let major = cluster.server().major;
        for case in self.cases(major) {
            for step in &case.setup {
                do_step(cluster, step).await;
            }
            for held in &case.session {
                sessions.open(cluster, held).await;
            }
            for step in &case.after {
                do_step(cluster, step).await;
            }
            for calls in &case.calls {
                calls.run(cluster).await;
            }
            for _ in 0..case.deadlocks {
                super::held::deadlock(cluster).await;
            }
        }
    }

    /// So many further samples are taken.
    pub fn samples(&self, major: u32) -> u32 {
        let goes_on = self.cases(major).any(|case| !case.between.is_empty());
        if goes_on {
            self.samples.unwrap_or(1)
        } else {
            0
        }
    }

    pub async fn between(&self, major: u32, cluster: &Cluster) {
        for calls in self.cases(major).flat_map(|case| &case.between) {
            calls.run(cluster).await;
        }
    }

    pub async fn on_standby(&self, primary: &Cluster, standby: &Cluster, sessions: &mut Sessions) {
        let major = primary.server().major;
        for step in self.cases(major).flat_map(|case| &case.standby) {
            match step.strip_prefix("primary: ") {
                Some(sql) => send(&primary.client("postgres").await, sql).await,
                None => sessions.send(standby, step).await,
            }
        }
    }
}

async fn do_step(cluster: &mut Cluster, step: &str) {
    match step {
        "!restart" => cluster.restart().unwrap_or_else(|e| panic!("{e}")),
        "!reload" => cluster.reload().unwrap_or_else(|e| panic!("{e}")),
        _ => {
            let client = cluster.client("postgres").await;
            send(&client, step).await;
        }
    }
}

/// Sends one step.
pub async fn send(client: &Client, step: &str) {
    let (sql, may_fail) = step
        .strip_prefix('?')
        .map_or((step, false), |sql| (sql, true));
    if let Err(error) = client.batch_execute(sql).await
        && !may_fail
    {
        panic!(
            "{sql}: {}",
            error
                .as_db_error()
                .map_or(error.to_string(), ToString::to_string)
        );
    }
}

impl Calls {
    async fn run(&self, cluster: &Cluster) {
        let client = connect(
            cluster,
            self.role.as_deref().unwrap_or("postgres"),
            "shop",
            false,
        )
        .await;
        let list = (1..=300)
            .map(|n| n.to_string())
            .collect::<Vec<_>>()
            .join(", ");
        for i in 0..self.times {
            for statement in &self.run {
                let (times, sql) = statement
                    .split_once(" * ")
                    .and_then(|(times, sql)| Some((times.parse().ok()?, sql)))
                    .unwrap_or((1, statement));
                for j in 0..times {
                    let sql = sql
                        .replace("{i}", &i.to_string())
                        .replace("{j}", &j.to_string())
                        .replace("{list}", &list);
                    send(&client, &sql).await;
                }
            }
        }
    }
}
