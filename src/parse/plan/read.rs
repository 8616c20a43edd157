//! Texts that hold plans.

use serde_json::Value;

use super::plan::Plan;
use super::{frame, json, text};

/// Why a text gives no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPlan {
    /// YAML.
    #[error("this is a plan in YAML; take it with EXPLAIN (FORMAT JSON) or FORMAT TEXT")]
    Yaml,
    /// XML.
    #[error("this is a plan in XML; take it with EXPLAIN (FORMAT JSON) or FORMAT TEXT")]
    Xml,
    /// JSON that ends early, or is none.
    #[error("this plan in JSON cannot be read: {0}; give it whole, as the server printed it")]
    Json(String),
    /// No plan at all.
    #[error("there is no plan in this text; give what EXPLAIN prints, as text or JSON")]
    Nothing,
}

/// Does a text look like the output of `EXPLAIN`, rather than like SQL?
pub fn is_plan(source: &str) -> bool {
    let source = source.trim_start_matches('\u{feff}').trim_start();
    matches!(source.as_bytes().first(), Some(b'[' | b'{'))
        || is_xml(source)
        || is_yaml(source)
        || text::is_plan(source)
        || source.contains("\"Node Type\"")
}

/// The plans of a text: what `EXPLAIN` printed, by itself, as psql shows it, or in a log.
pub fn read(source: &str) -> Result<Vec<Plan>, NoPlan> {
    let source = source.trim_start_matches('\u{feff}');
    let mut plans = Vec::new();
    if source.contains("\"Node Type\"") {
        for document in frame::documents(source) {
            plans.extend(documents(&document)?);
        }
    } else if is_xml(source) {
        return Err(NoPlan::Xml);
    } else if is_yaml(source) {
        return Err(NoPlan::Yaml);
    } else {
        for lines in frame::texts(source) {
            plans.extend(text::plan(&lines));
        }
    }
    plans.retain(|plan| !plan.nodes.is_empty());
    if plans.is_empty() {
        return Err(NoPlan::Nothing);
    }
    Ok(plans)
}

/// Documents of JSON, one behind the other; what stands behind the last is none of them.
fn documents(source: &str) -> Result<Vec<Plan>, NoPlan> {
    let mut plans = Vec::new();
    for document in serde_json::Deserializer::from_str(source).into_iter::<Value>() {
        match document {
            Ok(document) => plans.extend(json::plans(document)),
            Err(error) if plans.is_empty() => return Err(NoPlan::Json(error.to_string())),
            Err(_) => break,
        }
    }
    Ok(plans)
}

fn is_xml(source: &str) -> bool {
    source.contains("<explain") && source.contains("<Node-Type>")
}

fn is_yaml(source: &str) -> bool {
    source.contains("Node Type: \"")
}
