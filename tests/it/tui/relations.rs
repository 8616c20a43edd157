//! The screens of tables and indexes.

use pgtriage::engine::{Finding, Severity, Subject};
use pgtriage::tui::{
    Data, Effect, Message, Missing, Options, Origin, Progress, Relations, Request, ThemeName,
};

use super::screens::check;
use super::world::{Play, finding, options, shop, statements};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// The shop with figures of its tables; with what a sampling of bloat found, or without.
fn stocked(is_sampled: bool) -> Data {
    let store = statements();
    let facts = store.connection();
    facts.execute_batch(include_str!("tables.sql")).unwrap();
    if is_sampled {
        facts.execute_batch(include_str!("bloat.sql")).unwrap();
    }
    let mut data = shop();
    let subject = |kind, id| Some(Subject { kind, id });
    data.outcome.findings.extend([
        Finding {
            subject: subject("relation", 1),
            ..finding(
                "table/dead-rows",
                Severity::Warning,
                "public.orders",
                "has 12.5% dead rows",
            )
        },
        Finding {
            subject: subject("index", 3),
            fix: Some("DROP INDEX CONCURRENTLY public.orders_broken_idx;".into()),
            ..finding(
                "index/invalid",
                Severity::Error,
                "public.orders_broken_idx",
                "is not valid: no query uses it and every write keeps it up",
            )
        },
        Finding {
            subject: subject("relation", 6),
            ..finding(
                "table/no-primary-key",
                Severity::Info,
                "\"we\"\"ird\".\"表格\"",
                "has no primary key",
            )
        },
    ]);
    data.missing.push(Missing {
        facts: "bloat_estimates".into(),
        place: "public.events_2026_02".into(),
        because: "another session holds a lock on it".into(),
        remedy: Some("run again when that lock is gone".into()),
    });
    data.relations = Relations::read(&store).unwrap();
    data
}

fn play(size: (u16, u16), data: Data, keys: &str) -> Play {
    let mut play = Play::new(options(ThemeName::Dark), size);
    play.send(Message::Data(Box::new(data)));
    play.keys(keys);
    play
}

#[test]
fn tables_and_indexes() {
    for (name, keys) in [
        ("tables", "5"),
        ("tables_indexes", "5 ]"),
        ("tables_hostile", "5 / '表格' Enter"),
    ] {
        for size in SIZES {
            let play = play(size, stocked(true), keys);
            check(&format!("{name}_{}x{}", size.0, size.1), &play);
        }
    }
}

#[test]
fn details() {
    for (name, keys) in [
        ("table", "5 Enter"),
        ("table_partition", "5 / 'events_2026_02' Enter Enter"),
        ("index", "5 ] / 'broken' Enter Enter"),
        ("index_gin", "5 ] / 'tags' Enter Enter"),
    ] {
        let play = play((120, 60), stocked(true), keys);
        check(&format!("tables_detail_{name}"), &play);
    }
}

#[test]
fn without_a_sampling_bloat_is_not_known() {
    let play = play((120, 40), stocked(false), "5");
    check("tables_not_sampled", &play);
    assert!(play.screen().contains("bloat not sampled"));
    assert!(
        play.screen().contains("Bloat was not sampled"),
        "{}",
        play.screen()
    );
}

#[test]
fn narrow_terminals_keep_the_name() {
    let play = play((48, 14), stocked(true), "5");
    check("tables_48x14", &play);
    assert!(play.screen().contains("public.orders"));
}

/// What is shown of a column, row by row.
fn names(play: &Play) -> Vec<String> {
    let list = &play.app.pane().list;
    list.shown().map(|row| row.cells[0].text.clone()).collect()
}

#[test]
fn rows_are_filtered_by_figures_and_by_words() {
    for (filter, expected) in [
        ("bloat>30%", vec!["public.orders"]),
        ("total>1GB", vec!["public.orders", "public.events_2026_02"]),
        (
            "parent:public.events",
            vec!["public.events_2026_02", "public.events_2026_03"],
        ),
        ("hot<90%", vec!["public.orders"]),
        ("vacuum:never", vec!["public.customers"]),
        ("kind:materialized", vec!["public.order_totals"]),
    ] {
        let play = play((120, 40), stocked(true), &format!("5 / '{filter}' Enter"));
        assert_eq!(names(&play), expected, "{filter}");
    }
    let sorted = play((120, 40), stocked(true), "5 > > >");
    assert_eq!(
        names(&sorted)[0],
        "public.orders",
        "by bloat, the unknown last"
    );
    assert_eq!(names(&sorted)[1], "public.customers");
}

#[test]
fn a_finding_leads_to_its_table_and_a_table_to_its_findings() {
    let mut there = play((120, 40), stocked(true), "5 f");
    assert_eq!(there.app.at, 0);
    let found: Vec<String> = {
        let list = &there.app.pane().list;
        list.shown().map(|row| row.cells[2].text.clone()).collect()
    };
    // Its own, and that of its index.
    assert_eq!(found, ["table/dead-rows", "index/invalid"]);
    there.keys("Esc / 'index/invalid' Enter f");
    assert_eq!((there.app.at, there.app.tabs[4].view), (4, 1));
    let index = there.app.pane().list.shown().next();
    assert_eq!(index.unwrap().cells[1].text, "public.orders_broken_idx");
    // A name with quotes leads there too.
    there.keys("5 [ / '表格' Enter");
    assert_eq!(names(&there).len(), 1);
    there.keys("f");
    assert!(
        there.screen().contains("table/no-primary-key"),
        "{}",
        there.screen()
    );
    let mut nothing = play((120, 40), stocked(true), "5 / 'customers' Enter f");
    assert_eq!(nothing.app.at, 4);
    assert!(
        nothing
            .screen()
            .contains("nothing was found about this table")
    );
    nothing.keys("y");
    assert!(matches!(&nothing.effects[..], [Effect::Copy(name)] if name == "public.customers"));
}

#[test]
fn hostile_names_are_harmless_on_the_screen_and_whole_in_copies() {
    for keys in [
        "5 / '表格' Enter",
        "5 / '表格' Enter Enter",
        "5 ] / '索引' Enter Enter",
    ] {
        let screen = play((100, 40), stocked(true), keys).screen();
        assert!(
            !screen.contains('\u{1b}') && !screen.contains('\u{7}'),
            "{screen:?}"
        );
    }
    let copied = play((100, 40), stocked(true), "5 / '表格' Enter y");
    let Some(Effect::Copy(name)) = copied.effects.last() else {
        panic!("{:?}", copied.effects);
    };
    assert!(name.starts_with("\"we\"\"ird\".\"表格\u{1b}"), "{name:?}");
}

#[test]
fn bloat_is_sampled_on_request_once_at_a_time() {
    let mut play = play((120, 40), stocked(false), "5 b");
    assert_eq!(play.effects, [Effect::Ask(Request::Bloat)]);
    play.send(Message::Sampling(Progress {
        done: 12,
        total: 40,
        what: "bloat of public.orders".into(),
    }));
    assert!(
        play.screen().contains("sampling bloat 12 of 40"),
        "{}",
        play.screen()
    );
    play.keys("b");
    assert!(play.effects.is_empty());
    assert!(play.screen().contains("bloat is being sampled"));
    // Esc takes the filter away first, then it stops the sampling.
    play.keys("/ o r d Enter Esc");
    assert!(play.effects.is_empty(), "{:?}", play.effects);
    play.keys("Esc");
    assert_eq!(play.effects, [Effect::Ask(Request::StopBloat)]);
    play.send(Message::Sampled(Ok(true)));
    assert!(
        play.screen().contains("sampling was stopped"),
        "{}",
        play.screen()
    );
    play.keys("Esc");
    assert!(play.effects.is_empty(), "{:?}", play.effects);
    play.keys("b");
    play.send(Message::Sampled(Ok(false)));
    play.send(Message::Data(Box::new(stocked(true))));
    assert!(!play.screen().contains("sampling bloat"));
    assert!(play.screen().contains("41 % ± 2"), "{}", play.screen());
    // What goes wrong is told, and one may ask again.
    play.keys("b");
    play.send(Message::Sampled(Err("the server cannot be read".into())));
    assert!(play.screen().contains("the server cannot be read"));
    play.keys("b");
    assert_eq!(play.effects, [Effect::Ask(Request::Bloat)]);
}

#[test]
fn a_snapshot_is_not_sampled() {
    let mut play = Play::new(
        Options {
            origin: Origin::Snapshot("prod.facts".into()),
            ..options(ThemeName::Dark)
        },
        (120, 40),
    );
    play.send(Message::Data(Box::new(stocked(false))));
    play.keys("5 b");
    assert!(play.effects.is_empty());
    assert!(
        play.screen().contains("these data are a snapshot"),
        "{}",
        play.screen()
    );
}

#[test]
fn without_tables_the_screen_says_why() {
    let mut data = shop();
    data.relations = Relations::default();
    check("tables_none", &play((80, 24), data, "5"));
}

#[test]
fn the_mouse_selects_and_sorts() {
    let mut play = play((120, 40), stocked(true), "5");
    let second = names(&play)[1].clone();
    play.click(10, 5);
    assert!(play.selected().ends_with(&second), "{}", play.selected());
    let screen = play.screen();
    let heads = screen.lines().nth(3).unwrap();
    let at = heads.find("DEAD").unwrap();
    play.click(u16::try_from(at).unwrap(), 3);
    assert!(play.screen().contains("by dead"), "{}", play.screen());
}
