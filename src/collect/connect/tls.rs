//! TLS settings as libpq has them. Files are read in `tls_files.rs`.

use std::fmt;
use std::path::PathBuf;

use rustls::{SupportedProtocolVersion, version};
use tokio_postgres_rustls_improved::MakeRustlsConnect;

use super::cause::Cause;
use super::environment::Environment;
use super::error::ConnectError;
use super::tls_files;
use super::values::Values;

/// `sslmode`, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// How to do TLS with a server.
#[derive(Clone)]
pub(super) struct Tls {
    pub(super) mode: SslMode,
    /// `sslnegotiation=direct`: no question first.
    pub(super) direct: bool,
    /// The connector, or why there can be none, which counts only once TLS is used.
    pub(super) connector: Result<MakeRustlsConnect, Cause>,
}

/// A file that a parameter names, or its default.
#[derive(Debug)]
pub(super) struct NamedFile {
    pub(super) parameter: &'static str,
    /// None where there is no home folder.
    pub(super) path: Option<PathBuf>,
    /// Whether the parameter was given.
    pub(super) given: bool,
}

/// The parameters about TLS, before any file is read.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent parameters")]
pub(super) struct Parameters {
    pub(super) mode: SslMode,
    pub(super) direct: bool,
    /// Send the host name in the clear, so that a proxy can choose a certificate.
    pub(super) send_name: bool,
    pub(super) protocols: Vec<&'static SupportedProtocolVersion>,
    /// `sslrootcert=system`.
    pub(super) system_roots: bool,
    pub(super) roots: NamedFile,
    pub(super) revoked: NamedFile,
    pub(super) revoked_folder: Option<PathBuf>,
    /// Send our certificate when asked.
    pub(super) send_certificate: bool,
    pub(super) certificate: NamedFile,
    pub(super) key: NamedFile,
}

impl Tls {
    /// Reads the parameters and, unless TLS is off, the files.
    pub(super) fn resolve(
        values: &Values,
        environment: &Environment,
        warnings: &mut Vec<String>,
    ) -> Result<Self, ConnectError> {
        let parameters = Parameters::read(values, environment)?;
        let connector = if parameters.mode == SslMode::Disable {
            Err(Cause::TlsSettings("sslmode is disable".to_owned()))
        } else {
            tls_files::connector(&parameters, warnings)
        };
        Ok(Self {
            mode: parameters.mode,
            direct: parameters.direct,
            connector,
        })
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("mode", &self.mode)
            .field("direct", &self.direct)
            .field("fault", &self.connector.as_ref().err())
            .finish()
    }
}

impl Parameters {
    fn read(values: &Values, environment: &Environment) -> Result<Self, ConnectError> {
        let system_roots = values.text("sslrootcert")? == Some("system");
        let mode = mode(values, system_roots)?;
        let direct = values.choice("sslnegotiation", &[("postgres", false), ("direct", true)])?;
        if direct && mode < SslMode::Require {
            return Err(values.invalid(
                "sslnegotiation",
                "direct needs sslmode=require, verify-ca or verify-full",
            ));
        }
        let file = |parameter, default| {
            let given = values.nonempty(parameter)?.map(PathBuf::from);
            Ok::<_, ConnectError>(NamedFile {
                parameter,
                given: given.is_some(),
                path: given.or_else(|| environment.tls_file(default)),
            })
        };
        Ok(Self {
            mode,
            direct,
            send_name: values.text("sslsni")? != Some("0"),
            protocols: protocols(values)?,
            system_roots,
            roots: file("sslrootcert", "root.crt")?,
            revoked: file("sslcrl", "root.crl")?,
            revoked_folder: values.nonempty("sslcrldir")?.map(PathBuf::from),
            send_certificate: send_certificate(values)?,
            certificate: file("sslcert", "postgresql.crt")?,
            key: file("sslkey", "postgresql.key")?,
        })
    }
}

fn mode(values: &Values, system_roots: bool) -> Result<SslMode, ConnectError> {
    let mode = values.choice(
        "sslmode",
        &[
            ("prefer", SslMode::Prefer),
            ("disable", SslMode::Disable),
            ("allow", SslMode::Allow),
            ("require", SslMode::Require),
            ("verify-ca", SslMode::VerifyCa),
            ("verify-full", SslMode::VerifyFull),
        ],
    )?;
    if !system_roots {
        return Ok(mode);
    }
    // Anyone can have a certificate of a public authority, so only the name tells hosts apart.
    if values.get("sslmode").is_some() && mode != SslMode::VerifyFull {
        return Err(values.invalid("sslmode", "sslrootcert=system needs sslmode=verify-full"));
    }
    Ok(SslMode::VerifyFull)
}

fn send_certificate(values: &Values) -> Result<bool, ConnectError> {
    let choices = [
        ("allow", "allow"),
        ("disable", "disable"),
        ("require", "require"),
    ];
    match values.choice("sslcertmode", &choices)? {
        "require" => Err(values.unsupported(
            "sslcertmode",
            "pgtriage cannot tell whether the server asked for a certificate; use allow",
        )),
        choice => Ok(choice == "allow"),
    }
}

/// The versions of TLS that `ssl_min_protocol_version` and `ssl_max_protocol_version` leave.
fn protocols(values: &Values) -> Result<Vec<&'static SupportedProtocolVersion>, ConnectError> {
    let bound = |name, default: u8| {
        let known = [
            ("TLSv1", 10),
            ("TLSv1.1", 11),
            ("TLSv1.2", 12),
            ("TLSv1.3", 13),
        ];
        let Some(text) = values.nonempty(name)? else {
            return Ok(default);
        };
        let found = known
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(text));
        found.map(|(_, version)| *version).ok_or_else(|| {
            values.invalid(name, "it must be one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3")
        })
    };
    let lowest = bound("ssl_min_protocol_version", 12)?;
    let highest = bound("ssl_max_protocol_version", 13)?;
    let left: Vec<_> = [(12, &version::TLS12), (13, &version::TLS13)]
        .into_iter()
        .filter(|(number, _)| (lowest..=highest).contains(number))
        .map(|(_, version)| version)
        .collect();
    if left.is_empty() {
        return Err(values.invalid(
            "ssl_max_protocol_version",
            "pgtriage speaks TLS 1.2 and 1.3, and neither lies within the bounds",
        ));
    }
    Ok(left)
}
