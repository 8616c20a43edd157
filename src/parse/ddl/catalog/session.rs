//! What a session has set, and what ends with it.

use super::catalog::{Catalog, Entity};

/// Settings that what is made and found goes by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::parse) struct Session {
    search_path: Vec<String>,
    default_tablespace: Option<String>,
    default_access_method: String,
    role: Option<String>,
}

impl Session {
    /// Follows `SET` and `RESET`.
    pub fn set(&mut self, name: &str, values: &[String]) {
        let value = values.first().filter(|value| !value.is_empty());
        match name {
            "search_path" if values.is_empty() => self.search_path = vec!["public".to_owned()],
            "search_path" => {
                let places = values.iter().filter(|place| !place.is_empty());
                self.search_path = places.cloned().collect();
            }
            "default_tablespace" => self.default_tablespace = value.cloned(),
            "default_table_access_method" => {
                let method = value.map_or("heap", String::as_str);
                method.clone_into(&mut self.default_access_method);
            }
            "role" => self.role = value.cloned(),
            _ => {}
        }
    }
}

impl Catalog {
    /// The settings in force.
    pub fn session(&self) -> Session {
        Session {
            search_path: self.search_path.clone(),
            default_tablespace: self.default_tablespace.clone(),
            default_access_method: self.default_access_method.clone(),
            role: self.role.clone(),
        }
    }

    /// Puts settings in force.
    pub fn resume(&mut self, session: &Session) {
        self.search_path.clone_from(&session.search_path);
        self.default_tablespace
            .clone_from(&session.default_tablespace);
        self.default_access_method
            .clone_from(&session.default_access_method);
        self.role.clone_from(&session.role);
    }

    /// Takes away the temporary tables that were made since an oid.
    pub fn drop_temporary(&mut self, since: i64) {
        let temporary = (self.relations.iter())
            .filter(|(_, known)| known.persistence == "temporary" && known.oid >= since);
        let temporary: Vec<usize> = temporary.map(|(place, _)| place).collect();
        for place in temporary {
            self.drop_relation(place);
        }
    }

    /// `relations.id` of the relation with this name, or of the table of an index, where facts
    /// have it.
    pub fn facts_id(&self, schema: &str, name: &str) -> Option<i64> {
        match self.entity(schema, name)? {
            Entity::Relation(place) => self.relations.get(place)?.facts_id,
            Entity::Index(_) | Entity::Sequence(_) => None,
        }
    }
}
