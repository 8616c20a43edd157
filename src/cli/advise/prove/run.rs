//! A proof in order: look at the copy, make the indexes, run the statements, judge, drop what was made.

use std::collections::BTreeMap;

use anyhow::bail;

use super::build::{Made, build};
use super::copy::Copy;
use super::likeness::likeness;
use super::options::Proving;
use super::runner::Runner;
use super::suited::suited;
use crate::advise::index::proof::{
    Built, Entrant, Limits, Proof, Proved, Spared, Timed, Trial, Verdict, created, dropped,
};
use crate::advise::index::search::Objective;
use crate::advise::index::{Chosen, Drops, Kept, Set};
use crate::advise::workload::{Query, Unplanned};
use crate::cli::advise::index_search::{Found, drops};
use crate::cli::advise::params;
use crate::cli::context::{Context, Rules};
use crate::cli::progress::Progress;
use crate::facts::{Store, human};
use crate::report::index_advice::Shown;

/// What a proof stands on.
pub struct Ground<'g> {
    /// Its options.
    pub options: &'g Proving,
    /// What the command stands on.
    pub context: &'g Context,
    /// Pages with their numbers.
    pub rules: &'g Rules,
    /// `databases.id` of the original.
    pub database: i64,
    /// What is to be made small.
    pub objective: Objective,
    /// Share of the workload that an index has to gain.
    pub least_gain: f64,
}

/// Proves advice in a copy: takes out of `found` what does not pay, and gives the drops that are left.
pub fn prove(
    mut copy: Copy,
    ground: &Ground<'_>,
    store: &mut Store,
    found: &mut Found,
) -> anyhow::Result<(Proof, Drops)> {
    let proved = proved(&mut copy, ground, store, found);
    copy.end(ground.context, proved.is_err());
    proved
}

fn proved(
    copy: &mut Copy,
    ground: &Ground<'_>,
    store: &mut Store,
    found: &mut Found,
) -> anyhow::Result<(Proof, Drops)> {
    let options = ground.options;
    let limit = options.prove_timeout.0;
    let (slower, rows_apart) = params::prove(&ground.rules.plan);
    let like = likeness(copy, store.connection(), ground.database, rows_apart)?;
    let queries = &found.workload.queries;
    let suited = suited(copy, queries, &like.settings, limit)?;
    if suited.run.is_empty() {
        let first = suited.not_run.first();
        let because = first.map_or_else(String::new, |one| format!("; the first: {}", one.because));
        bail!(
            "no statement of the workload can be run in {}{because}",
            copy.target()
        );
    }
    copy.begin()?;
    let (made, names) = built(copy, ground, store, found)?;
    let advised = std::mem::take(&mut found.advice.create);
    let weights: Vec<f64> = queries.iter().map(|query| query.weight).collect();
    let mut trial = Trial {
        texts: &suited.texts,
        weights: &weights,
        objective: ground.objective,
        hours: found.hours,
        limits: Limits {
            least_gain: ground.least_gain,
            slower,
        },
        lost: BTreeMap::new(),
    };
    let progress = Progress::new(ground.context.say);
    let mut runner = Runner::new(copy, &suited.run, options.prove_rounds, limit, progress);
    let (entrants, absent) = entrants(&mut runner, &advised, &made, &suited.not_run)?;
    let new = Set::of(0..advised.len());
    let mut judged = created(&mut runner, &mut trial, &entrants, &new, &absent)?;
    let indexes = told(&advised, &made, &judged.verdicts);
    let left = indexes.iter().filter(|one| !one.is_out);
    found.advice.create = left.map(|one| one.chosen.clone()).collect();
    let mut going = drops(store, ground.database, ground.rules, &found.advice)?;
    let tried = droppable(&mut runner, store, &going, advised.len())?;
    let (statements, hidden) = (&mut judged.statements, &judged.hidden);
    let stay = dropped(&mut runner, &mut trial, statements, hidden, &tried)?;
    drop(runner);
    if options.prove_keep {
        for (one, names) in indexes.iter().zip(&names) {
            for (schema, index) in names.iter().filter(|_| !one.is_out && one.bytes.is_some()) {
                copy.keep(schema, index)?;
            }
        }
    }
    let statement = |query: usize| queries[query].statement;
    let object = |place: usize| going.go[place - advised.len()].object.clone();
    let spared: Vec<Spared> = (stay.iter())
        .map(|one| Spared {
            object: object(one.place),
            statement: statement(one.query),
            with_ms: one.with_ms,
            without_ms: one.without_ms,
        })
        .collect();
    let is_spared = |place: usize| stay.iter().any(|one| one.place == place);
    let gone = tried.iter().filter(|place| !is_spared(*place));
    let gone: Vec<String> = gone.map(object).collect();
    stay_spared(&mut going, &spared, store)?;
    let statements = proved_statements(&judged.statements, &trial, queries, &advised);
    let mut not_run = suited.not_run;
    not_run.extend(trial.lost.iter().map(|(query, because)| Unplanned {
        statement: statement(*query),
        because: because.clone(),
    }));
    let proof = Proof {
        target: copy.target(),
        rounds: options.prove_rounds,
        is_kept: options.prove_keep,
        statements,
        indexes,
        spared,
        dropped: gone,
        not_run,
        apart: like.apart,
    };
    Ok((proof, going))
}

/// What became of an index, and schemas and names of all that was to be made for it.
type Builds = (Vec<Made>, Vec<Vec<(String, String)>>);

/// Makes all advised indexes.
fn built(
    copy: &mut Copy,
    ground: &Ground<'_>,
    store: &Store,
    found: &Found,
) -> anyhow::Result<Builds> {
    let shown = Shown {
        advice: &found.advice,
        drops: &Drops::default(),
        tail: found.tail,
        store,
        budget: None,
        planner: "",
        proof: None,
    };
    let made = build(copy, &shown, &mut Progress::new(ground.context.say))?;
    let names = found.advice.create.iter().map(|chosen| shown.made(chosen));
    Ok((made, names.collect::<Result<_, _>>()?))
}

/// New indexes that are there and can be hidden, and the places of the others.
fn entrants(
    runner: &mut Runner<'_>,
    advised: &[Chosen],
    made: &[Made],
    not_run: &[Unplanned],
) -> anyhow::Result<(Vec<Entrant>, Set)> {
    let mut entrants = Vec::new();
    let mut absent = Set::default();
    for (place, (chosen, made)) in advised.iter().zip(made).enumerate() {
        let is_there = matches!(made, Made::There { .. });
        let schema = &chosen.sized.spec.schema;
        if !is_there || runner.add(place, schema, &chosen.name)?.is_err() {
            absent.insert(place);
            continue;
        }
        entrants.push(Entrant {
            place,
            write_ms: chosen.writes.and_then(|writes| writes.added_ms_per_hour),
            helps_unrun: helps(chosen, not_run),
        });
    }
    Ok((entrants, absent))
}

/// Places of indexes that may go and that the copy has.
fn droppable(
    runner: &mut Runner<'_>,
    store: &Store,
    drops: &Drops,
    first: usize,
) -> anyhow::Result<Set> {
    let mut tried = Set::default();
    for (at, drop) in drops.go.iter().enumerate() {
        let (schema, index) = index_name(store, drop.index_id)?;
        if runner.add(first + at, &schema, &index)?.is_ok() {
            tried.insert(first + at);
        }
    }
    Ok(tried)
}

/// What statements took, those that gain most first.
fn proved_statements(
    measured: &[Timed],
    trial: &Trial<'_>,
    queries: &[Query],
    advised: &[Chosen],
) -> Vec<Proved> {
    let name = |place: usize| advised[place].name.clone();
    let measured = measured
        .iter()
        .filter(|timed| !trial.lost.contains_key(&timed.query));
    let mut statements: Vec<Proved> = measured
        .map(|timed| Proved {
            statement: queries[timed.query].statement,
            weight: trial.weights[timed.query],
            before: timed.before,
            after: timed.after,
            used: timed.used.iter().map(name).collect(),
            is_slower: timed.is_slower,
            because: timed.because.iter().copied().map(name).collect(),
        })
        .collect();
    let gain = |one: &Proved| one.weight * (one.before.ms - one.after.ms);
    statements.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
    statements
}

/// Whether an index is to help a statement that is not run.
fn helps(chosen: &Chosen, not_run: &[Unplanned]) -> bool {
    let mut effects = chosen.effects.iter();
    effects.any(|effect| {
        effect.factor() > 1.0 && not_run.iter().any(|one| one.statement == effect.statement)
    })
}

/// All advised indexes with what was measured of them.
fn told(advised: &[Chosen], made: &[Made], verdicts: &BTreeMap<usize, Verdict>) -> Vec<Built> {
    let all = advised.iter().zip(made).enumerate();
    all.map(|(place, (chosen, made))| {
        let unhidden = || "it could not be hidden again".to_owned();
        let (verdict, is_out, size) = match made {
            Made::There { bytes, seconds } => {
                let verdict = verdicts.get(&place).copied().ok_or_else(unhidden);
                let is_out = verdict.as_ref().is_ok_and(|verdict| verdict.is_out());
                (verdict, is_out, Some((*bytes, *seconds)))
            }
            Made::Not(because) => (Err(because.clone()), false, None),
            Made::Never(because) => (Err(because.clone()), true, None),
        };
        Built {
            chosen: chosen.clone(),
            bytes: size.map(|size| size.0),
            seconds: size.map(|size| size.1),
            verdict,
            is_out,
        }
    })
    .collect()
}

/// Moves what is slower without from the indexes that go to those that stay.
fn stay_spared(drops: &mut Drops, spared: &[Spared], store: &Store) -> anyhow::Result<()> {
    for one in spared {
        let Some(at) = drops.go.iter().position(|drop| drop.object == one.object) else {
            continue;
        };
        let drop = drops.go.remove(at);
        let text: String = store.connection().query_row(
            "SELECT coalesce(text, '') FROM statements WHERE id = ?1",
            [one.statement],
            |row| row.get(0),
        )?;
        let words: Vec<&str> = text.split_whitespace().collect();
        drops.stay.push(Kept {
            index_id: drop.index_id,
            object: drop.object,
            because: format!(
                "a statement took {} with it and {} without: {}",
                human::ms(one.with_ms),
                human::ms(one.without_ms),
                words.join(" ")
            ),
        });
    }
    Ok(())
}

fn index_name(store: &Store, index: i64) -> anyhow::Result<(String, String)> {
    let sql = "SELECT schema, name FROM indexes WHERE id = ?1";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(store.connection().query_row(sql, [index], row)?)
}
