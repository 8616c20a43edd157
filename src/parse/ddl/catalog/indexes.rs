//! Indexes, and those of partitions.

use super::catalog::{Catalog, Done, Entity};
use super::foreign::key_columns;
use super::model::{Column, Constraint, Index, Key, KeyOf, Rule};
use crate::parse::ddl::expression::type_of;
use crate::parse::ddl::statement::{CreateIndex, IndexElement, IndexKey};

impl Catalog {
    pub(super) fn create_index(&mut self, said: &CreateIndex) -> Done {
        let relation = self.relation(&said.table)?;
        let schema = self.rel(relation)?.schema.clone();
        if let Some(name) = &said.name
            && said.if_not_exists
            && self.is_taken(&schema, name)
        {
            return Ok(());
        }
        let mut index = Index {
            relation,
            name: said.name.clone().unwrap_or_default(),
            method: said.method.clone(),
            unique: said.unique,
            nulls_not_distinct: said.nulls_not_distinct,
            keys: self.keys(relation, &said.elements)?,
            include: self.columns(relation, &said.include)?,
            predicate: said.predicate.clone(),
            tablespace: self.tablespace(said.tablespace.as_ref()),
            options: said.options.clone(),
            ..Index::default()
        };
        if index.name.is_empty() {
            let part = index_name_part_of(said);
            let relation = self.rel(relation)?;
            index.name = self.choose_relation_name(&schema, &relation.name, &part, "idx");
        }
        let at = self.add_index(index)?;
        if !said.only {
            self.index_partitions(at)?;
        }
        Ok(())
    }

    /// What the columns give to the name of an index that has none.
    pub(super) fn index_name_part(&self, index: &Index) -> Done<String> {
        let relation = self.rel(index.relation)?;
        let mut columns = key_columns(index);
        columns.extend(&index.include);
        let mut parts = relation.column_names(&columns);
        if parts.len() < index.keys.len() {
            parts.push("expr");
        }
        Ok(parts.join("_"))
    }

    pub(super) fn keys(&mut self, relation: usize, elements: &[IndexElement]) -> Done<Vec<Key>> {
        let mut keys = Vec::new();
        for element in elements {
            let of = match &element.key {
                IndexKey::Column(name) => KeyOf::Column(self.key_column(relation, name)?),
                IndexKey::Expression(text, _) => KeyOf::Expression(self.as_text(relation, text)?),
            };
            let collation = element.collation.as_ref();
            let schema = collation.and_then(|name| name.schema.clone());
            keys.push(Key {
                of,
                collation: collation.map(|name| name.name.clone()),
                collation_schema: schema,
                opclass: element.opclass.clone(),
                opclass_options: element.opclass_options.clone(),
                descending: element.descending,
                nulls_first: element.nulls_first.unwrap_or(element.descending),
                operator: element.operator.clone(),
            });
        }
        Ok(keys)
    }

    /// A call for a column that is text of another type, with the cast that the server adds.
    fn as_text(&self, relation: usize, text: &str) -> Done<String> {
        let call = text
            .split_once('(')
            .and_then(|(name, rest)| Some((name, rest.strip_suffix(')')?)));
        let Some((name, column)) =
            call.filter(|_| type_of(text).is_some_and(|of| of.name == "text"))
        else {
            return Ok(text.to_owned());
        };
        let known = self.rel(relation)?.columns.get(column);
        let class = known.and_then(|column| column.of.class);
        Ok(match class {
            Some("varchar" | "bpchar") => format!("{name}(({column})::text)"),
            _ => text.to_owned(),
        })
    }

    /// A column that an index is of. Where columns come from a query, that alone makes it known.
    fn key_column(&mut self, relation: usize, name: &str) -> Done<usize> {
        let known = self.rel_mut(relation)?;
        if known.columns_from_query && known.columns.get(name).is_none() {
            known.columns.insert(name, Column::default());
        }
        self.column(relation, name)
    }

    pub(super) fn add_index(&mut self, mut index: Index) -> Done<usize> {
        let at = self.indexes.len();
        let schema = self.rel(index.relation)?.schema.clone();
        self.enter(&schema, &index.name, Entity::Index(at))?;
        index.oid = self.oid();
        let (relation, primary) = (index.relation, index.primary);
        self.indexes.push(index);
        self.rel_mut(relation)?.indexes.insert(at);
        if primary {
            self.keys_not_null(at)?;
        }
        Ok(at)
    }

    /// Makes the columns of a primary key NOT NULL.
    pub(super) fn keys_not_null(&mut self, at: usize) -> Done {
        let index = self.index_mut(at)?;
        let (relation, columns) = (index.relation, key_columns(index));
        for column in columns {
            if let Some(column) = self.rel_mut(relation)?.columns.at_mut(column) {
                column.not_null = true;
            }
            let name = self.rel(relation)?.columns.at(column);
            if let Some(name) = name.map(|(name, _)| name.to_owned()) {
                self.inherit_not_null(relation, &name)?;
            }
        }
        Ok(())
    }

    /// Makes the indexes that an index of a partitioned table has in its partitions.
    pub(super) fn index_partitions(&mut self, at: usize) -> Done {
        let place = self.index_mut(at)?.relation;
        let relation = self.rel(place)?;
        if !relation.is_partitioned() {
            return Ok(());
        }
        for child in relation.children.clone() {
            self.index_partition(at, child)?;
        }
        Ok(())
    }

    /// Makes the index that an index of a partitioned table has in one partition and those below,
    /// or takes one that is like it.
    pub(super) fn index_partition(&mut self, at: usize, child: usize) -> Done {
        let mut left = vec![(at, child)];
        while let Some((at, child)) = left.pop() {
            self.copied()?;
            if let Some(known) = self.like(at, child)? {
                self.attach_index(at, known)?;
                continue;
            }
            let copy = self.copy_index(at, child, Some(at))?;
            self.attach_index(at, copy)?;
            let relation = self.rel(child)?;
            if relation.is_partitioned() {
                left.extend(relation.children.iter().map(|below| (copy, *below)));
            }
        }
        Ok(())
    }

    /// An index of a partition that is like one of its partitioned table, and free.
    pub(in crate::parse::ddl) fn like(&self, at: usize, child: usize) -> Done<Option<usize>> {
        let Some(index) = self.indexes.get(at) else {
            return Ok(None);
        };
        let (Ok(keys), Ok(include)) = (
            self.same_columns(index.relation, child, &key_columns(index)),
            self.same_columns(index.relation, child, &index.include),
        ) else {
            return Ok(None);
        };
        let found = self.rel(child)?.indexes.iter().copied().find(|known| {
            let Some(known) = self.indexes.get(*known) else {
                return false;
            };
            known.parent.is_none()
                && (known.unique, known.primary, known.exclusion)
                    == (index.unique, index.primary, index.exclusion)
                && known.constraint.is_some() == index.constraint.is_some()
                && known.method == index.method
                && known.predicate == index.predicate
                && key_columns(known) == keys
                && known.include == include
                && expressions(known).eq(expressions(index))
        });
        Ok(found)
    }

    /// Copies an index to another table, by the names of the columns; and its constraint.
    pub(super) fn copy_index(
        &mut self,
        at: usize,
        to: usize,
        parent: Option<usize>,
    ) -> Done<usize> {
        let mut copy = self.index_mut(at)?.clone();
        let from = copy.relation;
        let include = self.same_columns(from, to, &copy.include)?;
        for key in &mut copy.keys {
            if let KeyOf::Column(place) = &mut key.of {
                *place = self.same_columns(from, to, &[*place])?[0];
            }
        }
        copy.relation = to;
        copy.include = include;
        copy.parent = None;
        copy.children.clear();
        copy.clustered = false;
        copy.replica_identity = false;
        let old = copy.constraint.take();
        copy.name = if old.is_some() {
            self.constraint_index_name(&copy)?
        } else {
            let relation = self.rel(to)?;
            let part = self.index_name_part(&copy)?;
            self.choose_relation_name(&relation.schema, &relation.name, &part, "idx")
        };
        copy.constraint = old.is_some().then(|| copy.name.clone());
        let name = copy.name.clone();
        let index = self.add_index(copy)?;
        let known = old.and_then(|old| self.rel(from).ok()?.constraints.get(&old).cloned());
        if let Some(known) = known {
            let without_overlaps = matches!(
                known.rule,
                Rule::Index {
                    without_overlaps: true,
                    ..
                }
            );
            let constraint = Constraint {
                rule: Rule::Index {
                    index,
                    without_overlaps,
                },
                inherited: parent.is_some(),
                ..known
            };
            self.enter_constraint(to, &name, constraint)?;
        }
        Ok(index)
    }

    /// `ALTER INDEX … ATTACH PARTITION`
    pub(super) fn attach_index(&mut self, parent: usize, child: usize) -> Done {
        self.index_mut(parent)?.children.insert(child);
        let index = self.index_mut(child)?;
        index.parent = Some(parent);
        let (relation, constraint) = (index.relation, index.constraint.clone());
        if let Some(name) = constraint
            && let Some(known) = self.rel_mut(relation)?.constraints.get_mut(&name)
        {
            known.inherited = true;
        }
        Ok(())
    }

    /// The index of that name on a table.
    pub(in crate::parse::ddl) fn index_of(&self, relation: usize, name: &str) -> Done<usize> {
        let name = crate::parse::ddl::statement::Name {
            schema: Some(self.rel(relation)?.schema.clone()),
            name: name.to_owned(),
        };
        match self.find(&name) {
            Some(Entity::Index(at)) => Ok(at),
            _ => Err(format!("there is no index {}", name.name)),
        }
    }

    pub(super) fn rename_index(&mut self, at: usize, to: &str) -> Done {
        let index = self.index_mut(at)?;
        let (relation, name) = (index.relation, index.name.clone());
        if name == to {
            return Ok(());
        }
        let constraint = index.constraint.is_some();
        let schema = self.rel(relation)?.schema.clone();
        self.enter(&schema, to, Entity::Index(at))?;
        self.leave(&schema, &name);
        let index = self.index_mut(at)?;
        to.clone_into(&mut index.name);
        if constraint {
            index.constraint = Some(to.to_owned());
            self.rel_mut(relation)?.constraints.rename(&name, to);
            self.forget_constraint(&schema, &name);
            self.count_constraint(&schema, to);
        }
        Ok(())
    }

    /// Drops an index, those of partitions with it, and the constraints that they back.
    pub(super) fn drop_index(&mut self, at: usize) {
        let mut left = vec![at];
        while let Some(at) = left.pop() {
            let Some(index) = self.indexes.take(at) else {
                continue;
            };
            left.extend(&index.children);
            if let Some(parent) = index.parent.and_then(|at| self.indexes.get_mut(at)) {
                parent.children.remove(&at);
            }
            let Ok(relation) = self.rel_mut(index.relation) else {
                continue;
            };
            relation.indexes.remove(&at);
            let schema = relation.schema.clone();
            if let Some(name) = &index.constraint {
                relation.constraints.remove(name);
                self.forget_constraint(&schema, name);
            }
            self.leave(&schema, &index.name);
        }
    }
}

fn expressions(index: &Index) -> impl Iterator<Item = &str> {
    index.keys.iter().filter_map(|key| match &key.of {
        KeyOf::Expression(text) => Some(text.as_str()),
        KeyOf::Column(_) => None,
    })
}

/// What the columns give to the name of an index, as its statement has them.
fn index_name_part_of(said: &CreateIndex) -> String {
    let mut parts: Vec<String> = Vec::new();
    let keys = said.elements.iter().map(|element| match &element.key {
        IndexKey::Column(name) | IndexKey::Expression(_, name) => name,
    });
    for name in keys.chain(&said.include) {
        let mut part = name.clone();
        let mut number = 1;
        while parts.contains(&part) {
            part = format!("{name}{number}");
            number += 1;
        }
        parts.push(part);
    }
    parts.join("_")
}
