//! Names of migrations.

use super::fix::Fix;
use super::kind::target;
use super::upkeep::analyzed;

/// Letters of a name.
const LENGTH: usize = 60;

/// What a migration does, as words with `_` between: an index by its name, what gathers
/// statistics by its table, else the rule and the object.
pub fn name(fix: &Fix, up: &[String]) -> String {
    let rule = fix.rule.rsplit('/').next().unwrap_or_default();
    let index = up.iter().rev().find_map(|statement| {
        let (kind, name) = target(statement)?;
        let verb = statement
            .split_whitespace()
            .find(|word| word.eq_ignore_ascii_case("create") || word.eq_ignore_ascii_case("drop"));
        (kind == "index").then(|| format!("{} index {name}", verb.unwrap_or_default()))
    });
    let object = fix.object.strip_prefix("public.").unwrap_or(&fix.object);
    let alone = || match up {
        [only] => analyzed(only).map(|table| format!("analyze {table}")),
        _ => None,
    };
    let text = index
        .or_else(alone)
        .unwrap_or_else(|| format!("{rule} {object}"));
    let mut name = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name.truncate(LENGTH);
    let name = name.trim_matches('_');
    if name.is_empty() {
        "fix".to_owned()
    } else {
        name.to_owned()
    }
}
