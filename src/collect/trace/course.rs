//! A chain of migrations, run as its tool would.

use super::error::TraceError;
use super::observed::Observed;
use super::plan::{Script, Step};
use super::runner::Runner;
use crate::collect::connect::Session;

/// What statements were seen to do, with their ids.
pub type Observations = Vec<(i64, Observed)>;

/// Runs the files of a chain, one after the other, each in a session of its own. `told` hears of
/// each statement before it is run. What follows a statement that fails is not run, as a tool would
/// have it. Files that are not judged are run for what they make.
pub async fn run_chain(
    first: &Session,
    chain: &[Script],
    mut told: impl FnMut(&Script, &Step),
) -> Result<Observations, TraceError> {
    let mut all = Observations::new();
    let mut failed: Option<&Script> = None;
    for script in chain {
        let seen = if let Some(failed) = failed {
            let because = format!("not run: {} failed before it", failed.path);
            let steps = script.steps.iter();
            let unseen = steps.map(|step| (step.id, Observed::unseen(because.clone())));
            unseen.collect()
        } else {
            let mut runner = Runner::new(first.another().await?).await?;
            run_file(&mut runner, script, &mut told).await?
        };
        if failed.is_none() && seen.iter().any(|(_, seen)| seen.error.is_some()) {
            failed = Some(script);
        }
        // Nothing is predicted of the others.
        if script.is_judged {
            all.extend(seen);
        }
    }
    Ok(all)
}

async fn run_file(
    runner: &mut Runner,
    script: &Script,
    told: &mut impl FnMut(&Script, &Step),
) -> Result<Observations, TraceError> {
    let mut all = Observations::new();
    let mut block = None;
    let mut has_failed = false;
    for step in &script.steps {
        if has_failed {
            let unseen = Observed::unseen("not run: a statement before it failed");
            all.push((step.id, unseen));
            continue;
        }
        told(script, step);
        if block != step.block {
            has_failed |= end(runner, block, &mut all).await?;
            block = step.block;
            if block.is_some() {
                runner.begin().await?;
            }
        }
        let seen = match &step.rows {
            Some(rows) => runner.copy(&step.text, rows).await?,
            None => runner.run(&step.text).await?,
        };
        has_failed |= seen.error.is_some();
        all.push((step.id, seen));
    }
    end(runner, block, &mut all).await?;
    Ok(all)
}

/// Ends a block of the tool. What fails there is told of the last statement; whether it does.
async fn end(
    runner: &mut Runner,
    block: Option<i64>,
    all: &mut Observations,
) -> Result<bool, TraceError> {
    if block.is_none() {
        return Ok(false);
    }
    let error = runner.commit().await?;
    if let (Some(error), Some((_, last))) = (&error, all.last_mut())
        && last.error.is_none()
    {
        last.error = Some(error.clone());
    }
    Ok(error.is_some())
}
