//! What was measured in a copy, for people.

use super::shown::{Shown, bytes};
use super::table::Page;
use crate::advise::index::proof::{Built, Measured, Proof, Proved, Verdict};
use crate::facts::{FactsError, escape, human};
use crate::report::server::plural;
use crate::report::style::Role;
use crate::report::wrap::cut;

/// Statements that are listed; JSON has all.
const LISTED: usize = 25;

impl Page {
    /// Totals, then indexes, then statements.
    pub(super) fn proof(&mut self, shown: &Shown<'_>, proof: &Proof) -> Result<(), FactsError> {
        self.head(&format!("Measured in {}", proof.target));
        self.line(Role::Plain, 2, &total(proof));
        for sentence in &proof.apart {
            self.line(
                Role::Warning,
                2,
                &format!("Unlike the original: {sentence}."),
            );
        }
        for built in &proof.indexes {
            self.line(
                Role::Plain,
                2,
                &format!("{}: {}.", built.chosen.name, of_index(built)),
            );
        }
        if proof.is_kept {
            self.line(Role::Plain, 2, "The indexes that pay were left there.");
        }
        self.slower(shown, proof)?;
        self.took(shown, proof)?;
        self.not_run(shown, proof)
    }

    fn slower(&mut self, shown: &Shown<'_>, proof: &Proof) -> Result<(), FactsError> {
        if proof.slower().next().is_some() {
            self.head("Slower than before");
        }
        for one in proof.slower() {
            let because = match one.because.as_slice() {
                [] => "no index alone is the cause".to_owned(),
                names => format!("by {}, which gains more elsewhere", names.join(", ")),
            };
            let (before, after) = (time(&one.before), time(&one.after));
            let line = format!(
                "{before} → {after}, {because}: {}",
                shown.line(one.statement)?
            );
            self.line(Role::Warning, 2, &line);
        }
        Ok(())
    }

    fn took(&mut self, shown: &Shown<'_>, proof: &Proof) -> Result<(), FactsError> {
        let changed: Vec<&Proved> = proof
            .statements
            .iter()
            .filter(|one| one.before != one.after)
            .collect();
        let same = proof.statements.len() - changed.len();
        if !changed.is_empty() {
            self.head("What statements take: time and blocks of an execution, before → after");
        }
        for one in changed.iter().take(LISTED) {
            let line = format!("{}  {}", figures(one), shown.line(one.statement)?);
            let line = cut(&escape::line(&line), self.columns.saturating_sub(2).max(20));
            self.line(Role::Plain, 2, &line);
        }
        if changed.len() > LISTED {
            self.line(
                Role::Dim,
                2,
                &format!("and {} more", changed.len() - LISTED),
            );
        }
        if same > 0 {
            let text = format!("{} with the same plan as before", plural(same, "statement"));
            self.line(Role::Dim, 2, &text);
        }
        Ok(())
    }

    fn not_run(&mut self, shown: &Shown<'_>, proof: &Proof) -> Result<(), FactsError> {
        if !proof.not_run.is_empty() {
            self.head(&format!(
                "Not run: {}",
                plural(proof.not_run.len(), "statement")
            ));
        }
        let mut reasons: Vec<&str> = proof.not_run.iter().map(|one| &*one.because).collect();
        reasons.sort_unstable();
        reasons.dedup();
        for because in reasons {
            self.line(Role::Plain, 2, &format!("{because}:"));
            for one in proof.not_run.iter().filter(|one| one.because == because) {
                let line = shown.line(one.statement)?;
                let line = cut(&escape::line(&line), self.columns.saturating_sub(4).max(20));
                self.line(Role::Dim, 4, &line);
            }
        }
        Ok(())
    }
}

fn total(proof: &Proof) -> String {
    let (before, after) = proof.total();
    let count = plural(proof.statements.len(), "statement");
    let ratio = after / before.max(f64::MIN_POSITIVE);
    let is_over = |of: fn(&Proved) -> &Measured| proof.statements.iter().any(|one| of(one).is_over);
    let least = |is_over: bool| if is_over { "more than " } else { "" };
    format!(
        "{count} that only read, each plan run {} times: with their executions they take {}{} in place of {}{} \
         ({ratio:.2} of it).",
        proof.rounds,
        least(is_over(|one| &one.after)),
        human::ms(after),
        least(is_over(|one| &one.before)),
        human::ms(before),
    )
}

fn of_index(built: &Built) -> String {
    let verdict = match &built.verdict {
        Ok(Verdict::Pays(share)) => format!("gains {} of that", human::percent(*share)),
        Ok(Verdict::NotWorth(share)) if *share < 0.0 => format!(
            "not worth it: measured, the workload is {} faster without it",
            human::percent(-share)
        ),
        Ok(Verdict::NotWorth(share)) => format!(
            "not worth it: measured, it gains {} only",
            human::percent(*share)
        ),
        Ok(Verdict::Unused) => "not worth it: measured, no plan has it".to_owned(),
        Ok(Verdict::NotShown(_)) => {
            "not shown: it is to help statements that were not run".to_owned()
        }
        Err(because) => because.clone(),
    };
    let mut text = verdict;
    if let Some(real) = built.bytes {
        let told = human::bytes(bytes(&built.chosen));
        text.push_str(&format!("; takes {}, {told} foretold", human::bytes(real)));
    }
    if let Some(seconds) = built.seconds {
        text.push_str(&format!("; made in {}", human::ms(seconds * 1e3)));
        if let Some(told) = built.chosen.build_seconds {
            text.push_str(&format!(", {} foretold", human::ms(told * 1e3)));
        }
    }
    text
}

fn figures(one: &Proved) -> String {
    let times = format!("{} → {}", time(&one.before), time(&one.after));
    let blocks = format!("{} → {}", blocks(&one.before), blocks(&one.after));
    format!("{times:<22} {blocks:<18}")
}

fn time(measured: &Measured) -> String {
    let ms = human::ms(measured.ms);
    if measured.is_over {
        format!("> {ms}")
    } else {
        ms
    }
}

fn blocks(measured: &Measured) -> String {
    if measured.is_over {
        "?".to_owned()
    } else {
        human::count(measured.blocks)
    }
}
