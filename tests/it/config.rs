//! Settings: the file, the environment, and which layer wins.

use std::path::Path;
use std::time::Duration;

use pgtriage::config::{
    ColorChoice, ConfigError, ConfigFile, FailOn, Settings, Time, VARIABLES, from_environment,
};
use pgtriage::engine::{Severity, Source};
use pgtriage::parse::migration::Mode;

fn parse(text: &str) -> ConfigFile {
    ConfigFile::parse(Source::new("pgtriage.toml", text), Path::new("/etc/triage"))
        .unwrap_or_else(|e| panic!("{e}"))
}

fn environment(pairs: &[(&str, &str)]) -> Result<Settings, String> {
    let get = |name: &str| {
        let found = pairs.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    from_environment(get).map_err(|error| error.to_string())
}

#[test]
fn the_file_of_the_docs_is_understood_whole() {
    let docs = include_str!("../../docs/configuration.md");
    let (_, text) = docs.split_once("```toml\n").unwrap();
    let (text, _) = text.split_once("```").unwrap();
    let file = parse(text);
    let settings = &file.settings;
    assert_eq!(settings.source.dbname.as_deref(), Some("service=shop"));
    assert_eq!(settings.check.fail_on, Some(FailOn::At(Severity::Error)));
    assert_eq!(settings.output.color, Some(ColorChoice::Auto));
    assert_eq!(settings.ui.refresh, Some(Time(Duration::from_secs(5))));
    assert_eq!((file.rules.rules.len(), file.ignore.len()), (2, 2));
    let legacy = settings.lint.of("db/seeds/a.sql").unwrap();
    assert_eq!(
        (legacy.transaction, legacy.exclude),
        (Some(Mode::Autocommit), false)
    );
    assert!(settings.lint.of("db/dumps/x/a.sql").unwrap().exclude);
    assert_eq!(settings.lint.of("db/a.sql"), None);
    // Its keys are all there are: each has a variable or stands in a table of rules.
    for variable in &VARIABLES {
        let key = format!("{} = ", variable.key);
        assert!(
            text.contains(&key),
            "docs/configuration.md lacks {}",
            variable.key
        );
        assert!(
            docs.contains(variable.name),
            "docs/configuration.md lacks {}",
            variable.name
        );
    }
}

#[test]
fn paths_are_relative_to_the_file() {
    let file = parse(
        "[source]\nsnapshot = \"a.facts\"\n[check]\nbaseline = \"/abs/b.json\"\n[rules]\npaths = [\"ops\"]\n",
    );
    assert_eq!(
        file.settings.source.snapshot.as_deref(),
        Some(Path::new("/etc/triage/a.facts"))
    );
    assert_eq!(
        file.settings.check.baseline.as_deref(),
        Some(Path::new("/abs/b.json"))
    );
    assert_eq!(file.rules.paths, ["/etc/triage/ops"]);
}

#[test]
fn mistakes_point_at_their_place() {
    for (text, place, said) in [
        (
            "[check]\nfail_onn = \"x\"",
            (2, 1),
            "unknown field `fail_onn`",
        ),
        ("[cheks]", (1, 2), "unknown field `cheks`"),
        (
            "[check]\nfail_on = \"bad\"",
            (2, 11),
            "`bad` is none of `error`, `warning`, `info`, `never`",
        ),
        (
            "[check]\nstrict = \"yes\"",
            (2, 10),
            "invalid type: string \"yes\", expected a boolean",
        ),
        (
            "[source]\nstatement_timeout = \"5 parsecs\"",
            (2, 21),
            "`5 parsecs` is not a duration",
        ),
        (
            "[source]\nstatement_timeout = \"0s\"",
            (2, 21),
            "no time above zero",
        ),
        (
            "[output]\ncolor = \"blue\"",
            (2, 9),
            "`blue` is none of `auto`, `always`, `never`",
        ),
        (
            "[ui]\ntheme = \"pink\"",
            (2, 9),
            "`pink` is none of `auto`, `light`",
        ),
        (
            "[[ignore]]\nrule = \"x\"\nuntil = \"soon\"\nreason = \"y\"",
            (3, 9),
            "soon",
        ),
        ("a = [1,", (1, 8), "unclosed array"),
    ] {
        let source = Source::new("pgtriage.toml", text);
        match ConfigFile::parse(source, Path::new("")) {
            Err(ConfigError::Mistake(_, mistake)) => {
                assert!(
                    mistake.message.contains(said),
                    "{text}: {}",
                    mistake.message
                );
                assert_eq!((mistake.line, mistake.column), place, "{text}: {mistake}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn the_environment_sets_the_same_keys() {
    let settings = environment(&[
        ("PGTRIAGE_DBNAME", "service=x"),
        ("PGTRIAGE_DATABASE", "a, b"),
        ("PGTRIAGE_STATEMENT_TIMEOUT", "2min"),
        ("PGTRIAGE_KEEP_LITERALS", "on"),
        ("PGTRIAGE_FAIL_ON", "never"),
        ("PGTRIAGE_STRICT", "0"),
        ("PGTRIAGE_COLOR", ""),
    ]);
    let settings = settings.unwrap();
    assert_eq!(settings.source.dbname.as_deref(), Some("service=x"));
    assert_eq!(
        settings.source.database,
        Some(vec!["a".to_owned(), "b".to_owned()])
    );
    assert_eq!(
        settings.source.statement_timeout,
        Some(Time(Duration::from_mins(2)))
    );
    assert_eq!(settings.source.keep_literals, Some(true));
    assert_eq!(settings.check.fail_on, Some(FailOn::Never));
    assert_eq!(settings.check.strict, Some(false));
    assert_eq!(settings.output.color, None);
    assert_eq!(environment(&[]).unwrap(), Settings::default());

    for (name, value, said) in [
        (
            "PGTRIAGE_FAIL_ON",
            "bad",
            "the variable PGTRIAGE_FAIL_ON cannot be used: `bad` is none of",
        ),
        (
            "PGTRIAGE_STRICT",
            "maybe",
            "the variable PGTRIAGE_STRICT cannot be used: `maybe` is none of",
        ),
        (
            "PGTRIAGE_REFRESH",
            "soon",
            "the variable PGTRIAGE_REFRESH cannot be used: `soon` is not a duration",
        ),
    ] {
        let error = environment(&[(name, value)]).unwrap_err();
        assert!(error.starts_with(said), "{error}");
    }
}

#[test]
fn later_layers_win_key_by_key() {
    let file = parse(
        "[source]\ndbname = \"service=file\"\ndatabase = [\"a\"]\nkeep_literals = true\n[check]\nstrict = true\n",
    );
    let variables = environment(&[("PGTRIAGE_STRICT", "off"), ("PGTRIAGE_ALL_DATABASES", "1")]);
    let mut flags = Settings::default();
    flags.source.snapshot = Some("a.facts".into());
    let merged = flags.or(variables.unwrap()).or(file.settings);
    assert_eq!(merged.check.strict, Some(false));
    assert_eq!(merged.source.keep_literals, Some(true));
    // A snapshot stands in place of the server of a lower layer, all databases in place of some.
    assert_eq!(
        merged.source.snapshot.as_deref(),
        Some(Path::new("a.facts"))
    );
    assert_eq!(merged.source.dbname, None);
    assert_eq!(
        (merged.source.all_databases, merged.source.database),
        (Some(true), None)
    );
}

#[test]
fn the_file_is_looked_for_upwards() {
    let root = tempfile::tempdir().unwrap();
    let at = |path: &str| root.path().join(path);
    std::fs::create_dir_all(at("home/repo/a/b")).unwrap();
    let find = |from: &str| {
        let found = ConfigFile::find(&at(from), Some(&at("home")));
        found.map(|path| {
            path.strip_prefix(root.path())
                .unwrap()
                .display()
                .to_string()
        })
    };
    std::fs::write(at("pgtriage.toml"), "").unwrap();
    assert_eq!(find("home/repo/a/b"), None, "above home");
    assert_eq!(find("."), Some("pgtriage.toml".to_owned()));
    std::fs::write(at("home/pgtriage.toml"), "").unwrap();
    assert_eq!(find("home/repo/a/b").as_deref(), Some("home/pgtriage.toml"));
    std::fs::create_dir(at("home/repo/.git")).unwrap();
    assert_eq!(find("home/repo/a/b"), None, "above the repository");
    std::fs::write(at("home/repo/pgtriage.toml"), "").unwrap();
    assert_eq!(
        find("home/repo/a/b").as_deref(),
        Some("home/repo/pgtriage.toml")
    );
    std::fs::write(at("home/repo/a/pgtriage.toml"), "").unwrap();
    assert_eq!(
        find("home/repo/a/b").as_deref(),
        Some("home/repo/a/pgtriage.toml")
    );
}
