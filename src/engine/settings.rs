//! What `pgtriage.toml` says about rules: `[rules]` and `[[ignore]]`.
//!
//! ```toml
//! [rules]
//! paths = ["ops/pgtriage-rules"]       # folders with pages of your own
//!
//! [rules."index/unused"]
//! severity = "info"
//! min_size = "10MB"                    # any parameter of the page
//!
//! [[rules."index/unused".for]]         # the first entry that matches an object decides
//! object = "audit.*"
//! min_size = "1GB"
//!
//! [[rules."migration/drop-table".for]]
//! path = "db/scratch/**"               # findings in these files
//! severity = "info"
//!
//! [rules."setting/fsync-off"]
//! enabled = false
//! reason = "a throwaway server"
//!
//! [[ignore]]
//! rule = "index/unused"                # an id or a pattern
//! object = "public.legacy_*"
//! reason = "dropped in release 42"
//! until = 2026-12-31                   # last day on which it holds
//! ```

use std::fmt;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use toml::Spanned;

use super::path_pattern::PathPattern;
use super::severity::Severity;

/// The table `[rules]`.
#[derive(Debug, Clone, Default)]
pub struct RulesSettings {
    /// Folders with rule pages of the user's own, as written.
    pub paths: Vec<String>,
    /// One entry a rule that is set.
    pub rules: Vec<(Spanned<String>, RuleSettings)>,
}

/// The table `[rules."family/name"]`.
#[derive(Debug, Clone, Default)]
pub struct RuleSettings {
    /// `false` switches the rule off; then `reason` must say why.
    pub enabled: Option<Spanned<bool>>,
    /// Why the rule is off.
    pub reason: Option<Spanned<String>>,
    /// Severity of all findings of the rule.
    pub severity: Option<Severity>,
    /// Parameters.
    pub params: Vec<(Spanned<String>, Spanned<toml::Value>)>,
    /// Other values for some objects.
    pub overrides: Vec<ObjectSettings>,
}

/// One entry of `[[rules."family/name".for]]`.
#[derive(Debug, Clone)]
pub struct ObjectSettings {
    /// Pattern for the finding's object; it or `path` is given.
    pub object: Option<Spanned<String>>,
    /// Pattern for the database, or the server's label for what belongs to no database.
    pub scope: Option<String>,
    /// Pattern for the finding's file, from the folder of `pgtriage.toml`.
    pub path: Option<PathPattern>,
    /// Severity of the rule's findings on these objects.
    pub severity: Option<Severity>,
    /// Parameters; those not given keep the rule's value.
    pub params: Vec<(Spanned<String>, Spanned<toml::Value>)>,
}

/// One entry of `[[ignore]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ignore {
    /// Id of a rule, or a pattern.
    pub rule: Spanned<String>,
    /// Pattern for the finding's object or, for statements, its fingerprint.
    pub object: Option<Spanned<String>>,
    /// Pattern for the database, or the server's label for what belongs to no database.
    pub scope: Option<String>,
    /// Pattern for the finding's file, from the folder of `pgtriage.toml`.
    pub path: Option<PathPattern>,
    /// Why; must not be empty.
    pub reason: Spanned<String>,
    /// Last day on which it holds.
    #[serde(default, deserialize_with = "date")]
    pub until: Option<Date>,
}

impl<'de> Deserialize<'de> for RulesSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;

        impl<'de> Visitor<'de> for Table {
            type Value = RulesSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table with `paths` and one table for each rule that is set")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RulesSettings, A::Error> {
                let mut settings = RulesSettings::default();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    if key.get_ref() == "paths" {
                        settings.paths = map.next_value()?;
                    } else {
                        settings.rules.push((key, map.next_value()?));
                    }
                }
                Ok(settings)
            }
        }

        deserializer.deserialize_map(Table)
    }
}

impl<'de> Deserialize<'de> for RuleSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;

        impl<'de> Visitor<'de> for Table {
            type Value = RuleSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table such as [rules.\"index/unused\"], with `severity`, `enabled`, `for` or parameters of the rule")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RuleSettings, A::Error> {
                let mut settings = RuleSettings::default();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    match key.get_ref().as_str() {
                        "enabled" => settings.enabled = Some(map.next_value()?),
                        "reason" => settings.reason = Some(map.next_value()?),
                        "severity" => settings.severity = Some(map.next_value()?),
                        "for" => settings.overrides = map.next_value()?,
                        _ => settings.params.push((key, map.next_value()?)),
                    }
                }
                Ok(settings)
            }
        }

        deserializer.deserialize_map(Table)
    }
}

impl<'de> Deserialize<'de> for ObjectSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;

        impl<'de> Visitor<'de> for Table {
            type Value = ObjectSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table with `object` or `path` and what is different there")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ObjectSettings, A::Error> {
                let (mut object, mut scope, mut path, mut severity) = (None, None, None, None);
                let mut params = Vec::new();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    match key.get_ref().as_str() {
                        "object" => object = Some(map.next_value()?),
                        "scope" => scope = Some(map.next_value()?),
                        "path" => path = Some(map.next_value()?),
                        "severity" => severity = Some(map.next_value()?),
                        _ => params.push((key, map.next_value()?)),
                    }
                }
                if object.is_none() && path.is_none() {
                    return Err(de::Error::custom("neither `object` nor `path` is given"));
                }
                Ok(ObjectSettings {
                    object,
                    scope,
                    path,
                    severity,
                    params,
                })
            }
        }

        deserializer.deserialize_map(Table)
    }
}

/// A TOML date or the same in quotes; not a time.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let text = match &value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.parse::<Date>()
        .ok()
        .filter(|_| text.len() == 10)
        .map(Some)
        .ok_or_else(|| de::Error::custom(format!("{value} is no date such as 2026-12-31")))
}
