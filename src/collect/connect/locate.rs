//! Finding a server: hosts in order, their addresses in order, with and without TLS.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::IpAddr;
use std::sync::Arc;

use tokio::time::timeout;
use tokio_postgres::Client;

use super::cause::Cause;
use super::classify::{cause, system_text};
use super::conninfo::ConnInfo;
use super::dial::{Driver, Endpoint, dial};
use super::error::{ConnectError, Failures};
use super::host::{Host, Place};
use super::probe::{ServerInfo, probe};
use super::startup::Startup;
use super::target::Target;
use super::tls::SslMode;
use super::transport::Encryption;

/// A server that will do, with the first connection to it.
pub(super) struct Found {
    /// The endpoint that worked, with its choice of TLS made.
    pub(super) endpoint: Endpoint,
    pub(super) server: ServerInfo,
    pub(super) client: Client,
    pub(super) driver: Driver,
    /// What did not work on the way to this host, such as TLS that had to be given up.
    pub(super) warnings: Vec<String>,
}

/// Tries all hosts, first for the kind of server wanted most.
pub(super) async fn locate(info: &ConnInfo) -> Result<Found, ConnectError> {
    let mut failures = Failures::default();
    for target in info.target.choices() {
        failures = Failures::default();
        let mut hosts: Vec<&Host> = info.hosts.iter().collect();
        if info.shuffle {
            shuffle(&mut hosts);
        }
        for host in hosts {
            match try_host(info, host, *target).await {
                Ok(found) => return Ok(found),
                Err(cause) => {
                    let last = !cause.next_host();
                    failures.push(host.to_string(), cause);
                    if last {
                        return Err(failures.into());
                    }
                }
            }
        }
    }
    Err(failures.into())
}

/// Tries the addresses of one host until one answers.
async fn try_host(info: &ConnInfo, host: &Host, target: Target) -> Result<Found, Cause> {
    let mut worst: Option<Cause> = None;
    for address in addresses(info, host).await? {
        match try_address(info, host, address, target).await {
            Ok(found) => return Ok(found),
            Err(cause) => {
                let last = cause.progress() > 1;
                if worst
                    .as_ref()
                    .is_none_or(|worst| worst.progress() <= cause.progress())
                {
                    worst = Some(cause);
                }
                if last {
                    break;
                }
            }
        }
    }
    Err(worst.unwrap_or_else(|| Cause::UnknownHost("it has no address".to_owned())))
}

/// Tries one address with and without TLS, as `sslmode` has it.
async fn try_address(
    info: &ConnInfo,
    host: &Host,
    address: Option<IpAddr>,
    target: Target,
) -> Result<Found, Cause> {
    let mut first: Option<Cause> = None;
    for encryption in encryptions(info, host)? {
        let endpoint = Endpoint {
            host: host.clone(),
            address,
            encryption: *encryption,
        };
        let startup = Arc::new(Startup::default());
        let outcome = match (encryption, &info.tls.connector) {
            (Encryption::IfOffered | Encryption::Always, Err(cause)) => Err(cause.clone()),
            _ => limited(info, try_endpoint(info, endpoint, &startup, target)).await,
        };
        match outcome {
            Ok(mut found) => {
                if let (Some(cause), Encryption::Never) = (first, encryption) {
                    let warning = format!("the connection to {host} is not encrypted: {cause}");
                    found.warnings.push(warning);
                }
                return Ok(found);
            }
            Err(cause) => {
                let was_encrypted = startup.encrypted() || cause.progress() == 2;
                let other_way = was_encrypted == (*encryption == Encryption::IfOffered);
                let again = cause.other_encryption() && other_way;
                // Of two failures the one that got further counts, else the first.
                let known = first
                    .take()
                    .filter(|known| known.progress() >= cause.progress());
                first = Some(known.unwrap_or(cause));
                if !again {
                    break;
                }
            }
        }
    }
    Err(first.unwrap_or(Cause::NoTls))
}

/// The attempts that `sslmode` asks for, in order.
fn encryptions(info: &ConnInfo, host: &Host) -> Result<&'static [Encryption], Cause> {
    use Encryption::{Always, IfOffered, Never};
    let Place::Tcp { name, .. } = &host.place else {
        return Ok(&[Never]);
    };
    if info.tls.mode == SslMode::VerifyFull && name.is_none() {
        let problem = "sslmode=verify-full needs a host name to check, and only hostaddr is given";
        return Err(Cause::TlsSettings(problem.to_owned()));
    }
    Ok(match info.tls.mode {
        SslMode::Disable => &[Never],
        SslMode::Allow => &[Never, Always],
        SslMode::Prefer => &[IfOffered, Never],
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => &[Always],
    })
}

async fn try_endpoint(
    info: &ConnInfo,
    mut endpoint: Endpoint,
    startup: &Arc<Startup>,
    target: Target,
) -> Result<Found, Cause> {
    let password = endpoint.host.password.as_ref();
    let fault = |error| cause(&error, &info.user, password);
    let (client, mut driver) = dial(info, &endpoint, startup).await.map_err(fault)?;
    let probing = probe(&client, startup);
    let server = tokio::select! {
        server = probing => server.map_err(fault)?.ok_or_else(|| {
            Cause::NotPostgres("it does not answer a SELECT".to_owned())
        })?,
        ended = &mut driver => return Err(ended.err().map_or(Cause::Closed, fault)),
    };
    if !target.accepts(server.in_recovery, server.read_only_by_default) {
        let wanted = info.target.name();
        return Err(Cause::WrongTarget { wanted });
    }
    endpoint.encryption = if startup.encrypted() {
        Encryption::Always
    } else {
        Encryption::Never
    };
    Ok(Found {
        endpoint,
        server,
        client,
        driver,
        warnings: Vec::new(),
    })
}

/// None stands for the one place a socket has.
async fn addresses(info: &ConnInfo, host: &Host) -> Result<Vec<Option<IpAddr>>, Cause> {
    let Place::Tcp { address, .. } = &host.place else {
        return Ok(vec![None]);
    };
    if let Some(address) = address {
        return Ok(vec![Some(*address)]);
    }
    let lookup = async {
        tokio::net::lookup_host((host.key(), host.port))
            .await
            .map_err(|error| Cause::UnknownHost(system_text(&error)))
    };
    let mut found: Vec<_> = limited(info, lookup)
        .await?
        .map(|address| Some(address.ip()))
        .collect();
    if info.shuffle {
        shuffle(&mut found);
    }
    Ok(found)
}

/// Gives up after `connect_timeout`.
async fn limited<T>(
    info: &ConnInfo,
    work: impl Future<Output = Result<T, Cause>>,
) -> Result<T, Cause> {
    match info.connect_timeout {
        None => work.await,
        Some(limit) => timeout(limit, work)
            .await
            .unwrap_or(Err(Cause::Timeout(limit))),
    }
}

/// Fisher and Yates, with the standard library's random keys.
fn shuffle<T>(items: &mut [T]) {
    for last in (1..items.len()).rev() {
        let random = RandomState::new().build_hasher().finish();
        items.swap(last, (random % (last as u64 + 1)) as usize);
    }
}
