//! What a statement tells of things that nothing else tells of: migrations are mostly run on what
//! others made. It is done before the statement is applied, so that this finds what it names.

use std::sync::Arc;

use super::catalog::{Catalog, Entity};
use super::model::{Column, Relation, Schema, Shape, UserType};
use crate::parse::ddl::action::{Action, OtherChange};
use crate::parse::ddl::constraint::{ConstraintKind, TableConstraint};
use crate::parse::ddl::statement::{
    ColumnDefinition, CreateTable, Element, IndexElement, IndexKey, Name, ObjectKind,
    SequenceOptions, Spanned, Statement,
};

/// What was missing first, as an error says it.
pub(super) type Missing = Option<String>;

impl Catalog {
    /// Makes what a statement names and nobody knows; tells what that was.
    pub(super) fn imply(&mut self, statement: &Statement) -> Missing {
        let mut missing = None;
        match statement {
            Statement::CreateTable(table) => self.imply_of_table(table, &mut missing),
            Statement::CreateView(view) => {
                self.imply_schema(view.name.schema.as_deref());
                if !view.or_replace && !view.if_not_exists {
                    self.make_room(&view.name, &mut missing);
                }
            }
            Statement::CreateTableAs(table) => {
                self.imply_schema(table.name.schema.as_deref());
                if !table.if_not_exists {
                    self.make_room(&table.name, &mut missing);
                }
            }
            Statement::CreateIndex(index) => {
                let place = self.imply_relation(&index.table, "table", &mut missing);
                self.imply_elements(place, &index.elements, &mut missing);
                self.imply_columns(place, &index.include, &mut missing);
                if let Some(name) = &index.name
                    && !index.if_not_exists
                {
                    let schema = place.and_then(|place| self.relations.get(place));
                    let name = Name {
                        schema: schema.map(|relation| relation.schema.clone()),
                        name: name.clone(),
                    };
                    self.make_room(&name, &mut missing);
                }
            }
            Statement::CreateSequence {
                name,
                options,
                if_not_exists,
                ..
            } => {
                self.imply_schema(name.schema.as_deref());
                if !if_not_exists {
                    self.make_room(name, &mut missing);
                }
                self.imply_owner(options, &mut missing);
            }
            Statement::AlterOther {
                kind: ObjectKind::Type,
                name,
                changes,
                ..
            } if !self.complete && self.find_type(name).is_none() => {
                let adds = |change: &Spanned<OtherChange>| {
                    matches!(change.of, OtherChange::AddValue { .. })
                };
                if changes.iter().any(adds) {
                    self.imply_enum(name);
                }
            }
            Statement::CreateType { name, .. } => self.imply_schema(name.schema.as_deref()),
            Statement::CreateFunction(function) => {
                self.imply_schema(function.name.schema.as_deref());
            }
            Statement::CreateTrigger(trigger) => {
                self.imply_relation(&trigger.table, "table", &mut missing);
            }
            Statement::RenameTrigger { table, .. } => {
                self.imply_relation(table, "table", &mut missing);
            }
            Statement::Drop {
                kind: ObjectKind::Trigger,
                names,
                if_exists,
                ..
            } if !(*if_exists && self.complete) => {
                for table in names {
                    self.imply_relation(&table.name, "table", &mut missing);
                }
            }
            _ => {}
        }
        missing
    }

    /// The place of a relation, which is made if nobody knows it.
    pub(super) fn imply_relation(
        &mut self,
        name: &Name,
        kind: &'static str,
        missing: &mut Missing,
    ) -> Option<usize> {
        match self.find(name) {
            Some(Entity::Relation(place)) => {
                if kind != "table"
                    && let Some(known) = self.relations.get(place)
                    && known.implied
                    && known.kind == "table"
                    && let Some(known) = self.relations.get_mut(place)
                {
                    known.kind = kind;
                }
                return Some(place);
            }
            Some(_) => return None,
            None => {}
        }
        missing.get_or_insert_with(|| format!("there is no table {}", name.name));
        self.imply_schema(name.schema.as_deref());
        let schema = self.home(name).ok()?;
        let relation = Relation {
            schema: schema.clone(),
            name: name.name.clone(),
            kind,
            implied: true,
            persistence: "permanent",
            replica_identity: "default",
            ..Relation::default()
        };
        let place = self.relations.len();
        self.enter(&schema, &name.name, Entity::Relation(place))
            .ok()?;
        Some(self.relations.push(relation))
    }

    /// An enum of which no value is known.
    fn imply_enum(&mut self, name: &Name) {
        self.imply_schema(name.schema.as_deref());
        let Ok(schema) = self.home(name) else {
            return;
        };
        let mut of = self.resolve_name(name);
        of.class = Some("enum");
        of.user = Some(Arc::new((schema.clone(), name.name.clone())));
        let made = UserType {
            oid: 0,
            schema: schema.clone(),
            name: name.name.clone(),
            of,
            shape: Shape::Enum(Vec::new()),
        };
        self.types.insert(&schema, &name.name, Arc::new(made));
    }

    fn imply_schema(&mut self, schema: Option<&str>) {
        if let Some(schema) = schema
            && self.schemas.get(schema).is_none()
        {
            Arc::make_mut(&mut self.schemas).insert(schema, Schema::default());
        }
    }

    fn imply_column(&mut self, place: Option<usize>, name: &str, missing: &mut Missing) {
        let Some(relation) = place.and_then(|place| self.relations.get_mut(place)) else {
            return;
        };
        if relation.columns.get(name).is_some() {
            return;
        }
        if !relation.is_open() {
            let table = &relation.name;
            missing.get_or_insert_with(|| format!("{table} has no column {name}"));
        }
        relation.columns.insert(name, Column::default());
    }

    fn imply_columns(&mut self, place: Option<usize>, names: &[String], missing: &mut Missing) {
        for name in names {
            self.imply_column(place, name, missing);
        }
    }

    fn imply_elements(
        &mut self,
        place: Option<usize>,
        elements: &[IndexElement],
        missing: &mut Missing,
    ) {
        for element in elements {
            if let IndexKey::Column(name) = &element.key {
                self.imply_column(place, name, missing);
            }
        }
    }

    fn imply_owner(&mut self, options: &SequenceOptions, missing: &mut Missing) {
        if let Some(Some((table, column))) = &options.owned_by {
            let place = self.imply_relation(table, "table", missing);
            self.imply_column(place, column, missing);
        }
    }

    fn imply_of_table(&mut self, table: &CreateTable, missing: &mut Missing) {
        self.imply_schema(table.name.schema.as_deref());
        if !table.if_not_exists {
            self.make_room(&table.name, missing);
        }
        for parent in &table.inherits {
            self.imply_relation(parent, "table", missing);
        }
        if let Some((parent, _)) = &table.partition_of {
            self.imply_relation(parent, "partitioned table", missing);
        }
        for element in &table.elements {
            match element {
                Element::Column(column) => self.imply_of_column(column, missing),
                Element::Constraint(constraint) => self.imply_target(constraint, missing),
                Element::Like(source, _) => {
                    self.imply_relation(source, "table", missing);
                }
            }
        }
    }

    /// What has the name that something new is to have gives way.
    fn make_room(&mut self, name: &Name, missing: &mut Missing) {
        let Ok(schema) = self.home(name) else {
            return;
        };
        let key = Name {
            schema: Some(schema),
            name: name.name.clone(),
        };
        let implied = match self.find(&key) {
            Some(Entity::Relation(place)) => {
                let implied = self.relations.get(place).is_some_and(|known| known.implied);
                self.drop_relation(place);
                implied
            }
            Some(Entity::Index(at)) => {
                self.drop_index(at);
                false
            }
            Some(Entity::Sequence(at)) => {
                self.drop_sequence(at);
                false
            }
            None => true,
        };
        if !implied {
            missing.get_or_insert_with(|| format!("{} exists already", name.name));
        }
    }

    fn imply_of_column(&mut self, column: &ColumnDefinition, missing: &mut Missing) {
        for constraint in &column.constraints {
            self.imply_target(constraint, missing);
        }
    }

    /// The table that a foreign key is to.
    fn imply_target(&mut self, constraint: &TableConstraint, missing: &mut Missing) {
        if let ConstraintKind::Foreign {
            table, referenced, ..
        } = &constraint.kind
        {
            let place = self.imply_relation(table, "table", missing);
            self.imply_columns(place, referenced, missing);
        }
    }

    pub(super) fn imply_of_actions(
        &mut self,
        name: &Name,
        actions: &[Spanned<Action>],
        missing: &mut Missing,
    ) {
        let sequence = |action: &Action| matches!(action, Action::Sequence(_));
        let index = |action: &Action| matches!(action, Action::Attach(_, None));
        if (actions.iter()).any(|action| sequence(action) || index(action)) {
            for action in actions {
                if let Action::Sequence(options) = &action.of {
                    self.imply_owner(options, missing);
                }
            }
            return;
        }
        let partitioned =
            |action: &Action| matches!(action, Action::Attach(_, Some(_)) | Action::Detach(..));
        let kind = if actions.iter().any(|action| partitioned(action)) {
            "partitioned table"
        } else {
            "table"
        };
        let place = self.imply_relation(name, kind, missing);
        for action in actions {
            match &action.of {
                Action::AddColumn(column, _) => self.imply_of_column(column, missing),
                Action::DropColumn {
                    name: column,
                    if_exists: false,
                    ..
                }
                | Action::AlterColumn(column, _)
                | Action::RenameColumn(column, _) => self.imply_column(place, column, missing),
                Action::AddConstraint(constraint) => {
                    self.imply_of_constraint(place, constraint, missing);
                }
                Action::Attach(child, Some(_)) => {
                    let child = self.imply_relation(child, "table", missing);
                    self.imply_same_columns(place, child);
                }
                Action::Detach(child, _) => {
                    self.imply_relation(child, "table", missing);
                }
                Action::Inherit(parent, _) => {
                    let parent = self.imply_relation(parent, "table", missing);
                    self.imply_same_columns(parent, place);
                }
                _ => {}
            }
        }
    }

    fn imply_of_constraint(
        &mut self,
        place: Option<usize>,
        constraint: &TableConstraint,
        missing: &mut Missing,
    ) {
        self.imply_target(constraint, missing);
        match &constraint.kind {
            ConstraintKind::Unique { columns, index, .. } => {
                self.imply_columns(place, columns, missing);
                self.imply_columns(place, &index.include, missing);
            }
            ConstraintKind::NotNull(column) => self.imply_column(place, column, missing),
            ConstraintKind::Foreign { columns, .. } => self.imply_columns(place, columns, missing),
            ConstraintKind::Exclude { elements, .. } => {
                self.imply_elements(place, elements, missing);
            }
            ConstraintKind::Check(..) => {}
        }
    }

    /// A partition has the columns of its table.
    fn imply_same_columns(&mut self, parent: Option<usize>, child: Option<usize>) {
        let (Some(parent), Some(child)) = (parent, child) else {
            return;
        };
        let open = self.relations.get(child).is_some_and(Relation::is_open);
        let Ok(columns) = self.live_columns(parent) else {
            return;
        };
        if let Some(relation) = self.relations.get_mut(child).filter(|_| open) {
            for (name, column) in columns {
                if relation.columns.get(&name).is_none() {
                    relation.columns.insert(&name, column);
                }
            }
        }
    }

    /// Nothing is known of a name, and that is no fault of the statement.
    pub(super) fn excuses_unknown(&self) -> bool {
        self.lenient && !self.complete
    }

    /// Of this relation more is there than is known.
    pub(super) fn excuses(&self, place: usize) -> bool {
        let open = |relation: &Relation| relation.implied;
        self.lenient && self.relations.get(place).is_some_and(open)
    }
}
