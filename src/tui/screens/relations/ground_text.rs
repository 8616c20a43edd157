//! What the search for indexes rests on: the whole in figures, and what it could not see.

use crate::facts::human;
use crate::report::plural;
use crate::tui::advising::{Found, Stage};
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::theme::Role;

use super::chosen::{change, sizes};
use super::gain_text::cost;

/// Statements that are listed with the reason why they were not planned.
const LISTED: usize = 100;
/// Characters of a statement in a list.
const LINE: usize = 160;

/// The choice as a whole, then what the search rests on.
pub fn ground_text(data: &Data) -> Doc {
    let mut doc = Doc::new();
    let advising = &data.advising;
    match &advising.stage {
        Stage::Failed(why) => drop(doc.line(Role::Error, why)),
        Stage::Idle if advising.found.is_some() => drop(doc.line(
            Role::Dim,
            "The planner is gone; a makes it anew and searches.",
        )),
        _ => {}
    }
    asked(&mut doc, data);
    if let Some(found) = &advising.found {
        whole(&mut doc, data);
        rests(&mut doc, found);
    }
    if !data.verdicts.not_judged.is_empty() {
        doc.heading("Drops that could not be judged");
        for (page, because) in &data.verdicts.not_judged {
            doc.item("-", &format!("{page}: {because}"));
        }
    }
    doc
}

fn asked(doc: &mut Doc, data: &Data) {
    let advising = &data.advising;
    let budget = advising.budget.map_or_else(
        || "none: as many indexes as pay".to_owned(),
        |bytes| human::bytes(bytes as f64),
    );
    let field = |name: &str, text: String| (name.to_owned(), Role::Text, text);
    doc.heading("The next search (e changes it, a starts it)");
    doc.fields(&[
        field("budget", budget),
        field("time", human::ms(advising.time.as_secs_f64() * 1e3)),
        field("planner", advising.planner.words().to_owned()),
    ]);
}

fn whole(doc: &mut Doc, data: &Data) {
    doc.heading("What is chosen");
    let sizes = sizes(data);
    let field = |name: &str, text: String| (name.to_owned(), Role::Text, text);
    let mut fields = vec![
        field(
            "new indexes",
            format!("{}, {}", sizes.created, human::bytes(sizes.created_bytes)),
        ),
        field(
            "indexes that go",
            format!("{}, {}", sizes.gone, human::bytes(sizes.gone_bytes)),
        ),
    ];
    if let Some(weighing) = &data.advising.weighing {
        let weighed = &weighing.weighed;
        let least = weighed.before.max(f64::MIN_POSITIVE);
        let share = change(weighed.after / least - 1.0);
        fields.push(field(
            "workload's cost",
            format!(
                "{} → {} ({share}), in the planner's units times executions",
                cost(weighed.before),
                cost(weighed.after)
            ),
        ));
        fields.push(field(
            "writes pay",
            weighed.write_cost.map_or_else(
                || "not known: counters of writes are missing or too young".to_owned(),
                |cost| format!("{} of the workload's cost", change(cost / least)),
            ),
        ));
        let statements = weighed.statements.iter();
        let is_hurt =
            |one: &&crate::advise::index::WeighedStatement| one.after > one.before * 1.001;
        let hurt = statements.filter(is_hurt).count();
        fields.push(field("statements hurt", hurt.to_string()));
    }
    doc.fields(&fields);
    let refused = data.advising.weighing.as_ref();
    if let Some(because) = refused.and_then(|weighing| weighing.weighed.refused.as_ref()) {
        let text = format!("Drops are not in these costs: {because}.");
        doc.line(Role::Warning, &text);
    }
}

fn rests(doc: &mut Doc, found: &Found) {
    let advice = &found.advice;
    doc.heading("What the search rests on");
    let mut sentences = vec![format!(
        "{} of database {} planned by {}: {} candidates, {} questions.",
        plural(advice.statements.len(), "statement"),
        found.database,
        found.planner,
        human::count(advice.candidates as f64),
        human::count(advice.asked as f64)
    )];
    let budget = found.budget.map_or_else(
        || "It had no budget.".to_owned(),
        |bytes| format!("Its budget was {}.", human::bytes(bytes as f64)),
    );
    sentences.push(budget);
    if !advice.is_complete {
        sentences.push(
            "It was cut short: there may be something better, and a goes on from what is known."
                .to_owned(),
        );
    }
    if found.tail.statements > 0 {
        let text = format!(
            "{} with little time in them were left out.",
            plural(found.tail.statements, "statement")
        );
        sentences.push(text);
    }
    for sentence in sentences {
        doc.line(Role::Text, &sentence);
    }
    if !advice.unplanned.is_empty() {
        doc.heading(&format!(
            "Not planned: {}",
            plural(advice.unplanned.len(), "statement")
        ));
    }
    for one in advice.unplanned.iter().take(LISTED) {
        let text = found.subject(one.statement).text;
        let text = crate::report::queries::line(Some(&text), LINE);
        doc.item("-", &one.because);
        doc.sql(&text);
    }
    if !found.lacks.is_empty() {
        doc.heading("What the planner lacks of the original");
    }
    for (object, because) in &found.lacks {
        doc.item("-", &format!("{object}: {because}"));
    }
}
