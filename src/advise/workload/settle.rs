//! Makes the texts of a workload such that a planner takes them.

use super::query::{Origin, Unplanned, Workload};
use super::repair::{PlanError, until_taken};

impl Workload {
    /// Mends the texts that a planner refuses, and leaves out those that can't be mended; a statement without
    /// any goes to those that are not planned, with the planner's reason. `check` says, under settings, whether
    /// a text is taken; its own error ends it.
    pub fn settle<E>(
        &mut self,
        mut check: impl FnMut(&[(String, String)], &str) -> Result<Result<(), PlanError>, E>,
    ) -> Result<(), E> {
        let mut queries = Vec::with_capacity(self.queries.len());
        for mut query in std::mem::take(&mut self.queries) {
            let mut lost = None;
            let mut because = None;
            let settings = &query.settings;
            query.variants.retain_mut(|variant| {
                if lost.is_some() {
                    return true;
                }
                let mut ask = |text: &str| match check(settings, text) {
                    Ok(answer) => answer,
                    Err(error) => {
                        lost = Some(error);
                        Ok(())
                    }
                };
                let mends = variant.origin != Origin::Written || variant.is_generic();
                match until_taken(&variant.text, mends, &mut ask) {
                    Ok(text) => {
                        variant.text = text;
                        true
                    }
                    Err(why) => {
                        because.get_or_insert(why);
                        false
                    }
                }
            });
            if let Some(error) = lost {
                return Err(error);
            }
            let shares: f64 = query.variants.iter().map(|variant| variant.share).sum();
            for variant in &mut query.variants {
                variant.share /= shares;
            }
            if query.variants.is_empty() {
                self.unplanned.push(Unplanned {
                    statement: query.statement,
                    because: because.unwrap_or_else(|| "it has no text".to_owned()),
                });
            } else {
                queries.push(query);
            }
        }
        self.queries = queries;
        Ok(())
    }
}
