//! Constraints.

use super::catalog::{Catalog, Done};
use super::model::{Constraint, Index, Rule};
use crate::parse::ddl::constraint::{BackingIndex, ConstraintKind, TableConstraint};
use crate::parse::ddl::cursor::Cursor;
use crate::parse::ddl::expression::{parenthesized, words};
use crate::parse::ddl::statement::{IndexElement, IndexKey};

impl Catalog {
    /// Adds a constraint; `recurse` to partitions and tables that inherit, too.
    pub(super) fn add_constraint(
        &mut self,
        place: usize,
        said: &TableConstraint,
        recurse: bool,
    ) -> Done {
        match &said.kind {
            ConstraintKind::NotNull(column) => self.add_not_null(place, column, said, recurse),
            ConstraintKind::Check(expression, column) => {
                self.add_check(place, said, expression, column.as_deref(), recurse)
            }
            ConstraintKind::Unique {
                primary,
                columns,
                without_overlaps,
                index,
            } => {
                if let Some(existing) = &index.existing {
                    return self.use_index(place, said, *primary, existing);
                }
                let elements: Vec<IndexElement> =
                    columns.iter().map(|column| plain(column)).collect();
                let new = self.backing(place, said, index, &elements)?;
                let method = if *without_overlaps { "gist" } else { "btree" };
                let new = Index {
                    method: method.to_owned(),
                    unique: true,
                    // Such a key excludes as well.
                    exclusion: *without_overlaps,
                    primary: *primary,
                    nulls_not_distinct: index.nulls_not_distinct,
                    ..new
                };
                self.add_backed(place, said, new, *without_overlaps, recurse)
            }
            ConstraintKind::Exclude {
                method,
                elements,
                index,
                predicate,
            } => {
                let new = self.backing(place, said, index, elements)?;
                let new = Index {
                    method: method.clone(),
                    exclusion: true,
                    predicate: predicate.as_ref().map(|text| whole(text)),
                    ..new
                };
                self.add_backed(place, said, new, false, recurse)
            }
            ConstraintKind::Foreign { .. } => self.add_foreign(place, said, recurse),
        }
    }

    fn add_not_null(
        &mut self,
        place: usize,
        column: &str,
        said: &TableConstraint,
        recurse: bool,
    ) -> Done {
        let at = self.column(place, column)?;
        if let Some(column) = self.rel_mut(place)?.columns.at_mut(at) {
            column.not_null = true;
            column.not_null_name.clone_from(&said.name);
            column.not_null_invalid = said.not_valid;
        }
        if recurse {
            self.inherit_not_null(place, column)?;
        }
        Ok(())
    }

    /// Makes a column NOT NULL in the tables below, under the name that this has above.
    pub(super) fn inherit_not_null(&mut self, place: usize, name: &str) -> Done {
        let relation = self.rel(place)?;
        let Some(column) = relation.columns.get(name) else {
            return Ok(());
        };
        let called = self.not_null_name(relation, name, column);
        self.each_descendant(place, |relation| {
            if let Some(column) = relation.columns.get_mut(name) {
                if !column.not_null {
                    column.not_null_name = Some(called.clone());
                }
                column.not_null = true;
                column.not_null_inherited = true;
            }
        })
    }

    fn add_check(
        &mut self,
        place: usize,
        said: &TableConstraint,
        expression: &str,
        column: Option<&str>,
        recurse: bool,
    ) -> Done {
        let relation = self.rel(place)?;
        let text = whole(expression);
        let name = said.name.clone().unwrap_or_else(|| {
            let mut used = words(expression).filter(|word| relation.columns.get(word).is_some());
            let first = used.next();
            let single = first
                .clone()
                .filter(|first| used.all(|word| word == *first));
            let part = single.or_else(|| column.filter(|_| first.is_none()).map(ToOwned::to_owned));
            let part = part.unwrap_or_default();
            self.choose_constraint_name(&relation.schema, &relation.name, &part, "check")
        });
        let check = Constraint {
            oid: 0,
            rule: Rule::Check(text),
            deferrable: false,
            deferred: false,
            not_valid: said.not_valid || said.not_enforced,
            not_enforced: said.not_enforced,
            no_inherit: said.no_inherit,
            inherited: false,
        };
        self.enter_constraint(place, &name, check.clone())?;
        if recurse && !said.no_inherit {
            for child in self.descendants(place)? {
                self.inherit_check(child, &name, &check)?;
            }
        }
        Ok(())
    }

    /// Gives a table the checks of one that it inherits from.
    pub(super) fn inherit_checks(&mut self, place: usize, parent: usize) -> Done {
        let checks: Vec<(String, Constraint)> = (self.rel(parent)?.constraints.iter())
            .filter(|(_, _, known)| matches!(known.rule, Rule::Check(_)) && !known.no_inherit)
            .map(|(_, name, known)| (name.to_owned(), known.clone()))
            .collect();
        for (name, check) in checks {
            self.inherit_check(place, &name, &check)?;
        }
        Ok(())
    }

    fn inherit_check(&mut self, place: usize, name: &str, check: &Constraint) -> Done {
        self.copied()?;
        let partition = self.rel(place)?.partition_of.is_some();
        if let Some(known) = self.rel_mut(place)?.constraints.get_mut(name) {
            // A check that a table has of its own stays its own; a partition has none of its own.
            known.inherited |= partition;
            return Ok(());
        }
        let copy = Constraint {
            inherited: true,
            ..check.clone()
        };
        self.enter_constraint(place, name, copy)
    }

    pub(super) fn enter_constraint(
        &mut self,
        place: usize,
        name: &str,
        mut constraint: Constraint,
    ) -> Done {
        constraint.oid = self.oid();
        let relation = self.rel_mut(place)?;
        if relation.constraints.get(name).is_some() {
            return Err(format!("constraint {name} exists already"));
        }
        relation.constraints.insert(name, constraint);
        let schema = relation.schema.clone();
        self.count_constraint(&schema, name);
        Ok(())
    }

    /// The index behind a constraint, as far as all of them are alike.
    fn backing(
        &mut self,
        place: usize,
        said: &TableConstraint,
        index: &BackingIndex,
        elements: &[IndexElement],
    ) -> Done<Index> {
        Ok(Index {
            relation: place,
            keys: self.keys(place, elements)?,
            include: self.columns(place, &index.include)?,
            options: index.options.clone(),
            tablespace: self.tablespace(index.tablespace.as_ref()),
            deferrable: said.deferrable,
            name: said.name.clone().unwrap_or_default(),
            ..Index::default()
        })
    }

    fn add_backed(
        &mut self,
        place: usize,
        said: &TableConstraint,
        mut index: Index,
        without_overlaps: bool,
        recurse: bool,
    ) -> Done {
        if index.name.is_empty() {
            index.name = self.constraint_index_name(&index)?;
        }
        let name = index.name.clone();
        index.constraint = Some(name.clone());
        if self.rel(place)?.constraints.get(&name).is_some() {
            return Err(format!("constraint {name} exists already"));
        }
        let index = self.add_index(index)?;
        let constraint = Constraint {
            oid: 0,
            rule: Rule::Index {
                index,
                without_overlaps,
            },
            deferrable: said.deferrable,
            deferred: said.deferred,
            not_valid: false,
            not_enforced: false,
            no_inherit: false,
            inherited: false,
        };
        self.enter_constraint(place, &name, constraint)?;
        if recurse {
            self.index_partitions(index)?;
        }
        Ok(())
    }

    pub(super) fn constraint_index_name(&self, index: &Index) -> Done<String> {
        let relation = self.rel(index.relation)?;
        let label = match (index.primary, index.unique) {
            (true, _) => "pkey",
            (_, false) => "excl",
            _ => "key",
        };
        let columns = if index.primary {
            String::new()
        } else {
            self.index_name_part(index)?
        };
        Ok(self.choose_relation_name(&relation.schema, &relation.name, &columns, label))
    }

    /// Makes a constraint of an index that exists.
    fn use_index(
        &mut self,
        place: usize,
        said: &TableConstraint,
        primary: bool,
        name: &str,
    ) -> Done {
        let at = match self.index_of(place, name) {
            Err(_) if self.excuses(place) => return Ok(()),
            at => at?,
        };
        let to = said.name.clone().unwrap_or_else(|| name.to_owned());
        self.rename_index(at, &to)?;
        let index = self.index_mut(at)?;
        index.primary = primary;
        index.constraint = Some(to.clone());
        index.deferrable = said.deferrable;
        if primary {
            self.keys_not_null(at)?;
        }
        let constraint = Constraint {
            oid: 0,
            rule: Rule::Index {
                index: at,
                without_overlaps: false,
            },
            deferrable: said.deferrable,
            deferred: said.deferred,
            not_valid: false,
            not_enforced: false,
            no_inherit: false,
            inherited: false,
        };
        self.enter_constraint(place, &to, constraint)
    }
}

fn plain(column: &str) -> IndexElement {
    IndexElement {
        key: IndexKey::Column(column.to_owned()),
        collation: None,
        opclass: None,
        opclass_options: Vec::new(),
        descending: false,
        nulls_first: None,
        operator: None,
    }
}

/// An expression with its parentheses.
fn whole(text: &str) -> String {
    let mut c = Cursor::new(text);
    let range = c.until(|_| false);
    let lead = if text.starts_with('\n') { "\n" } else { "" };
    format!("{lead}{}", parenthesized(&mut c, range))
}
