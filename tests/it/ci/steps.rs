//! The steps of the action, run as a runner would: conditions, expressions, environment, scripts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use yaml_rust2::{Yaml, YamlLoader};

use super::repository::Repository;
use super::site::Site;

/// One run of the action.
pub struct Steps<'a> {
    repository: &'a Repository,
    checkout: PathBuf,
    action: Yaml,
    inputs: BTreeMap<String, String>,
    environment: Vec<(&'static str, String)>,
}

/// A file of the project as YAML.
pub fn yaml(text: &str) -> Yaml {
    let mut documents = YamlLoader::load_from_str(text).unwrap_or_else(|e| panic!("{e}:\n{text}"));
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/actions/lint")
}

impl<'a> Steps<'a> {
    /// The action with these inputs; on a pull request, or on a push.
    pub fn new(
        repository: &'a Repository,
        checkout: &Path,
        inputs: &[(&str, &str)],
        site: Option<&Site>,
    ) -> Self {
        let action = yaml(&std::fs::read_to_string(folder().join("action.yml")).unwrap());
        let mut all: BTreeMap<String, String> = (action["inputs"].as_hash().unwrap().iter())
            .map(|(name, input)| {
                let default = input["default"].as_str().unwrap();
                let default = default.replace("${{ github.token }}", "secret");
                (name.as_str().unwrap().to_owned(), default)
            })
            .collect();
        let program = cargo_bin("pgtriage").display().to_string();
        for (name, value) in inputs.iter().chain(&[("binary", program.as_str())]) {
            let known = all.insert((*name).to_owned(), (*value).to_owned());
            assert!(known.is_some(), "the action has no input {name}");
        }
        let file = |name: &str| repository.path(name).display().to_string();
        let mut environment = vec![
            ("RUNNER_TEMP", file("")),
            ("GITHUB_OUTPUT", file("output")),
            ("GITHUB_STEP_SUMMARY", file("summary")),
            ("GITHUB_ACTION_PATH", folder().display().to_string()),
            ("GITHUB_REPOSITORY", "owner/shop".to_owned()),
            ("GITHUB_WORKFLOW", "migrations".to_owned()),
            ("GITHUB_JOB", "lint".to_owned()),
            ("GITHUB_BASE_REF", String::new()),
        ];
        if let Some(site) = site {
            environment.push(("GITHUB_BASE_REF", "main".to_owned()));
            environment.push(("GITHUB_API_URL", site.address.clone()));
        }
        Self {
            repository,
            checkout: checkout.to_owned(),
            action,
            inputs: all,
            environment,
        }
    }

    /// Runs them all up to the first that fails; gives its exit code and what all said.
    pub fn run(&self) -> (i32, String) {
        for name in ["output", "summary"] {
            std::fs::write(self.repository.path(name), "").unwrap();
        }
        let mut told = String::new();
        for step in self.action["runs"]["steps"].as_vec().unwrap() {
            if let Some(condition) = step["if"].as_str()
                && !self.holds(condition)
            {
                continue;
            }
            let (code, said) = self.step(step);
            told += &said;
            if code != 0 {
                return (code, told);
            }
        }
        (0, told)
    }

    fn step(&self, step: &Yaml) -> (i32, String) {
        assert_eq!(step["shell"].as_str(), Some("bash"), "{step:?}");
        let script = self.repository.path("script.sh");
        std::fs::write(&script, self.filled(&step["run"])).unwrap();
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]);
        bash.arg(script);
        let within = &step["working-directory"];
        let within = within.as_str().map(|_| self.filled(within));
        bash.current_dir(self.checkout.join(within.unwrap_or_default()));
        bash.env_remove("GITHUB_API_URL");
        bash.env("GIT_CONFIG_GLOBAL", "/dev/null");
        bash.envs(self.environment.iter().map(|(name, value)| (name, value)));
        for (name, value) in step["env"].as_hash().into_iter().flatten() {
            bash.env(name.as_str().unwrap(), self.filled(value));
        }
        let ran = bash.output().unwrap();
        let said = String::from_utf8(ran.stdout).unwrap() + &String::from_utf8_lossy(&ran.stderr);
        (ran.status.code().unwrap(), said)
    }

    fn is_pull_request(&self) -> bool {
        self.environment
            .iter()
            .any(|(name, _)| *name == "GITHUB_API_URL")
    }

    fn holds(&self, condition: &str) -> bool {
        match condition {
            "inputs.binary == ''" => self.inputs["binary"].is_empty(),
            "inputs.comment == 'true' && github.event_name == 'pull_request'" => {
                self.inputs["comment"] == "true" && self.is_pull_request()
            }
            other => panic!("a condition that the test does not know: {other}"),
        }
    }

    /// A text with its expressions replaced by their values.
    fn filled(&self, text: &Yaml) -> String {
        let mut filled = String::new();
        let mut rest = text.as_str().unwrap();
        while let Some((before, after)) = rest.split_once("${{ ") {
            let (expression, after) = after.split_once(" }}").unwrap();
            filled += before;
            filled += &self.value(expression);
            rest = after;
        }
        filled + rest
    }

    fn value(&self, expression: &str) -> String {
        if expression == "inputs.binary || format('{0}/pgtriage/bin/pgtriage', runner.temp)" {
            return self.inputs["binary"].clone();
        }
        if let Some(name) = expression.strip_prefix("inputs.") {
            let value = self.inputs.get(name);
            return value
                .unwrap_or_else(|| panic!("no input {expression}"))
                .clone();
        }
        match expression {
            "github.event.pull_request.number" => "7".to_owned(),
            "steps.lint.outputs.status" => {
                let output = self.repository.read("output");
                let status = output.trim().strip_prefix("status=");
                status.unwrap_or_default().to_owned()
            }
            other => panic!("an expression that the test does not know: {other}"),
        }
    }
}
