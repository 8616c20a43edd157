//! What stands on the screen.

use pgtriage::engine::Outcome;
use pgtriage::tui::{Data, Message, Options, Origin, Progress, ThemeName};
use ratatui::style::{Color, Modifier};

use super::world::{Play, logged, options, shop};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

pub fn check(name: &str, play: &Play) {
    insta::with_settings!({
        prepend_module_to_snapshot => false,
        snapshot_path => "../snapshots/tui",
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, play.screen());
    });
}

/// One snapshot at 80x24 and one at 120x40.
fn both(name: &str, make: impl Fn((u16, u16)) -> Play) {
    for size in [SMALL, LARGE] {
        check(&format!("{name}_{}x{}", size.0, size.1), &make(size));
    }
}

fn after(size: (u16, u16), keys: &str) -> Play {
    let mut play = Play::shop(size);
    play.keys(keys);
    play
}

#[test]
fn findings() {
    both("findings", |size| {
        let mut play = after(size, "j");
        play.wait(3);
        play
    });
}

#[test]
fn findings_in_other_themes_have_the_same_text() {
    for theme in [
        ThemeName::Light,
        ThemeName::Mono,
        ThemeName::HighContrast,
        ThemeName::Auto,
    ] {
        let mut play = Play::new(options(theme), SMALL);
        play.send(Message::Data(Box::new(shop())));
        assert_eq!(play.screen(), Play::shop(SMALL).screen(), "{theme:?}");
    }
}

#[test]
fn detail_over_the_whole_screen() {
    both("detail", |size| after(size, "j Enter"));
}

#[test]
fn detail_that_is_not_wrapped_scrolls_sideways() {
    check("detail_unwrapped", &after((60, 20), "j Enter w l"));
}

#[test]
fn nothing_found() {
    both("empty", |size| {
        let mut data = shop();
        data.outcome.findings.clear();
        let mut play = Play::new(options(ThemeName::Dark), size);
        play.send(Message::Data(Box::new(data)));
        play
    });
}

#[test]
fn nothing_found_and_everything_judged() {
    let mut play = Play::new(options(ThemeName::Dark), SMALL);
    let rules = shop().outcome.rules.into_iter().take(5).collect();
    let outcome = Outcome {
        rules,
        ..Outcome::default()
    };
    play.send(Message::Data(Box::new(Data {
        outcome,
        ..Data::default()
    })));
    check("empty_all_judged", &play);
}

#[test]
fn loading() {
    check("connecting", &Play::new(options(ThemeName::Dark), SMALL));
    both("loading", |size| {
        let mut play = Play::new(options(ThemeName::Dark), size);
        let what = "column statistics of shop".into();
        play.send(Message::Progress(Progress {
            done: 12,
            total: 40,
            what,
        }));
        play
    });
}

#[test]
fn no_connection() {
    both("no_connection", |size| {
        let mut play = Play::new(options(ThemeName::Dark), size);
        play.send(Message::Lost(
            "10.0.0.5:5432 refused the connection; is the server running and does it listen there?"
                .into(),
        ));
        play
    });
}

#[test]
fn the_last_state_stays_when_the_server_is_lost() {
    both("lost", |size| {
        let mut play = Play::shop(size);
        play.wait(30);
        play.send(Message::Lost("10.0.0.5:5432 closed the connection".into()));
        play.wait(95);
        play
    });
}

fn offline() -> Options {
    Options {
        origin: Origin::Snapshot("prod.facts".into()),
        ..options(ThemeName::Dark)
    }
}

#[test]
fn a_snapshot_says_so() {
    both("offline", |size| {
        let mut play = Play::new(offline(), size);
        play.send(Message::Data(Box::new(shop())));
        play.now += jiff::SignedDuration::from_hours(75);
        play.wait(0);
        play
    });
}

#[test]
fn filter_being_typed() {
    both("filter", |size| after(size, "/ 'fix:alter !severity:info'"));
}

#[test]
fn filter_that_nothing_matches() {
    check("filter_none", &after(SMALL, "/ 'nothing like this' Enter"));
}

#[test]
fn help() {
    both("help", |size| after(size, "?"));
    check("help_search", &after(SMALL, "? 'copy'"));
}

#[test]
fn rule_page() {
    both("rule_page", |size| after(size, "j j j R"));
}

#[test]
fn what_could_not_be_judged() {
    both("unjudged", |size| after(size, "u"));
}

#[test]
fn menus() {
    check("menu_copy", &after(SMALL, "j Y"));
    check("menu_sort", &after(SMALL, "> > s"));
    check("menu_severity", &after(SMALL, "S j"));
}

#[test]
fn paused() {
    let mut play = after(SMALL, "p");
    play.wait(8);
    play.send(Message::Data(Box::new(shop())));
    check("paused", &play);
}

#[test]
fn one_pane_below_60x15_and_one_line_below_20x5() {
    check("one_pane", &after((50, 12), "j"));
    check("one_pane_detail", &after((50, 12), "j Enter"));
    check("one_line", &after((19, 4), ""));
}

#[test]
fn queries() {
    both("queries", |size| after(size, "2"));
    check("queries_narrow", &after((60, 12), "2 j"));
    check("queries_detail", &after(LARGE, "2 Enter"));
    check(
        "queries_sorted",
        &after(LARGE, "2 > > > > / 'calls>1000 !kind:transaction'"),
    );
    check(
        "queries_subquery",
        &after(LARGE, "2 / 'payments' Enter Enter"),
    );
}

#[test]
fn no_statements() {
    let mut play = Play::new(options(ThemeName::Dark), SMALL);
    let missing = pgtriage::report::queries::Missing {
        because: "the extension pg_stat_statements is not created in database shop".into(),
        remedy: Some("CREATE EXTENSION pg_stat_statements;".into()),
    };
    let mut data = shop();
    data.queries.rows.clear();
    data.queries.missing.push(missing);
    play.send(Message::Data(Box::new(data)));
    play.keys("2");
    check("queries_none", &play);
}

#[test]
fn ascii_only() {
    let mut play = Play::new(
        Options {
            ascii: true,
            ..options(ThemeName::Mono)
        },
        SMALL,
    );
    play.send(Message::Data(Box::new(shop())));
    play.keys("j j j s");
    let screen = play.screen();
    // What the server sent is not ours to change.
    let ours = screen.replace("表格", "").replace("👩\u{200d}👧", "");
    assert!(ours.is_ascii(), "{ours}");
    check("ascii", &play);
}

#[test]
fn every_size_can_be_drawn_in_every_state() {
    let scripts = [
        "",
        "j Enter",
        "j Tab w l",
        "/ 'orders 表'",
        "?",
        "R",
        "u",
        "Y",
        "s",
        "S",
        "/ 'zzz' Enter",
        "z",
        "2",
        "2 j Enter w l",
        "2 s",
        "3",
        "3 j Enter w l",
        "3 ]",
        "3 ] ] j Enter",
        "3 [",
        "3 [ [ F",
        "3 v",
        "3 u",
    ];
    let sizes = [1, 2, 4, 5, 14, 15, 20, 33, 60, 80, 131];
    for script in scripts {
        let mut play = after(LARGE, "");
        play.send(Message::Data(Box::new(logged(""))));
        play.keys(script);
        for width in sizes {
            for height in sizes {
                let event = crossterm::event::Event::Resize(width, height);
                play.send(Message::Terminal(event));
                play.buffer();
            }
        }
    }
}

#[test]
fn states_without_data_can_be_drawn_at_every_size() {
    let lost = Message::Lost("closed 表 the connection".into());
    let progress = Message::Progress(Progress {
        done: 3,
        total: 3,
        what: "x".repeat(300),
    });
    for message in [lost, progress, Message::Tick] {
        for width in 1..40 {
            for height in 1..18 {
                let mut play = Play::new(options(ThemeName::Mono), (width, height));
                play.send(message.clone());
                play.buffer();
            }
        }
    }
}

#[test]
fn the_object_stays_whatever_the_width() {
    for width in 20..200 {
        let play = after((width, 24), "j j");
        let line = play
            .screen()
            .lines()
            .find(|line| line.starts_with('▌'))
            .map(str::to_owned);
        let line = line.unwrap_or_else(|| panic!("no row is marked at {width} columns"));
        assert!(line.contains("public.ses"), "{width}: {line}");
    }
}

#[test]
fn the_footer_shows_whole_hints_only() {
    let wide = after((300, 24), "").screen();
    let all: Vec<&str> = wide.lines().last().unwrap().trim().split("  ").collect();
    assert!(all.len() > 12, "{all:?}");
    for width in 20..300 {
        let screen = after((width, 24), "").screen();
        for hint in screen.lines().last().unwrap().trim().split("  ") {
            assert!(
                all.contains(&hint) || hint.starts_with("⏎ "),
                "{width}: {hint}"
            );
        }
        assert!(screen.contains("? help"), "{width}");
    }
}

#[test]
fn the_age_of_the_data_is_on_every_screen() {
    for script in ["", "j Enter", "R", "?", "u", "s", "/ 'a'", "p"] {
        for width in [60, 80, 120] {
            let mut play = after((width, 24), script);
            play.wait(42);
            let first = play.screen().lines().next().unwrap().to_owned();
            assert!(first.contains("42 s old"), "{script} at {width}: {first}");
        }
    }
}

/// Style of the first cell of the selected row and of a word on the screen.
#[test]
fn the_selection_is_marked_and_reversed_in_every_theme() {
    for theme in [
        ThemeName::Dark,
        ThemeName::Light,
        ThemeName::Mono,
        ThemeName::HighContrast,
    ] {
        let mut play = Play::new(options(theme), SMALL);
        play.send(Message::Data(Box::new(shop())));
        play.keys("j j");
        let buffer = play.buffer();
        let marked: Vec<u16> = (0..24)
            .filter(|&y| buffer[(0, y)].symbol() == "▌")
            .collect();
        assert_eq!(marked.len(), 1, "{theme:?}");
        let reversed =
            |y: u16| (2..80).all(|x| buffer[(x, y)].modifier.contains(Modifier::REVERSED));
        assert!(reversed(marked[0]), "{theme:?}");
        assert!(!reversed(marked[0] + 1), "{theme:?}");
    }
}

#[test]
fn mono_and_no_color_use_no_colour_at_all() {
    let no_color = pgtriage::tui::Theme::choose(ThemeName::Dark, true, None);
    assert_eq!(
        no_color,
        pgtriage::tui::Theme::choose(ThemeName::Mono, false, None)
    );
    for script in ["", "j Enter", "?", "R", "Y", "u"] {
        let mut play = Play::new(options(ThemeName::Mono), LARGE);
        play.send(Message::Data(Box::new(shop())));
        play.keys(script);
        let buffer = play.buffer();
        let coloured = buffer
            .content
            .iter()
            .filter(|c| (c.fg, c.bg) != (Color::Reset, Color::Reset));
        assert_eq!(coloured.count(), 0, "{script}");
    }
}

#[test]
fn severities_have_colours_that_the_ground_can_bear() {
    let colour = |theme, word: &str| {
        let mut play = Play::new(options(theme), SMALL);
        play.send(Message::Data(Box::new(shop())));
        play.keys("G");
        let buffer = play.buffer();
        let y = (4..11).find(|&y| {
            let row: String = (2..2 + word.len() as u16)
                .map(|x| buffer[(x, y)].symbol())
                .collect();
            row == word
        });
        buffer[(2, y.unwrap())].fg
    };
    assert_eq!(colour(ThemeName::Dark, "error"), Color::LightRed);
    assert_eq!(colour(ThemeName::Dark, "warning"), Color::Yellow);
    assert_eq!(colour(ThemeName::Light, "error"), Color::Red);
    for pale in [
        Color::Yellow,
        Color::LightYellow,
        Color::Cyan,
        Color::White,
        Color::Gray,
    ] {
        assert_ne!(colour(ThemeName::Light, "warning"), pale);
    }
}

#[test]
fn control_characters_of_the_server_are_written_out() {
    let mut data = shop();
    let evil = "x\u{1b}]0;pwned\u{7}\u{9b}2J\u{202e}\r\nsecond";
    data.server.databases = vec![evil.into()];
    data.server.nodes[0].version = Some(evil.into());
    let finding = &mut data.outcome.findings[0];
    finding.object = evil.into();
    finding.detail = evil.into();
    finding.fix = Some(evil.into());
    finding.evidence.insert(evil.into(), evil.into());
    data.outcome.skipped[0].because = evil.into();
    data.outcome.skipped[0].remedy = Some(evil.into());
    for script in ["", "Enter", "Enter w", "u", "R", "Y", "/ 'x'"] {
        let mut play = Play::new(options(ThemeName::Dark), LARGE);
        play.send(Message::Data(Box::new(data.clone())));
        play.keys(script);
        play.send(Message::Lost(evil.into()));
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        let screen = play.screen();
        assert!(!screen.contains(bad), "{script}: {screen}");
        assert!(
            screen.contains("\\u{1b}]0;pwned\\u{7}"),
            "{script}: {screen}"
        );
    }
}
