//! New views, and what they read.

use super::catalog::{Catalog, Done, Entity};
use super::model::Relation;
use crate::parse::ddl::cursor::Cursor;
use crate::parse::ddl::statement::CreateView;
use crate::parse::tokens::TokenKind;

impl Catalog {
    pub(super) fn create_view(&mut self, view: &CreateView) -> Done {
        let schema = self.home(&view.name)?;
        if let Some(Entity::Relation(place)) = self.find(&view.name)
            && (view.or_replace || view.if_not_exists)
        {
            if view.or_replace {
                let relation = self.rel_mut(place)?;
                relation.definition = Some(view.query.clone());
                relation.options.clone_from(&view.options);
            }
            return Ok(());
        }
        let stored = view.kind != "view";
        let method = (view.access_method.clone())
            .or_else(|| stored.then(|| self.default_access_method.clone()));
        let relation = Relation {
            schema,
            name: view.name.name.clone(),
            kind: view.kind,
            persistence: if view.temporary {
                "temporary"
            } else {
                "permanent"
            },
            replica_identity: if stored { "default" } else { "nothing" },
            access_method: method,
            tablespace: stored
                .then(|| self.tablespace(view.tablespace.as_ref()))
                .flatten(),
            options: view.options.clone(),
            columns_from_query: true,
            definition: Some(view.query.clone()),
            ..Relation::default()
        };
        let place = self.add_relation(relation)?;
        // Facts of a schema file do not tell what a query reads, since it is not looked into.
        if self.lenient {
            self.read_by_view(place, view)?;
        }
        Ok(())
    }

    /// Notes what a view reads: its tables, and columns whose names only one of them has.
    fn read_by_view(&mut self, place: usize, view: &CreateView) -> Done {
        let tables = view.reads.tables.iter();
        let tables: Vec<usize> = tables.filter_map(|name| self.relation(name).ok()).collect();
        let named = columns_named(&view.query);
        let open = |at: &usize| self.rel(*at).map_or(true, Relation::is_open);
        let all_known = !tables.iter().any(open) && tables.len() == view.reads.tables.len();
        for read in &tables {
            let mut columns = Vec::new();
            for name in named.iter().filter(|_| all_known) {
                let has = |at: &&usize| {
                    let relation = self.rel(**at);
                    relation.is_ok_and(|relation| relation.columns.get(name).is_some())
                };
                if tables.iter().filter(has).count() == 1
                    && let Ok(column) = self.column(*read, name)
                {
                    columns.push(column);
                }
            }
            let readers = &mut self.rel_mut(*read)?.read_by;
            readers.push((place, None));
            readers.extend(columns.into_iter().map(|column| (place, Some(column))));
        }
        Ok(())
    }
}

/// Names in a query that may be columns: none that something gets by AS, and no functions.
fn columns_named(query: &str) -> Vec<String> {
    let mut c = Cursor::new(query);
    let mut names = Vec::new();
    while !c.is_at_end() {
        if c.accept("as") || c.accept_kind(TokenKind::Cast) {
            c.take();
            continue;
        }
        match c.ident() {
            Ok(name) => {
                let other = [TokenKind::LeftParen, TokenKind::Dot, TokenKind::String];
                if !other.iter().any(|kind| c.sees_kind(*kind)) && !names.contains(&name) {
                    names.push(name);
                }
            }
            Err(_) => {
                c.take();
            }
        }
    }
    names
}
