//! Options of planning.

use clap::Args;

use crate::cli::what_if::shadow::Programs;

/// What is changed to see what becomes of plans.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "What if")]
pub struct WhatIfOptions {
    /// With this setting; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    /// With the index that this CREATE INDEX makes; may be given several times
    #[arg(long, value_name = "SQL")]
    pub create: Vec<String>,
    /// Without this index; may be given several times
    #[arg(long, value_name = "INDEX")]
    pub drop: Vec<String>,
    /// As this major version plans, with the same statistics
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u32).range(12..=99))]
    pub major: Option<u32>,
}

/// How the shadow is made.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Shadow")]
pub struct Options {
    #[command(flatten)]
    pub programs: Programs,
    /// Make the shadow anew, and do not keep it for the next time
    #[arg(long)]
    pub no_cache: bool,
    /// Remove all shadows that were kept
    #[arg(long)]
    pub forget_shadows: bool,
    /// Database that statements are planned in, where the facts hold several
    #[arg(long, value_name = "NAME")]
    pub r#in: Option<String>,
}

impl WhatIfOptions {
    /// Is anything changed?
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
            && self.create.is_empty()
            && self.drop.is_empty()
            && self.major.is_none()
    }

    /// What is changed, in words.
    pub fn words(&self) -> Vec<String> {
        let set = self
            .set
            .iter()
            .map(|(name, value)| format!("{name} = {value}"));
        let create = self
            .create
            .iter()
            .map(|sql| sql.trim().trim_end_matches(';').to_owned());
        let drop = self.drop.iter().map(|name| format!("no index {name}"));
        let major = self.major.iter().map(|major| format!("PostgreSQL {major}"));
        set.chain(create).chain(drop).chain(major).collect()
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("settings are given as NAME=VALUE, as in random_page_cost=1.1".to_owned()),
    }
}
