//! Plans as `EXPLAIN (FORMAT JSON)` prints them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::advise::index::{Handle, Plan, Planned};

/// Reads a plan. `names` are those of hypothetical indexes.
pub fn read(json: String, names: &HashMap<String, Handle>) -> Plan {
    let unread = || "the planner's answer cannot be read".to_owned();
    let value: Value = serde_json::from_str(&json).map_err(|_| unread())?;
    let plans: Vec<&Value> = (value.as_array().into_iter().flatten())
        .filter_map(|statement| statement.get("Plan"))
        .collect();
    // A rule may turn one statement into several, or into none.
    let costs: Option<Vec<f64>> = plans
        .iter()
        .map(|plan| plan.get("Total Cost")?.as_f64())
        .collect();
    let costs = costs.filter(|costs| !costs.is_empty()).ok_or_else(unread)?;
    let (mut used, mut existing) = (BTreeMap::new(), BTreeSet::new());
    // By hand, since the depth of plans is that of statements.
    let mut nodes = plans;
    while let Some(node) = nodes.pop() {
        if let Some(name) = node.get("Index Name").and_then(Value::as_str) {
            match names.get(name) {
                Some(handle) => {
                    used.insert(*handle, name.to_owned());
                }
                None => {
                    existing.insert(name.to_owned());
                }
            }
        }
        nodes.extend(
            node.get("Plans")
                .and_then(Value::as_array)
                .into_iter()
                .flatten(),
        );
    }
    Ok(Planned {
        cost: costs.iter().sum(),
        used,
        used_existing: existing.into_iter().collect(),
        json,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Handle, read};

    #[test]
    fn costs_and_indexes_are_read() {
        let json = r#"[{"Plan": {"Node Type": "Nested Loop", "Total Cost": 12.5, "Plans": [
            {"Node Type": "Index Scan", "Index Name": "pgtriage_2", "Total Cost": 1},
            {"Node Type": "Bitmap Heap Scan", "Plans": [{"Index Name": "orders_pkey"}, {"Index Name": "a"}]}]}}]"#;
        let names = HashMap::from([("pgtriage_2".to_owned(), Handle(2))]);
        let plan = read(json.to_owned(), &names).unwrap();
        assert!((plan.cost - 12.5).abs() < 1e-9);
        assert_eq!(plan.used, [(Handle(2), "pgtriage_2".to_owned())].into());
        assert_eq!(plan.used_existing, ["a", "orders_pkey"]);
        for bad in ["", "[]", r#"["Utility Statement"]"#, r#"[{"Plan": {}}]"#] {
            assert!(read(bad.to_owned(), &names).is_err(), "{bad}");
        }
    }
}
