//! The hosts to try: `host`, `hostaddr` and `port` matched up.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use super::environment::{Environment, exists};
use super::error::ConnectError;
use super::passfile::Password;
use super::values::Values;

/// Port of `PostgreSQL` where none is given.
const DEFAULT_PORT: u16 = 5432;

/// One server to try.
#[derive(Debug, Clone)]
pub(super) struct Host {
    pub(super) place: Place,
    pub(super) port: u16,
    /// Given for all hosts, or found for this one in the password file.
    pub(super) password: Option<Password>,
}

/// How to reach a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// By TCP. At least one of the two is there; the name is what TLS checks, the address saves
    /// the look-up.
    Tcp {
        name: Option<String>,
        address: Option<IpAddr>,
    },
    /// By a socket in this folder, or by an abstract one (`@name`).
    Socket {
        folder: String,
        /// Whether it is one of the default folders.
        default: bool,
    },
}

impl Host {
    /// What the password file calls this host.
    pub(super) fn key(&self) -> String {
        match &self.place {
            Place::Tcp { name, address } => name
                .clone()
                .or_else(|| address.map(|address| address.to_string()))
                .unwrap_or_default(),
            Place::Socket { default: true, .. } => "localhost".to_owned(),
            Place::Socket { folder, .. } => folder.clone(),
        }
    }

    /// Path of the socket file as tokio takes it: an abstract name begins with a zero byte.
    pub(super) fn socket_folder(folder: &str) -> PathBuf {
        match folder.strip_prefix('@') {
            Some(name) => PathBuf::from(format!("\0{name}")),
            None => PathBuf::from(folder),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = self.port;
        match &self.place {
            Place::Socket { folder, .. } => write!(f, "{folder}/.s.PGSQL.{port}"),
            Place::Tcp {
                name: Some(name),
                address: Some(address),
            } => write!(f, "{name} ({address}):{port}"),
            Place::Tcp { .. } => {
                let name = self.key();
                if name.contains(':') {
                    write!(f, "[{name}]:{port}")
                } else {
                    write!(f, "{name}:{port}")
                }
            }
        }
    }
}

/// Matches the three lists up, as libpq does: as many hosts as addresses where both are given; one
/// port for all, or one for each.
pub(super) fn hosts(values: &Values, environment: &Environment) -> Result<Vec<Host>, ConnectError> {
    let list = |name| Ok::<_, ConnectError>(values.nonempty(name)?.map(split));
    let (names, addresses) = (list("host")?, list("hostaddr")?);
    let count = addresses.as_ref().or(names.as_ref()).map_or(1, Vec::len);
    let mismatch = |name, given: usize| {
        values.invalid(name, &format!("it lists {given} values for {count} hosts"))
    };
    let names = names.unwrap_or_else(|| vec![""; count]);
    if names.len() != count {
        return Err(mismatch("host", names.len()));
    }
    let addresses = addresses.unwrap_or_else(|| vec![""; count]);
    let mut ports = list("port")?.unwrap_or_else(|| vec![""]);
    if ports.len() == 1 {
        ports = vec![ports[0]; count];
    }
    if ports.len() != count {
        return Err(mismatch("port", ports.len()));
    }
    let triples = names.into_iter().zip(addresses).zip(ports);
    triples
        .map(|((name, address), port)| {
            let port = parse_port(port, values)?;
            Ok(Host {
                place: place(name, address, port, values, environment)?,
                port,
                password: None,
            })
        })
        .collect()
}

fn split(list: &str) -> Vec<&str> {
    list.split(',').collect()
}

/// The text is not shown when it is no port: in a URI it may be a part of a password.
fn parse_port(text: &str, values: &Values) -> Result<u16, ConnectError> {
    match text.trim() {
        "" => Ok(DEFAULT_PORT),
        number => number.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
            values.invalid(
                "port",
                "it must be a number from 1 to 65535 (in a URI, write \"/\" and \"@\" of a password as %2F and %40)",
            )
        }),
    }
}

fn place(
    name: &str,
    address: &str,
    port: u16,
    values: &Values,
    environment: &Environment,
) -> Result<Place, ConnectError> {
    if !address.is_empty() {
        let parsed = address.parse().map_err(|_| {
            values.invalid(
                "hostaddr",
                "it must be an IP address; a name belongs in host",
            )
        })?;
        return Ok(Place::Tcp {
            name: (!name.is_empty()).then(|| name.to_owned()),
            address: Some(parsed),
        });
    }
    if name.starts_with(['/', '@']) || is_windows_path(name) {
        let default = environment
            .socket_folders()
            .iter()
            .any(|folder| folder.as_os_str() == name);
        return Ok(Place::Socket {
            folder: name.to_owned(),
            default,
        });
    }
    if name.is_empty() {
        return Ok(default_place(port, environment));
    }
    Ok(Place::Tcp {
        name: Some(name.to_owned()),
        address: None,
    })
}

fn is_windows_path(name: &str) -> bool {
    cfg!(windows) && name.get(1..3) == Some(":\\")
}

/// The default folder that has the socket, else one that exists, else the first; `localhost` where
/// there are no sockets.
fn default_place(port: u16, environment: &Environment) -> Place {
    let folders = environment.socket_folders();
    let socket = format!(".s.PGSQL.{port}");
    let found = folders
        .iter()
        .find(|folder| exists(&folder.join(&socket)))
        .or_else(|| folders.iter().find(|folder| exists(folder)))
        .or(folders.first());
    match found {
        Some(folder) => Place::Socket {
            folder: folder.to_string_lossy().into_owned(),
            default: true,
        },
        None => Place::Tcp {
            name: Some("localhost".to_owned()),
            address: None,
        },
    }
}
