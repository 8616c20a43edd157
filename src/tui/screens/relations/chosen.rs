//! The choice in a few words, and as what is collected.

use crate::facts::human;
use crate::report::index_advice::bytes;
use crate::report::listing::Object;
use crate::tui::advising::{Advising, Found, Proposal, Stage, Verdict, choice};
use crate::tui::data::Data;
use crate::tui::drafts::{Draft, Lint};
use crate::tui::theme::Role;

/// In place of a rule, for what the search advises.
pub const ADVICE: &str = "advise/index";

/// Sizes of a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sizes {
    /// New indexes.
    pub created: usize,
    /// Their bytes.
    pub created_bytes: f64,
    /// Indexes that go.
    pub gone: usize,
    /// Their bytes, as far as they are known.
    pub gone_bytes: f64,
}

/// Sizes of what is chosen.
pub fn sizes(data: &Data) -> Sizes {
    let mut sizes = Sizes::default();
    let proposals = data
        .advising
        .found
        .iter()
        .flat_map(|found| &found.proposals);
    for (place, proposal) in proposals.enumerate() {
        if choice::is_created(data, place) {
            sizes.created += 1;
            sizes.created_bytes += bytes(&proposal.chosen);
        }
    }
    let indexes = &data.relations.indexes;
    for index in indexes
        .rows
        .iter()
        .filter(|index| choice::is_dropped(data, index))
    {
        sizes.gone += 1;
        sizes.gone_bytes += indexes.get(index, "size_bytes").as_f64().unwrap_or(0.0);
    }
    sizes
}

/// The workload's cost with the choice as a share of what it is now; `None`: not known yet.
pub fn relative(advising: &Advising) -> Option<f64> {
    let weighed = &advising.weighing.as_ref()?.weighed;
    Some(weighed.after / weighed.before.max(f64::MIN_POSITIVE))
}

/// A change as a share, with its sign.
pub fn change(share: f64) -> String {
    if share.abs() < 5e-5 {
        return "0%".to_owned();
    }
    let sign = if share > 0.0 { "+" } else { "" };
    format!("{sign}{}", human::percent(share))
}

/// What the workload would cost without an index, or with it where it is not there.
pub fn worth(share: f64, is_there: bool) -> String {
    let with = if is_there { "without it" } else { "with it" };
    let sign = if is_there { 1.0 } else { -1.0 };
    let change = sign * share;
    let then = if change.abs() < 5e-5 {
        "what it costs now".to_owned()
    } else if change > 0.0 {
        format!("{} of now more", human::percent(change))
    } else {
        format!("{} of now less", human::percent(-change))
    };
    format!("{with} the workload would cost {then}")
}

/// For the header; `None`: there is nothing to say of a search.
pub fn summary(data: &Data) -> Option<Vec<(Role, String)>> {
    let advising = &data.advising;
    match &advising.stage {
        Stage::Preparing(what) => return Some(vec![(Role::Warning, what.clone())]),
        Stage::Searching(_) => return Some(vec![so_far(advising)]),
        Stage::Failed(_) => return Some(vec![(Role::Error, "no search: u says why".to_owned())]),
        Stage::Idle | Stage::Ready => {}
    }
    let found = advising.found.as_ref()?;
    let sizes = sizes(data);
    // Cost and size stand together, since one says little without the other.
    let size = format!("+{}", human::bytes(sizes.created_bytes));
    let whole = match relative(advising) {
        _ if advising.is_weighing() => (Role::Dim, format!("weighing, {size}")),
        None => (Role::Dim, format!("not weighed, {size}")),
        Some(relative) => {
            let role = if relative > 1.0 {
                Role::Error
            } else {
                Role::Good
            };
            (role, format!("cost {}, {size}", change(relative - 1.0)))
        }
    };
    let mut parts = vec![whole];
    if sizes.gone > 0 {
        let gone = format!("drops -{}", human::bytes(sizes.gone_bytes));
        parts.push((Role::Text, gone));
    }
    parts.extend(writes(found, advising).map(|text| (Role::Dim, text)));
    Some(parts)
}

/// The best so far, while it is searched.
fn so_far(advising: &Advising) -> (Role, String) {
    let best = advising.best.as_ref();
    let text = best.map_or_else(
        || "nothing better yet".to_owned(),
        |best| {
            let size: f64 = best.indexes.iter().map(|(_, bytes)| bytes).sum();
            let cost = change(best.relative - 1.0);
            format!("cost {cost}, +{}", human::bytes(size))
        },
    );
    (Role::Warning, text)
}

/// What writes pay, as a share of what the workload costs now.
fn writes(found: &Found, advising: &Advising) -> Option<String> {
    let weighed = &advising.weighing.as_ref()?.weighed;
    let share = weighed.write_cost? / found.advice.before.max(f64::MIN_POSITIVE);
    Some(format!("writes {}", change(share)))
}

/// A proposal as what is collected.
pub fn create_of(data: &Data, proposal: &Proposal) -> Option<Draft> {
    let found = data.advising.found.as_ref()?;
    let chosen = &proposal.chosen;
    let target = chosen.sized.spec.target();
    let share = chosen.gain / found.advice.before.max(f64::MIN_POSITIVE);
    Some(Draft {
        key: format!("{ADVICE}:{}:{target}", found.database),
        rule: ADVICE.to_owned(),
        database: Some(found.database.clone()),
        object: format!("{}.{}", chosen.sized.spec.schema, chosen.name),
        detail: format!(
            "on {target}, {}: without it the workload would cost {} of now more; {} confidence",
            human::bytes(bytes(chosen)),
            human::percent(share),
            chosen.confidence.word()
        ),
        sql: proposal.sql.clone(),
        undo: Some(proposal.undo.clone()),
        is_edited: false,
        lint: Lint::Asked,
    })
}

/// The drop of an index that is advised, as what is collected: by its finding where there is one.
pub fn drop_of(data: &Data, index: &Object) -> Option<Draft> {
    if let Some(Verdict::Goes(drop)) = data.verdicts.of(index.id) {
        let mut findings = data.outcome.findings.iter();
        let finding = findings.find(|finding| {
            let subject = finding.subject;
            subject.is_some_and(|subject| subject.kind == "index" && subject.id == index.id)
                && finding.fix.as_deref() == Some(drop.sql.as_str())
        });
        return finding.and_then(Draft::of);
    }
    let takeover = choice::takeover(data, index)?;
    if !choice::is_created(data, takeover.by) {
        return None;
    }
    let found = data.advising.found.as_ref()?;
    Some(Draft {
        key: format!("{ADVICE}:{}:{}", found.database, takeover.name),
        rule: ADVICE.to_owned(),
        database: Some(found.database.clone()),
        object: takeover.name.clone(),
        detail: takeover.because.clone(),
        sql: takeover.sql.clone(),
        undo: takeover.undo.clone(),
        is_edited: false,
        lint: Lint::Asked,
    })
}

/// All that is chosen: new indexes, then drops that are advised.
pub fn all(data: &Data) -> Vec<Draft> {
    let proposals = data
        .advising
        .found
        .iter()
        .flat_map(|found| &found.proposals);
    let created = proposals.enumerate();
    let created = created.filter(|(place, _)| choice::is_created(data, *place));
    let created = created.filter_map(|(_, proposal)| create_of(data, proposal));
    let indexes = data.relations.indexes.rows.iter();
    let gone = indexes.filter(|index| choice::is_dropped(data, index));
    let gone = gone.filter_map(|index| drop_of(data, index));
    created.chain(gone).collect()
}
