//! Fixes of all kinds, written as migrations of each layout: the linter finds them clean, and run as the
//! tool would and taken back they leave the schema as it was.

mod folder;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use pgtriage::cluster::world::{self as shop, Variant};
use pgtriage::cluster::{Cluster, ServerBinaries};
use pgtriage::parse::migration::{Layout, Mode};
use pgtriage::parse::split::split;

use self::folder::{Piece, Run, runs};
use super::PATIENCE;
use super::held::Sessions;
use super::world::{World, send};
use crate::support::{Clients, Program, collect, ends, loudly, newest, private};

/// Lines of what is defined in a database.
const DEFINED: &str = include_str!("written/defined.sql");

/// Lower sizes and ages for a world that is small and young.
pub const CONFIG: &str = r#"
[rules."index/unused"]
min_size = "8kB"
min_counter_age = "1ms"
[rules."index/redundant-prefix"]
min_size = "8kB"
min_counter_age = "1ms"
"#;

/// Rules whose fixes of a catalog have to become migrations; `index/unused` would take the place of others.
const WRITTEN: [&str; 16] = [
    "index/duplicate",
    "index/invalid",
    "index/missing-foreign-key",
    "index/mostly-null",
    "index/redundant-prefix",
    "index/whole-value-btree",
    "security/definer-search-path",
    "security/public-schema-create",
    "table/autovacuum-off",
    "table/constraint-not-valid",
    "table/fillfactor-wasted",
    "table/foreign-key-duplicate",
    "table/no-primary-key",
    "table/scale-factor-on-large",
    "table/sequence-exhaustion",
    "table/trigger-disabled",
];

async fn defined(cluster: &Cluster, database: &str) -> BTreeSet<String> {
    let rows = cluster.client(database).await.query(DEFINED, &[]).await;
    let rows = rows.unwrap_or_else(|e| panic!("{:?}", e.as_db_error()));
    rows.iter().map(|row| row.get(0)).collect()
}

/// Runs the statements of a piece as its tool would.
async fn send_piece(client: &tokio_postgres::Client, piece: &Piece) -> Result<(), String> {
    let statements: Vec<String> = if piece.mode == Mode::Script {
        vec![piece.text.clone()]
    } else {
        let items = split(&piece.text);
        let texts = items.iter().map(|item| item.text(&piece.text).into_owned());
        texts.collect()
    };
    let wrapped = piece.mode == Mode::Wrapped;
    let begin = wrapped.then(|| "BEGIN".to_owned());
    let commit = wrapped.then(|| "COMMIT".to_owned());
    for sql in begin.into_iter().chain(statements).chain(commit) {
        if let Err(error) = client.batch_execute(&sql).await {
            let _ = client.batch_execute("ROLLBACK").await;
            let said = error.as_db_error().map(ToString::to_string);
            return Err(format!("{sql}\n    {}", said.unwrap_or_default()));
        }
    }
    Ok(())
}

/// Writes the fixes of a snapshot in a layout, lints them, and gives what they run.
fn written(program: &Program, layout: Layout, wrong: &mut Vec<String>) -> Vec<Run> {
    let word = layout.word();
    let folder = match layout {
        Layout::Django => "shop/migrations",
        _ => word,
    };
    if layout == Layout::Sqitch {
        program.write(
            "sqitch/sqitch.plan",
            "%syntax-version=1.0.0\n%project=shop\n\n",
        );
    }
    let arguments = [
        "check",
        "--snapshot",
        "facts",
        "--write",
        folder,
        "--layout",
        word,
    ];
    let ran = program.run(&arguments);
    assert!(matches!(ran.code, Some(0 | 1)), "{word}: {}", ran.all());
    if !matches!(layout, Layout::Alembic | Layout::Django | Layout::Rails) {
        let arguments = [
            "lint",
            folder,
            "--layout",
            word,
            "--snapshot",
            "facts",
            "--min-severity",
            "warning",
            "--fail-on",
            "warning",
        ];
        let ran = program.run(&arguments);
        if ran.code != Some(0) {
            wrong.push(format!("{word}: {}", ran.all()));
        }
    }
    runs(&program.path(folder), layout)
}

/// Runs the scripts of Sqitch that verify what was deployed.
async fn verified(
    client: &tokio_postgres::Client,
    folder: &Path,
    count: usize,
    wrong: &mut Vec<String>,
) {
    let scripts: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
    assert_eq!(scripts.len(), count);
    for script in scripts {
        let path = script.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if let Err(error) = client.batch_execute(&text).await {
            let _ = client.batch_execute("ROLLBACK").await;
            wrong.push(format!("{} does not hold: {error}\n{text}", path.display()));
        }
    }
}

/// Does it for all layouts on one database: what fixes are made of differs between majors, what layouts
/// make of them does not, so that one layout has to do on an older server.
async fn prove(
    cluster: &Cluster,
    database: &str,
    program: &Program,
    expected: &[&str],
) -> Vec<String> {
    let is_newest = newest().is_some_and(|newest| newest.major == cluster.server().major);
    let layouts = if is_newest { Layout::WORDS.len() } else { 1 };
    let start = Instant::now();
    let mut wrong = Vec::new();
    let before = defined(cluster, database).await;
    let client = cluster.client(database).await;
    for (word, layout) in Layout::WORDS.into_iter().take(layouts) {
        let all = written(program, layout, &mut wrong);
        let texts: String = all.iter().map(|run| run.text.as_str()).collect();
        for rule in expected {
            if !texts.contains(&format!("{rule}: ")) {
                wrong.push(format!("{word}: no migration for {rule}"));
            }
        }
        let mut done = Vec::new();
        for run in &all {
            for piece in &run.up {
                if let Err(said) = send_piece(&client, piece).await {
                    wrong.push(format!("{word}: {} fails: {said}", run.path));
                }
            }
            done.push(run);
        }
        if layout == Layout::Sqitch {
            verified(
                &client,
                &program.path("sqitch/verify"),
                all.len(),
                &mut wrong,
            )
            .await;
        }
        let between = defined(cluster, database).await;
        if before == between {
            wrong.push(format!("{word}: migrations change nothing"));
        }
        for run in done.iter().rev() {
            for piece in &run.down {
                if let Err(said) = send_piece(&client, piece).await {
                    wrong.push(format!("{word}: {} is not taken back: {said}", run.path));
                }
            }
        }
        let after = defined(cluster, database).await;
        let gone = before.difference(&after);
        // An index that was left invalid does not come back.
        let gone = gone.filter(|line| !line.contains("_ccnew"));
        let gone = gone.map(|line| format!("- {line}"));
        let new = after.difference(&before).map(|line| format!("+ {line}"));
        let different: Vec<String> = gone.chain(new).collect();
        if !different.is_empty() {
            wrong.push(format!(
                "{word}: not as it was:\n  {}",
                different.join("\n  ")
            ));
            break;
        }
    }
    loudly(&format!(
        "fixes of {database} on {} in {layouts} layouts in {:.1} s",
        cluster.server(),
        start.elapsed().as_secs_f64()
    ));
    wrong
}

async fn facts(cluster: &Cluster, database: &str, config: &str) -> Program {
    let program = Program::new();
    let mut store = collect(&cluster.conninfo(database)).await;
    store.save(&program.path("facts"), true).unwrap();
    program.write("pgtriage.toml", config);
    program
}

/// The world `schema` and what is in `written/world.sql`.
async fn of_all_kinds(server: &'static ServerBinaries) -> Vec<String> {
    let world = World::read("schema");
    let options = world.options(server.major);
    let mut cluster = private(server, options.set("allow_in_place_tablespaces", "on"));
    let mut sessions = Sessions::default();
    world.make(&mut cluster, &mut sessions).await;
    let client = cluster.client("postgres").await;
    for step in include_str!("written/world.sql").split("-- step").skip(1) {
        let (head, sql) = step.split_once('\n').unwrap();
        let done = client.batch_execute(sql).await;
        if head.trim() == "fails" {
            done.unwrap_err();
        } else if let Err(error) = done {
            panic!("{sql}: {:?}", error.as_db_error());
        }
    }
    if server.major >= 18 {
        send(
            &client,
            "ALTER TABLE keyless ADD CONSTRAINT noted NOT NULL note NOT VALID",
        )
        .await;
    }
    let config = format!("{CONFIG}{}", world.config);
    let start = Instant::now();
    // Counters reach the views within seconds.
    loop {
        let program = facts(&cluster, "postgres", &config).await;
        let ran = program.run(&["check", "--snapshot", "facts", "--format", "json"]);
        let all = WRITTEN.iter().all(|rule| ran.stdout.contains(rule));
        if all || start.elapsed() > PATIENCE {
            drop(sessions);
            return prove(&cluster, "postgres", &program, &WRITTEN).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fixes_of_all_kinds_are_written_and_taken_back() {
    let mut wrong = Vec::new();
    for server in ends() {
        let found = of_all_kinds(server).await;
        wrong.extend(found.iter().map(|said| format!("{}: {said}", server.major)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fixes_of_the_shop_are_written_and_taken_back() {
    let mut wrong = Vec::new();
    if let Some(server) = newest() {
        let cluster = private(server, Variant::Planted.options());
        let conninfo = cluster.conninfo("postgres");
        let loaded = shop::World::load(&conninfo, Variant::Planted, |_| ()).await;
        loaded.unwrap_or_else(|e| panic!("{e}"));
        // Else the check can't be validated.
        let client = cluster.client(shop::DATABASE).await;
        send(
            &client,
            "UPDATE shop.reviews SET rating = 1 WHERE rating = 0",
        )
        .await;
        let program = facts(&cluster, shop::DATABASE, "").await;
        let rules = ["index/duplicate", "index/missing-foreign-key"];
        let found = prove(&cluster, shop::DATABASE, &program, &rules).await;
        wrong.extend(found.iter().map(|said| format!("{}: {said}", server.major)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
