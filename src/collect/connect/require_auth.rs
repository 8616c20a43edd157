//! `require_auth`: the ways of authentication that the user allows.

use super::error::ConnectError;
use super::values::Values;

/// How a server can ask who we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Password,
    Md5,
    Gss,
    Sspi,
    Scram,
    OAuth,
    /// The server asks nothing: trust, peer, a certificate.
    None,
}

const METHODS: [(&str, Method); 7] = [
    ("password", Method::Password),
    ("md5", Method::Md5),
    ("gss", Method::Gss),
    ("sspi", Method::Sspi),
    ("scram-sha-256", Method::Scram),
    ("oauth", Method::OAuth),
    ("none", Method::None),
];

/// The allowed methods, or with `!` the forbidden ones. By default nothing is forbidden.
#[derive(Debug, Clone)]
pub(super) struct RequireAuth {
    listed: Vec<Method>,
    forbidden: bool,
}

impl Default for RequireAuth {
    fn default() -> Self {
        Self {
            listed: Vec::new(),
            forbidden: true,
        }
    }
}

impl RequireAuth {
    pub(super) fn read(values: &Values) -> Result<Self, ConnectError> {
        const NAME: &str = "require_auth";
        let Some(list) = values.nonempty(NAME)? else {
            return Ok(Self::default());
        };
        let forbidden = list.starts_with('!');
        let mut listed = Vec::new();
        for word in list.split(',') {
            if word.starts_with('!') != forbidden {
                return Err(values.invalid(NAME, "either all methods have \"!\" or none has"));
            }
            let name = word.trim_start_matches('!');
            let found = METHODS.iter().find(|(known, _)| *known == name);
            let Some((_, method)) = found else {
                let known: Vec<&str> = METHODS.iter().map(|(name, _)| *name).collect();
                let problem = format!("its methods are {}", known.join(", "));
                return Err(values.invalid(NAME, &problem));
            };
            if listed.contains(method) {
                return Err(values.invalid(NAME, "a method stands there twice"));
            }
            listed.push(*method);
        }
        Ok(Self { listed, forbidden })
    }

    pub(super) fn allows(&self, method: Method) -> bool {
        self.listed.contains(&method) != self.forbidden
    }
}

impl Method {
    pub(super) fn name(self) -> &'static str {
        let found = METHODS.iter().find(|(_, method)| *method == self);
        found.map_or("another method", |(name, _)| name)
    }
}
