//! Checking the server's certificate as libpq's `sslmode`s ask for it.

use std::net::IpAddr;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::cause::Cause;
use super::certificate::common_name;

/// How much of the server's certificate is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// Signed by a known authority, in date, not revoked.
    Chain,
    /// The same, and issued for this host.
    ChainAndName,
}

/// The check of the server's certificate.
#[derive(Debug)]
pub(super) struct PeerVerifier {
    check: Check,
    /// None: whoever answers is believed.
    chain: Option<Arc<WebPkiServerVerifier>>,
    /// The trusted certificates themselves.
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl PeerVerifier {
    /// Believes anyone. The line is secret, but nobody knows to whom.
    pub(super) fn trusting(provider: Arc<CryptoProvider>) -> Self {
        Self {
            check: Check::Chain,
            chain: None,
            roots: Vec::new(),
            provider,
        }
    }

    /// Believes holders of a certificate that leads to one of `roots`.
    pub(super) fn new(
        check: Check,
        roots: Vec<CertificateDer<'static>>,
        revoked: Vec<CertificateRevocationListDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, Cause> {
        let mut store = RootCertStore::empty();
        let (usable, _) = store.add_parsable_certificates(roots.iter().cloned());
        if usable == 0 {
            let problem = "none of the trusted certificates can be understood";
            return Err(Cause::TlsSettings(problem.to_owned()));
        }
        let chain = WebPkiServerVerifier::builder_with_provider(store.into(), provider.clone())
            .with_crls(revoked)
            .build()
            .map_err(|error| Cause::TlsSettings(error.to_string()))?;
        Ok(Self {
            check,
            chain: Some(chain),
            roots,
            provider,
        })
    }
}

impl ServerCertVerifier for PeerVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        let verdict = chain
            .verify_server_cert(certificate, intermediates, name, ocsp, now)
            .or_else(|error| self.own_root(certificate, name, error));
        match verdict {
            // The name is checked last, so the chain is good.
            Err(error) if wrong_name(&error) => match self.check {
                Check::Chain => Ok(ServerCertVerified::assertion()),
                Check::ChainAndName if named_in_subject(certificate, name, &error) => {
                    Ok(ServerCertVerified::assertion())
                }
                Check::ChainAndName => Err(error),
            },
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match &self.chain {
            Some(chain) => chain.verify_tls12_signature(message, certificate, signature),
            // Proof of holding a key that nobody vouches for proves nothing; and certificates of
            // X.509 version 1, which rustls cannot read, are accepted this way.
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match &self.chain {
            Some(chain) => chain.verify_tls13_signature(message, certificate, signature),
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl PeerVerifier {
    /// A self-signed server certificate that is itself in the root file is good to OpenSSL. To
    /// webpki it is an authority's certificate in the wrong place; it says so after it has checked
    /// the dates.
    fn own_root(
        &self,
        certificate: &CertificateDer<'_>,
        name: &ServerName<'_>,
        error: Error,
    ) -> Result<ServerCertVerified, Error> {
        let misplaced = matches!(
            &error,
            Error::InvalidCertificate(CertificateError::Other(other))
                if format!("{:?}", other.0) == "CaUsedAsEndEntity"
        );
        if !(misplaced && self.roots.iter().any(|root| root == certificate)) {
            return Err(error);
        }
        let parsed = rustls::server::ParsedCertificate::try_from(certificate)?;
        rustls::client::verify_server_name(&parsed, name)?;
        Ok(ServerCertVerified::assertion())
    }
}

fn wrong_name(error: &Error) -> bool {
    matches!(
        error,
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
        )
    )
}

/// Whether the host is the subject's common name, which libpq accepts where the certificate has no
/// alternative name of the host's kind.
fn named_in_subject(
    certificate: &CertificateDer<'_>,
    name: &ServerName<'_>,
    error: &Error,
) -> bool {
    let (kind, host) = match name {
        ServerName::DnsName(name) => ("DnsName", name.as_ref().to_owned()),
        ServerName::IpAddress(address) => ("IpAddress", IpAddr::from(*address).to_string()),
        _ => return false,
    };
    if let Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. }) =
        error
        && presented.iter().any(|name| name.starts_with(kind))
    {
        return false;
    }
    common_name(certificate).is_some_and(|pattern| matches_host(&pattern, &host, kind == "DnsName"))
}

/// Compares without case; `*.` stands for the first label of a DNS name.
fn matches_host(pattern: &str, host: &str, wildcards: bool) -> bool {
    if wildcards
        && let Some(domain) = pattern.strip_prefix("*.")
        && let Some((_, rest)) = host.split_once('.')
    {
        return domain.eq_ignore_ascii_case(rest);
    }
    pattern.eq_ignore_ascii_case(host)
}
