//! Rows of `pg_stat_statements`: samples, texts, resets, versions.

use super::support::{check, read, try_read};

fn sample(at: Option<i64>, rows: &[(i64, i64)]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|(id, calls)| {
            format!(r#"{{"queryid": {id}, "query": "SELECT a{id} FROM t", "calls": {calls}, "total_exec_time": {calls}}}"#)
        })
        .collect();
    let rows = rows.join(",");
    match at {
        Some(at) => format!(r#"{{"captured_at": {at}, "rows": [{rows}]}}"#),
        None => format!("[{rows}]"),
    }
}

const DELTA: &str = "SELECT s.text, d.calls, d.is_reset FROM statement_delta d
    JOIN statements s ON s.id = d.statement_id ORDER BY s.text";
const RATES: &str = "SELECT s.text, r.source, r.calls_per_hour FROM statement_rate r
    JOIN statements s ON s.id = r.statement_id ORDER BY s.text";

#[test]
fn files_are_samples_in_the_order_given_and_times_give_rates() {
    let first = sample(Some(1_700_000_000), &[(1, 10), (2, 5)]);
    let later = sample(Some(1_700_003_600), &[(1, 30), (2, 5)]);
    // By their times, whatever the order.
    for files in [[&first, &later], [&later, &first]] {
        let store = read(&[("statements", files[0]), ("statements", files[1])]);
        check(&store, DELTA, "SELECT a1 FROM t|20|0 SELECT a2 FROM t|0|0");
        check(
            &store,
            RATES,
            "SELECT a1 FROM t|samples|20 SELECT a2 FROM t|samples|0",
        );
        check(&store, "SELECT at FROM clock", "1700003600000000");
    }
    // One file, with the moment on the rows.
    let rows = r#"[{"queryid":1,"query":"SELECT a1 FROM t","calls":30,"captured_at":1700003600.5},
                   {"queryid":1,"calls":10,"captured_at":"2023-11-14 22:13:20.5+00"}]"#;
    let store = read(&[("statements", rows)]);
    check(&store, RATES, "SELECT a1 FROM t|samples|20");
}

#[test]
fn without_times_there_are_differences_but_no_rates() {
    let before = sample(None, &[(1, 10), (2, 5)]);
    let after = sample(None, &[(1, 30), (2, 5), (3, 1)]);
    let both = format!("{{\"before\": {before}, \"after\": {after}}}");
    for files in [
        vec![
            ("statements", before.as_str()),
            ("statements", after.as_str()),
        ],
        vec![("statements", both.as_str())],
        vec![("pg_stat_statements", both.as_str())],
    ] {
        let store = read(&files);
        check(
            &store,
            DELTA,
            "SELECT a1 FROM t|20|0 SELECT a2 FROM t|0|0 SELECT a3 FROM t|1|0",
        );
        check(
            &store,
            RATES,
            "SELECT a1 FROM t|samples|- SELECT a2 FROM t|samples|- SELECT a3 FROM t|samples|-",
        );
        check(&store, "SELECT max(counted_us) FROM statement_totals", "-");
        check(&store, "SELECT DISTINCT is_timed FROM samples", "0");
        check(
            &store,
            "SELECT count(*) FROM missing_facts WHERE table_name = 'samples' AND column_name = 'captured_at'",
            "1",
        );
    }
}

#[test]
fn a_reset_between_two_samples_is_seen() {
    for (before, after, reset) in [
        // One entry of three went down: its own row is enough.
        (
            vec![(1, 10), (2, 10), (3, 10)],
            vec![(1, 1), (2, 10), (3, 20)],
            "1 0 0",
        ),
        // Half of them: everything began again.
        (vec![(1, 10), (2, 10)], vec![(1, 1), (2, 40)], "1 1"),
        // All of them vanished.
        (vec![(1, 10), (2, 10)], vec![(3, 1)], "1"),
        (vec![], vec![(3, 1)], ""),
    ] {
        for times in [[None, None], [Some(1_700_000_000), Some(1_700_000_060)]] {
            let store = read(&[
                ("statements", &sample(times[0], &before)),
                ("statements", &sample(times[1], &after)),
            ]);
            check(
                &store,
                "SELECT d.is_reset FROM statement_delta d JOIN statements s ON s.id = d.statement_id ORDER BY s.text",
                reset,
            );
            check(
                &store,
                "SELECT count(*) FROM statement_rate WHERE calls_per_hour < 0",
                "0",
            );
        }
    }
}

#[test]
fn texts_may_stand_in_one_file_and_are_redacted() {
    let texts = r#"[{"queryid": 1, "query": "SELECT 'secret' FROM t", "calls": 1}]"#;
    let later = r#"[{"queryid": 1, "calls": 5}, {"queryid": 2, "calls": 6},
                    {"queryid": null, "query": "<insufficient privilege>", "calls": 7}]"#;
    let (store, notes) = try_read(&[("statements", texts), ("statements", later)]).unwrap();
    check(
        &store,
        "SELECT text, fingerprint LIKE 'f1:%', calls FROM statement_totals ORDER BY calls",
        "SELECT $1 FROM t|1|5 -|0|6 -|0|7",
    );
    check(
        &store,
        "SELECT fingerprint FROM statements WHERE text IS NULL ORDER BY 1",
        "hidden queryid:2",
    );
    let told = notes
        .iter()
        .find(|note| note.text.contains("none of the files"))
        .unwrap();
    assert_eq!(told.items, ["2"]);
}

#[test]
fn columns_of_all_versions_are_known() {
    let old = "userid,dbid,queryid,query,calls,total_time,min_time,max_time,mean_time,stddev_time,rows,blk_read_time\n\
               10,5,1,SELECT 1,2,8,1,7,4,3,2,1.5\n";
    let new = "userid,dbid,toplevel,queryid,query,calls,total_exec_time,min_exec_time,max_exec_time,mean_exec_time,stddev_exec_time,rows,shared_blk_read_time,wal_bytes,stats_since,min_plan_time\n\
               10,5,t,1,SELECT 1,2,8,1,7,4,3,2,1.5,38056,2026-01-01 00:00:00+00,0\n";
    for text in [old, new] {
        let (store, notes) = try_read(&[("statements", text)]).unwrap();
        check(
            &store,
            "SELECT calls, total_exec_ms, min_exec_ms, max_exec_ms, mean_exec_ms, stddev_exec_ms, rows, blk_read_ms FROM statement_counters",
            "2|8|1|7|4|3|2|1.5",
        );
        assert_eq!(notes, []);
    }
    let store = read(&[("statements", new)]);
    check(
        &store,
        "SELECT toplevel, wal_bytes, stats_since_at FROM statement_counters",
        "1|38056|1767225600000000",
    );
    // Times of blocks are 0 while they are not measured.
    let zero = old.replace("1.5\n", "0\n");
    check(
        &read(&[("statements", &zero)]),
        "SELECT blk_read_ms FROM statement_counters",
        "-",
    );
    let on = r#"[{"name": "track_io_timing", "setting": "on"}]"#;
    let store = read(&[("statements", &zero), ("pg_settings", on)]);
    check(&store, "SELECT blk_read_ms FROM statement_counters", "0");
}

#[test]
fn databases_and_roles_are_kept_apart() {
    let rows = r#"[{"dbid": 5, "userid": 10, "queryid": 1, "query": "SELECT 1", "calls": 1},
                   {"dbid": 6, "userid": 10, "queryid": 1, "query": "SELECT 1", "calls": 2},
                   {"dbid": 6, "userid": 11, "queryid": 1, "query": "SELECT 1", "calls": 3}]"#;
    let (store, notes) = try_read(&[("statements", rows)]).unwrap();
    check(
        &store,
        "SELECT d.name, d.oid, d.is_collected, t.calls FROM statement_totals t JOIN databases d ON d.id = t.database_id ORDER BY d.id",
        "shop|6|1|5 5|5|0|1",
    );
    assert!(notes[0].text.contains("of 2 databases"), "{notes:?}");
    let named = r#"[{"oid": 5, "datname": "shop"}, {"oid": 6, "datname": "other"}]"#;
    let roles = "oid,rolname,rolcanlogin\n10,app,t\n11,bo,t\n";
    let store = read(&[
        ("statements", rows),
        ("pg_database", named),
        ("pg_roles", roles),
    ]);
    check(
        &store,
        "SELECT d.name, r.name, c.calls FROM statement_counters c JOIN statements s ON s.id = c.statement_id
         JOIN databases d ON d.id = s.database_id JOIN roles r ON r.id = c.role_id ORDER BY c.calls",
        "shop|app|1 other|app|2 other|bo|3",
    );
}

#[test]
fn the_longest_list_of_all_texts_is_kept() {
    let rows = r#"[{"queryid": 1, "query": "SELECT a FROM t WHERE b IN ($1, $2)", "calls": 1},
                   {"queryid": 2, "query": "SELECT a FROM t WHERE b IN ($1, $2, $3)", "calls": 1},
                   {"queryid": 3, "query": "SELECT c FROM t WHERE b IN ($1 /*, ... */)", "calls": 1}]"#;
    let store = read(&[("statements", rows)]);
    check(
        &store,
        "SELECT longest_list FROM statements ORDER BY text",
        "3 -",
    );
}

#[test]
fn resets_that_are_told_are_taken() {
    let rows = sample(Some(1_700_003_600), &[(1, 30)]);
    let info = r#"[{"dealloc": 4, "stats_reset": "2023-11-14 22:13:20+00"}]"#;
    let store = read(&[("statements", &rows), ("pg_stat_statements_info", info)]);
    check(&store, RATES, "SELECT a1 FROM t|since reset|30");
    check(&store, "SELECT statements_evicted FROM samples", "4");
}
