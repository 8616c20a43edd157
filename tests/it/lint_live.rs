//! What is predicted of migrations beside what servers do: forms of our own and the cases of rule
//! pages, on each major.

use std::fmt::Write as _;

use pgtriage::cli::migration_cases::files;
use pgtriage::cluster::{Cluster, Options, SUPPORTED_MAJORS, ServerBinaries};
use pgtriage::collect::connect::{ConnInfo, Environment, Session};
use pgtriage::collect::trace::{Observations, Plan, Runner, load, run_chain, write};
use pgtriage::derive::migrations::compare;
use pgtriage::engine::{BASE_SCHEMA, Case, Pages};
use pgtriage::facts::Store;
use pgtriage::parse::ddl::{Catalog, schema};
use pgtriage::parse::migration::{Direction, File, Layout, Mode, Part, SimulateOptions, simulate};

use crate::support::{collect, private, servers};

mod copies;

use copies::{Copies, copy};

/// A server with a world in it.
struct Ground {
    cluster: Cluster,
    admin: Session,
    world: String,
    catalog: Catalog,
    /// In the world itself: what it does is taken back.
    runner: Runner,
    copies: Copies,
    /// Facts of what is being proved. To make a store takes longer than to predict.
    store: Store,
}

impl Ground {
    async fn new(server: &ServerBinaries, world: &str) -> Self {
        let options = Options::default()
            .set("autovacuum", "off")
            .set("timezone", "Europe/Berlin")
            .set("allow_in_place_tablespaces", "on")
            .set("max_connections", "60");
        let cluster = private(server, options);
        let admin = session(&cluster, "postgres").await;
        for statement in [
            "CREATE ROLE librarian",
            "CREATE TABLESPACE fast LOCATION ''",
            "CREATE DATABASE world",
        ] {
            admin.run(statement).await.unwrap();
        }
        let in_world = session(&cluster, "world").await;
        let failed = load(&in_world, world).await.unwrap();
        assert_eq!(failed, [], "{server}");
        in_world.run("VACUUM ANALYZE").await.unwrap();
        drop(in_world);
        let facts = collect(&cluster.conninfo("world")).await;
        let id = "SELECT id FROM databases WHERE name = 'world'";
        let id = facts.connection().query_row(id, [], |row| row.get(0));
        let catalog = Catalog::from_facts(facts.connection(), id.unwrap()).unwrap();
        copy(&admin, "world", "template").await;
        let runner = Runner::new(session(&cluster, "world").await).await;
        Self {
            cluster,
            admin,
            world: world.to_owned(),
            catalog,
            runner: runner.unwrap(),
            copies: Copies::none(),
            store: Store::in_memory().unwrap(),
        }
    }

    fn major(&self) -> u32 {
        self.cluster.server().major
    }

    /// The world as it is predicted on: as the server tells it, or as scripts make it where
    /// something comes on top.
    fn catalog(&self, setup: &str) -> Catalog {
        if setup.is_empty() {
            return self.catalog.clone();
        }
        let store = Store::in_memory().unwrap();
        let version = self.major() * 10_000;
        let node = format!("INSERT INTO nodes (id, version_num) VALUES (1, {version})");
        store.connection().execute_batch(&node).unwrap();
        let script = format!("{}\n{setup}", self.world);
        let unread = schema(store.connection(), 1, &script).unwrap();
        assert_eq!(unread, [], "{setup}");
        Catalog::from_facts(store.connection(), 1).unwrap()
    }

    /// Runs files and says in what they differ from what is predicted.
    async fn prove(&mut self, setup: &str, files: &[File]) -> Vec<String> {
        clear(&self.store);
        let options = SimulateOptions {
            major: Some(self.major()),
        };
        let catalog = self.catalog(setup);
        simulate(self.store.connection(), &catalog, files, &options).unwrap();
        let plan = Plan::read(self.store.connection(), true).unwrap();
        let mut observations = None;
        if setup.is_empty() {
            observations = Box::pin(self.taken_back(&plan)).await;
        }
        let observations = match observations {
            Some(observations) => observations,
            None => Box::pin(self.in_a_copy(setup, &plan)).await,
        };
        let facts = self.store.connection();
        write(facts, &observations).unwrap();
        compare(facts).unwrap();
        differences(&self.store)
    }

    /// Runs what is one transaction in the world itself, and takes it back. None: it has to be run
    /// otherwise.
    async fn taken_back(&mut self, plan: &Plan) -> Option<Observations> {
        let [chain] = plan.chains.as_slice() else {
            return None;
        };
        let [script] = chain.as_slice() else {
            return None;
        };
        let steps = &script.steps;
        let is_one = steps.len() == 1 || steps[0].block.is_some();
        if !is_one || steps.iter().any(|step| step.block != steps[0].block) {
            return None;
        }
        let needs_a_session = [
            "BEGIN",
            "START",
            "COMMIT",
            "ROLLBACK",
            "SAVEPOINT",
            "SET",
            "RESET",
            "LOCK",
            "END",
            "DISCARD",
        ];
        let is_in_block = steps[0].block.is_some();
        let words = steps
            .iter()
            .map(|step| step.text.split_whitespace().next().unwrap_or(""));
        if words.map(str::to_uppercase).any(|word| {
            needs_a_session.contains(&word.as_str()) && !(is_in_block && word == "LOCK")
        }) {
            return None;
        }
        self.runner.begin().await.unwrap();
        let mut all = Observations::new();
        for step in steps {
            all.push((step.id, self.runner.run(&step.text).await.unwrap()));
        }
        let deferred = self
            .runner
            .run("SET CONSTRAINTS ALL IMMEDIATE")
            .await
            .unwrap();
        self.runner.run("ROLLBACK").await.unwrap();
        let last = &mut all.last_mut()?.1;
        if last.error.is_none() {
            last.error = deferred.error;
        }
        // Refused in a block, where it is to run without one.
        let codes = all
            .iter()
            .filter_map(|(_, seen)| Some(seen.error.as_ref()?.0.as_str()));
        let is_refused = codes
            .into_iter()
            .any(|code| ["25001", "2D000"].contains(&code));
        (is_in_block || !is_refused).then_some(all)
    }

    /// Runs it in a copy of the world.
    async fn in_a_copy(&mut self, setup: &str, plan: &Plan) -> Observations {
        let mut all = Observations::new();
        for chain in &plan.chains {
            let first = self.copies.take(&self.admin).await;
            let failed = load(&first, setup).await.unwrap();
            assert_eq!(failed, [], "{setup}");
            all.extend(run_chain(&first, chain, |_, _| {}).await.unwrap());
            self.copies.give_back(&self.admin, first).await;
        }
        all
    }
}

async fn session(cluster: &Cluster, database: &str) -> Session {
    let info = ConnInfo::resolve(Some(&cluster.conninfo(database)), &Environment::empty()).unwrap();
    Session::open(&info).await.unwrap()
}

/// Empties what is known of migrations.
fn clear(store: &Store) {
    let facts = store.connection();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'migration%'";
    let mut tables = facts.prepare(tables).unwrap();
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for table in tables {
        facts
            .execute(&format!("DELETE FROM {}", table.unwrap()), [])
            .unwrap();
    }
}

/// What differs, a line each.
fn differences(store: &Store) -> Vec<String> {
    let sql = "SELECT s.text, c.differs, coalesce(c.name, ''),
        CASE WHEN c.name IS NULL THEN 'predicted ' || coalesce(c.predicted_error, 'no error') || ', seen ' || coalesce(c.seen_error || ' ' || c.seen_message, 'none')
        ELSE 'predicted ' || coalesce(predicted_lock, 'no lock') || ' scan ' || predicted_scan || ' rewrite ' || predicted_rewrite || ' build ' || predicted_build
          || ', seen ' || coalesce(seen_lock, 'no lock') || ' rows ' || coalesce(seen_rows, '?') || ' rewrite ' || seen_rewrite || ' builds ' || seen_builds END
        FROM migration_comparisons c JOIN migration_statements s ON s.id = c.statement_id
        WHERE c.differs IS NOT NULL ORDER BY s.id, c.name";
    let mut query = store.connection().prepare(sql).unwrap();
    let rows = query.query_map([], |row| {
        let text = |at: usize| row.get::<_, String>(at);
        Ok(format!(
            "{}\n    {}: {}: {}",
            text(0)?,
            text(2)?,
            text(1)?,
            text(3)?
        ))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// A file of one part.
fn file(path: String, text: &str, mode: Mode) -> File {
    File {
        path,
        text: text.to_owned(),
        layout: Layout::Sql,
        because: "the test says so".to_owned(),
        version: None,
        description: None,
        kind: "versioned",
        chain: 0,
        parts: vec![Part::whole(text, Direction::Up, mode)],
        expects_down: false,
        up_path: None,
        is_judged: true,
        change: None,
        unread: None,
    }
}

/// Runs a proof on each server at the same time; the proof gives what differs.
fn on_all_servers(world: &str, prove: impl AsyncFn(&mut Ground) -> Vec<String> + Sync) {
    let wanted = std::env::var("PGTRIAGE_TRACE_MAJORS").unwrap_or_default();
    let wanted = |server: &&ServerBinaries| {
        SUPPORTED_MAJORS.contains(&server.major)
            && (wanted.is_empty()
                || wanted
                    .split(',')
                    .any(|major| major == server.major.to_string()))
    };
    let mut text = String::new();
    std::thread::scope(|scope| {
        let prove = &prove;
        let proofs: Vec<_> = (servers().iter().filter(wanted))
            .map(|server| {
                scope.spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .unwrap();
                    runtime.block_on(async {
                        let mut ground = Ground::new(server, world).await;
                        (server.major, prove(&mut ground).await)
                    })
                })
            })
            .collect();
        for proof in proofs {
            let (major, differences) = proof.join().unwrap();
            for difference in differences {
                writeln!(text, "{major}: {difference}").unwrap();
            }
        }
    });
    assert!(text.is_empty(), "\n{text}");
}

/// A file beside the tests.
fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/migrations/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// A block of the file of forms.
struct Form {
    line: usize,
    setup: String,
    mode: Mode,
    /// What is known to differ: SQLSTATEs that are not predicted, or names of relations.
    unpredicted: Vec<String>,
    sql: String,
}

fn forms() -> Vec<Form> {
    let mut forms = Vec::new();
    let mut form: Option<Form> = None;
    for (at, line) in fixture("forms.sql").lines().enumerate().skip(4) {
        if line.is_empty() {
            forms.extend(form.take());
            continue;
        }
        let form = form.get_or_insert_with(|| Form {
            line: at + 1,
            setup: String::new(),
            mode: Mode::Autocommit,
            unpredicted: Vec::new(),
            sql: String::new(),
        });
        if let Some(setup) = line.strip_prefix("-- setup: ") {
            form.setup += &format!("{setup};\n");
        } else if line == "-- wrapped" {
            form.mode = Mode::Wrapped;
        } else if let Some(words) = line.strip_prefix("-- unpredicted: ") {
            form.unpredicted.extend(words.split(' ').map(str::to_owned));
        } else {
            form.sql += line;
            form.sql.push('\n');
        }
    }
    forms.extend(form);
    forms
}

#[test]
fn forms_do_what_is_predicted() {
    let only = std::env::var("PGTRIAGE_TRACE_LINE").ok();
    on_all_servers(&fixture("world.sql"), async |ground| {
        let mut found = Vec::new();
        for form in forms() {
            if only
                .as_ref()
                .is_some_and(|only| !only.split(',').any(|line| line == form.line.to_string()))
            {
                continue;
            }
            let path = format!("forms.sql:{}", form.line);
            let files = [file(path, &form.sql, form.mode)];
            let differences = Box::pin(ground.prove(&form.setup, &files)).await;
            let major = ground.major().to_string();
            let words = form.unpredicted.iter();
            let unpredicted: Vec<&str> = words
                .filter_map(|word| match word.split_once(':') {
                    Some((of, word)) => (of == major).then_some(word),
                    None => Some(word.as_str()),
                })
                .collect();
            let (known, differences): (Vec<String>, Vec<String>) =
                differences.into_iter().partition(|said| {
                    unpredicted.iter().any(|word| {
                        said.contains(&format!("predicted no error, seen {word} "))
                            || said.contains(&format!("\n    {word}: "))
                    })
                });
            if known.is_empty() && !unpredicted.is_empty() {
                let now = "what is marked as unpredicted is as predicted: take the mark away";
                found.push(format!("line {}: {now}", form.line));
            }
            found.extend(
                differences
                    .iter()
                    .map(|difference| format!("line {}: {difference}", form.line)),
            );
        }
        found
    });
}

#[test]
fn cases_of_pages_do_what_is_predicted() {
    let pages = Pages::load(Vec::new()).unwrap();
    let only = std::env::var("PGTRIAGE_TRACE_PAGE").ok();
    on_all_servers(BASE_SCHEMA, async |ground| {
        let mut found = Vec::new();
        let major = ground.major();
        for page in pages
            .iter()
            .filter(|page| page.id.starts_with("migration/"))
        {
            if only.as_ref().is_some_and(|only| *only != page.id) {
                continue;
            }
            for case in page.cases.iter().filter(|case| is_for(case, major)) {
                let files = files(case).unwrap();
                let setup = case.schema.as_ref().map_or("", |sql| sql.text.as_str());
                let differences = Box::pin(ground.prove(setup, &files)).await;
                let place = format!("{}: {}", page.id, case.name);
                found.extend(differences.iter().map(|said| format!("{place}: {said}")));
            }
        }
        found
    });
}

/// Whether a case can be run on a server of this major.
fn is_for(case: &Case, major: u32) -> bool {
    let (from, to) = case.versions;
    !case.files.is_empty()
        && !case.without_schema
        && from.is_none_or(|from| from <= major)
        && to.is_none_or(|to| major <= to)
}
