//! Partial and expression indexes of tables that do not stand first.

use pgtriage::advise::index::{IndexSpec, Key, Part};

use super::{World, make, open_orders, servers, spec};

fn mails() -> IndexSpec {
    let lower = Key {
        part: Part::Expression("lower(mail)".to_owned()),
        opclass: None,
        is_descending: false,
    };
    spec("customers", vec![lower], None)
}

/// Texts whose plan wants the partial index or the one over an expression, the same with that table first, and which of
/// the two indexes it is.
const LED: [(&str, &str, usize); 5] = [
    (
        "SELECT count(*) FROM customers c, orders o WHERE o.customer = c.id AND c.id = 100 AND o.status = 'open'",
        "SELECT count(*) FROM orders o, customers c WHERE o.customer = c.id AND c.id = 100 AND o.status = 'open'",
        0,
    ),
    (
        "SELECT o.note FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.status = 'open' WHERE c.id = 100",
        "SELECT o.note FROM orders o RIGHT JOIN customers c ON o.customer = c.id AND o.status = 'open' WHERE c.id = 100",
        0,
    ),
    (
        "SELECT * FROM orders o JOIN customers c ON c.id = o.customer WHERE lower(c.mail) = 'user7@example.com'",
        "SELECT * FROM customers c JOIN orders o ON c.id = o.customer WHERE lower(c.mail) = 'user7@example.com'",
        1,
    ),
    (
        "UPDATE customers SET city = 'x' WHERE id = (SELECT min(o.customer) FROM customers c, orders o
           WHERE o.customer = c.id AND c.id = 300 AND o.status = 'open')",
        "UPDATE customers SET city = 'x' WHERE id = (SELECT min(o.customer) FROM orders o, customers c
           WHERE o.customer = c.id AND c.id = 300 AND o.status = 'open')",
        0,
    ),
    (
        "SELECT count(*) FROM customers c, orders o WHERE o.customer = c.id AND c.id = $1 AND o.status = 'open'",
        "SELECT count(*) FROM orders o, customers c WHERE o.customer = c.id AND c.id = $1 AND o.status = 'open'",
        0,
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn partial_and_expression_indexes_are_seen_wherever_their_table_stands() {
    for server in servers() {
        let mut world = World::new(&server).await;
        let made = make(&mut world.hypopg, &[open_orders(), mails()]);
        for (text, led, place) in LED {
            let before = world.plan(text, &[]);
            let plan = world.plan(text, &made);
            assert!(plan.used.keys().eq([&made[place]]), "{text}: {}", plan.json);
            assert!(plan.cost < before.cost, "{text}: {}", plan.json);
            let same = world.plan(led, &made);
            assert!(
                (plan.cost - same.cost).abs() < 0.011,
                "{text}: {}",
                plan.json
            );
            // It is gone again.
            assert_eq!(world.plan(text, &[]), before, "{text}");
        }
        // Where no list can have it first it gains nothing, and that is told once.
        let below = "SELECT 1 FROM customers c WHERE EXISTS (SELECT 1 FROM orders o
            WHERE o.customer = c.id AND o.status = 'open') AND c.id = 100";
        assert!(world.plan(below, &made).cost <= world.plan(below, &[]).cost);
        let notes = world.notes();
        assert!(
            matches!(notes.as_slice(), [note] if note.contains("of the first table of a FROM list only")),
            "{notes:?}"
        );
        assert_eq!(world.notes(), Vec::<String>::new());
    }
}
