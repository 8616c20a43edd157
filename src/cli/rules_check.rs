//! `pgtriage rules check`: is a rule page of one's own right?

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::args::General;
use super::context::{Context, rule_files, text_file};
use super::exit::Exit;
use super::migration_cases;
use crate::config::Settings;
use crate::engine::{Origin, Pages, Source, World, builtin_sources, check_page, page};
use crate::report::Mistakes;

/// Check rule pages of your own: front matter, query, needs and cases
#[derive(Debug, ClapArgs)]
#[command(after_help = "Exit codes: 0 all pages are right, 2 there are mistakes.")]
pub struct Args {
    /// Pages, or folders with pages
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    pub general: General,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let context = Context::new(&args.general, Settings::default())?;
    let mut sources = Vec::new();
    for path in &args.files {
        if path.is_dir() {
            sources.extend(rule_files(path)?);
        } else {
            sources.push(text_file(path)?);
        }
    }
    let mut world = World::new()?.linting(migration_cases::LINTER);
    let mut errors = Vec::new();
    let mut told = String::new();
    for source in &sources {
        let found = match page::parse(source.clone(), Origin::User) {
            Ok(page) => {
                let found = check_page(&page, &mut world)?;
                if found.is_empty() {
                    let cases = page.cases.len();
                    told += &format!(
                        "{}: {} is right, {cases} cases hold\n",
                        source.path, page.id
                    );
                }
                found
            }
            Err(found) => found,
        };
        errors.extend(found);
    }
    if errors.is_empty() {
        errors = between(&sources);
    }
    context.out(None).write(&told)?;
    if errors.is_empty() {
        return Ok(Exit::Done);
    }
    Err(Mistakes { errors, sources }.into())
}

/// Mistakes between pages: ids that are taken, rules that a page yields to and that are not there.
/// A page that is built in is itself, not its own double.
fn between(sources: &[Source]) -> Vec<crate::engine::SourceError> {
    let builtin: Vec<Source> = builtin_sources().collect();
    let own = sources
        .iter()
        .filter(|source| builtin.iter().all(|page| page.text != source.text));
    Pages::load(own.cloned().collect())
        .err()
        .unwrap_or_default()
}
