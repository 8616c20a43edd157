//! Two sessions, one, and those that are lost.

use pgtriage::advise::index::{Key, Planned, Question, WhatIf};
use pgtriage::cli::what_if::HypoPg;

use super::{World, blocking, connect, make, open_orders, servers, spec, told};

/// Texts of several queries, and of one query with several values.
fn texts() -> Vec<String> {
    let by_city = (0..3).map(|city| format!("SELECT id FROM customers WHERE city = 'city {city}'"));
    let others = [
        "SELECT note FROM orders WHERE customer = 7",
        "SELECT c.city FROM orders o JOIN customers c ON c.id = o.customer WHERE o.customer = 9",
        "SELECT max(customer) FROM orders",
        "SELECT nothing FROM orders",
        "SELECT count(*) FROM orders WHERE customer BETWEEN 5 AND 9 AND status = 'open'",
    ];
    by_city.chain(others.map(str::to_owned)).collect()
}

/// Answers to all texts with growing sets of indexes, by whoever is asked; errors as their first words.
fn answers(hypopg: &mut HypoPg) -> Vec<Result<(String, Vec<u64>), String>> {
    let made = make(
        hypopg,
        &[
            spec("orders", vec![Key::column("customer")], None),
            spec("customers", vec![Key::column("city")], None),
            open_orders(),
            spec(
                "orders",
                vec![Key::column("customer"), Key::column("status")],
                None,
            ),
        ],
    );
    let texts = texts();
    let mut all = Vec::new();
    for count in [0, 4, 2, 3, 1, 4, 0] {
        let questions = texts.iter().map(|text| Question {
            text,
            is_generic: false,
            settings: &[],
            with: &made[..count],
            without: &[],
        });
        let questions: Vec<Question<'_>> = questions.collect();
        let plans = blocking(|| hypopg.plan(&questions).unwrap());
        all.extend(plans.into_iter().map(|plan| {
            let used = |plan: &Planned| plan.used.keys().map(|used| used.0).collect();
            plan.map(|plan| (format!("{:.2}", plan.cost), used(&plan)))
        }));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sessions_answer_as_one_does() {
    for server in servers() {
        let mut two = World::new(&server).await;
        let sessions = two.sessions().await;
        assert_eq!(sessions.len(), 2);
        assert_eq!(two.notes(), Vec::<String>::new());
        let of_two = answers(&mut two.hypopg);
        // Texts of one query go the same way, those of others in turn.
        let parts: Vec<usize> = texts().iter().map(|text| two.hypopg.part(text)).collect();
        assert_eq!(parts, [0, 0, 0, 1, 0, 1, 0, 1]);
        assert_eq!(two.sessions().await, sessions);

        let mut one = connect(&two.cluster, "few").await;
        assert_eq!(two.sessions().await.len(), 3);
        let notes = told(&mut one);
        let expected = "one connection plans, not 2: the server has 3 connections free for us";
        assert_eq!(notes, [expected]);
        assert_eq!(answers(&mut one), of_two);
        assert!(
            of_two
                .iter()
                .any(|answer| matches!(answer, Ok((_, used)) if used.len() == 1))
        );
        let refused = of_two.iter().filter(|answer| answer.is_err()).count();
        assert_eq!(refused, 7, "{of_two:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_lost_is_told_once_and_nothing_else_is() {
    for server in servers() {
        let mut world = World::new(&server).await;
        let before = answers(&mut world.hypopg);
        world.notes();
        let sessions = world.sessions().await;
        world.end(sessions[0]).await;
        let answered = answers(&mut world.hypopg);
        let costs = |all: &[Result<(String, Vec<u64>), String>]| -> Vec<String> {
            let cost = |one: &Result<(String, Vec<u64>), String>| {
                one.as_ref()
                    .map_or_else(Clone::clone, |(cost, _)| cost.clone())
            };
            all.iter().map(cost).collect()
        };
        assert_eq!(costs(&answered), costs(&before));
        let notes = world.notes();
        assert!(
            matches!(notes.as_slice(), [note] if note.starts_with("a connection to HypoPG was lost")),
            "{notes:?}"
        );
        world.end(sessions[1]).await;
        let question = Question {
            text: "SELECT 1",
            is_generic: false,
            settings: &[],
            with: &[],
            without: &[],
        };
        for _ in 0..2 {
            let lost = blocking(|| world.hypopg.plan(&[question])).unwrap_err();
            assert!(lost.to_string().contains("connection"), "{lost}");
        }
        let lost = blocking(|| world.hypopg.check(&[], "SELECT 1")).unwrap_err();
        assert!(lost.to_string().contains("connection"), "{lost}");
    }
}
