//! The parameters of one connection, with where each came from.

use std::collections::BTreeMap;

use super::assignment::Assignment;
use super::environment::Environment;
use super::error::ConnectError;
use super::parameters::{PARAMETERS, known};
use super::secret::Secret;
use super::source::Source;
use super::{keyvalue, service, uri};

/// A value and where it was given.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) secret: Secret,
    pub(super) origin: Source,
}

/// Values by parameter. Any of them may hold a secret by mistake, so none is printed.
#[derive(Debug, Clone, Default)]
pub(super) struct Values(BTreeMap<&'static str, Value>);

impl Values {
    /// Merges all sources in libpq's order: connection string, service file, environment.
    pub(super) fn gather(
        argument: Option<&str>,
        environment: &Environment,
    ) -> Result<Self, ConnectError> {
        let mut values = Self::default();
        match argument {
            None | Some("") => {}
            Some(text) if uri::is_uri(text) => values.assign(text, uri::parse(text)?)?,
            Some(text) if text.contains('=') => values.assign(text, keyvalue::parse(text)?)?,
            Some(name) => values.set("dbname", name.into(), Source::ConnectionString),
        }
        service::fill(&mut values, environment)?;
        for &(name, variable) in PARAMETERS {
            if let Some(variable) = variable
                && let Some(value) = environment.variable(variable)
            {
                values.fill(name, value.to_vec(), Source::Variable(variable));
            }
        }
        if environment
            .variable("PGREQUIRESSL")
            .is_some_and(|value| value.starts_with(b"1"))
        {
            let origin = Source::Variable("PGREQUIRESSL");
            values.fill("sslmode", b"require".to_vec(), origin);
        }
        Ok(values)
    }

    fn assign(&mut self, text: &str, assignments: Vec<Assignment>) -> Result<(), ConnectError> {
        let mut after_secret = false;
        for Assignment { name, at, value } in assignments {
            // Deprecated, but libpq still reads it.
            if name == "requiressl" {
                let mode: &[u8] = if value.starts_with(b"1") {
                    b"require"
                } else {
                    b"prefer"
                };
                self.set("sslmode", mode.to_vec(), Source::ConnectionString);
                continue;
            }
            let name = known(&name, &Source::ConnectionString).map_err(|error| {
                if after_secret {
                    // The name may be the tail of a password, so it is not shown.
                    super::assignment::syntax(
                        text,
                        at,
                        "an unknown name right after a password; put a password with spaces in \
                         single quotes, and in a URI write \"&\" as %26",
                    )
                } else {
                    error
                }
            })?;
            after_secret = is_secret(name);
            self.set(name, value, Source::ConnectionString);
        }
        Ok(())
    }

    fn set(&mut self, name: &'static str, value: Vec<u8>, origin: Source) {
        let secret = Secret::from(value);
        self.0.insert(name, Value { secret, origin });
    }

    /// Sets a parameter that no earlier source has set.
    pub(super) fn fill(&mut self, name: &'static str, value: Vec<u8>, origin: Source) {
        if !self.0.contains_key(name) {
            self.set(name, value, origin);
        }
    }

    /// The value as given, also when it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The value as text, also when it is empty.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, ConnectError> {
        self.get(name)
            .map(|value| {
                std::str::from_utf8(value.secret.bytes())
                    .map_err(|_| self.invalid(name, "it is not valid UTF-8"))
            })
            .transpose()
    }

    /// The value as text, unless it is empty.
    pub(super) fn nonempty(&self, name: &'static str) -> Result<Option<&str>, ConnectError> {
        Ok(self.text(name)?.filter(|value| !value.is_empty()))
    }

    /// One of several words; the first is the default.
    pub(super) fn choice<T: Copy>(
        &self,
        name: &'static str,
        choices: &[(&str, T)],
    ) -> Result<T, ConnectError> {
        let Some(given) = self.text(name)? else {
            return Ok(choices[0].1);
        };
        let found = choices.iter().find(|(word, _)| *word == given);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.invalid(name, &format!("it must be one of {}", words.join(", ")))
        })
    }

    /// A whole number, with white space around it if need be.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<i32>, ConnectError> {
        self.text(name)?
            .map(|text| {
                text.trim()
                    .parse()
                    .map_err(|_| self.invalid(name, "it must be a whole number"))
            })
            .transpose()
    }

    /// An error about a value, which is not shown: it may be a password in the wrong place.
    pub(super) fn invalid(&self, name: &'static str, problem: &str) -> ConnectError {
        ConnectError::Value {
            parameter: name,
            origin: self.origin(name),
            problem: problem.to_owned(),
        }
    }

    /// An error about a parameter that cannot be honoured.
    pub(super) fn unsupported(&self, name: &'static str, why: &'static str) -> ConnectError {
        ConnectError::Unsupported {
            parameter: name,
            origin: self.origin(name),
            why,
        }
    }

    /// Where a parameter was given.
    pub(super) fn origin(&self, name: &str) -> Source {
        self.get(name)
            .map_or(Source::ConnectionString, |value| value.origin.clone())
    }
}

/// Whether a parameter's value is a secret by its nature.
fn is_secret(name: &str) -> bool {
    name.contains("password") || name.contains("secret") || name.starts_with("scram_")
}
