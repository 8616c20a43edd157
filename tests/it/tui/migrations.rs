//! Fixes that are collected to become migrations.

use pgtriage::engine::Severity;
use pgtriage::tui::{Draft, DraftStatement, Effect, Message, Request};

use super::screens::check;
use super::world::{Play, shop};

/// The findings of the shop that have SQL as their fix.
fn with_fixes() -> Vec<usize> {
    let data = shop();
    let findings = data.outcome.findings.iter().enumerate();
    let fixed = findings.filter(|(_, finding)| finding.fix.is_some());
    fixed.map(|(at, _)| at).collect()
}

/// Keys that select a finding and collect its fix.
fn collect(at: usize) -> String {
    format!("1 g g {} m", "j ".repeat(at))
}

/// The first two fixes collected.
fn collected(size: (u16, u16)) -> Play {
    let mut play = Play::shop(size);
    for at in with_fixes().into_iter().take(2) {
        play.keys(&collect(at));
    }
    play
}

fn asked(play: &Play) -> Vec<(String, String)> {
    let effects = play.effects.iter();
    let asked = effects.filter_map(|effect| match effect {
        Effect::Ask(Request::Lint { key, sql, .. }) => Some((key.clone(), sql.clone())),
        _ => None,
    });
    asked.collect()
}

fn drafts(play: &Play) -> &[Draft] {
    &play.app.data().unwrap().drafts
}

fn linted(play: &mut Play, result: Result<Vec<DraftStatement>, String>) {
    let draft = drafts(play)[0].clone();
    play.send(Message::Linted {
        key: draft.key,
        sql: draft.sql,
        result,
    });
}

fn statements() -> Vec<DraftStatement> {
    vec![
        DraftStatement {
            text: "ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0)".into(),
            locks: vec![("ACCESS EXCLUSIVE".into(), "public.orders".into())],
            lock_level: Some(8),
            work: vec!["reads public.orders".into()],
            is_alone: false,
            findings: vec![(
                Severity::Error,
                "migration/check-not-valid".into(),
                "every row is read under ACCESS EXCLUSIVE".into(),
            )],
        },
        DraftStatement {
            text: "CREATE INDEX CONCURRENTLY orders_total ON orders (total)".into(),
            locks: vec![("SHARE UPDATE EXCLUSIVE".into(), "public.orders".into())],
            lock_level: Some(4),
            work: vec!["builds an index of public.orders".into()],
            is_alone: true,
            findings: Vec::new(),
        },
    ]
}

#[test]
fn a_fix_is_collected_linted_and_left_out_again() {
    let at = with_fixes()[0];
    let mut play = Play::shop((100, 30));
    play.keys(&collect(at));
    let finding = shop().outcome.findings.swap_remove(at);
    assert_eq!(
        asked(&play),
        [(finding.key.clone(), finding.fix.clone().unwrap())]
    );
    assert_eq!(drafts(&play).len(), 1);
    assert!(play.screen().contains("+ "), "{}", play.screen());
    // Newer data keep what was collected.
    play.send(Message::Data(Box::new(shop())));
    assert_eq!(drafts(&play).len(), 1);
    // It is linted as it stands now, not as it stood when it was asked for.
    play.send(Message::Linted {
        key: finding.key.clone(),
        sql: "SELECT 1".into(),
        result: Ok(statements()),
    });
    assert!(drafts(&play)[0].statements().is_empty());
    linted(&mut play, Ok(statements()));
    assert_eq!(drafts(&play)[0].worst(), Some(Severity::Error));
    play.keys("m");
    assert!(drafts(&play).is_empty());
    assert!(asked(&play).is_empty());
}

#[test]
fn a_finding_without_sql_cannot_be_collected() {
    let at = shop()
        .outcome
        .findings
        .iter()
        .position(|finding| finding.fix.is_none());
    let mut play = Play::shop((100, 30));
    play.keys(&collect(at.unwrap()));
    assert!(drafts(&play).is_empty());
    assert!(
        play.screen().contains("no SQL mends this one"),
        "{}",
        play.screen()
    );
}

#[test]
fn what_the_editor_leaves_is_linted_anew() {
    let mut play = collected((100, 30));
    play.keys("4 e");
    let [Effect::Edit { key, text }] = play.effects.as_slice() else {
        panic!("{:?}", play.effects);
    };
    assert_eq!(*text, drafts(&play)[0].sql);
    let (key, text) = (key.clone(), text.clone());
    let leave = |play: &mut Play, text: Result<&str, &str>| {
        play.send(Message::Edited {
            key: key.clone(),
            result: text.map(str::to_owned).map_err(str::to_owned),
        });
    };
    // White space at the end, which editors add, is no change.
    leave(&mut play, Ok(&format!("{text}\n\n")));
    assert!(asked(&play).is_empty() && !drafts(&play)[0].is_edited);
    leave(&mut play, Err("vi ended with exit status: 1"));
    assert!(play.screen().contains("vi ended with"), "{}", play.screen());
    leave(&mut play, Ok("DROP INDEX CONCURRENTLY a;\n"));
    assert_eq!(asked(&play)[0].1, "DROP INDEX CONCURRENTLY a;");
    assert!(drafts(&play)[0].is_edited);
}

#[test]
fn migrations_are_written_to_the_folder_that_is_typed() {
    let mut play = collected((100, 30));
    play.keys("4 W");
    assert!(
        play.screen().contains("write to folder: migrations"),
        "{}",
        play.screen()
    );
    play.keys("Esc");
    assert!(play.effects.is_empty());
    play.keys("W '/up' Enter");
    let [Effect::Ask(Request::Write { folder, drafts })] = play.effects.as_slice() else {
        panic!("{:?}", play.effects);
    };
    assert_eq!((folder.as_str(), drafts.len()), ("migrations/up", 2));
    play.send(Message::Written(Ok(vec![
        "migrations/up/1_a.up.sql".into(),
    ])));
    assert!(
        play.screen().contains("written: migrations/up/1_a.up.sql"),
        "{}",
        play.screen()
    );
    play.send(Message::Written(Err(
        "cannot write migrations/up: it is a file".into(),
    )));
    assert!(play.screen().contains("it is a file"), "{}", play.screen());
    // An empty line writes nothing.
    play.keys("W Ctrl-u Enter");
    assert!(play.effects.is_empty());
    assert!(
        play.screen().contains("nothing is written"),
        "{}",
        play.screen()
    );
}

#[test]
fn one_is_left_out_and_the_way_to_its_finding() {
    let mut play = collected((100, 30));
    let key = drafts(&play)[1].key.clone();
    play.keys("4 j f");
    assert_eq!(play.selected(), key);
    play.keys("4 x");
    assert_eq!(drafts(&play).len(), 1);
    play.keys("x");
    assert!(drafts(&play).is_empty());
    play.keys("W");
    assert!(
        play.screen().contains("No fix is collected"),
        "{}",
        play.screen()
    );
}

#[test]
fn screens() {
    for (name, size) in [("80x24", (80, 24)), ("120x40", (120, 40))] {
        check(
            &format!("migrations_none_{name}"),
            Play::shop(size).keys("4"),
        );
        let mut play = collected(size);
        play.keys("4");
        check(&format!("migrations_asked_{name}"), &play);
        linted(&mut play, Ok(statements()));
        play.wait(6);
        check(&format!("migrations_{name}"), &play);
        linted(&mut play, Err("statement 1 is not understood".into()));
        check(&format!("migrations_failed_{name}"), &play);
    }
}
