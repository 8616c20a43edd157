//! Advice judged by what statements take.

use std::collections::BTreeMap;

use pgtriage::advise::index::Set;
use pgtriage::advise::index::proof::{
    Entrant, Judged, Limits, Text, Trial, Verdict, created, dropped,
};
use pgtriage::advise::index::search::Objective;

use super::bench::{LIMIT, Toy};

const LIMITS: Limits = Limits {
    least_gain: 0.01,
    slower: 1.3,
};

/// Each text is a statement.
fn trial<'t>(texts: &'t [Text], weights: &'t [f64]) -> Trial<'t> {
    Trial {
        texts,
        weights,
        objective: Objective::Total,
        hours: Some(1.0),
        limits: LIMITS,
        lost: BTreeMap::new(),
    }
}

fn texts(count: usize) -> Vec<Text> {
    let each = (0..count).map(|query| Text { query, share: 1.0 });
    each.collect()
}

fn entrants(count: usize) -> Vec<Entrant> {
    let each = (0..count).map(|place| Entrant {
        place,
        write_ms: None,
        helps_unrun: false,
    });
    each.collect()
}

fn judge(toy: &mut Toy, entrants: &[Entrant]) -> (Judged, BTreeMap<usize, String>) {
    let all = texts(toy.texts.len());
    let weights = vec![1.0; all.len()];
    let mut trial = trial(&all, &weights);
    let new = Set::of(entrants.iter().map(|one| one.place));
    let judged = created(toy, &mut trial, entrants, &new, &Set::default()).unwrap();
    (judged, trial.lost)
}

/// Indexes that stay, of `count`.
#[track_caller]
fn check(texts: &[(&[(usize, f64)], f64)], count: usize, stay: &[usize]) -> Judged {
    let (judged, lost) = judge(&mut Toy::new(texts), &entrants(count));
    let left: Vec<usize> = (0..count)
        .filter(|one| !judged.hidden.contains(*one))
        .collect();
    assert_eq!(left, stay, "{judged:#?}");
    assert!(lost.is_empty());
    judged
}

#[test]
fn what_pays_stays_and_the_rest_goes() {
    // One that helps, one that no plan has, one that gains too little, one that makes it slower.
    let judged = check(
        &[
            (&[(0, 10.0)], 1000.0),
            (&[(2, 999.0)], 1000.0),
            (&[(3, 1500.0)], 1000.0),
        ],
        4,
        &[0],
    );
    assert_eq!(judged.verdicts[&1], Verdict::Unused);
    assert!(matches!(judged.verdicts[&0], Verdict::Pays(share) if (share - 0.33).abs() < 1e-9));
    assert!(matches!(judged.verdicts[&2], Verdict::NotWorth(share) if share > 0.0));
    assert!(matches!(judged.verdicts[&3], Verdict::NotWorth(share) if share < 0.0));
    assert!(judged.statements.iter().all(|one| !one.is_slower));
}

#[test]
fn of_two_that_do_the_same_one_stays() {
    check(&[(&[(0, 10.0), (1, 12.0)], 1000.0)], 2, &[0]);
    // The one that the planner takes first is the worse one: without it the other does more.
    check(&[(&[(0, 400.0), (1, 10.0)], 1000.0)], 2, &[1]);
}

#[test]
fn a_loss_that_is_less_than_the_gain_is_told_and_stays() {
    let judged = check(&[(&[(0, 10.0)], 1000.0), (&[(0, 300.0)], 200.0)], 1, &[0]);
    let slower: Vec<(usize, Vec<usize>)> = (judged.statements.iter())
        .filter(|one| one.is_slower)
        .map(|one| (one.query, one.because.clone()))
        .collect();
    assert_eq!(slower, [(1, vec![0])]);
}

#[test]
fn what_is_slower_now_and_then_only_is_noise() {
    let mut toy = Toy::new(&[(&[(0, 10.0)], 1000.0), (&[(0, 300.0)], 200.0)]);
    toy.texts[1].spread = 1.0;
    let (judged, _) = judge(&mut toy, &entrants(1));
    assert!(judged.statements.iter().all(|one| !one.is_slower));
}

#[test]
fn writers_are_paid_for() {
    let mut costly = entrants(1);
    costly[0].write_ms = Some(980.0);
    let mut toy = Toy::new(&[(&[(0, 10.0)], 1000.0)]);
    let pays = |judged: &Judged| matches!(judged.verdicts[&0], Verdict::Pays(_));
    assert!(!pays(&judge(&mut toy, &costly).0) || pays(&judge(&mut toy, &entrants(1)).0));
    costly[0].write_ms = Some(985.0);
    assert!(!pays(&judge(&mut toy, &costly).0));
}

#[test]
fn what_cannot_be_measured_speaks_against_no_index() {
    // It helps a statement that is not run.
    let mut unrun = entrants(1);
    unrun[0].helps_unrun = true;
    let mut toy = Toy::new(&[(&[], 1000.0)]);
    let (judged, _) = judge(&mut toy, &unrun);
    assert_eq!(judged.verdicts[&0], Verdict::NotShown(0.0));
    // It takes too long with it and without.
    let mut toy = Toy::new(&[(&[], 10.0), (&[(0, LIMIT * 2.0)], LIMIT * 3.0)]);
    let (judged, lost) = judge(&mut toy, &entrants(1));
    assert_eq!(judged.verdicts[&0], Verdict::NotShown(0.0));
    assert!(lost[&1].contains("longer than the limit"), "{lost:?}");
    // It fails.
    let mut toy = Toy::new(&[(&[(0, 1.0)], 1000.0), (&[], 10.0)]);
    toy.texts[1].broken = Some("division by zero");
    let (judged, lost) = judge(&mut toy, &entrants(1));
    assert_eq!(
        (judged.statements.len(), lost[&1].as_str()),
        (1, "division by zero")
    );
    // Too long before only: it is as good as the limit of time at least.
    let judged = check(&[(&[(0, 10.0)], LIMIT * 2.0)], 1, &[0]);
    assert!(judged.statements[0].before.is_over && !judged.statements[0].after.is_over);
}

#[test]
fn drops_that_hurt_are_taken_back() {
    // New: 0. Those that may go: 1, 2, 3.
    let mut toy = Toy::new(&[
        (&[(0, 10.0)], 1000.0),
        (&[(1, 10.0)], 1000.0),
        (&[(2, 10.0), (0, 11.0)], 1000.0),
    ]);
    let all = texts(3);
    let weights = vec![1.0; 3];
    let mut trial = trial(&all, &weights);
    let none = Set::default();
    let mut judged = created(&mut toy, &mut trial, &entrants(1), &Set::of([0]), &none).unwrap();
    let drops = Set::of([1, 2, 3]);
    let kept = dropped(
        &mut toy,
        &mut trial,
        &mut judged.statements,
        &judged.hidden,
        &drops,
    )
    .unwrap();
    let kept: Vec<(usize, usize)> = kept.iter().map(|one| (one.place, one.query)).collect();
    assert_eq!(kept, [(1, 1)]);
    let after: Vec<f64> = judged.statements.iter().map(|one| one.after.ms).collect();
    assert_eq!(after, [10.0, 10.0, 11.0]);
}
