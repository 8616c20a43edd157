//! `pgtriage explain`: one rule page.

use anyhow::bail;
use clap::Args as ClapArgs;

use super::args::{General, Output};
use super::context::Context;
use super::exit::Exit;
use crate::config::Settings;
use crate::engine::explain;
use crate::report::explain::render;

/// Print the page of a rule: what it finds, why it matters, how to fix it, its query
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Id of the rule, such as index/unused; `pgtriage rules` lists them
    #[arg(value_name = "RULE")]
    rule: String,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let context = Context::new(&args.general, Settings::default())?;
    let rules = context.rules()?;
    let Some(page) = rules.pages.get(&args.rule) else {
        bail!(
            "no rule `{}`; {}",
            args.rule,
            rules.pages.suggest(&args.rule)
        );
    };
    let explanation = explain(page, &rules.plan.rule(page));
    let out = context.out(args.output.output.as_deref());
    out.write(&render(&explanation, out.style, out.columns))?;
    Ok(Exit::Done)
}
