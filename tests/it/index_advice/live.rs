//! Advice for the shop, whose one missing index is known, from a shadow of it.

use pgtriage::cluster::world::{DATABASE, Variant};
use serde_json::Value;

use crate::support::{Program, loudly, newest, shop};

/// What `advise index` says of a shop after its rounds: by a shadow, within a budget that is more than enough, and by
/// statistics alone.
fn advice(variant: Variant) -> Option<[Value; 3]> {
    let server = newest()?;
    let cluster = shop(server, variant, &[]);
    let conninfo = cluster.conninfo(DATABASE);
    let folder = server.bin.display().to_string();
    let by = |planner, budget: Option<&'static str>| {
        let run = || {
            let mut args = vec![
                "advise",
                "index",
                "-d",
                &conninfo,
                "--server-bin",
                &folder,
                "--no-remote-logs",
                "--planner",
                planner,
                "--format",
                "json",
            ];
            args.extend(
                budget
                    .map(|budget| ["--budget", budget])
                    .into_iter()
                    .flatten(),
            );
            Program::new().run(&args)
        };
        let ran = run();
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.all()))
    };
    Some([
        by("auto", None),
        by("auto", Some("500MB")),
        by("estimate", None),
    ])
}

fn created(advice: &Value) -> Vec<(String, Vec<String>)> {
    let create = advice["create"].as_array().unwrap().iter();
    let columns = |index: &Value| {
        let columns = index["columns"].as_array().unwrap().iter();
        columns
            .map(|column| column.as_str().unwrap().to_owned())
            .collect()
    };
    create
        .map(|index| (index["table"].as_str().unwrap().to_owned(), columns(index)))
        .collect()
}

#[test]
fn the_missing_index_of_the_shop_is_advised_and_no_other() {
    let Some([advice, ample, estimate]) = advice(Variant::Planted) else {
        return loudly("no server: advice for the shop is not tested");
    };
    assert_eq!(created(&ample), created(&advice), "{ample:#}");
    assert_eq!(created(&estimate), created(&advice), "{estimate:#}");
    assert_eq!(estimate["create"][0]["confidence"], "low");
    assert_eq!(advice["planner"], "a shadow of the server");
    assert_eq!(
        created(&advice),
        [("billing.payments".to_owned(), vec!["order_id".to_owned()])],
        "{advice:#}"
    );
    let index = &advice["create"][0];
    assert!(
        index["helped"]
            .as_array()
            .is_some_and(|helped| !helped.is_empty()),
        "{index:#}"
    );
    let after = advice["workload_cost_after"].as_f64().unwrap();
    assert!(
        after < advice["workload_cost_before"].as_f64().unwrap() / 2.0,
        "{advice:#}"
    );
}
