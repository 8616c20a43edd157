//! What is chosen: advice, and where the user wants it otherwise.

use std::collections::BTreeSet;

use super::news::Takeover;
use super::verdicts::Verdict;
use crate::facts::quote;
use crate::report::listing::Object;
use crate::tui::data::Data;

/// What is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Places of new indexes among the proposals.
    pub created: BTreeSet<usize>,
    /// Names of indexes that are to go, as SQL writes them, with their schemas.
    pub without: BTreeSet<String>,
}

/// Begins keys of rows of proposals. What follows is no name of an index, so that no other row has such a key.
const NEW: &str = "new:on ";

/// Whether a key is that of a proposal.
pub fn is_proposal(key: &str) -> bool {
    key.starts_with(NEW)
}

/// Key of the row of an index that could be made, by what follows `ON`.
pub fn target_key(target: &str) -> String {
    format!("{NEW}{target}")
}

/// Key of the row of a proposal.
pub fn proposal_key(data: &Data, place: usize) -> String {
    let proposal = data.advising.found.as_ref();
    let proposal = proposal.and_then(|found| found.proposals.get(place));
    proposal.map_or_else(String::new, |proposal| {
        target_key(&proposal.chosen.sized.spec.target())
    })
}

/// Key of the row of an index that is there.
pub fn index_key(data: &Data, index: &Object) -> String {
    let database = data.relations.indexes.get(index, "database_name");
    let database = database.as_str().unwrap_or_default();
    format!("{database}:{}", name(data, index))
}

/// Its name, as SQL writes it, with its schema.
pub fn name(data: &Data, index: &Object) -> String {
    let indexes = &data.relations.indexes;
    let text = |column| indexes.get(index, column).as_str().unwrap_or_default();
    quote::name(text("schema"), text("name"))
}

/// Whether a proposal is chosen.
pub fn is_created(data: &Data, place: usize) -> bool {
    let advising = &data.advising;
    let wanted = advising.wanted.get(&proposal_key(data, place));
    let proposal = advising.found.as_ref();
    let proposal = proposal.and_then(|found| found.proposals.get(place));
    let is_advised = proposal.is_some_and(|proposal| proposal.is_advised);
    wanted.copied().unwrap_or(is_advised)
}

/// Whether an index that is there is of the database that was searched.
pub fn is_of_search(data: &Data, index: &Object) -> bool {
    let database = data.relations.indexes.get(index, "database_name");
    let found = data.advising.found.as_ref();
    found.is_some_and(|found| database.as_str() == Some(found.database.as_str()))
}

/// The proposal that takes over from an index that is there, where one does.
pub fn takeover<'d>(data: &'d Data, index: &Object) -> Option<&'d Takeover> {
    let found = data.advising.found.as_ref()?;
    let name = name(data, index);
    let mut all = found.takeovers.iter();
    let takeover = all.find(|takeover| takeover.name == name)?;
    is_of_search(data, index).then_some(takeover)
}

/// Advice is that the index goes, with what is chosen. What is possible only is left to the user.
pub fn goes(data: &Data, index: &Object) -> bool {
    match data.verdicts.of(index.id) {
        Some(Verdict::Goes(drop)) => drop.confidence != "possible",
        _ => takeover(data, index).is_some_and(|takeover| is_created(data, takeover.by)),
    }
}

/// Whether an index that is there is to go.
pub fn is_dropped(data: &Data, index: &Object) -> bool {
    let wanted = data.advising.wanted.get(&index_key(data, index));
    wanted.copied().unwrap_or_else(|| goes(data, index))
}

/// What is chosen in the database that was searched.
pub fn of(data: &Data) -> Choice {
    let Some(found) = &data.advising.found else {
        return Choice::default();
    };
    let created = (0..found.proposals.len()).filter(|place| is_created(data, *place));
    let indexes = data.relations.indexes.rows.iter();
    let gone = indexes.filter(|index| is_of_search(data, index) && is_dropped(data, index));
    Choice {
        created: created.collect(),
        without: gone.map(|index| name(data, index)).collect(),
    }
}
