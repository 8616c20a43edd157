//! The recipes of `docs/reports.md`, run as they are written there as far as that goes without the machine that
//! they are for.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use yaml_rust2::{Yaml, YamlLoader};

use crate::support::{Program, loudly};

/// Blocks of a language on the page.
fn blocks(language: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reports.md");
    let page = std::fs::read_to_string(page).unwrap();
    let open = format!("```{language}\n");
    let parts = page.split(&open).skip(1);
    let blocks = parts.map(|part| part.split("```").next().unwrap().to_owned());
    blocks.collect()
}

fn yaml(text: &str) -> Yaml {
    YamlLoader::load_from_str(text).unwrap().remove(0)
}

/// A machine on which `pgtriage snapshot` copies a snapshot, since there is no server; all else is the
/// program itself.
struct Machine {
    program: Program,
    bin: PathBuf,
}

impl Machine {
    fn new() -> Self {
        let program = Program::new();
        std::fs::create_dir(program.path("reports")).unwrap();
        program.snapshot("now.facts", "");
        program.snapshot(
            "reports/2025-12-25.facts",
            "UPDATE snapshot SET created_at = created_at - 604800000000;
             UPDATE samples SET captured_at = captured_at - 604800000000;",
        );
        let bin = program.path("bin");
        let script = format!(
            "#!/bin/sh\nif [ \"$1\" = snapshot ]; then\n  for last; do :; done\n  exec cp \"{}\" \"$last\"\nfi\nexec \"{}\" \"$@\"\n",
            program.path("now.facts").display(),
            cargo_bin("pgtriage").display(),
        );
        program.write("bin/pgtriage", &script);
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(bin.join("pgtriage"), mode).unwrap();
        Self { program, bin }
    }

    /// Runs a script by `sh` in a folder, with nothing in the environment but what is given.
    fn sh(&self, folder: &str, script: &str, environment: &[(&str, String)]) -> Output {
        let mut command = Command::new("sh");
        command.args(["-ec", script]).env_clear();
        command.current_dir(self.program.path(folder));
        let path = format!("{}:/usr/bin:/bin", self.bin.display());
        command.env("PATH", path).env("HOME", self.program.path(""));
        command.envs(
            environment
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        );
        command.output().unwrap()
    }

    /// The report, which was compared with the older snapshot.
    fn check_report(&self, ran: &Output, path: &str) {
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{said}");
        let report = std::fs::read_to_string(self.program.path(path)).unwrap();
        assert!(report.starts_with("<!DOCTYPE html>"), "{report}");
        assert!(report.contains("2025-12-25.facts"), "{report}");
    }
}

#[test]
fn the_line_for_cron_runs_in_its_environment() {
    let blocks = blocks("crontab");
    let mut lines = blocks[0].lines();
    let (path, folder) = (lines.next().unwrap(), lines.next().unwrap());
    assert!(path.starts_with("PATH=") && folder.starts_with("SNAPSHOTS="));
    let line = lines.next().unwrap();
    assert_eq!(lines.next(), None);
    // Five fields of time, then the command; a bare % would end it.
    let mut fields = line.split_whitespace();
    let times: Vec<&str> = fields.by_ref().take(5).collect();
    assert!(
        times
            .iter()
            .all(|time| time.chars().all(|c| c == '*' || c.is_ascii_digit()))
    );
    let command = &line[line.find("cd ").unwrap()..];
    assert!(!command.replace("\\%", "").contains('%'), "{command}");
    let machine = Machine::new();
    let folder = machine.program.path("reports").display().to_string();
    let ran = machine.sh("", &command.replace("\\%", "%"), &[("SNAPSHOTS", folder)]);
    machine.check_report(&ran, "reports/report.html");
}

#[test]
fn the_units_of_systemd_are_right_and_their_commands_run() {
    let machine = Machine::new();
    let mut paths = Vec::new();
    for unit in blocks("ini") {
        let name = unit
            .lines()
            .next()
            .unwrap()
            .trim_start_matches("# ")
            .to_owned();
        // The user of the unit need not be on this machine.
        machine
            .program
            .write(&name, &unit.replace("User=pgtriage\n", ""));
        paths.push(machine.program.path(&name));
        // What systemd makes of a line before the shell sees it.
        let commands = unit
            .lines()
            .filter_map(|line| line.strip_prefix("ExecStart="));
        let commands = commands.map(|line| line.replace("%%", "%").replace("$$", "$"));
        let script = commands.map(|line| line.replace("*.facts", "'*.facts'"));
        let script = script.collect::<Vec<_>>().join("\n");
        if !script.is_empty() {
            let ran = machine.sh("reports", &script, &[]);
            machine.check_report(&ran, "reports/report.html");
        }
    }
    assert_eq!(paths.len(), 2);
    match Command::new("systemd-analyze")
        .arg("verify")
        .args(&paths)
        .output()
    {
        Err(_) => {
            loudly("systemd-analyze is not here, so units of docs/reports.md are not verified");
        }
        Ok(ran) => {
            let said = String::from_utf8_lossy(&ran.stderr);
            let about: Vec<&str> = said
                .lines()
                .filter(|line| line.contains("pgtriage-report"))
                .collect();
            assert!(about.is_empty(), "{said}");
        }
    }
}

/// Keys that a mapping has, which must be among those that the API knows.
fn known(yaml: &Yaml, keys: &[&str]) {
    for key in yaml.as_hash().unwrap().keys() {
        let key = key.as_str().unwrap();
        assert!(keys.contains(&key), "{key} is no field there");
    }
}

#[test]
fn the_cron_job_of_kubernetes_has_fields_that_exist_and_its_command_runs() {
    let all: Vec<Yaml> = blocks("yaml").iter().map(|block| yaml(block)).collect();
    let job = all
        .iter()
        .find(|yaml| yaml["kind"].as_str() == Some("CronJob"))
        .unwrap();
    known(job, &["apiVersion", "kind", "metadata", "spec"]);
    assert_eq!(job["apiVersion"].as_str(), Some("batch/v1"));
    known(
        &job["spec"],
        &[
            "schedule",
            "timeZone",
            "concurrencyPolicy",
            "startingDeadlineSeconds",
            "successfulJobsHistoryLimit",
            "failedJobsHistoryLimit",
            "suspend",
            "jobTemplate",
        ],
    );
    let spec = &job["spec"]["jobTemplate"]["spec"];
    known(
        spec,
        &[
            "backoffLimit",
            "activeDeadlineSeconds",
            "ttlSecondsAfterFinished",
            "template",
        ],
    );
    let pod = &spec["template"]["spec"];
    known(
        pod,
        &["restartPolicy", "securityContext", "containers", "volumes"],
    );
    known(
        &pod["securityContext"],
        &["runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup"],
    );
    let container = &pod["containers"][0];
    known(
        container,
        &[
            "name",
            "image",
            "command",
            "args",
            "workingDir",
            "env",
            "envFrom",
            "resources",
            "securityContext",
            "volumeMounts",
        ],
    );
    let mounts = container["volumeMounts"].as_vec().unwrap();
    let volumes = pod["volumes"].as_vec().unwrap();
    for mount in mounts {
        known(mount, &["name", "mountPath", "readOnly", "subPath"]);
        assert!(volumes.iter().any(|volume| volume["name"] == mount["name"]));
    }
    let command: Vec<&str> = (container["command"].as_vec().unwrap().iter())
        .map(|word| word.as_str().unwrap())
        .collect();
    assert_eq!(command, ["/bin/sh", "-ec"]);
    let machine = Machine::new();
    let ran = machine.sh("reports", container["args"][0].as_str().unwrap(), &[]);
    machine.check_report(&ran, "reports/report.html");
}

#[test]
fn the_steps_of_actions_run() {
    let all: Vec<Yaml> = blocks("yaml").iter().map(|block| yaml(block)).collect();
    let flow = all.iter().find(|yaml| !yaml["jobs"].is_badvalue()).unwrap();
    known(flow, &["on", "permissions", "jobs"]);
    let job = &flow["jobs"]["report"];
    known(job, &["runs-on", "env", "steps"]);
    let machine = Machine::new();
    std::fs::create_dir_all(machine.program.path("snapshots")).unwrap();
    std::fs::copy(
        machine.program.path("reports/2025-12-25.facts"),
        machine.program.path("snapshots/2025-12-25.facts"),
    )
    .unwrap();
    let summary = machine.program.path("summary").display().to_string();
    let mut last = None;
    for step in job["steps"].as_vec().unwrap() {
        known(step, &["name", "uses", "with", "if", "run", "env"]);
        if let Some(run) = step["run"].as_str() {
            // The runner's default shell stops at the first failure, as `sh -e` does.
            let ran = machine.sh("", run, &[("GITHUB_STEP_SUMMARY", summary.clone())]);
            assert!(
                ran.status.success(),
                "{run}: {}",
                String::from_utf8_lossy(&ran.stderr)
            );
            last = Some(ran);
        }
    }
    machine.check_report(&last.unwrap(), "report.html");
    let summary = std::fs::read_to_string(machine.program.path("summary")).unwrap();
    assert!(summary.starts_with("# pgtriage report"), "{summary}");
}
