//! What is left of a cluster when the process that owns it ends.
//!
//! The test program runs itself as the owner: with [`ROLE`] set, the test below is not a judge but
//! an owner that ends as the variable says. Each run has a folder for temporary files of its own, so
//! that one can look at all that is left. As root, everything is done once more as `nobody`.

use std::env;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::time::Duration;

use pgtriage::cluster::{self, Cluster, Options};
use tempfile::TempDir;

use crate::support::{eventually, newest, runs, signal, template};

/// How the owner is to end.
const ROLE: &str = "PGTRIAGE_TEST_OWNER_ENDS_BY";

/// A data directory that the owner may copy, to save time.
const TEMPLATE: &str = "PGTRIAGE_TEST_OWNER_COPIES";

#[test]
fn nothing_is_left_however_the_owner_ends() {
    if let Ok(end) = env::var(ROLE) {
        return own_a_cluster(&end);
    }
    for (number, stage) in stages().iter().enumerate() {
        let ends = ["return", "KILL", "panic", "exit", "INT", "TERM"];
        for end in &ends[..if number == 0 { 6 } else { 2 }] {
            let mut owner = stage.owner(end);
            if *end == end.to_uppercase() {
                assert!(runs(owner.postmaster));
                // To the whole process group, as a Ctrl-C goes.
                signal(end, -i64::from(owner.process.id()));
            }
            owner.process.wait().unwrap();
            eventually(&format!("nothing left after {end}"), || stage.is_empty());
            eventually("the server has ended", || !runs(owner.postmaster));
        }
    }
}

#[test]
fn the_next_start_removes_what_a_killed_keeper_left() {
    for stage in stages() {
        let left = stage.owner("KILL").killed_with_its_keeper();
        assert!(left.home.exists() && runs(left.postmaster));
        stage.owner("return").process.wait().unwrap();
        assert!(stage.is_empty());
        eventually("the server has ended", || !runs(left.postmaster));
    }
}

#[test]
fn a_process_that_only_has_the_number_of_a_dead_server_is_spared() {
    if let Some(stage) = stages().first() {
        let left = stage.owner("KILL").killed_with_its_keeper();
        signal("KILL", left.postmaster.into());
        eventually("the server has ended", || !runs(left.postmaster));
        let folder = fs::metadata(&left.home).unwrap();
        let mut innocent = Command::new("sleep")
            .arg("60")
            .uid(folder.uid())
            .gid(folder.gid())
            .spawn()
            .unwrap();
        let pid_file = left.home.join("data/postmaster.pid");
        let text = fs::read_to_string(&pid_file).unwrap();
        let (_, rest) = text.split_once('\n').unwrap();
        fs::write(&pid_file, format!("{}\n{rest}", innocent.id())).unwrap();

        stage.owner("return").process.wait().unwrap();
        assert!(stage.is_empty());
        assert_eq!(innocent.try_wait().unwrap(), None);
        innocent.kill().unwrap();
        innocent.wait().unwrap();
        // What a killed server leaves in the kernel is ours to remove: key and id are in line 7.
        let id = text
            .lines()
            .nth(6)
            .unwrap()
            .split_whitespace()
            .last()
            .unwrap();
        let _ = Command::new("ipcrm").args(["-m", id]).status().unwrap();
    }
}

#[test]
fn a_running_cluster_is_not_swept() {
    if let Some(stage) = stages().first() {
        let mut first = stage.owner("KILL");
        stage.owner("return").process.wait().unwrap();
        assert!(first.home.exists() && runs(first.postmaster));
        first.process.kill().unwrap();
        first.process.wait().unwrap();
        eventually("nothing left", || stage.is_empty());
    }
}

/// The other side: makes a cluster, tells of it, and ends.
#[allow(clippy::exit, reason = "one of the ends")]
fn own_a_cluster(end: &str) {
    let options = Options {
        copy_of: env::var_os(TEMPLATE).map(PathBuf::from),
        ..Options::default()
    };
    let cluster = Cluster::start(&cluster::best(None).unwrap(), &options).unwrap();
    let home = cluster.home();
    let postmaster = first_number(&home.join("data/postmaster.pid"));
    let keeper = first_number(&home.join("keeper.log"));
    println!("\nOWNED {postmaster} {keeper} {}", home.display());
    match end {
        "return" => {}
        "panic" => panic!("as told"),
        "exit" => process::exit(3),
        _ => std::thread::sleep(Duration::from_mins(1)),
    }
}

/// A place where owners run, as one user.
struct Stage {
    temporary: TempDir,
    program: PathBuf,
    user: Option<(u32, u32)>,
    _programs: TempDir,
}

struct Owner {
    process: Child,
    home: PathBuf,
    postmaster: u32,
    keeper: u32,
}

/// One stage as ourselves and, if that is root, one as an ordinary user. None without a server.
fn stages() -> Vec<Stage> {
    if newest().is_none() {
        return Vec::new();
    }
    let mut stages = vec![Stage::new(None)];
    if fs::metadata(stages[0].temporary.path()).unwrap().uid() == 0 {
        stages.push(Stage::new(Some((65534, 65534))));
    }
    stages
}

impl Stage {
    fn new(user: Option<(u32, u32)>) -> Self {
        let open = |folder: &TempDir| {
            fs::set_permissions(folder.path(), Permissions::from_mode(0o1777)).unwrap();
        };
        let (temporary, programs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        open(&temporary);
        open(&programs);
        // Our own program may lie where the other user cannot go.
        let (own, program) = (env::current_exe().unwrap(), programs.path().join("it"));
        if fs::hard_link(&own, &program).is_err() {
            fs::copy(&own, &program).unwrap();
        }
        Self {
            temporary,
            program,
            user,
            _programs: programs,
        }
    }

    fn owner(&self, end: &str) -> Owner {
        let server = newest().unwrap();
        let mut command = Command::new(&self.program);
        command
            .args(["--exact", "--nocapture"])
            .arg("cluster_owner::nothing_is_left_however_the_owner_ends")
            .env(ROLE, end)
            .env("PG_BIN", &server.bin)
            .env("TMPDIR", self.temporary.path())
            .current_dir("/")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        match self.user {
            None => command.env(TEMPLATE, template(server)),
            Some((uid, gid)) => command.uid(uid).gid(gid),
        };
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let told = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("OWNED ").map(str::to_owned))
            .expect("the owner has a cluster");
        let told: Vec<&str> = told.splitn(3, ' ').collect();
        Owner {
            process,
            postmaster: told[0].parse().unwrap(),
            keeper: told[1].parse().unwrap(),
            home: PathBuf::from(told[2]),
        }
    }

    fn is_empty(&self) -> bool {
        fs::read_dir(self.temporary.path())
            .unwrap()
            .next()
            .is_none()
    }
}

impl Owner {
    fn killed_with_its_keeper(mut self) -> Self {
        signal("KILL", self.keeper.into());
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        eventually("the keeper is killed", || !runs(self.keeper));
        self
    }
}

/// The number in the first line of a file.
fn first_number(path: &Path) -> u32 {
    let text = fs::read_to_string(path).unwrap();
    let line = text.lines().next().unwrap();
    let digits = line.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.parse().unwrap()
}
