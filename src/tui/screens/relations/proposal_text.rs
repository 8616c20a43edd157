//! Everything about an index that could be made.

use crate::advise::index::{Effect, PAGE, WeighedStatement};
use crate::facts::human;
use crate::report::index_advice::{bytes, write_cost};
use crate::tui::advising::{Found, Proposal, choice};
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::theme::Role;

use super::chosen::worth as worth_in_words;
use super::gain_text;

/// What it is, what it brings and costs, whom it helps and hurts, how it is made.
pub fn proposal_text(data: &Data, place: usize, proposal: &Proposal) -> Doc {
    let mut doc = Doc::new();
    let Some(found) = &data.advising.found else {
        return doc;
    };
    let chosen = &proposal.chosen;
    let is_created = choice::is_created(data, place);
    let (role, word) = if is_created {
        (Role::Good, "[x] create")
    } else {
        (Role::Dim, "[ ] create")
    };
    doc.pieces(&[
        (role, word),
        (Role::Text, "  "),
        (Role::Strong, &chosen.name),
    ]);
    doc.sql(&proposal.sql);
    if !proposal.is_advised {
        doc.line(
            Role::Dim,
            "An earlier search advised it; the latest one does not.",
        );
    }
    doc.heading("Figures");
    let worth = data.advising.worth_of_proposal(place);
    let worth = worth.map_or_else(
        || "not known yet".to_owned(),
        |share| worth_in_words(share, is_created),
    );
    let field = |name: &str, text: String| (name.to_owned(), Role::Text, text);
    let build = chosen.build_seconds.map_or_else(
        || "its time is not known".to_owned(),
        |seconds| {
            let time = human::ms(seconds * 1e3);
            format!(
                "about {time} on a server that does little else, and waits for open transactions"
            )
        },
    );
    let writes = write_cost(chosen);
    let lock = if proposal.sql.contains("ON ONLY") {
        "CONCURRENTLY part by part; the parent and each ATTACH take short locks"
    } else {
        "SHARE UPDATE EXCLUSIVE: reads and writes go on, other changes of the table wait"
    };
    doc.fields(&[
        field("worth", worth),
        field("size", size(proposal)),
        field(
            "writes",
            writes
                .strip_prefix("Writes: ")
                .unwrap_or(&writes)
                .to_owned(),
        ),
        field("build", build),
        field("lock", lock.to_owned()),
        field("confidence", confidence(proposal)),
    ]);
    let takes = found
        .takeovers
        .iter()
        .filter(|takeover| takeover.by == place);
    let takes: Vec<&str> = takes.map(|takeover| takeover.name.as_str()).collect();
    if !takes.is_empty() {
        let text = format!("It takes over from {}.", takes.join(", "));
        doc.line(Role::Text, &text);
    }
    effects(&mut doc, data, found, place, proposal);
    doc.heading("Undo").sql(&proposal.undo);
    doc
}

/// An index of the best choice so far.
pub fn better_text(target: &str) -> Doc {
    let mut doc = Doc::new();
    doc.line(Role::Strong, &format!("on {target}"));
    doc.line(
        Role::Text,
        "It is in the best choice so far. What it brings and costs is told when the search has ended.",
    );
    doc.pieces(&[
        (Role::Key, "Esc"),
        (Role::Text, " ends it now and keeps the best."),
    ]);
    doc
}

fn size(proposal: &Proposal) -> String {
    let chosen = &proposal.chosen;
    let size = human::bytes(bytes(chosen));
    let range = chosen.pages.filter(|(least, most)| least != most);
    range.map_or_else(
        || size.clone(),
        |(least, most)| {
            let (least, most) = (least as f64 * PAGE, most as f64 * PAGE);
            format!("{size} ({} to {})", human::bytes(least), human::bytes(most))
        },
    )
}

fn confidence(proposal: &Proposal) -> String {
    let word = proposal.chosen.confidence.word();
    let why = match word {
        "high" => "it gains whatever values and planner settings are",
        "medium" => "some of what it gains depends on values or settings that are not known",
        _ => "what it gains depends on values or settings that are not known",
    };
    format!("{word}: {why}")
}

/// Statements whose plans use it, with the choice as it was weighed; else as the search found.
fn effects(doc: &mut Doc, data: &Data, found: &Found, place: usize, proposal: &Proposal) {
    let weighing = data.advising.weighing.as_ref();
    let using = weighing.map(|weighing| {
        let all = weighing.weighed.statements.iter();
        all.filter(|one| one.created.contains(&place))
            .cloned()
            .collect()
    });
    let using: Vec<WeighedStatement> = using
        .filter(|using: &Vec<_>| !using.is_empty())
        .unwrap_or_else(|| proposal.chosen.effects.iter().map(as_weighed).collect());
    let (hurt, helped): (Vec<_>, Vec<_>) = using.iter().partition(|one| one.after > one.before);
    if !hurt.is_empty() {
        doc.heading("Statements that it hurts");
        gain_text::grid_of(doc, found, &hurt);
    }
    doc.heading("Statements that it helps");
    if helped.is_empty() {
        doc.line(Role::Dim, "No plan uses it beside the others.");
    }
    gain_text::grid_of(doc, found, &helped);
}

fn as_weighed(effect: &Effect) -> WeighedStatement {
    WeighedStatement {
        statement: effect.statement,
        before: effect.before,
        after: effect.after,
        ..WeighedStatement::default()
    }
}
