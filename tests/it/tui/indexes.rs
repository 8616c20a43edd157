//! The screen of indexes: those that are there, those that a search advises, and what a choice changes.

use std::collections::{BTreeMap, BTreeSet};

use pgtriage::advise::index::{
    Adviser, Cause, IndexSpec, Limits, Request as AdviceRequest, Sized, Tables, drops,
};
use pgtriage::advise::workload::{Unplanned, Workload};
use pgtriage::facts::Store;
use pgtriage::tui::advising::{
    Best, Found, News, Planner, Proposal, Search, Subject, Takeover, Verdicts, Weighing, Wish,
    Worth,
};
use pgtriage::tui::{Data, Effect, Message, Options, Origin, Relations, Request, ThemeName};

use super::screens::check;
use super::world::{Play, options, shop};
use crate::index_advice::toy::Toy;
use crate::index_advice::weighed::there;
use crate::index_advice::{Plain, QUERIES, world};
use crate::support::judge;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// What drops are judged by.
pub fn limits() -> Limits {
    Limits {
        max_growth: 3.0,
        min_counter_age_ms: 7.0 * 86_400_000.0,
        min_size_bytes: 1_048_576.0,
        block_bytes: 8192.0,
    }
}

/// Indexes of the toy world: one that a plan uses, one that nothing uses, one that an advised index takes over
/// from, and a primary key.
const INDEXES: &str = "
INSERT INTO samples (id, captured_at, postmaster_started_at) VALUES (1, 1767225600000000, 1764633600000000);
INSERT INTO database_stats (sample_id, database_id, stats_reset_at) VALUES (1, 1, 1764633600000000);
UPDATE relations SET size_bytes = pages * 8192;
INSERT INTO indexes (id, relation_id, oid, name, is_unique, is_primary, size_bytes, definition) VALUES
  (6, 1, 6, 'orders_pkey', 1, 1, 22487040, 'CREATE UNIQUE INDEX orders_pkey ON public.orders USING btree (id)'),
  (7, 1, 7, 'orders_day_idx', 0, 0, 16384000, 'CREATE INDEX orders_day_idx ON public.orders USING btree (day)'),
  (8, 1, 8, 'orders_note_idx', 0, 0, 66846720, 'CREATE INDEX orders_note_idx ON public.orders USING btree (note)'),
  (9, 1, 9, 'orders_customer_idx', 0, 0, 16384000, 'CREATE INDEX orders_customer_idx ON public.orders USING btree (customer_id)');
INSERT INTO index_columns (index_id, position, column_name) VALUES (6, 1, 'id'), (7, 1, 'day'), (8, 1, 'note'), (9, 1, 'customer_id');
UPDATE indexes SET made_at = 1733097600000000, there_since_at = 1733097600000000;
INSERT INTO index_stats (index_id, idx_scan) VALUES (6, 1000), (7, 40), (8, 0), (9, 7);
INSERT INTO collections (table_name, node_id) SELECT name, 1 FROM sqlite_schema WHERE type = 'table';
";

fn facts() -> (Store, Workload) {
    let (store, workload) = world(&QUERIES);
    store.connection().execute_batch(INDEXES).unwrap();
    (store, workload)
}

/// The toy world on the screen.
fn data() -> Data {
    let (mut store, _) = facts();
    let outcome = judge(&mut store, "");
    let mut data = shop();
    data.outcome.findings = outcome.findings;
    data.relations = Relations::read(&store).unwrap();
    data.verdicts = Verdicts::read(&store, &limits()).unwrap();
    data
}

/// Asks an adviser over the toy world, after a search.
fn advised<T>(ask: impl FnOnce(&mut Adviser<'_>, Found, &Store) -> T) -> T {
    let (mut store, mut workload) = facts();
    judge(&mut store, "");
    workload.unplanned.push(Unplanned {
        statement: 1,
        because: "it reads a table that is gone".into(),
    });
    let tables = Tables::read(store.connection(), 1).unwrap();
    let bounds = crate::index_advice::limits(60.0);
    let request = AdviceRequest {
        facts: store.connection(),
        tables: &tables,
        workload: &workload,
        estimates: &Plain { writes: 900.0 },
        limits: &bounds,
        is_over: &|| false,
    };
    let mut toy = Toy::new();
    toy.existing.push(there());
    let mut adviser = Adviser::new(&request, &mut toy).unwrap();
    let advice = adviser.search(&bounds, &mut |_| ()).unwrap();
    let proposal = |chosen: &pgtriage::advise::index::Chosen| Proposal {
        sql: format!(
            "CREATE INDEX CONCURRENTLY {} ON {};",
            chosen.name,
            chosen.sized.spec.target()
        ),
        undo: format!("DROP INDEX CONCURRENTLY public.{};", chosen.name),
        chosen: chosen.clone(),
        is_advised: true,
    };
    let proposals: Vec<Proposal> = advice.create.iter().map(proposal).collect();
    let sized = proposals.iter().map(|one| one.chosen.sized.clone());
    let sized: Vec<Sized> = sized.collect();
    let taken = drops(store.connection(), 1, &sized, &limits()).unwrap().go;
    let takeovers = taken.into_iter().filter_map(|drop| match drop.cause {
        Cause::Replaced(by) => Some(Takeover {
            name: drop.object,
            by,
            because: drop.because,
            sql: drop.sql,
            undo: drop.undo,
        }),
        _ => None,
    });
    let subjects = QUERIES.iter().enumerate().map(|(place, (_, text))| {
        let subject = Subject {
            fingerprint: format!("f1:{place}"),
            text: (*text).to_owned(),
        };
        (place as i64 + 1, subject)
    });
    let found = Found {
        planner: "a shadow of the server".into(),
        database: "shop".into(),
        budget: Some(60_000_000),
        takeovers: takeovers.collect(),
        subjects: subjects.collect(),
        lacks: vec![(
            "extension vector".into(),
            "this machine does not have it".into(),
        )],
        proposals,
        advice,
        ..Found::default()
    };
    ask(&mut adviser, found, &store)
}

fn found() -> Found {
    advised(|_, found, _| found)
}

/// The answers to a wish to weigh.
fn answers(number: u64, created: &BTreeSet<usize>, without: &BTreeSet<String>) -> [News; 2] {
    let existing = BTreeMap::from([
        (6, "orders_pkey".to_owned()),
        (7, "orders_day_idx".to_owned()),
        (8, "orders_note_idx".to_owned()),
        (9, "orders_customer_idx".to_owned()),
    ]);
    let gone = existing.iter();
    let gone = gone.filter(|(_, name)| without.contains(&format!("public.{name}")));
    let gone: BTreeMap<i64, String> = gone.map(|(id, name)| (*id, name.clone())).collect();
    advised(|adviser, found, _| {
        let specs = found.proposals.iter();
        let specs: Vec<IndexSpec> = specs.map(|one| one.chosen.sized.spec.clone()).collect();
        let weighed = adviser.weigh(&specs, created, &gone).unwrap();
        let worth = adviser.worth(&specs, created, &gone, &existing).unwrap();
        let named = worth.existing.iter();
        let named = named.map(|(id, worth)| (format!("public.{}", existing[id]), *worth));
        let worth = Worth {
            existing: named.collect(),
            created: worth.created,
        };
        [
            News::Weighed(Weighing { number, weighed }),
            News::Worth(number, Box::new(worth)),
        ]
    })
}

fn tell(play: &mut Play, news: News) {
    play.send(Message::Advising(news));
}

/// The only wish that was asked.
fn wish(play: &Play) -> Wish {
    let [wish] =
        <[Wish; 1]>::try_from(wishes(play)).unwrap_or_else(|all| panic!("one wish, not {all:?}"));
    wish
}

fn wishes(play: &Play) -> Vec<Wish> {
    let effects = play.effects.iter();
    let wishes = effects.filter_map(|effect| match effect {
        Effect::Ask(Request::Advising(wish)) => Some(wish.clone()),
        _ => None,
    });
    wishes.collect()
}

/// Answers the wish to weigh that the UI has just asked.
fn weighs(play: &mut Play) -> (BTreeSet<usize>, BTreeSet<String>) {
    let Wish::Weigh {
        number,
        created,
        without,
    } = wish(play)
    else {
        panic!("{:?}", play.effects);
    };
    for news in answers(number, &created, &without) {
        tell(play, news);
    }
    (created, without)
}

fn play(size: (u16, u16), keys: &str) -> Play {
    let mut play = Play::new(options(ThemeName::Dark), size);
    play.send(Message::Data(Box::new(data())));
    play.keys(keys);
    play
}

/// After a search whose choice was weighed.
fn searched(size: (u16, u16), keys: &str) -> Play {
    let mut play = play(size, "5 ] a");
    tell(&mut play, News::Searching);
    tell(&mut play, News::Found(Box::new(found())));
    weighs(&mut play);
    play.wait(6);
    play.keys("g g");
    play.keys(keys);
    play
}

#[test]
fn before_a_search_the_facts_say_what_may_go() {
    for size in SIZES {
        let play = play(size, "5 ]");
        check(&format!("indexes_before_{}x{}", size.0, size.1), &play);
        assert!(play.screen().contains("[x] drop"), "{}", play.screen());
    }
    check(
        "indexes_kept_120x40",
        &play((120, 40), "5 ] / 'pkey' Enter"),
    );
}

#[test]
fn a_search_is_followed_from_its_start() {
    let mut play = play((100, 30), "5 ] a");
    let search = Search {
        budget: None,
        time: std::time::Duration::from_mins(1),
        planner: Planner::Shadow,
        database: Some("shop".into()),
        is_anew: false,
    };
    assert_eq!(wishes(&play), [Wish::Search(search)]);
    tell(
        &mut play,
        News::Doing("making a shadow of the server".into()),
    );
    check("indexes_preparing_100x30", &play);
    play.keys("a");
    assert!(play.effects.is_empty() && play.screen().contains("Esc stops it"));
    tell(&mut play, News::Searching);
    play.wait(12);
    assert!(
        play.screen().contains("searching indexes 12 of 60 s"),
        "{}",
        play.screen()
    );
    for (relative, indexes) in [
        (0.8, vec![("public.customers (mail)", 1e6)]),
        (
            0.4,
            vec![
                ("public.customers (mail)", 1e6),
                ("public.orders (customer_id)", 1.6e7),
            ],
        ),
    ] {
        let indexes = indexes.into_iter();
        tell(
            &mut play,
            News::Better(Best {
                indexes: indexes
                    .map(|(target, bytes)| (target.to_owned(), bytes))
                    .collect(),
                relative,
                asked: 100,
            }),
        );
    }
    play.keys("g g");
    check("indexes_searching_100x30", &play);
    // Esc stops it, and what was found is kept.
    play.keys("Esc");
    assert_eq!(wishes(&play), [Wish::Stop]);
    tell(&mut play, News::Found(Box::new(found())));
    assert!(!play.screen().contains("so far"), "{}", play.screen());
    let (created, without) = weighs(&mut play);
    assert_eq!(created.len(), found().proposals.len());
    assert!(without.contains("public.orders_note_idx"), "{without:?}");
    assert!(!without.contains("public.orders_pkey"));
    // There is nothing to stop any more.
    play.keys("Esc");
    assert!(play.effects.is_empty());
}

#[test]
fn found_ones_stand_beside_those_that_are_there() {
    for size in SIZES {
        let name = format!("{}x{}", size.0, size.1);
        check(&format!("indexes_found_{name}"), &searched(size, ""));
        check(&format!("indexes_gains_{name}"), &searched(size, "]"));
    }
    for (name, keys) in [
        ("proposal", "Enter"),
        ("used", "/ 'day_idx' Enter Enter"),
        ("taken_over", "/ 'customer_idx' Enter Enter"),
        ("gain", "] Enter"),
        ("ground", "u"),
    ] {
        check(
            &format!("indexes_detail_{name}"),
            &searched((120, 60), keys),
        );
    }
}

#[test]
fn narrow_terminals_keep_plan_and_name() {
    let play = searched((48, 14), "");
    check("indexes_48x14", &play);
    assert!(play.screen().contains("[x] create"), "{}", play.screen());
}

#[test]
fn what_is_chosen_is_weighed_once_and_the_latest_answer_counts() {
    let mut play = searched((120, 40), "Space");
    let (created, _) = weighs(&mut play);
    assert!(!created.contains(&0) && created.contains(&1));
    check("indexes_toggled_120x40", &play);
    // An index that takes over goes, and with it the drop that it made possible.
    let taken = &found().takeovers[0];
    play.keys(&format!("A g g {}", "j ".repeat(taken.by)));
    let (_, without) = weighs(&mut play);
    assert!(without.contains(&taken.name), "{without:?}");
    play.keys("Space");
    let (_, without) = weighs(&mut play);
    assert!(!without.contains(&taken.name), "{without:?}");
    // Two changes, one after the other: the answer to the first is too late.
    play.keys("n");
    let Wish::Weigh {
        number,
        created,
        without,
    } = wish(&play)
    else {
        panic!("{:?}", play.effects);
    };
    assert!(created.is_empty() && without.is_empty());
    let before = play.screen();
    assert!(before.contains("weighing"), "{before}");
    play.keys("A");
    let late = answers(number, &created, &without);
    for news in late {
        tell(&mut play, news);
    }
    assert!(play.screen().contains("weighing"), "{}", play.screen());
    play.keys("n A");
    play.wait(1);
    play.send(Message::Data(Box::new(data())));
    // Newer data ask for nothing, since the choice is the same.
    assert!(wishes(&play).is_empty(), "{:?}", play.effects);
}

#[test]
fn an_index_with_a_duty_stays() {
    let mut play = play((120, 40), "5 ] / 'pkey' Enter Space");
    assert!(
        play.screen()
            .contains("it has to stay: it is the primary key"),
        "{}",
        play.screen()
    );
    play.keys("Esc / 'note' Enter Space");
    assert!(
        play.screen().contains("known after a search"),
        "{}",
        play.screen()
    );
    assert!(play.screen().contains("[ ] drop"));
}

#[test]
fn what_is_chosen_becomes_migrations() {
    let mut play = searched((120, 40), "m");
    let drafts = |play: &Play| {
        let drafts = &play.app.data().unwrap().drafts;
        drafts
            .iter()
            .map(|draft| draft.sql.clone())
            .collect::<Vec<_>>()
    };
    let first = &found().proposals[0];
    assert_eq!(drafts(&play), std::slice::from_ref(&first.sql));
    play.keys("m");
    assert!(drafts(&play).is_empty());
    play.keys("M");
    let all = drafts(&play);
    assert_eq!(all.len(), found().proposals.len() + 2, "{all:?}");
    let first_drop = all.iter().position(|sql| sql.starts_with("DROP"));
    assert_eq!(first_drop, Some(found().proposals.len()), "{all:?}");
    // Each is linted once.
    play.keys("M");
    assert!(play.effects.is_empty() && drafts(&play).len() == all.len());
    play.keys("4 f");
    assert_eq!((play.app.at, play.app.tabs[4].view), (4, 1));
    // What nothing advises to drop has no fix.
    play.keys("/ Ctrl-u 'day_idx' Enter m");
    assert!(
        play.screen().contains("nothing advises"),
        "{}",
        play.screen()
    );
}

#[test]
fn what_is_searched_can_be_changed() {
    let mut play = searched((120, 40), "e");
    check("indexes_inputs_120x40", &play);
    // Another advice has its own choice, whatever was wanted of the one before.
    play.keys("Esc g g Space e");
    play.keys("Enter '40MB' Enter a");
    let Wish::Search(search) = wish(&play) else {
        panic!("{:?}", play.effects);
    };
    assert_eq!(search.budget, Some(40 << 20));
    assert!(!search.is_anew);
    tell(&mut play, News::Found(Box::new(found())));
    let (created, _) = weighs(&mut play);
    assert_eq!(created.len(), found().proposals.len());
    play.keys("e Enter Ctrl-u 'much' Enter");
    assert!(play.screen().contains("does not do"), "{}", play.screen());
    play.keys("e Enter Ctrl-u Enter e j Enter Ctrl-u '5s' Enter e j j Enter F5 a");
    let Some(Wish::Search(search)) = wishes(&play).pop() else {
        panic!("{:?}", play.effects);
    };
    assert_eq!((search.budget, search.time.as_secs()), (None, 5));
    assert_eq!((search.planner, search.is_anew), (Planner::HypoPg, true));
}

#[test]
fn what_keeps_a_search_from_an_answer_is_told_and_stays() {
    let mut play = play((100, 30), "5 ] a");
    let why = "a shadow plans as the original only with the planner's statistics, which the facts lack; make the \
               snapshot with --with-values, and ANALYZE tables that never were";
    tell(&mut play, News::Failed(why.into()));
    check("indexes_failed_100x30", &play);
    play.wait(30);
    play.keys("]");
    assert!(play.screen().contains("statistics, which the"));
    play.keys("[ u");
    assert!(play.screen().contains("statistics, which the"));
    // It can be asked for again.
    play.keys("Esc a");
    assert_eq!(wishes(&play).len(), 1);
    tell(&mut play, News::Stopped);
    assert!(
        play.screen().contains("stopped before"),
        "{}",
        play.screen()
    );
}

#[test]
fn rows_lead_to_statements_and_statements_to_queries() {
    let mut play = searched((120, 40), "f");
    assert_eq!((play.app.at, play.app.tabs[4].view), (4, 2));
    let rows: Vec<f64> = {
        let list = &play.app.pane().list;
        list.shown()
            .map(|row| row.number("factor").unwrap())
            .collect()
    };
    assert!(
        !rows.is_empty() && rows.iter().all(|factor| *factor > 1.0),
        "{rows:?}"
    );
    play.keys("f");
    assert!(
        play.screen().contains("not among the queries"),
        "{}",
        play.screen()
    );
    play.keys("y");
    assert!(matches!(&play.effects[..], [Effect::Copy(text)] if text.starts_with("SELECT")));
    play.keys("Space");
    assert!(
        play.screen().contains("chosen in the view Indexes"),
        "{}",
        play.screen()
    );
}

#[test]
fn a_snapshot_is_searched_as_well() {
    let offline = Options {
        origin: Origin::Snapshot("prod.facts".into()),
        ..options(ThemeName::Dark)
    };
    let mut play = Play::new(offline, (120, 40));
    play.send(Message::Data(Box::new(data())));
    play.keys("5 ] a");
    assert_eq!(wishes(&play).len(), 1);
    tell(&mut play, News::Searching);
    assert!(
        play.screen().contains("searching indexes"),
        "{}",
        play.screen()
    );
}
