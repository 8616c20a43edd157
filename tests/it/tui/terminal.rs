//! The UI in a real terminal, as tmux shows it.
//!
//! Some tests need a program that misbehaves on purpose. The test program runs itself as that
//! program: with [`ROLE`] set, the test below is no judge but the one who misbehaves.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use pgtriage::facts::Store;
use pgtriage::tui::{self, Message, Origin, ThemeName};
use tempfile::TempDir;
use tokio::sync::mpsc::unbounded_channel;

use super::world::{options, shop};
use crate::support::{eventually, loudly, signal};

/// What the test program is to do in place of testing.
const ROLE: &str = "PGTRIAGE_TEST_UI_ROLE";

/// A terminal of its own, with a shell in it.
pub struct Terminal {
    pub folder: TempDir,
}

impl Terminal {
    /// Opens one; `None`, said loudly, where there is no tmux.
    pub fn open(columns: u16, rows: u16, environment: &str) -> Option<Self> {
        let found = Command::new("tmux").arg("-V").output();
        if !found.is_ok_and(|output| output.status.success()) {
            loudly("=== SKIPPED: the UI in a real terminal: there is no tmux on this machine ===");
            return None;
        }
        let terminal = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let (columns, rows) = (columns.to_string(), rows.to_string());
        // The shell says when it is ready, and its prompt can be told from what the UI draws.
        let shell = format!("exec env -u NO_COLOR {environment} PS1='READY ' sh");
        terminal.tmux(&["new-session", "-d", "-x", &columns, "-y", &rows, &shell]);
        terminal.tmux(&["set", "-g", "set-clipboard", "on"]);
        terminal.sees("READY");
        Some(terminal)
    }

    pub fn tmux(&self, arguments: &[&str]) -> String {
        let socket = self.folder.path().join("tmux");
        let mut command = Command::new("tmux");
        command.arg("-f").arg("/dev/null").arg("-S").arg(&socket);
        let output = command.args(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "tmux {arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    pub fn coloured(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-e"])
    }

    pub fn state(&self, format: &str) -> String {
        self.tmux(&["display-message", "-p", format])
            .trim()
            .to_owned()
    }

    pub fn keys(&self, keys: &[&str]) {
        let mut arguments = vec!["send-keys"];
        arguments.extend(keys);
        self.tmux(&arguments);
    }

    pub fn types(&self, line: &str) {
        self.tmux(&["send-keys", "-l", line]);
        self.keys(&["Enter"]);
    }

    /// Waits until the screen holds a text.
    pub fn sees(&self, text: &str) {
        let start = std::time::Instant::now();
        while !self.screen().contains(text) {
            let screen = self.screen();
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "no {text} on\n{screen}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the shell has the terminal again, sane and with this exit code, and returns what
    /// stands on the screen.
    pub fn is_back(&self, code: u8) -> String {
        eventually("the normal screen is back", || {
            self.state("#{alternate_on}") == "0"
        });
        assert_eq!(self.state("#{mouse_any_flag} #{cursor_flag}"), "0 1");
        self.types("echo code=$?; stty -a | grep -ow -e '-*echo' -e '-*icanon' | xargs echo modes");
        self.sees("modes ");
        let screen = self.screen();
        assert!(screen.contains(&format!("code={code}")), "{screen}");
        assert!(screen.contains("modes icanon echo"), "{screen}");
        screen
    }

    /// The process that the shell runs.
    pub fn process(&self) -> i64 {
        let shell = self.state("#{pane_pid}");
        let output = Command::new("ps")
            .args(["-o", "pid=", "--ppid", &shell])
            .output();
        let text = String::from_utf8(output.unwrap().stdout).unwrap();
        text.trim()
            .parse()
            .unwrap_or_else(|_| panic!("one process, not {text:?}"))
    }

    /// Runs this test program as the one who misbehaves.
    pub fn misbehave(&self, role: &str) {
        let program = std::env::current_exe().unwrap();
        let test = "tui::terminal::panics_leave_a_sane_terminal";
        self.types(&format!(
            "RUST_BACKTRACE=0 {ROLE}={role} '{}' --exact {test} --nocapture",
            program.display()
        ));
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let socket = self.folder.path().join("tmux");
        let mut command = Command::new("tmux");
        let _ = command.arg("-S").arg(socket).arg("kill-server").output();
    }
}

/// A snapshot in which a rule finds something.
fn snapshot(path: &Path) {
    let mut store = Store::in_memory().unwrap();
    store
        .connection()
        .execute_batch(concat!(
            include_str!("../../../src/engine/base_world.sql"),
            "INSERT INTO relations (id, name) VALUES (1, 'orders'), (2, 'items');
             INSERT INTO indexes (id, relation_id, oid, name, size_bytes, definition) VALUES
               (1, 1, 100, 'orders_a', 8388608, 'CREATE INDEX orders_a ON public.orders USING btree (a)'),
               (2, 1, 200, 'orders_b', 8388608, 'CREATE INDEX orders_b ON public.orders USING btree (a)');
             INSERT INTO index_columns (index_id, position, column_name) VALUES (1, 1, 'a'), (2, 1, 'a');
             INSERT INTO settings (name, value, vartype, value_num, server_value, server_value_num)
             VALUES ('fsync', 'off', 'bool', 0, 'off', 0);",
        ))
        .unwrap();
    store.save(path, false).unwrap();
}

/// A terminal in which the program shows a snapshot.
fn with_snapshot(columns: u16, rows: u16, environment: &str, options: &str) -> Option<Terminal> {
    let terminal = Terminal::open(columns, rows, environment)?;
    let path = terminal.folder.path().join("shop.facts");
    snapshot(&path);
    let program = env!("CARGO_BIN_EXE_pgtriage");
    terminal.types(&format!(
        "{program} --snapshot '{}' {options}",
        path.display()
    ));
    terminal.sees("quit");
    Some(terminal)
}

#[test]
fn quitting_gives_the_terminal_back() {
    let Some(terminal) = with_snapshot(100, 30, "", "") else {
        return;
    };
    assert_eq!(terminal.state("#{alternate_on} #{mouse_any_flag}"), "1 1");
    terminal.sees("index/duplicate");
    terminal.sees("fsync");
    terminal.keys(&["R"]);
    terminal.sees("What it finds");
    terminal.keys(&["q", "q"]);
    terminal.is_back(0);
}

#[test]
fn signals_end_it_and_give_the_terminal_back() {
    for (name, number) in [("TERM", 15), ("HUP", 1), ("INT", 2)] {
        let Some(terminal) = with_snapshot(80, 24, "", "") else {
            return;
        };
        signal(name, terminal.process());
        terminal.is_back(128 + number);
    }
}

#[test]
fn the_mouse_stays_the_terminals_when_asked() {
    let Some(terminal) = with_snapshot(80, 24, "", "--no-mouse") else {
        return;
    };
    assert_eq!(terminal.state("#{alternate_on} #{mouse_any_flag}"), "1 0");
}

#[test]
fn no_color_keeps_the_selection_visible() {
    let Some(terminal) = with_snapshot(80, 24, "NO_COLOR=1", "") else {
        return;
    };
    let screen = terminal.coloured();
    let selected = screen.lines().find(|line| line.contains('▌')).unwrap();
    let (before, after) = selected.split_once('▌').unwrap();
    assert!(
        before.contains(";7m") || before.contains("[7m"),
        "{selected:?}"
    );
    assert!(after.contains(";7m"), "{selected:?}");
    for number in 30..38 {
        assert!(!screen.contains(&format!("[{number}m")), "{screen:?}");
    }
}

#[test]
fn the_screen_follows_the_terminals_size() {
    let Some(terminal) = with_snapshot(120, 40, "", "") else {
        return;
    };
    for (columns, rows, text) in [
        ("50", "12", "Enter: detail"),
        ("20", "5", "? help"),
        ("8", "2", "find"),
        ("1", "1", ""),
        ("80", "24", "FIX"),
    ] {
        terminal.tmux(&["resize-window", "-x", columns, "-y", rows]);
        terminal.sees(text);
    }
    assert_eq!(terminal.screen().matches("SEVERITY").count(), 1);
    terminal.keys(&["q"]);
    terminal.is_back(0);
}

#[test]
fn a_copied_fix_arrives_at_the_terminal() {
    let Some(terminal) = with_snapshot(100, 24, "", "") else {
        return;
    };
    terminal.keys(&["/"]);
    terminal.types("duplicate");
    terminal.keys(&["y"]);
    terminal.sees("OSC 52");
    let buffer = || terminal.tmux(&["list-buffers", "-F", "#{buffer_sample}"]);
    eventually("tmux has the text", || {
        buffer().contains("DROP INDEX CONCURRENTLY public.orders_b")
    });
}

#[test]
fn panics_leave_a_sane_terminal() {
    if let Ok(role) = std::env::var(ROLE) {
        return misbehave(&role);
    }
    let Some(terminal) = Terminal::open(100, 40, "") else {
        return;
    };
    // A panic of the thread that draws: the terminal is given back, then it is printed.
    terminal.misbehave("draws");
    terminal.sees("planned on the thread that draws");
    let screen = terminal.is_back(101);
    assert!(
        screen.contains("planned on the thread that draws"),
        "{screen}"
    );

    // A panic of another thread: it is told on the screen, which stays.
    terminal.keys(&["C-l"]);
    terminal.types("clear");
    terminal.misbehave("other");
    terminal.sees("please report it: planned on another thread");
    assert_eq!(terminal.state("#{alternate_on}"), "1");
    terminal.keys(&["j"]);
    terminal.sees("▌ warning");
    terminal.keys(&["q"]);
    terminal.is_back(0);
}

/// Shows the shop and panics as the role says.
fn misbehave(role: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (_messages, incoming) = unbounded_channel::<Message>();
    let (requests, _asked) = unbounded_channel();
    let mut options = options(ThemeName::Dark);
    options.origin = Origin::Snapshot("shop.facts".into());
    let later = Duration::from_millis(300);
    if role == "other" {
        std::thread::spawn(move || {
            std::thread::sleep(later);
            panic!("planned on another thread");
        });
    }
    let exit = runtime.block_on(async {
        tokio::select! {
            exit = tui::run(options, Some(Box::new(shop())), incoming, requests, &|text| Ok(format!("{text} -- edited"))) => exit.unwrap(),
            () = tokio::time::sleep(later), if role == "draws" => {
                panic!("planned on the thread that draws")
            }
        }
    });
    assert_eq!(exit.broken.len(), 1);
    assert!(exit.broken[0].starts_with("planned on another thread ("));
}
