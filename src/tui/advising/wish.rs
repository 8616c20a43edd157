//! What the UI asks whoever searches.

use std::collections::BTreeSet;
use std::time::Duration;

/// Who says what plans would cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Planner {
    /// An empty server of our own that plans as the original.
    #[default]
    Shadow,
    /// The server itself, by its extension `HypoPG`.
    HypoPg,
}

/// What is to be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Bytes of all new indexes; `None`: as many as pay.
    pub budget: Option<u64>,
    /// Most time.
    pub time: Duration,
    /// Who is asked for costs.
    pub planner: Planner,
    /// Database; `None`: the first that was read.
    pub database: Option<String>,
    /// Facts are read anew; else what was asked before is gone on from.
    pub is_anew: bool,
}

/// What the UI asks whoever searches; answered by [`super::News`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Search.
    Search(Search),
    /// Stop; the best by then is kept.
    Stop,
    /// Say what the workload costs with a choice.
    Weigh {
        /// Goes back with the answer.
        number: u64,
        /// Places of new indexes among the proposals.
        created: BTreeSet<usize>,
        /// Names of indexes that are taken for gone, as SQL writes them, with their schemas.
        without: BTreeSet<String>,
    },
}

impl Planner {
    /// What it is called in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Shadow => "a shadow of the server",
            Self::HypoPg => "the server, by HypoPG",
        }
    }

    /// What it is called when it is chosen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Shadow => "shadow",
            Self::HypoPg => "hypopg",
        }
    }
}
