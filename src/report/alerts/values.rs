//! Parameters of pages in texts.

use crate::engine::params::Value;
use crate::engine::{Pages, Plan};
use crate::facts::human;

/// Where parameters come from.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    /// The pages.
    pub pages: &'a Pages,
    /// How they run.
    pub plan: &'a Plan,
    /// Size of the disk, bytes.
    pub disk: Option<u64>,
}

impl Values<'_> {
    /// Is the page there, and do the settings leave it on?
    pub fn is_on(&self, rule: &str) -> bool {
        let page = self.pages.get(rule);
        page.is_some_and(|page| self.plan.rule(page).off.is_none())
    }

    /// A text with its parameters put in; the error names what is not known.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            let (before, from) = rest.split_at(start);
            out += before;
            // Templates and selectors of Prometheus are none of ours.
            let name = from.get(1..).and_then(|inner| inner.split_once('}'));
            if let Some((name, after)) = name.filter(|(name, _)| is_name(name)) {
                out += &self.one(name)?;
                rest = after;
            } else {
                out.push('{');
                rest = from.get(1..).unwrap_or_default();
            }
        }
        Ok(out + rest)
    }

    fn one(&self, name: &str) -> Result<String, String> {
        if name == "disk" {
            let bytes = self.disk.map(|bytes| bytes.to_string());
            return bytes.ok_or_else(|| "the size of the disk".to_owned());
        }
        let (mark, name) = match name.split_at(1) {
            (mark @ ("~" | "!"), name) => (mark, name),
            _ => ("", name),
        };
        let missing = || name.to_owned();
        let (rule, parameter) = name.split_once('.').ok_or_else(missing)?;
        let page = self.pages.get(rule).ok_or_else(missing)?;
        let plan = self.plan.rule(page);
        let value = plan.values.get(parameter).ok_or_else(missing)?;
        let text = match mark {
            "~" => read(value),
            "!" => pattern(value),
            _ => plain(value),
        };
        text.ok_or_else(missing)
    }
}

fn is_name(name: &str) -> bool {
    let name = name.trim_start_matches(['~', '!']);
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/-_.".contains(c);
    name == "disk" || (name.contains('/') && name.contains('.') && name.chars().all(fits))
}

/// Bytes, seconds or the number.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Size(bytes) => Some(bytes.to_string()),
        Value::Duration(ms) => Some(format!("{}", ms / 1000.0)),
        Value::Ratio(ratio) => Some(format!("{ratio}")),
        Value::Count(count) => Some(count.to_string()),
        _ => None,
    }
}

fn read(value: &Value) -> Option<String> {
    match value {
        Value::Size(bytes) => Some(human::bytes(*bytes as f64)),
        Value::Duration(ms) => Some(human::ms(*ms)),
        Value::Ratio(ratio) => Some(human::percent(*ratio)),
        Value::Count(count) => Some(human::count(*count as f64)),
        _ => None,
    }
}

/// LIKE patterns as one regular expression.
fn pattern(value: &Value) -> Option<String> {
    let Value::List(list) = value else {
        return None;
    };
    let one = |like: &String| {
        let mut out = String::new();
        for c in like.chars() {
            match c {
                '%' => out += ".*",
                '_' => out.push('.'),
                c if c.is_alphanumeric() || c == ' ' || c == '-' => out.push(c),
                // Within a string of PromQL a backslash wants another.
                c => {
                    out += "\\\\";
                    out.push(c);
                }
            }
        }
        out
    };
    Some(list.iter().map(one).collect::<Vec<_>>().join("|"))
}
