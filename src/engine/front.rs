//! The front matter of a rule page: TOML between two `+++` lines.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::page::{Located, Need, Param};
use super::params::Value;
use super::severity::Severity;
use super::source::{Source, SourceError};

/// Names that mean something else beside a parameter in `pgtriage.toml`.
pub const RESERVED: [&str; 6] = ["severity", "enabled", "reason", "for", "object", "scope"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Front {
    pub title: Spanned<String>,
    pub severity: Severity,
    pub since: Spanned<String>,
    pub min_server: Option<u32>,
    pub max_server: Option<u32>,
    pub needs: Vec<Spanned<String>>,
    #[serde(default)]
    pub yields_to: Vec<Spanned<String>>,
    #[serde(default)]
    pub references: Vec<Spanned<String>>,
    pub no_fix: Option<Spanned<String>>,
    pub off: Option<Spanned<String>>,
    #[serde(default)]
    params: BTreeMap<Spanned<String>, ParamFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParamFront {
    pub value: Spanned<toml::Value>,
    pub why: Spanned<String>,
    pub source: Option<String>,
}

/// Reads front matter; spans count from the start of the page.
pub(super) struct Reader<'a> {
    pub source: &'a Source,
    pub start: usize,
    pub errors: &'a mut Vec<SourceError>,
}

impl Reader<'_> {
    pub fn read(&mut self, text: &str) -> Option<Front> {
        match toml::from_str::<Front>(text) {
            Ok(front) => Some(front),
            Err(error) => {
                // An error without a place of its own, such as a missing key, points at the top line.
                let span = error.span().filter(|span| !span.is_empty());
                let span = span.map_or(0..3, |span| self.shift(&span));
                let message = format!("front matter: {}", error.message().replace('\n', " "));
                self.errors.push(self.source.error(span, message));
                None
            }
        }
    }

    pub fn check(&mut self, front: &Front) {
        self.filled("title", &front.title);
        self.version("since", &front.since);
        if let Some(reason) = &front.no_fix {
            self.filled("no_fix", reason);
        }
        if let Some(reason) = &front.off {
            self.filled("off", reason);
        }
        for url in &front.references {
            if !url.get_ref().starts_with("https://") {
                self.fail(url, "a reference is an address that starts with `https://`");
            }
        }
        if front.needs.is_empty() {
            let message = "`needs` is empty: no rule judges without facts";
            self.errors.push(self.source.error(0..3, message));
        }
        if let (Some(min), Some(max)) = (front.min_server, front.max_server)
            && min > max
        {
            let message = format!("min_server {min} is above max_server {max}");
            self.errors.push(self.source.error(0..3, message));
        }
    }

    pub fn needs(&mut self, front: &Front) -> Vec<Need> {
        let needs = front.needs.iter().map(|need| {
            let (table, column) = match need.get_ref().split_once('.') {
                Some((table, column)) => (table, Some(column.to_owned())),
                None => (need.get_ref().as_str(), None),
            };
            Need {
                table: table.to_owned(),
                column,
                span: self.shift(&need.span()),
            }
        });
        needs.collect()
    }

    pub fn params(&mut self, front: &Front) -> Vec<Param> {
        let mut params = Vec::new();
        for (name, param) in &front.params {
            self.filled("why", &param.why);
            if RESERVED.contains(&name.get_ref().as_str()) {
                let message = format!(
                    "a parameter can't be called `{}`: pgtriage.toml uses that word",
                    name.get_ref()
                );
                self.fail(name, message);
            }
            let Some(value) = Value::infer(param.value.get_ref()) else {
                self.fail(
                    &param.value,
                    "a parameter is a size, duration, ratio, count, text or a list of texts",
                );
                continue;
            };
            params.push(Param {
                name: name.get_ref().clone(),
                value,
                why: param.why.get_ref().clone(),
                source: param.source.clone(),
                is_shared: false,
                span: self.shift(&name.span()),
            });
        }
        params.sort_by_key(|param| param.span.start);
        params
    }

    pub fn located(&self, text: &Spanned<String>) -> Located<String> {
        Located {
            value: text.get_ref().clone(),
            span: self.shift(&text.span()),
        }
    }

    fn filled(&mut self, name: &str, text: &Spanned<String>) {
        if text.get_ref().trim().is_empty() {
            self.fail(text, format!("`{name}` is empty"));
        }
    }

    fn version(&mut self, name: &str, text: &Spanned<String>) {
        let parts: Vec<&str> = text.get_ref().split('.').collect();
        let numbers = parts.iter().all(|part| part.parse::<u32>().is_ok());
        if !numbers || !(2..=3).contains(&parts.len()) {
            self.fail(
                text,
                format!("`{name}` is a version of pgtriage, such as \"0.1\""),
            );
        }
    }

    fn fail<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        let span = self.shift(&at.span());
        self.errors.push(self.source.error(span, message));
    }

    fn shift(&self, span: &Range<usize>) -> Range<usize> {
        span.start + self.start..span.end + self.start
    }
}
