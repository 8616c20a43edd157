//! Choices of the user's, weighed by what the search has learned.

use std::collections::{BTreeMap, BTreeSet};

use pgtriage::advise::index::{Advice, Adviser, IndexSpec, Key, Request, Tables, Weighed, Worth};

use super::toy::Toy;
use super::{Plain, QUERIES, limits, world};

/// An index on orders (day) that is there.
pub fn there() -> (i64, String, IndexSpec) {
    let spec = IndexSpec {
        relation: 1,
        schema: "public".into(),
        table: "orders".into(),
        method: "btree".into(),
        keys: vec![Key::column("day")],
        include: Vec::new(),
        predicate: None,
    };
    (7, "orders_day_idx".into(), spec)
}

/// Runs a test beside an adviser over the toy world.
fn with(test: impl FnOnce(&mut Adviser<'_>)) {
    let (store, workload) = world(&QUERIES);
    let tables = Tables::read(store.connection(), 1).unwrap();
    let limits = limits(200.0);
    let request = Request {
        facts: store.connection(),
        tables: &tables,
        workload: &workload,
        estimates: &Plain { writes: 1.0 },
        limits: &limits,
        is_over: &|| false,
    };
    let mut toy = Toy::new();
    toy.existing.push(there());
    test(&mut Adviser::new(&request, &mut toy).unwrap());
}

fn specs(advice: &Advice) -> Vec<IndexSpec> {
    let chosen = advice.create.iter();
    chosen.map(|chosen| chosen.sized.spec.clone()).collect()
}

fn gone() -> BTreeMap<i64, String> {
    let (id, name, _) = there();
    BTreeMap::from([(id, name)])
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(1.0)
}

#[test]
fn the_advice_weighs_what_it_said_and_nothing_weighs_nothing() {
    with(|adviser| {
        let advice = adviser.search(&limits(60.0), &mut |_| ()).unwrap();
        let all: BTreeSet<usize> = (0..advice.create.len()).collect();
        let none = BTreeMap::new();
        let weighed = adviser.weigh(&specs(&advice), &all, &none).unwrap();
        assert!(near(weighed.before, advice.before) && near(weighed.after, advice.after));
        assert!(weighed.write_cost == advice.write_cost && weighed.refused.is_none());
        let nothing = adviser
            .weigh(&specs(&advice), &BTreeSet::new(), &none)
            .unwrap();
        assert!(near(nothing.after, nothing.before), "{nothing:?}");
        assert!(nothing.statements.iter().all(|one| one.created.is_empty()));
        // Each half of it lies between.
        for place in 0..advice.create.len() {
            let rest = all
                .iter()
                .copied()
                .filter(|other| *other != place)
                .collect();
            let less = adviser.weigh(&specs(&advice), &rest, &none).unwrap();
            assert!(less.after > weighed.after && less.after < nothing.after + 1e-6);
            assert!(near(less.after - weighed.after, advice.create[place].gain));
        }
    });
}

#[test]
fn what_is_known_is_not_asked_for_again() {
    with(|adviser| {
        let advice = adviser.search(&limits(60.0), &mut |_| ()).unwrap();
        let choose = |adviser: &mut Adviser<'_>, all: &[usize]| -> Weighed {
            let chosen = all.iter().copied().collect();
            adviser.weigh(&specs(&advice), &chosen, &gone()).unwrap()
        };
        let (one, other) = (choose(adviser, &[0]), choose(adviser, &[1]));
        assert_ne!(one, other);
        assert_eq!(choose(adviser, &[0]), one);
        // A further search goes on from the first. What its advice is told by, each statement without and with it
        // under four settings less one, is asked each time.
        let told = 7 * QUERIES.len() as u64;
        let first = advice.asked - told;
        let before = adviser.search(&limits(60.0), &mut |_| ()).unwrap();
        let again = adviser.search(&limits(60.0), &mut |_| ()).unwrap();
        assert_eq!(again.create, advice.create);
        let asked = again.asked - before.asked - told;
        assert!(asked < first / 4, "{asked} after {first}");
        let more = adviser.search(&limits(200.0), &mut |_| ()).unwrap();
        assert!(more.after < advice.after);
        for known in &advice.create {
            let mut both = more.create.iter();
            let same = both.find(|new| new.sized.spec == known.sized.spec);
            assert!(same.is_none_or(|same| same.name == known.name));
        }
    });
}

#[test]
fn an_index_that_goes_costs_those_whose_plans_used_it() {
    with(|adviser| {
        let none = BTreeSet::new();
        let kept = adviser.weigh(&[], &none, &BTreeMap::new()).unwrap();
        let dropped = adviser.weigh(&[], &none, &gone()).unwrap();
        assert!(dropped.after > kept.after, "{dropped:?}");
        for (one, other) in kept.statements.iter().zip(&dropped.statements) {
            let uses = one.existing.contains("orders_day_idx");
            assert_eq!(uses, other.after > one.after, "{one:?}");
            assert_eq!(one.existing_before, other.existing_before);
            assert!(other.existing.is_empty());
        }
    });
}

#[test]
fn each_index_is_worth_what_goes_without_it() {
    with(|adviser| {
        let advice = adviser.search(&limits(60.0), &mut |_| ()).unwrap();
        let specs = specs(&advice);
        let (kept, all) = (BTreeMap::new(), (0..specs.len()).collect::<BTreeSet<_>>());
        let half: BTreeSet<usize> = (0..specs.len()).step_by(2).collect();
        for chosen in [all, half, BTreeSet::new()] {
            for without in [kept.clone(), gone()] {
                let now = adviser.weigh(&specs, &chosen, &without).unwrap().after;
                let worth: Worth = adviser.worth(&specs, &chosen, &without, &gone()).unwrap();
                for (place, worth) in worth.created.iter().enumerate() {
                    let mut other = chosen.clone();
                    let was_chosen = other.remove(&place) || !other.insert(place);
                    let then = adviser.weigh(&specs, &other, &without).unwrap().after;
                    let saved = if was_chosen { then - now } else { now - then };
                    assert!(near(worth.unwrap(), saved), "{place} of {chosen:?}");
                }
                let (other, sign) = if without.is_empty() {
                    (gone(), 1.0)
                } else {
                    (kept.clone(), -1.0)
                };
                let then = adviser.weigh(&specs, &chosen, &other).unwrap().after;
                assert!(near(worth.existing[&7], sign * (then - now)));
            }
        }
    });
}
