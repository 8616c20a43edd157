//! Where the clauses of a query begin, word by word.

use super::keywords::Keyword;
use super::nesting::Nesting;

use Keyword as K;

/// What begins at a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    /// AND or OR of a condition.
    Condition,
    /// A join.
    Join,
    /// WITH.
    With,
    /// Any other clause.
    Other,
}

/// How far a query was read.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    /// What the statement does.
    verb: Option<Keyword>,
    /// The word that began the clause.
    clause: Option<Keyword>,
    /// BETWEENs whose AND did not come yet.
    betweens: usize,
}

impl Clauses {
    /// A clause has begun.
    pub fn has_begun(&self) -> bool {
        self.clause.is_some()
    }

    /// Each item of the list that is read has a line of its own.
    pub fn parts_items(&self) -> bool {
        self.clause == Some(K::With)
    }

    /// Does an AND or OR part conditions? That of BETWEEN does not.
    pub fn condition(&mut self, word: Keyword) -> bool {
        match word {
            K::Between => self.betweens += 1,
            K::And if self.betweens > 0 => self.betweens -= 1,
            _ => return true,
        }
        false
    }

    /// What begins at this word of the query.
    pub fn next(&mut self, nesting: &Nesting<'_>, index: usize) -> Option<Clause> {
        let word = nesting.word(index)?;
        if matches!(word, K::And | K::Or | K::Between) {
            let parts = self.condition(word);
            let in_condition =
                matches!(self.clause, Some(K::Where | K::Having | K::Join | K::When));
            return (parts && in_condition).then_some(Clause::Condition);
        }
        if let Some(begins) = join(nesting, index, word) {
            self.enter(K::Join);
            return begins.then_some(Clause::Join);
        }
        if !self.begins(nesting, index, word) {
            return None;
        }
        if matches!(
            word,
            K::Select | K::Insert | K::Update | K::Delete | K::Merge
        ) {
            self.verb = Some(word);
        }
        self.enter(word);
        Some(if word == K::With {
            Clause::With
        } else {
            Clause::Other
        })
    }

    fn enter(&mut self, clause: Keyword) {
        self.clause = Some(clause);
        self.betweens = 0;
    }

    fn begins(&self, nesting: &Nesting<'_>, index: usize, word: Keyword) -> bool {
        let before = index.checked_sub(1).and_then(|at| nesting.word(at));
        let after = nesting.word(index + 1);
        let is_first = self.clause.is_none();
        match word {
            K::Select
            | K::Where
            | K::Having
            | K::Limit
            | K::Offset
            | K::Union
            | K::Intersect
            | K::Except
            | K::Returning
            | K::Values
            | K::Window => true,
            K::Explain | K::With | K::Table => is_first,
            K::Insert | K::Update | K::Delete | K::Merge => {
                is_first || matches!(self.clause, Some(K::With | K::Explain))
            }
            K::From => !matches!(before, Some(K::Distinct | K::Delete)),
            K::Group => after == Some(K::By) && before != Some(K::Within),
            K::Order => after == Some(K::By),
            K::Fetch => matches!(after, Some(K::First | K::Next)),
            K::For => matches!(after, Some(K::Update | K::Share | K::No | K::Key)),
            K::Set => matches!(self.verb, Some(K::Update | K::Insert | K::Merge)),
            K::On => after == Some(K::Conflict),
            K::Using => {
                self.clause != Some(K::Join) && matches!(self.verb, Some(K::Delete | K::Merge))
            }
            K::When => self.verb == Some(K::Merge),
            _ => false,
        }
    }
}

/// Whether a join begins at this word; `None`: the word has nothing to do with one.
fn join(nesting: &Nesting<'_>, index: usize, word: Keyword) -> Option<bool> {
    let is_sort = |word: Option<Keyword>| {
        matches!(
            word,
            Some(K::Left | K::Right | K::Full | K::Inner | K::Cross | K::Natural | K::Outer)
        )
    };
    let before = index.checked_sub(1).and_then(|at| nesting.word(at));
    if word == K::Join {
        return Some(!is_sort(before));
    }
    let leads = is_sort(Some(word))
        && (1..=3)
            .map(|ahead| nesting.word(index + ahead))
            .take_while(|word| is_sort(*word) || *word == Some(K::Join))
            .any(|word| word == Some(K::Join));
    leads.then(|| !is_sort(before))
}
