//! Options of a proof.

use std::str::FromStr;

use clap::Args as ClapArgs;

use crate::config::Time;

/// Proof in a copy.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Proof")]
pub struct Proving {
    /// Make the indexes in this copy of the database, run the statements that only read there, and tell what they
    /// take without and with them. What does not pay is taken out of the advice, and the copy is left as it was
    #[arg(long, value_name = "CONNINFO")]
    pub prove: Option<String>,
    /// The database of --prove is there to try things on
    #[arg(long, requires = "prove")]
    pub scratch: bool,
    /// Stop a statement that takes longer
    #[arg(long, value_name = "TIME", requires = "prove", value_parser = Time::from_str, default_value = "30s")]
    pub prove_timeout: Time,
    /// Run each plan so many times, after once for nothing
    #[arg(long, value_name = "N", requires = "prove", default_value_t = 3)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100))]
    pub prove_rounds: u32,
    /// Leave the indexes that pay in the copy
    #[arg(long, requires = "prove")]
    pub prove_keep: bool,
}
