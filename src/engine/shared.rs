//! Parameters that the pages of a family share: `rules/FAMILY/params.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::front::ParamFront;
use super::page::Param;
use super::params::Value;

/// Families that have some, with their files.
const FILES: [(&str, &str); 6] = [
    ("capacity", include_str!("../../rules/capacity/params.toml")),
    (
        "connection",
        include_str!("../../rules/connection/params.toml"),
    ),
    ("index", include_str!("../../rules/index/params.toml")),
    (
        "migration",
        include_str!("../../rules/migration/params.toml"),
    ),
    ("query", include_str!("../../rules/query/params.toml")),
    ("setting", include_str!("../../rules/setting/params.toml")),
];

static SHARED: LazyLock<BTreeMap<&str, Vec<Param>>> = LazyLock::new(|| {
    let families = FILES.iter().map(|(family, text)| (*family, read(text)));
    families.collect()
});

/// Parameters that all pages of a family may use without declaring them.
pub fn of_family(family: &str) -> &'static [Param] {
    SHARED.get(family).map_or(&[], Vec::as_slice)
}

/// Those of them that a page uses and does not declare itself.
pub(super) fn used(family: &str, queries: &[&str], own: &[Param]) -> Vec<Param> {
    let declared = |name: &str| own.iter().any(|param| param.name == name);
    let shared = of_family(family).iter();
    let used = shared.filter(|param| {
        !declared(&param.name) && queries.iter().any(|query| names(query, &param.name))
    });
    used.cloned().collect()
}

/// Does a query use the parameter of that name?
fn names(query: &str, name: &str) -> bool {
    query.match_indices(name).any(|(at, _)| {
        let behind = query[at + name.len()..].chars().next();
        query[..at].ends_with(':') && !behind.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

fn read(text: &str) -> Vec<Param> {
    let params: BTreeMap<String, ParamFront> = toml::from_str(text).unwrap_or_default();
    let params = params.into_iter().filter_map(|(name, param)| {
        Some(Param {
            name,
            value: Value::infer(param.value.get_ref())?,
            why: param.why.into_inner(),
            source: param.source,
            is_shared: true,
            span: 0..3,
        })
    });
    params.collect()
}
