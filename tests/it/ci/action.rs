//! The action on a pull request and on a push.

use serde_json::Value;

use super::repository::Repository;
use super::site::Site;
use super::steps::Steps;

/// What the steps call beside our program.
const PROGRAMS: [&str; 4] = ["bash", "git", "curl", "jq"];

/// Something to find, whatever is found of other things.
const FOUND: &str = "-- pgtriage: ignore nothing-of-the-kind -- why\nSELECT 1;\n";

const INPUTS: [(&str, &str); 4] = [
    ("paths", "db/migrations\n"),
    ("args", "--rule\nmigration/ignore-*"),
    ("fail-on", "warning"),
    ("sarif", "out.sarif"),
];

/// As the site's own checkout does it: the merge, and nothing of what was before.
const MERGE: (&str, Option<&str>) = ("refs/pull/7/merge", Some("--depth=1"));

#[test]
fn a_pull_request_is_linted_and_told() {
    let Some(repository) = Repository::new(FOUND, &PROGRAMS) else {
        return;
    };
    let checkout = repository.check_out(MERGE.0, MERGE.1);
    let site = Site::new(150, false);
    let steps = Steps::new(&repository, &checkout, &INPUTS, Some(&site));
    let (code, told) = steps.run();
    assert_eq!(code, 1, "{told}");
    let annotations: Vec<&str> = told.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(annotations.len(), 1, "{told}");
    assert!(
        annotations[0].starts_with("::warning file=db/migrations/2_b.sql,line=1,"),
        "{told}"
    );
    assert_eq!(repository.read("output"), "status=1\n");
    let summary = repository.read("summary");
    assert!(summary.contains("1 file linted"), "{summary}");
    let sarif: Value = serde_json::from_str(&repository.read("clone/out.sarif")).unwrap();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"], "db/migrations/2_b.sql",
        "{sarif}"
    );
    // A comment is made, and written anew by the next run, wherever it stands among others.
    let list = "/repos/owner/shop/issues/7/comments";
    let pages = [1, 2].map(|page| format!("GET {list}?per_page=100&page={page}"));
    let [one, two] = pages.clone();
    assert_eq!(site.asked(), [one, two, format!("POST {list}")]);
    steps.run();
    let [one, two] = pages;
    let again = "PATCH /repos/owner/shop/issues/comments/150".to_owned();
    assert_eq!(site.asked(), [one, two, again]);
    let ours = site.ours();
    assert_eq!(ours.len(), 1);
    assert!(ours[0].contains("db/migrations/2\\_b.sql:1"), "{}", ours[0]);
    // What is linted elsewhere has a comment of its own.
    let elsewhere = [&INPUTS[1..], &[("working-directory", "db")]].concat();
    let (code, told) = Steps::new(&repository, &checkout, &elsewhere, Some(&site)).run();
    assert_eq!(code, 1, "{told}");
    assert_eq!(site.ours().len(), 2);
}

#[test]
fn a_pull_request_without_findings_makes_no_comment() {
    let Some(repository) = Repository::new("SELECT 1;\n", &PROGRAMS) else {
        return;
    };
    let checkout = repository.check_out(MERGE.0, MERGE.1);
    let site = Site::new(0, false);
    let (code, told) = Steps::new(&repository, &checkout, &INPUTS, Some(&site)).run();
    assert_eq!(code, 0, "{told}");
    assert_eq!(site.asked().len(), 1);
    assert_eq!(site.ours(), [""; 0]);
}

#[test]
fn a_comment_that_was_wrong_is_put_right() {
    let Some(repository) = Repository::new(FOUND, &PROGRAMS) else {
        return;
    };
    let checkout = repository.check_out(MERGE.0, MERGE.1);
    let site = Site::new(0, false);
    let steps = Steps::new(&repository, &checkout, &INPUTS, Some(&site));
    assert_eq!(steps.run().0, 1);
    std::fs::write(checkout.join("db/migrations/2_b.sql"), "SELECT 1;\n").unwrap();
    let (code, told) = steps.run();
    assert_eq!(code, 0, "{told}");
    let ours = site.ours();
    assert_eq!(ours.len(), 1);
    assert!(!ours[0].contains("_b.sql"), "{}", ours[0]);
}

#[test]
fn a_comment_that_cannot_be_written_leaves_the_verdict() {
    let Some(repository) = Repository::new(FOUND, &PROGRAMS) else {
        return;
    };
    let checkout = repository.check_out(MERGE.0, MERGE.1);
    let check = |site: &Site, inputs: &[(&str, &str)], because: &str| {
        let inputs = [&INPUTS[..], inputs].concat();
        let (code, told) = Steps::new(&repository, &checkout, &inputs, Some(site)).run();
        assert_eq!(code, 1, "{told}");
        assert!(told.contains(because), "{told}");
    };
    let warning = "::warning::pgtriage: no comment is written: the answer is";
    let closed = Site::new(0, true);
    let because = format!("{warning} 403 Resource not accessible by integration\n");
    check(&closed, &[], &because);
    let token = [("token", "another")];
    check(&closed, &token, &format!("{warning} 401 Bad credentials\n"));
    check(&closed, &[("comment", "false")], "2_b.sql");
    let mut nowhere = Site::new(0, true);
    "http://127.0.0.1:1".clone_into(&mut nowhere.address);
    check(&nowhere, &[], "can't be reached");
}

#[test]
fn a_push_is_linted_whole() {
    let Some(repository) = Repository::new(FOUND, &PROGRAMS) else {
        return;
    };
    let checkout = repository.check_out(MERGE.0, MERGE.1);
    let (code, told) = Steps::new(&repository, &checkout, &INPUTS, None).run();
    assert_eq!(code, 1, "{told}");
    let summary = repository.read("summary");
    assert!(summary.contains("3 files linted"), "{summary}");
}

#[test]
fn a_run_that_fails_gives_no_verdict() {
    let Some(repository) = Repository::new(FOUND, &PROGRAMS) else {
        return;
    };
    let checkout = repository.check_out(MERGE.0, MERGE.1);
    let site = Site::new(0, false);
    let inputs = [("paths", "no-such-folder")];
    let (code, told) = Steps::new(&repository, &checkout, &inputs, Some(&site)).run();
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("no-such-folder"), "{told}");
    assert_eq!(repository.read("output"), "status=2\n");
    assert_eq!(site.asked(), [""; 0]);
}
