//! A run: every page over the facts, from queries to ranked findings.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use jiff::civil::Date;

use crate::facts::{FactsError, Limit, Store};

use super::baseline::Baseline;
use super::comments::Comments;
use super::conclude::conclude;
use super::finding::Subject;
use super::ground::Ground;
use super::needs::Gap;
use super::outcome::{Outcome, RuleRun, SkipKind, Skipped, Status, Unjudged};
use super::page::{Origin, Page};
use super::pages::{Pages, Selection};
use super::plan::{Plan, RulePlan};
use super::query::{self, Values};
use super::root::Root;
use super::row::{self, Found};
use super::suppress::Suppress;
use super::{comments, keys, results};

/// What a run is told beside pages, settings and facts.
pub struct Options<'a> {
    /// Rules to report.
    pub selection: Selection,
    /// The day by which entries of `[[ignore]]` expire.
    pub today: Date,
    /// Where paths of files are told from, in keys and for patterns.
    pub root: Root,
    /// Findings that were accepted once.
    pub baseline: Option<&'a Baseline>,
    /// What one query may cost.
    pub limit: Limit,
    /// Results become facts, for who reads them there.
    pub keeps_results: bool,
    /// A clock that only moves forward, to time the rules with.
    pub clock: Option<&'a dyn Fn() -> Duration>,
}

impl Options<'_> {
    /// All rules, no baseline, no clock; results are kept.
    pub fn on(today: Date) -> Self {
        Self {
            selection: Selection::default(),
            today,
            root: Root::default(),
            baseline: None,
            limit: Limit::QUERY,
            keeps_results: true,
            clock: None,
        }
    }
}

/// Views over statements that many pages read, with the column they are joined by: computed once
/// a run.
const HELD: [(&str, &str); 8] = [
    ("statement_samples", "sample_id"),
    ("statement_counters_latest", "statement_id"),
    ("statement_rate_by_node", "statement_id"),
    ("statement_totals", "statement_id"),
    ("statement_rate", "statement_id"),
    ("application_statements", "statement_id"),
    ("indexed_paths", "statement_id"),
    ("repeated_reads", "statement_id"),
];

/// Family of the pages that say something where migrations are linted, and else are left out.
pub(super) const MIGRATION: &str = "migration";

/// Runs the pages over the facts and, where they are kept, writes the results into the tables `rules`, `findings`,
/// `ignored_findings`, `skipped_rules` and `unjudged` of the same facts, in place of what stood
/// there.
pub fn run(
    store: &mut Store,
    pages: &Pages,
    plan: &Plan,
    options: &Options<'_>,
) -> Result<Outcome, FactsError> {
    let chosen: Vec<&Page> = chosen(pages, &options.selection);
    let needs = chosen.iter().flat_map(|page| &page.needs);
    let needed: HashSet<&str> = needs.map(|need| need.table.as_str()).collect();
    let mut ground = Ground::read(store, Some(&needed))?;
    ground.root = options.root.clone();
    let comments = if ground.has_migrations {
        comments::check(store.connection(), pages, options.today)?;
        Comments::read(store.connection(), pages, plan)?
    } else {
        Comments::default()
    };
    // Without statements they are empty, and the pages of a choice may read none of them.
    let held: &[_] = if ground.has_statements { &HELD } else { &[] };
    store.hold(held)?;
    let suppress = Suppress::new(&plan.ignores, comments, options.today);
    let outcome = judged(store, pages, plan, options, &ground, suppress);
    store.release(held)?;
    let outcome = outcome?;
    if options.keeps_results {
        results::write(store, &outcome)?;
    }
    Ok(outcome)
}

/// The pages of a selection, with those that they yield to.
fn chosen<'a>(pages: &'a Pages, selection: &Selection) -> Vec<&'a Page> {
    let beside: HashSet<&str> = pages
        .iter()
        .filter(|page| selection.has(&page.id))
        .flat_map(|page| pages.before(page))
        .collect();
    let is_chosen = |page: &&Page| selection.has(&page.id) || beside.contains(page.id.as_str());
    pages.iter().filter(is_chosen).collect()
}

fn judged(
    store: &mut Store,
    pages: &Pages,
    plan: &Plan,
    options: &Options<'_>,
    ground: &Ground,
    mut suppress: Suppress<'_>,
) -> Result<Outcome, FactsError> {
    let wanted = |page: &&Page| {
        options.selection.has(&page.id) && (ground.has_migrations || page.family() != MIGRATION)
    };
    // A rule that another yields to runs too, so that a choice of rules changes no finding.
    let beside: HashSet<&str> = pages
        .iter()
        .filter(wanted)
        .flat_map(|page| pages.before(page))
        .collect();
    let mut outcome = Outcome::default();
    let mut kept = Vec::new();
    let mut fired: HashMap<&str, HashSet<Subject>> = HashMap::new();
    for late in [false, true] {
        let mut found = Vec::new();
        let of_turn = |page: &&Page| {
            page.is_late() == late && (wanted(page) || beside.contains(page.id.as_str()))
        };
        if late && pages.iter().any(|page| of_turn(&page)) {
            results::write_ignored(store, &outcome.rules, &suppress.ignored)?;
        }
        for page in pages.iter().filter(of_turn) {
            let rule = plan.rule(page);
            let before = options.clock.map(|clock| clock());
            let judged = judge(store, page, &rule, ground, options.limit);
            let elapsed = options
                .clock
                .zip(before)
                .map(|(clock, before)| clock().saturating_sub(before));
            for found in &judged.found {
                fired
                    .entry(&page.id)
                    .or_default()
                    .extend(found.finding.subject);
            }
            if wanted(&page) {
                outcome.rules.push(RuleRun {
                    id: page.id.clone(),
                    title: page.title.clone(),
                    severity: rule.severity.unwrap_or(page.severity),
                    source: match page.origin {
                        Origin::Builtin => "builtin".to_owned(),
                        Origin::User => page.source.path.clone(),
                    },
                    status: judged.status,
                    finding_count: 0,
                    elapsed_ms: elapsed.map(|elapsed| elapsed.as_secs_f64() * 1000.0),
                });
                outcome.skipped.extend(judged.skipped);
                outcome.unjudged.extend(judged.unjudged);
                found.extend(judged.found);
            }
        }
        found.retain(|found: &Found| !stands_elsewhere(pages, &fired, found));
        kept.extend(suppress.take(found));
    }
    outcome.rules.sort_by(|a, b| a.id.cmp(&b.id));
    conclude(store, &mut outcome, kept, &suppress, options)?;
    outcome.ignored = suppress.ignored;
    Ok(outcome)
}

/// What one page says about the facts.
#[derive(Debug)]
pub(super) struct Judged {
    pub status: Status,
    pub found: Vec<Found>,
    pub skipped: Option<Skipped>,
    pub unjudged: Vec<Unjudged>,
}

/// Runs one page.
pub(super) fn judge(
    store: &mut Store,
    page: &Page,
    rule: &RulePlan,
    ground: &Ground,
    limit: Limit,
) -> Judged {
    let mut judged = Judged {
        status: Status::Skipped,
        found: Vec::new(),
        skipped: None,
        unjudged: Vec::new(),
    };
    let skip = |kind, because: String, remedy| {
        Some(Skipped {
            rule: page.id.clone(),
            kind,
            because,
            remedy,
        })
    };
    if rule.off.is_some() {
        judged.status = Status::Off;
        return judged;
    }
    if !ground.majors.is_empty() && !ground.majors.iter().any(|major| page.applies_to(*major)) {
        judged.skipped = skip(SkipKind::NotApplicable, versions(page), None);
        return judged;
    }
    let coverage = ground.known.coverage(page, &ground.views);
    if !coverage.blocked.is_empty() {
        let (because, remedy) = join(&coverage.blocked);
        judged.skipped = skip(SkipKind::MissingFacts, because, remedy);
        return judged;
    }
    let result = found(store, page, rule, &ground.root, limit)
        .and_then(|found| Ok((found, cannot_judge(store, page, rule, limit)?)));
    match result {
        Ok((found, unjudged)) => {
            judged.status = Status::Run;
            judged.found = found;
            judged.unjudged = group(page, coverage.partial.into_iter().chain(unjudged));
        }
        Err(reason) => {
            let user = page.origin == Origin::User;
            let remedy = user.then(|| format!("pgtriage rules check {}", page.source.path));
            judged.skipped = skip(SkipKind::Failed, reason, remedy);
        }
    }
    judged
}

/// The page's findings, keys given. The query runs once for each distinct set of values, and a row
/// counts where the set is the one in force for its object.
fn found(
    store: &mut Store,
    page: &Page,
    rule: &RulePlan,
    root: &Root,
    limit: Limit,
) -> Result<Vec<Found>, String> {
    let mut sets: Vec<&Values> = vec![&rule.values];
    for object in &rule.objects {
        if !sets.contains(&&object.values) {
            sets.push(&object.values);
        }
    }
    let mut kept = Vec::new();
    for values in sets {
        let rows = query::rows(store, &page.query, values, limit)?;
        for mut found in row::findings(store.connection(), page, rows, root)? {
            let object = rule.object(&found);
            if object.map_or(&rule.values, |object| &object.values) != values {
                continue;
            }
            let severity = object.map_or(rule.severity, |object| object.severity);
            let finding = &mut found.finding;
            finding.severity = severity.unwrap_or(finding.severity);
            kept.push(found);
        }
    }
    keys::give(&mut kept);
    Ok(kept)
}

fn cannot_judge(
    store: &mut Store,
    page: &Page,
    rule: &RulePlan,
    limit: Limit,
) -> Result<Vec<(Gap, String)>, String> {
    let Some(sql) = &page.cannot_judge else {
        return Ok(Vec::new());
    };
    let rows = query::rows(store, sql, &rule.values, limit)?;
    let at = |name: &str| rows.columns.iter().position(|column| column == name);
    let text = |row: &[rusqlite::types::Value], name| match at(name).and_then(|at| row.get(at)) {
        Some(rusqlite::types::Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let unjudged = rows.rows.iter().map(|row| {
        let because = text(row, "because").ok_or("`Cannot judge` gives no reason")?;
        let object = text(row, "object").ok_or("`Cannot judge` gives no object")?;
        let remedy = text(row, "remedy");
        Ok((Gap { because, remedy }, object))
    });
    unjudged.collect()
}

/// A finding yields where a rule that its page names fired on the same subject.
fn stands_elsewhere(pages: &Pages, fired: &HashMap<&str, HashSet<Subject>>, found: &Found) -> bool {
    let Some((page, subject)) = pages.get(&found.finding.rule).zip(found.finding.subject) else {
        return false;
    };
    page.yields_to.iter().any(|other| {
        fired
            .get(other.value.as_str())
            .is_some_and(|subjects| subjects.contains(&subject))
    })
}

fn versions(page: &Page) -> String {
    match (page.min_server, page.max_server) {
        (Some(min), Some(max)) => format!("it applies to PostgreSQL {min} to {max}"),
        (Some(min), None) => format!("it applies to PostgreSQL {min} and newer"),
        (None, Some(max)) => format!("it applies to PostgreSQL {max} and older"),
        (None, None) => "it applies to every PostgreSQL".to_owned(),
    }
}

/// Several reasons as one, several remedies one below the other.
fn join(gaps: &BTreeSet<Gap>) -> (String, Option<String>) {
    let because: BTreeSet<&str> = gaps.iter().map(|gap| gap.because.as_str()).collect();
    let remedies: BTreeSet<&str> = gaps
        .iter()
        .filter_map(|gap| gap.remedy.as_deref())
        .collect();
    let join = |parts: BTreeSet<&str>, by| parts.into_iter().collect::<Vec<_>>().join(by);
    let remedy = (!remedies.is_empty()).then(|| join(remedies, "\n"));
    (join(because, "; "), remedy)
}

fn group(page: &Page, gaps: impl Iterator<Item = (Gap, String)>) -> Vec<Unjudged> {
    let mut by_gap: BTreeMap<Gap, BTreeSet<String>> = BTreeMap::new();
    for (gap, object) in gaps {
        by_gap.entry(gap).or_default().insert(object);
    }
    by_gap
        .into_iter()
        .map(|(gap, objects)| Unjudged {
            rule: page.id.clone(),
            gap,
            objects: objects.into_iter().collect(),
        })
        .collect()
}
