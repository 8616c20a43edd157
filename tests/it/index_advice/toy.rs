//! A planner of few rules: a table is read whole, or by the index that leaves fewest pages to read.

use std::collections::BTreeMap;

use pgtriage::advise::index::{
    Handle, IndexSpec, Key, Lost, Plan, Planned, Question, Sized, WhatIf,
};
use pgtriage::advise::workload::PlanError;

/// What a text asks of its table.
struct Ask {
    relation: i64,
    pages: f64,
    /// Columns compared with `=`, and the share of the rows that each leaves.
    equal: Vec<(&'static str, f64)>,
    reads: Vec<&'static str>,
}

fn ask(text: &str) -> Option<Ask> {
    if text.contains("broken") {
        return None;
    }
    let is_orders = text.contains("orders");
    let columns: [(&'static str, f64); 6] = [
        ("customer_id", 1.0 / 5e4),
        ("day", 1e-3),
        ("state", 0.2),
        ("mail", 1.0 / 5e4),
        ("city", 1.0 / 500.0),
        ("total", 1.0),
    ];
    let (output, conditions) = text.split_once("WHERE").unwrap_or((text, ""));
    let named = |part: &str| -> Vec<(&'static str, f64)> {
        columns
            .into_iter()
            .filter(|(name, _)| part.contains(name))
            .collect()
    };
    let equal = named(conditions);
    let mut reads: Vec<&'static str> = named(output).iter().map(|(name, _)| *name).collect();
    if output.contains("SELECT id") {
        reads.push("id");
    }
    reads.extend(equal.iter().map(|(name, _)| *name));
    Some(Ask {
        relation: if is_orders { 1 } else { 2 },
        pages: if is_orders { 20_000.0 } else { 1_000.0 },
        equal,
        reads,
    })
}

/// Cost of a text by an index; `None`: it does not serve.
fn by_index(ask: &Ask, spec: &IndexSpec) -> Option<f64> {
    let is_plain =
        spec.relation == ask.relation && spec.method == "btree" && spec.predicate.is_none();
    if !is_plain
        || spec
            .keys
            .iter()
            .any(|key| key.name().is_none() || key.opclass.is_some())
    {
        return None;
    }
    let mut share = 1.0;
    let mut used = 0;
    for key in &spec.keys {
        let Some((_, one)) = ask.equal.iter().find(|(name, _)| Some(*name) == key.name()) else {
            break;
        };
        share *= one;
        used += 1;
    }
    if used == 0 {
        return None;
    }
    let holds = |name: &&str| {
        spec.keys.iter().any(|key| key.name() == Some(*name))
            || spec.include.iter().any(|held| held == name)
    };
    let rows = share * ask.pages * 50.0;
    let each = if ask.reads.iter().all(holds) {
        0.05
    } else {
        1.0
    };
    Some(2.0 + rows * each)
}

fn cost<'s>(
    ask: &Ask,
    specs: impl Iterator<Item = (Handle, &'s IndexSpec)>,
) -> (f64, Option<Handle>) {
    let mut best = (ask.pages, None);
    for (handle, spec) in specs {
        if let Some(cost) = by_index(ask, spec)
            && cost < best.0
        {
            best = (cost, Some(handle));
        }
    }
    best
}

/// Handles from here on are those of indexes that are there.
const OTHERS: u64 = 1 << 32;

/// The planner.
pub struct Toy {
    specs: BTreeMap<Handle, IndexSpec>,
    /// Indexes that are there: id, name and what they are.
    pub existing: Vec<(i64, String, IndexSpec)>,
    /// Questions that were asked.
    pub asked: usize,
    /// It breaks after so many answers.
    pub answers: Option<usize>,
}

impl Toy {
    pub fn new() -> Self {
        Self {
            specs: BTreeMap::new(),
            existing: Vec::new(),
            asked: 0,
            answers: None,
        }
    }
}

impl WhatIf for Toy {
    fn create(&mut self, indexes: &[Sized]) -> Result<Vec<Result<Handle, String>>, Lost> {
        let mut made = Vec::new();
        for index in indexes {
            let handle = Handle(self.specs.len() as u64);
            self.specs.insert(handle, index.spec.clone());
            made.push(Ok(handle));
        }
        Ok(made)
    }

    fn forget(&mut self, indexes: &[Handle]) -> Result<(), Lost> {
        for handle in indexes {
            self.specs.remove(handle);
        }
        Ok(())
    }

    fn check(&mut self, _: &[(String, String)], _: &str) -> Result<Result<(), PlanError>, Lost> {
        Ok(Ok(()))
    }

    fn plan(&mut self, questions: &[Question<'_>]) -> Result<Vec<Plan>, Lost> {
        let mut plans = Vec::new();
        for question in questions {
            self.asked += 1;
            if let Some(left) = &mut self.answers {
                *left = left
                    .checked_sub(1)
                    .ok_or_else(|| Lost("the toy is broken".to_owned()))?;
            }
            let Some(ask) = ask(question.text) else {
                plans.push(Err("it is broken".to_owned()));
                continue;
            };
            let with = question
                .with
                .iter()
                .map(|handle| (*handle, &self.specs[handle]));
            let there = self.existing.iter().enumerate();
            let there = there.filter(|(_, (id, ..))| !question.without.contains(id));
            let there = there.map(|(at, (.., spec))| (Handle(OTHERS + at as u64), spec));
            let (cost, used) = cost(&ask, there.chain(with));
            let name = |handle: Handle| {
                let at = handle.0.checked_sub(OTHERS)?;
                self.existing
                    .get(at as usize)
                    .map(|(_, name, _)| name.clone())
            };
            plans.push(Ok(Planned {
                cost,
                used: (used.iter().filter(|used| used.0 < OTHERS))
                    .map(|used| (*used, String::new()))
                    .collect(),
                used_existing: used.into_iter().filter_map(name).collect(),
                json: String::new(),
            }));
        }
        Ok(plans)
    }
}

/// The least cost that a choice of indexes of one and two columns, plain or covering, has within a budget: all of
/// them are tried. An index costs writers 1.
pub fn best(queries: &[(f64, &str)], budget: f64, size: &dyn Fn(&IndexSpec) -> f64) -> f64 {
    let spec = |relation: i64, keys: &[&str], include: &[&str]| IndexSpec {
        relation,
        schema: "public".into(),
        table: if relation == 1 {
            "orders".into()
        } else {
            "customers".into()
        },
        method: "btree".into(),
        keys: keys.iter().map(|name| Key::column(name)).collect(),
        include: include.iter().map(|name| (*name).to_owned()).collect(),
        predicate: None,
    };
    let specs = [
        spec(1, &["customer_id"], &[]),
        spec(1, &["customer_id"], &["total"]),
        spec(1, &["day"], &[]),
        spec(1, &["day"], &["total"]),
        spec(1, &["day", "state"], &[]),
        spec(1, &["day", "state"], &["total"]),
        spec(1, &["state"], &[]),
        spec(1, &["state"], &["id"]),
        spec(2, &["mail"], &[]),
        spec(2, &["mail"], &["city"]),
        spec(2, &["city"], &[]),
        spec(2, &["city"], &["mail"]),
    ];
    let sizes: Vec<f64> = specs.iter().map(size).collect();
    let asks: Vec<(f64, Ask)> = queries
        .iter()
        .map(|(weight, text)| (*weight, ask(text).unwrap()))
        .collect();
    let mut best = f64::INFINITY;
    for mask in 0..1_u32 << specs.len() {
        let is_in = |place: &usize| mask >> place & 1 == 1;
        let members: Vec<usize> = (0..specs.len()).filter(is_in).collect();
        let bytes: f64 = members.iter().map(|place| sizes[*place]).sum();
        if bytes > budget {
            continue;
        }
        let reads: f64 = asks
            .iter()
            .map(|(weight, ask)| {
                let with = members
                    .iter()
                    .map(|place| (Handle(*place as u64), &specs[*place]));
                weight * cost(ask, with).0
            })
            .sum();
        best = best.min(reads + members.len() as f64);
    }
    best
}
