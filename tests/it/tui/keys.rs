//! What keys and the mouse do.

use std::collections::HashSet;
use std::time::Duration;

use crossterm::event::MouseEventKind;
use pgtriage::tui::keymap::{self, Action, BINDINGS, Context, Found, STACKS};
use pgtriage::tui::{Effect, Key, Message, Origin, Request, ThemeName};

use super::world::{Play, options, shop};

const SIZE: (u16, u16) = (100, 30);

fn play(keys: &str) -> Play {
    let mut play = Play::shop(SIZE);
    play.keys(keys);
    play
}

/// Keys, and the rule of the finding that is selected after them.
#[test]
fn moving() {
    let cases = [
        ("", "setting/fsync-off"),
        ("j", "query/top-share"),
        ("Down Down", "table/bloat"),
        ("j j k", "query/top-share"),
        ("Up", "setting/fsync-off"),
        ("G", "setting/track-io-timing-off"),
        ("End j", "setting/track-io-timing-off"),
        ("G g g", "setting/fsync-off"),
        ("G g x k", "connection/idle-in-transaction"),
        ("End Home", "setting/fsync-off"),
        ("PgDn", "setting/track-io-timing-off"),
        ("PgDn PgUp", "setting/fsync-off"),
        ("Ctrl-d", "table/no-primary-key"),
        ("G Ctrl-u", "table/bloat"),
        // In the detail pane the same keys scroll the text.
        ("j Tab j j G g g Tab", "query/top-share"),
        ("Tab Tab j", "query/top-share"),
        ("j Enter j j Esc", "query/top-share"),
    ];
    for (keys, rule) in cases {
        let play = play(keys);
        assert!(
            play.selected().starts_with(rule),
            "{keys}: {}",
            play.selected()
        );
    }
}

#[test]
fn sorting() {
    let first = |keys: &str| play(&format!("{keys} g g")).selected().to_owned();
    // Largest impact first; what is not known stands last in either direction.
    assert!(first("> >").starts_with("query/top-share"));
    assert!(first("> > r").starts_with("index/duplicate"));
    assert!(play("> > G").selected().starts_with("setting/track"));
    assert!(play("> > r G").selected().starts_with("setting/track"));
    assert!(first("> > >").starts_with("connection/"));
    assert!(first("> > > <").starts_with("query/top-share"));
    assert!(first("> <").starts_with("setting/fsync-off"));
    assert!(
        first("s G Enter").starts_with("table/bloat"),
        "{}",
        first("s G Enter")
    );
    assert!(first("r").starts_with("setting/track"));
    // The selection follows the finding.
    assert!(play("j j > > r r <").selected().starts_with("table/bloat"));
}

#[test]
fn filtering() {
    let shown = |filter: &str| {
        play(&format!("/ '{filter}' Enter"))
            .screen()
            .lines()
            .nth(2)
            .unwrap()
            .to_owned()
    };
    let cases = [
        ("orders", 1),
        ("ORDERS", 1),
        ("severity:warning", 5),
        ("!severity:warning", 2),
        ("rule:setting !io_timing", 1),
        ("public. fix:drop", 1),
        ("\"drop index\"", 1),
        ("confidence:possible", 1),
        ("database:shop", 5),
        ("new:no", 1),
        ("setting/fsync-off:shop", 1),
        ("nosuchcolumn:1", 0),
        ("表格", 1),
        ("!", 7),
        ("  ", 7),
    ];
    for (filter, count) in cases {
        let title = shown(filter);
        assert!(
            title.contains(&format!(" {count} of 7 ")),
            "{filter}: {title}"
        );
    }
}

#[test]
fn filtering_by_figures() {
    let shown = |filter: &str| {
        let screen = play(&format!("2 / '{filter}' Enter")).screen();
        screen.lines().nth(2).unwrap().to_owned()
    };
    let cases = [
        ("calls>1000", 3),
        ("calls>=22812", 2),
        ("mean>=5", 2),
        ("mean>1s", 1),
        ("wal>1MB", 1),
        ("share<1%", 3),
        ("calls=4", 1),
        ("!calls>1000", 2),
        ("ratio<50%", 2),
        ("tenant_id=$1", 0),
        ("calls:22,812", 1),
        ("queryid:77120", 1),
        ("database:shop", 5),
    ];
    for (filter, count) in cases {
        let title = shown(filter);
        assert!(
            title.contains(&format!(" {count} of 5 ")),
            "{filter}: {title}"
        );
    }
}

#[test]
fn screens_are_chosen_by_number() {
    assert!(play("2").selected().starts_with("shop:f1:7f3a90c1"));
    assert!(play("2 j 1").selected().starts_with("setting/fsync-off"));
    // Each remembers its place.
    assert!(play("j 2 j 1").selected().starts_with("query/top-share"));
    assert!(play("2 j 1 2").selected().starts_with("shop:f1:2b5e0d77"));
    // From a statement to its findings and back.
    let screen = play("2 Enter f").screen();
    assert!(screen.contains("1 of 7"), "{screen}");
    assert!(play("2 f").selected().starts_with("query/top-share"));
    assert!(play("j f").selected().starts_with("shop:f1:7f3a90c1"));
    let nothing = play("2 j f").screen();
    assert!(
        nothing.contains("nothing was found about this statement"),
        "{nothing}"
    );
    let copied = |keys: &str| match Play::shop(SIZE).keys(keys).effects.as_slice() {
        [Effect::Copy(text)] => text.clone(),
        other => panic!("{keys}: {other:?}"),
    };
    assert!(copied("2 y").starts_with("SELECT * FROM orders WHERE"));
    assert!(copied("2 Y j Enter").starts_with("SELECT *\nFROM orders\nWHERE"));
    assert!(play("2 G k y").screen().contains("hidden from the role"));
}

#[test]
fn typing_a_filter_triggers_nothing() {
    let every_key: String = BINDINGS
        .iter()
        .flat_map(|binding| binding.keys)
        .filter(|keys| keys.chars().count() == 1)
        .copied()
        .collect();
    let mut play = play(&format!("/ '{every_key}'"));
    assert!(play.effects.is_empty(), "{:?}", play.effects);
    assert!(play.screen().contains(&every_key), "{}", play.screen());
    play.keys("Backspace Ctrl-w Esc");
    assert!(play.screen().contains("7 of 7"));
}

#[test]
fn escape_goes_back_one_level() {
    let mut play = play("/ 'public' Enter Enter");
    assert!(!play.screen().contains("SEVERITY"));
    play.keys("Esc");
    assert!(play.screen().contains("3 of 7"), "{}", play.screen());
    play.keys("R Esc");
    assert!(play.screen().contains("3 of 7"));
    play.keys("Esc");
    assert!(play.screen().contains("7 of 7"));
    play.keys("Esc Esc");
    assert!(play.effects.is_empty());
}

#[test]
fn quitting() {
    let quits = |keys: &str| play(keys).effects.contains(&Effect::Quit);
    assert!(quits("q"));
    assert!(!quits("Enter q"));
    assert!(quits("Enter q q"));
    assert!(!quits("R q"));
    assert!(!quits("s q"));
    assert!(!quits("? q"));
    for before in ["", "/", "?", "R", "Y", "Enter"] {
        assert!(quits(&format!("{before} Ctrl-c")), "{before}");
    }
    let mut play = play("");
    play.send(Message::Quit);
    assert_eq!(play.effects, [Effect::Quit]);
}

#[test]
fn copying() {
    let mut play = play("j y");
    let fix = shop().outcome.findings[1].fix.clone().unwrap();
    assert_eq!(play.effects, [Effect::Copy(fix)]);
    assert!(
        play.screen()
            .contains("sent to the terminal's clipboard (OSC 52)"),
        "{}",
        play.screen()
    );
    play.wait(6);
    assert!(!play.screen().contains("OSC 52"));

    let copied = |keys: &str| match Play::shop(SIZE).keys(keys).effects.as_slice() {
        [Effect::Copy(text)] => text.clone(),
        other => panic!("{keys}: {other:?}"),
    };
    assert!(copied("j Y j Enter").starts_with("DROP INDEX"));
    assert!(copied("j Y j j Enter").starts_with("SELECT * FROM orders"));
    assert!(copied("j Y G Enter").starts_with("query/top-share:shop:"));
    let json: serde_json::Value = serde_json::from_str(&copied("j Y G k k Enter")).unwrap();
    assert_eq!(json["evidence"]["calls"], 22_800);
    assert_eq!(json["severity"], "warning");
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "../snapshots/tui", omit_expression => true }, {
        insta::assert_snapshot!("copied_text", copied("j Y j j j Enter"));
        insta::assert_snapshot!("copied_markdown", copied("j Y G k Enter"));
    });
}

#[test]
fn a_finding_without_a_fix_says_so() {
    let play = play("G k y");
    assert!(play.effects.is_empty());
    assert!(
        play.screen().contains("no SQL mends this one"),
        "{}",
        play.screen()
    );
}

#[test]
fn the_severity_menu_writes_the_filter() {
    let title = |keys: &str| play(keys).screen().lines().nth(2).unwrap().to_owned();
    assert!(
        title("S j Enter").contains("filter !severity:info ── 6 of 7"),
        "{}",
        title("S j Enter")
    );
    let both = title("/ 'setting' Enter S j j Enter");
    assert!(
        both.contains("filter setting severity:error ── 1 of 7"),
        "{both}"
    );
    assert!(title("S j Enter S Enter").contains("7 of 7"));
}

#[test]
fn the_selection_follows_the_finding_over_a_refresh() {
    let mut play = play("j j");
    let mut data = shop();
    data.outcome.findings.reverse();
    play.send(Message::Data(Box::new(data.clone())));
    assert!(play.selected().starts_with("table/bloat"));
    // When it is gone, the place stays.
    data.outcome.findings.remove(4);
    play.send(Message::Data(Box::new(data)));
    assert!(
        play.selected().starts_with("query/top-share"),
        "{}",
        play.selected()
    );
}

#[test]
fn the_list_is_frozen_while_something_lies_over_it() {
    let mut fewer = shop();
    fewer.outcome.findings.truncate(2);
    for open in ["s", "S", "Y", "?", "R", "u", "/"] {
        let mut play = play(open);
        play.send(Message::Data(Box::new(fewer.clone())));
        play.wait(2);
        assert!(
            play.screen().contains("newer waits"),
            "{open}: {}",
            play.screen()
        );
        play.keys("Esc");
        assert!(
            play.screen().contains("2 of 2"),
            "{open}: {}",
            play.screen()
        );
    }
}

#[test]
fn pausing_keeps_the_data_until_asked() {
    let mut fewer = shop();
    fewer.outcome.findings.truncate(2);
    let mut play = play("p");
    assert_eq!(play.effects, [Effect::Ask(Request::Pause(true))]);
    play.send(Message::Data(Box::new(fewer.clone())));
    assert!(play.screen().contains("7 of 7"));
    assert!(
        play.screen().contains("PAUSED 16:42:00"),
        "{}",
        play.screen()
    );
    play.keys("p");
    assert_eq!(play.effects, [Effect::Ask(Request::Pause(false))]);
    assert!(play.screen().contains("2 of 2"));

    // A refresh by hand is shown though paused.
    play.keys("p F5");
    assert_eq!(play.effects[1], Effect::Ask(Request::Refresh));
    play.send(Message::Refreshing);
    play.send(Message::Data(Box::new(shop())));
    assert!(play.screen().contains("7 of 7"));
    play.send(Message::Data(Box::new(fewer)));
    assert!(play.screen().contains("7 of 7"));
}

#[test]
fn the_interval_goes_up_and_down() {
    let seconds = |s: u64| Effect::Ask(Request::Interval(Duration::from_secs(s)));
    assert_eq!(
        play("+ + -").effects,
        [seconds(10), seconds(30), seconds(10)]
    );
    assert_eq!(play("- - - -").effects, [2, 1, 1, 1].map(seconds));
}

#[test]
fn a_snapshot_is_not_refreshed() {
    let mut snapshot = options(ThemeName::Dark);
    snapshot.origin = Origin::Snapshot("prod.facts".into());
    let mut play = Play::new(snapshot, SIZE);
    play.send(Message::Data(Box::new(shop())));
    for key in ["p", "F5", "+", "-"] {
        play.keys(key);
        assert!(play.effects.is_empty(), "{key}");
        assert!(
            play.screen()
                .contains("snapshot file, which does not change"),
            "{key}"
        );
    }
}

#[test]
fn a_lost_server_keeps_the_data_and_comes_back() {
    let mut play = play("j j");
    play.wait(10);
    play.send(Message::Lost("closed the connection".into()));
    play.wait(20);
    play.send(Message::Refreshing);
    play.send(Message::Lost("refused the connection".into()));
    let screen = play.screen();
    assert!(screen.contains("LOST, 30 s old"), "{screen}");
    assert!(
        screen.contains("since 16:42:10: refused the connection"),
        "{screen}"
    );
    assert!(screen.contains("public.sessions"), "{screen}");
    play.send(Message::Data(Box::new(shop())));
    assert!(!play.screen().contains("LOST"));
    assert!(play.selected().starts_with("table/bloat"));
}

#[test]
fn a_background_panic_is_told_and_the_screen_stays() {
    let mut play = play("j");
    play.send(Message::Broken("index out of bounds (src/x.rs:1)".into()));
    assert!(
        play.screen()
            .contains("please report it: index out of bounds"),
        "{}",
        play.screen()
    );
    play.keys("j");
    assert!(play.selected().starts_with("table/bloat"));
}

#[test]
fn the_mouse() {
    let mut play = play("");
    play.click(10, 6);
    assert!(
        play.selected().starts_with("table/bloat"),
        "{}",
        play.selected()
    );
    play.mouse(MouseEventKind::ScrollDown, 10, 6);
    assert!(
        play.selected().starts_with("connection/"),
        "{}",
        play.selected()
    );
    // A column's head sorts by it, a second click turns that round.
    play.click(13, 3);
    assert!(play.screen().contains("by impact▼"), "{}", play.screen());
    play.click(13, 3);
    assert!(play.screen().contains("by impact▲"));
    // Below the last row and on the header nothing happens.
    let before = play.selected().to_owned();
    play.click(5, 0).click(5, 29);
    assert_eq!(play.selected(), before);
    // The wheel scrolls what is under it.
    play.keys("g g").mouse(MouseEventKind::ScrollDown, 10, 25);
    assert!(
        play.selected().starts_with("index/duplicate"),
        "{}",
        play.selected()
    );
    // A click into the detail gives it the keys.
    play.click(10, 25).keys("j j");
    assert!(play.selected().starts_with("index/duplicate"));
    // A menu is chosen from; a click beside it closes it.
    play.keys("Tab s");
    let y = play
        .screen()
        .lines()
        .position(|line| line.contains("│  rule"))
        .unwrap();
    play.click(50, y as u16);
    assert!(play.screen().contains("by rule▲"), "{}", play.screen());
    play.keys("s").click(0, 5);
    assert!(!play.screen().contains("Sort by"));
}

#[test]
fn help_finds_keys() {
    let text = play("? 'undo'").screen();
    assert!(text.contains("copy: choose what"), "{text}");
    assert!(!text.contains("first row"), "{text}");
    assert!(play("? 'qqqq'").screen().contains("No key does that."));
}

// ---- the keymap itself

#[test]
fn no_key_means_two_things_at_once() {
    for stack in STACKS {
        let mut seen: Vec<(Vec<Key>, Action)> = Vec::new();
        for binding in BINDINGS
            .iter()
            .filter(|b| b.contexts.iter().any(|c| stack.contains(c)))
        {
            for keys in binding.keys {
                let keys: Vec<Key> = keys
                    .split(' ')
                    .map(|key| Key::parse(key).unwrap())
                    .collect();
                for (other, action) in &seen {
                    let clash = other.starts_with(&keys) || keys.starts_with(other);
                    assert!(
                        !clash,
                        "{stack:?}: {keys:?} is {action:?} and {:?}",
                        binding.action
                    );
                }
                seen.push((keys, binding.action));
            }
        }
    }
}

#[test]
fn every_key_is_found_where_it_is_bound() {
    for stack in STACKS {
        for binding in BINDINGS
            .iter()
            .filter(|b| b.contexts.iter().any(|c| stack.contains(c)))
        {
            for keys in binding.keys {
                let keys: Vec<Key> = keys
                    .split(' ')
                    .map(|key| Key::parse(key).unwrap())
                    .collect();
                assert_eq!(keymap::find(stack, &keys), Found::Action(binding.action));
            }
        }
    }
}

#[test]
fn every_context_is_in_the_help_and_can_hold() {
    for context in STACKS.iter().copied().flatten() {
        assert!(Context::ALL.contains(context), "{context:?}");
    }
    for binding in BINDINGS {
        assert!(!binding.keys.is_empty() && !binding.help.is_empty());
        assert!(
            binding
                .contexts
                .iter()
                .all(|c| STACKS.iter().any(|s| s.contains(c))),
            "{binding:?}"
        );
    }
}

#[test]
fn nothing_that_types_a_character_is_bound_while_typing() {
    for stack in STACKS {
        if !stack.contains(&Context::Typing) && !stack.contains(&Context::Help) {
            continue;
        }
        for binding in BINDINGS
            .iter()
            .filter(|b| b.contexts.iter().any(|c| stack.contains(c)))
        {
            for key in binding.keys.iter().flat_map(|keys| keys.split(' ')) {
                assert_eq!(Key::parse(key).unwrap().typed(), None, "{key} in {stack:?}");
            }
        }
    }
}

#[test]
fn keys_are_written_as_they_are_read() {
    let names: HashSet<&str> = BINDINGS
        .iter()
        .flat_map(|b| b.keys)
        .flat_map(|keys| keys.split(' '))
        .collect();
    for name in names {
        assert_eq!(
            Key::parse(name).map(|key| key.to_string()).as_deref(),
            Some(name)
        );
    }
    for none in ["", "Foo", "Ctrl-", "jk", "Fx", "F1x"] {
        assert_eq!(Key::parse(none), None, "{none}");
    }
}

#[test]
fn the_page_of_keys_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    let made = keymap::markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == made,
        "docs/keys.md is old: run the tests with UPDATE_DOCS=1 and look at the difference"
    );
}
