//! From arguments to an exit code.

use std::process::ExitCode;

use clap::Parser;

use super::command::{Cli, Command};
use super::exit::{Exit, Interrupted, ReaderGone};
use super::say::Say;
use super::{
    advise, arguments, check, completions, demo, explain, indexes, lint, logs, man, plan, queries,
    report, rules, snapshot, sql, tables, ui,
};
use crate::report::Mistakes;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(arguments::given()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are printed here too; a reader that has gone is no error.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            }
            .into();
        }
    };
    let say = cli.say();
    match run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            tell(&error, say);
            Exit::of(&error).into()
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Exit> {
    match cli.command {
        None => ui::run(&cli.ui),
        Some(Command::Demo(args)) => demo::run(&args),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Lint(args)) => lint::run(&args),
        Some(Command::Queries(args)) => queries::run(&args),
        Some(Command::Tables(args)) => tables::run(&args),
        Some(Command::Indexes(args)) => indexes::run(&args),
        Some(Command::Logs(args)) => logs::run(&args),
        Some(Command::Advise(args)) => advise::run(&args),
        Some(Command::Plan(args)) => plan::run(&args),
        Some(Command::Report(args)) => report::run(&args),
        Some(Command::Snapshot(args)) => snapshot::run(&args),
        Some(Command::Sql(args)) => sql::run(&args),
        Some(Command::Rules(args)) => rules::run(&args),
        Some(Command::Explain(args)) => explain::run(&args),
        Some(Command::Completions(args)) => completions::run(&args),
        Some(Command::Man(args)) => man::run(&args),
    }
}

/// Says what went wrong: one sentence, and below it what points into a file.
fn tell(error: &anyhow::Error, say: Say) {
    if error.is::<ReaderGone>() || error.is::<Interrupted>() {
        return;
    }
    match error.downcast_ref::<Mistakes>() {
        Some(mistakes) => say.mistakes(mistakes),
        None => say.error(&sentence(error)),
    }
}

/// An error and its causes in one sentence; a cause that its error names itself is not repeated.
pub(super) fn sentence(error: &anyhow::Error) -> String {
    let mut sentence = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if sentence.is_empty() {
            sentence = cause;
        } else if !sentence.contains(&cause) {
            sentence = format!("{sentence}: {cause}");
        }
    }
    sentence
}
