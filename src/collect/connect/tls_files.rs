//! Certificates and keys from files, made into a rustls connector.
//!
//! What OpenSSL does and rustls does not: TLS below 1.2, encrypted key files, server certificates
//! of X.509 version 1.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use tokio_postgres_rustls_improved::MakeRustlsConnect;

use super::cause::Cause;
use super::environment::{exists, file_facts, list, read};
use super::tls::{Parameters, SslMode};
use super::verify::{Check, PeerVerifier};

/// Reads the files and makes the connector.
pub(super) fn connector(
    parameters: &Parameters,
    warnings: &mut Vec<String>,
) -> Result<MakeRustlsConnect, Cause> {
    let fault = |error: rustls::Error| Cause::TlsSettings(error.to_string());
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&parameters.protocols)
        .map_err(fault)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier(parameters)?));
    let mut config = match client_certificate(parameters, warnings)? {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| {
            Cause::TlsSettings(format!("the key in sslkey does not fit sslcert: {error}"))
        })?,
    };
    config.enable_sni = parameters.send_name;
    if parameters.direct {
        config.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    Ok(MakeRustlsConnect::new(config))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// How to check the server. Where there is a root file, libpq checks the chain in every mode.
fn verifier(parameters: &Parameters) -> Result<PeerVerifier, Cause> {
    let check = match parameters.mode {
        SslMode::VerifyFull => Check::ChainAndName,
        _ => Check::Chain,
    };
    if parameters.system_roots {
        return PeerVerifier::new(check, system_roots()?, Vec::new(), provider());
    }
    match &parameters.roots.path {
        Some(path) if exists(path) => {
            let revoked = revocation_lists(parameters)?;
            PeerVerifier::new(check, certificates(path)?, revoked, provider())
        }
        _ if parameters.mode < SslMode::VerifyCa => Ok(PeerVerifier::trusting(provider())),
        missing => {
            let missing = missing
                .as_deref()
                .map_or("no home folder".into(), Path::to_string_lossy);
            Err(Cause::TlsSettings(format!(
                "this sslmode needs a file of trusted certificates and there is none ({missing}); \
                 give sslrootcert, or sslrootcert=system for public authorities"
            )))
        }
    }
}

fn system_roots() -> Result<Vec<CertificateDer<'static>>, Cause> {
    let found = rustls_native_certs::load_native_certs();
    if !found.certs.is_empty() {
        return Ok(found.certs);
    }
    let why = found
        .errors
        .first()
        .map_or_else(String::new, |error| format!(": {error}"));
    Err(Cause::TlsSettings(format!(
        "the system has no trusted certificates{why}"
    )))
}

/// Lists of revoked certificates: `sslcrl`, and each file of the folder `sslcrldir`.
fn revocation_lists(
    parameters: &Parameters,
) -> Result<Vec<CertificateRevocationListDer<'static>>, Cause> {
    let file = &parameters.revoked;
    let mut paths: Vec<PathBuf> = file
        .path
        .iter()
        .filter(|path| exists(path))
        .cloned()
        .collect();
    if let Some(folder) = &parameters.revoked_folder {
        paths.extend(list(folder).map_err(|error| unreadable("sslcrldir", folder, &error))?);
    }
    if paths.is_empty() && file.given {
        let problem = "the file of sslcrl does not exist".to_owned();
        return Err(Cause::TlsSettings(problem));
    }
    let mut lists = Vec::new();
    for path in paths {
        let bytes = read(&path).map_err(|error| unreadable("sslcrl", &path, &error))?;
        for list in CertificateRevocationListDer::pem_slice_iter(&bytes) {
            lists.push(list.map_err(|error| unreadable("sslcrl", &path, &error))?);
        }
    }
    Ok(lists)
}

/// Our own certificate and its key, if there are any.
#[allow(clippy::type_complexity, reason = "a pair used once")]
fn client_certificate(
    parameters: &Parameters,
    warnings: &mut Vec<String>,
) -> Result<Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>, Cause> {
    let file = &parameters.certificate;
    let Some(path) = file.path.as_ref().filter(|_| parameters.send_certificate) else {
        return Ok(None);
    };
    if !exists(path) {
        if file.given {
            warnings.push(format!(
                "{} {} does not exist, so no client certificate is sent",
                file.parameter,
                path.display()
            ));
        }
        return Ok(None);
    }
    Ok(Some((
        certificates(path)?,
        private_key(parameters.key.path.as_deref())?,
    )))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Cause> {
    let fault = |problem: &dyn Display| unreadable("certificate file", path, problem);
    let bytes = read(path).map_err(|error| fault(&error))?;
    let found = CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| fault(&error))?;
    if found.is_empty() {
        return Err(fault(&"it holds no certificate in PEM"));
    }
    Ok(found)
}

/// Reads a key that nobody else may read: as libpq, 0600 at most, or 0640 if root owns the file.
fn private_key(path: Option<&Path>) -> Result<PrivateKeyDer<'static>, Cause> {
    let path = path.filter(|path| exists(path)).ok_or_else(|| {
        Cause::TlsSettings("there is a client certificate but no key for it; give sslkey".into())
    })?;
    let fault = |problem: &dyn Display| unreadable("client key", path, problem);
    let facts = file_facts(path).map_err(|error| fault(&error))?;
    if !facts.regular {
        return Err(fault(&"it is not a plain file"));
    }
    let others = if facts.owned_by_root { 0o037 } else { 0o077 };
    if facts.mode & others != 0 {
        return Err(fault(&"others may read or write it; run chmod 0600 on it"));
    }
    let bytes = read(path).map_err(|error| fault(&error))?;
    if let Ok(key) = PrivateKeyDer::from_pem_slice(&bytes) {
        return Ok(key);
    }
    if bytes.windows(9).any(|window| window == b"ENCRYPTED") {
        return Err(fault(
            &"it is encrypted, which pgtriage cannot undo; decrypt it with openssl pkey",
        ));
    }
    PrivateKeyDer::try_from(bytes).map_err(|_| fault(&"it holds no private key (PEM or DER)"))
}

fn unreadable(what: &str, path: &Path, problem: &dyn Display) -> Cause {
    Cause::TlsSettings(format!(
        "{what} {} cannot be used: {problem}",
        path.display()
    ))
}
