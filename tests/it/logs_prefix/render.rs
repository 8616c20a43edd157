//! Logs of a made-up server, written by any `log_line_prefix` as `PostgreSQL` writes it.

use std::fmt::Write as _;

/// Numbers by chance, the same for the same seed.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }
}

/// What the prefix of a line is made of. `None`: a process without a session.
#[derive(Clone)]
struct Process {
    pid: u64,
    line: u64,
    started: u64,
    backend: String,
    session: Option<Session>,
    leader: Option<u64>,
}

#[derive(Clone)]
struct Session {
    user: String,
    database: String,
    application: String,
    host: String,
    port: Option<u64>,
    known: bool,
}

struct Line<'a> {
    process: &'a Process,
    millis: u64,
    tag: &'a str,
    sqlstate: &'a str,
    xid: u64,
    query_id: i64,
    number: u64,
}

/// How a log is made.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "independent choices")]
pub struct World {
    pub connections: bool,
    pub background: bool,
    pub local: bool,
    pub query_ids: bool,
}

impl World {
    pub fn any(chance: &mut Chance) -> Self {
        Self {
            connections: chance.percent(70),
            background: chance.percent(80),
            local: chance.percent(30),
            query_ids: chance.percent(70),
        }
    }
}

fn day(millis: u64, is_exact: bool) -> String {
    let seconds = millis / 1000;
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let millis = if is_exact {
        format!(".{:03}", millis % 1000)
    } else {
        String::new()
    };
    format!("2026-11-23 {hour:02}:{minute:02}:{second:02}{millis} UTC")
}

/// The prefix of a line, as `log_line_prefix()` in `elog.c` would write it.
fn prefix(setting: &str, line: &Line<'_>) -> String {
    const MIDNIGHT: u64 = 1_795_392_000;
    let process = line.process;
    let session = process.session.as_ref();
    let name = |of: fn(&Session) -> &String| {
        session.map(|session| {
            if session.known || of(session) == &session.host {
                of(session).clone()
            } else {
                "[unknown]".to_owned()
            }
        })
    };
    let mut out = String::new();
    let mut chars = setting.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut width = String::new();
        while let Some(c) = chars.next_if(|c| *c == '-' || c.is_ascii_digit()) {
            width.push(c);
        }
        let text = match chars.next() {
            Some('q') if session.is_none() => return out,
            Some('u') => name(|session| &session.user),
            Some('d') => name(|session| &session.database),
            Some('a') => name(|session| &session.application),
            Some('h') => name(|session| &session.host),
            Some('r') => session.map(|session| match session.port {
                Some(port) => format!("{}({port})", session.host),
                None => session.host.clone(),
            }),
            Some('b') => Some(process.backend.clone()),
            Some('p') => Some(process.pid.to_string()),
            Some('P') => process.leader.map(|pid| pid.to_string()),
            Some('l') => Some(process.line.to_string()),
            Some('c') => Some(format!(
                "{:x}.{:x}",
                MIDNIGHT + process.started / 1000,
                process.pid
            )),
            Some('m') => Some(day(line.millis, true)),
            Some('t') => Some(day(line.millis, false)),
            Some('s') => Some(day(process.started, false)),
            Some('n') => Some(format!(
                "{}.{:03}",
                MIDNIGHT + line.millis / 1000,
                line.millis % 1000
            )),
            Some('i') => session.map(|_| line.tag.to_owned()),
            Some('e') => Some(line.sqlstate.to_owned()),
            Some('v') => session.map(|_| format!("{}/{}", process.pid % 40, line.number)),
            Some('x') => Some(line.xid.to_string()),
            Some('Q') => Some(line.query_id.to_string()),
            Some('%') => Some("%".to_owned()),
            _ => Some(String::new()),
        };
        let text = text.unwrap_or_default();
        let width: i64 = width.parse().unwrap_or(0);
        let size = width.unsigned_abs() as usize;
        if width < 0 {
            write!(out, "{text:<size$}").unwrap();
        } else {
            write!(out, "{text:>size$}").unwrap();
        }
    }
    out
}

const USERS: &[&str] = &[
    "postgres",
    "shop_app",
    "reporting",
    "u1",
    "me@example.com",
    "batch-job",
];
const DATABASES: &[&str] = &["shop", "postgres", "analytics_2026", "bench", "app-prod"];
const APPLICATIONS: &[&str] = &[
    "psql",
    "pgbench",
    "PostgreSQL JDBC Driver",
    "DBeaver 24.1.0 - Main",
    "sidekiq 7.1 shop [3 of 10 busy]",
    "web-1",
    "rails: worker",
];

/// The lines of a log.
pub fn log(setting: &str, world: World, records: usize, chance: &mut Chance) -> String {
    let mut out = String::new();
    let mut millis = 30_000_000 + chance.below(20_000_000);
    let mut pid = 900 + chance.below(60_000);
    let mut background: Vec<Process> = [
        "postmaster",
        "checkpointer",
        "autovacuum worker",
        "walwriter",
    ]
    .iter()
    .map(|backend| {
        pid += 1 + chance.below(3);
        Process {
            pid,
            line: 0,
            started: millis,
            backend: (*backend).to_owned(),
            session: None,
            leader: None,
        }
    })
    .collect();
    let mut sessions: Vec<Process> = Vec::new();
    let mut xid = 700 + chance.below(100_000);
    let mut number = 1;
    let mut write =
        |process: &mut Process, line: (u64, &str, &str, u64, i64, u64), texts: &[String]| {
            for text in texts {
                process.line += 1;
                let (millis, tag, sqlstate, xid, query_id, number) = line;
                let line = Line {
                    process,
                    millis,
                    tag,
                    sqlstate,
                    xid,
                    query_id,
                    number,
                };
                out += &prefix(setting, &line);
                out += text;
                out.push('\n');
            }
        };
    for _ in 0..records {
        millis += chance.below(900);
        number += 1;
        if world.background && chance.percent(12) {
            let at = chance.below(background.len() as u64) as usize;
            let text = chance.pick(&[
                "LOG:  checkpoint starting: time",
                "LOG:  automatic vacuum of table \"shop.public.orders\": index scans: 1\n\tpages: 0 removed",
                "LOG:  received SIGHUP, reloading configuration files",
            ]);
            write(
                &mut background[at],
                (millis, "", "00000", 0, 0, number),
                &[(*text).to_owned()],
            );
            continue;
        }
        if sessions.len() < 2 || sessions.len() < 7 && chance.percent(15) {
            pid += 1 + chance.below(4);
            let is_local = world.local || chance.percent(20);
            let host = if is_local {
                "[local]".to_owned()
            } else {
                (*chance.pick(&["10.0.0.17", "192.168.1.5", "::1", "127.0.0.1"])).to_owned()
            };
            let mut process = Process {
                pid,
                line: 0,
                started: millis,
                backend: "client backend".to_owned(),
                leader: None,
                session: Some(Session {
                    user: (*chance.pick(USERS)).to_owned(),
                    database: (*chance.pick(DATABASES)).to_owned(),
                    application: (*chance.pick(APPLICATIONS)).to_owned(),
                    port: (!is_local).then(|| 30_000 + chance.below(30_000)),
                    host,
                    known: false,
                }),
            };
            if world.connections {
                let session = process.session.clone().unwrap();
                let text = format!("LOG:  connection received: host={}", session.host);
                write(&mut process, (millis, "", "00000", 0, 0, number), &[text]);
                let text = format!(
                    "LOG:  connection authorized: user={} database={} application_name={}",
                    session.user, session.database, session.application
                );
                if let Some(session) = process.session.as_mut() {
                    session.known = true;
                }
                let name = session.application.clone();
                if let Some(session) = process.session.as_mut() {
                    "[unknown]".clone_into(&mut session.application);
                }
                write(
                    &mut process,
                    (millis, "authentication", "00000", 0, 0, number),
                    &[text],
                );
                if let Some(session) = process.session.as_mut() {
                    session.application = name;
                }
            }
            if let Some(session) = process.session.as_mut() {
                session.known = true;
            }
            sessions.push(process);
            continue;
        }
        let at = chance.below(sessions.len() as u64) as usize;
        for _ in 0..=chance.below(3) {
            millis += chance.below(40);
            number += 1;
            let query_id = if world.query_ids {
                (chance.below(40) as i64 - 20).wrapping_mul(412_345_678_901_234_567)
            } else {
                0
            };
            let is_writer = chance.percent(20);
            xid += u64::from(is_writer);
            let xid = if is_writer { xid } else { 0 };
            if chance.percent(12) {
                let code = chance.pick(&["42P01", "23505", "40001", "57014"]);
                let texts = [
                    "ERROR:  relation \"a b\" does not exist at character 15".to_owned(),
                    "DETAIL:  Key (id)=(7) already exists.".to_owned(),
                    "STATEMENT:  SELECT *\n\tFROM \"a b\" LOG:  c".to_owned(),
                ];
                write(
                    &mut sessions[at],
                    (millis, "SELECT", code, xid, query_id, number),
                    &texts,
                );
            } else {
                let tag =
                    chance.pick(&["SELECT", "INSERT", "COMMIT", "idle in transaction", "BIND"]);
                let text = format!(
                    "LOG:  duration: {}.{:03} ms  statement: SELECT '[7] me@shop LOG:  x', {number}",
                    chance.below(90),
                    chance.below(1000)
                );
                write(
                    &mut sessions[at],
                    (millis, tag, "00000", xid, query_id, number),
                    &[text],
                );
            }
        }
        if chance.percent(8) {
            let mut session = sessions.swap_remove(at);
            if world.connections {
                let who = session.session.clone().unwrap();
                let text = format!(
                    "LOG:  disconnection: session time: 0:00:01.5 user={} database={} host={}",
                    who.user, who.database, who.host
                );
                write(
                    &mut session,
                    (millis, "idle", "00000", 0, 0, number),
                    &[text],
                );
            }
        }
    }
    out
}
