//! Operator classes that indexes use where none is named.

use super::catalog::Catalog;

impl Catalog {
    /// The default operator class of a type for an access method, if it is known: with its schema
    /// where that is not `pg_catalog`.
    pub fn default_opclass(&self, method: &str, class: Option<&str>) -> Option<String> {
        let class = class?;
        let name = match class {
            "varchar" => "text",
            "cidr" => "inet",
            other => other,
        };
        let built_in = match method {
            "btree" | "hash" => Some(format!("{name}_ops")),
            "brin" => brin(name),
            "gin" => gin(name),
            "gist" => gist(name),
            "spgist" => spgist(name),
            _ => None,
        };
        built_in.or_else(|| self.extension_opclass(method, name))
    }

    /// Those of the extensions that give the classes of btree to other methods.
    fn extension_opclass(&self, method: &str, name: &str) -> Option<String> {
        let schema = |extension: &str| {
            let known = self.extensions.get(extension);
            known.map(|known| known.schema.clone())
        };
        match method {
            "gist" => Some(format!(
                "{}.gist_{}_ops",
                schema("btree_gist")?,
                short(name)
            )),
            "gin" => Some(format!("{}.{name}_ops", schema("btree_gin")?)),
            _ => None,
        }
    }
}

fn short(name: &str) -> &str {
    match name {
        "interval" => "intv",
        "macaddr" => "macad",
        "macaddr8" => "macad8",
        "money" => "cash",
        "varbit" => "vbit",
        other => other,
    }
}

fn brin(name: &str) -> Option<String> {
    Some(match name {
        "box" | "inet" | "range" => format!("{name}_inclusion_ops"),
        "enum" | "array" | "record" | "jsonb" | "bool" | "tsvector" | "multirange" => return None,
        name => format!("{name}_minmax_ops"),
    })
}

fn gin(name: &str) -> Option<String> {
    ["array", "jsonb", "tsvector"]
        .contains(&name)
        .then(|| format!("{name}_ops"))
}

fn gist(name: &str) -> Option<String> {
    let known = [
        "box",
        "circle",
        "multirange",
        "point",
        "range",
        "tsquery",
        "tsvector",
    ];
    match name {
        "polygon" => Some("poly_ops".to_owned()),
        name if known.contains(&name) => Some(format!("{name}_ops")),
        _ => None,
    }
}

fn spgist(name: &str) -> Option<String> {
    match name {
        "point" => Some("quad_point_ops".to_owned()),
        "polygon" => Some("poly_ops".to_owned()),
        "box" | "inet" | "range" | "text" => Some(format!("{name}_ops")),
        _ => None,
    }
}
