//! Where and how to connect: everything that was given, resolved.

use std::fmt::Write as _;
use std::time::Duration;

use tokio_postgres::config::ChannelBinding;

use super::environment::Environment;
use super::error::ConnectError;
use super::host::{Host, Place, hosts};
use super::passfile::{Password, PasswordFile};
use super::require_auth::RequireAuth;
use super::target::Target;
use super::tls::Tls;
use super::values::Values;

/// Name under which we appear in `pg_stat_activity`, unless another is given.
pub const APPLICATION_NAME: &str = "pgtriage";

/// Limit for one attempt to connect where `connect_timeout` is not given. libpq has none; a tool
/// that runs by itself must not wait for ever.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// A resolved connection: hosts to try, user, database, TLS. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct ConnInfo {
    pub(super) hosts: Vec<Host>,
    pub(super) user: String,
    pub(super) database: String,
    pub(super) application_name: String,
    pub(super) options: Option<String>,
    /// None: wait for ever.
    pub(super) connect_timeout: Option<Duration>,
    pub(super) socket: SocketOptions,
    pub(super) target: Target,
    /// Try hosts and addresses in random order.
    pub(super) shuffle: bool,
    pub(super) channel_binding: ChannelBinding,
    pub(super) require_auth: RequireAuth,
    pub(super) tls: Tls,
    password: Option<Password>,
    passwords: PasswordFile,
    warnings: Vec<String>,
}

/// Settings of TCP; none leaves the system's default.
#[derive(Debug, Clone, Default)]
pub(super) struct SocketOptions {
    pub(super) keepalives: bool,
    pub(super) idle: Option<Duration>,
    pub(super) interval: Option<Duration>,
    pub(super) count: Option<u32>,
    pub(super) user_timeout: Option<Duration>,
}

impl ConnInfo {
    /// Resolves a URI, a key/value string or the name of a database, with the environment behind
    /// it: service file, PG* variables, password file, defaults, in libpq's order.
    pub fn resolve(
        argument: Option<&str>,
        environment: &Environment,
    ) -> Result<Self, ConnectError> {
        let values = Values::gather(argument, environment)?;
        let hosts = hosts(&values, environment)?;
        refuse_unsupported(&values, &hosts)?;
        let user = match values.nonempty("user")?.or(environment.user()) {
            Some(user) => user.to_owned(),
            None => return Err(ConnectError::NoUser),
        };
        let database = values.nonempty("dbname")?.unwrap_or(&user).to_owned();
        let mut warnings = Vec::new();
        let password = values
            .get("password")
            .filter(|value| !value.secret.bytes().is_empty())
            .map(|value| Password {
                secret: value.secret.clone(),
                origin: value.origin.clone(),
            });
        let passwords = if password.is_none() {
            password_file(&values, environment, &mut warnings)?
        } else {
            PasswordFile::default()
        };
        let mut info = Self {
            hosts,
            user,
            database,
            application_name: values
                .nonempty("application_name")?
                .unwrap_or(APPLICATION_NAME)
                .to_owned(),
            options: values.nonempty("options")?.map(str::to_owned),
            connect_timeout: connect_timeout(&values)?,
            socket: socket_options(&values)?,
            target: Target::read(&values)?,
            shuffle: values.choice(
                "load_balance_hosts",
                &[("disable", false), ("random", true)],
            )?,
            channel_binding: values.choice(
                "channel_binding",
                &[
                    ("prefer", ChannelBinding::Prefer),
                    ("disable", ChannelBinding::Disable),
                    ("require", ChannelBinding::Require),
                ],
            )?,
            require_auth: RequireAuth::read(&values)?,
            tls: Tls::resolve(&values, environment, &mut warnings)?,
            password,
            passwords,
            warnings,
        };
        info.find_passwords();
        Ok(info)
    }

    /// The same connection to another database. Its password may be another one.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let mut info = self.clone();
        name.clone_into(&mut info.database);
        info.find_passwords();
        info
    }

    /// Name of the database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Name of the user.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Database and hosts, as in `shop@10.0.0.5:5432`, without secrets.
    pub fn display_target(&self) -> String {
        let mut target = format!("{}@", self.database);
        for (index, host) in self.hosts.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            let _ = write!(target, "{separator}{host}");
        }
        target
    }

    /// What was set aside and why, such as a password file that others can read.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The password may be another one for each host.
    fn find_passwords(&mut self) {
        for host in &mut self.hosts {
            host.password = self.password.clone().or_else(|| {
                self.passwords
                    .find(&host.key(), host.port, &self.database, &self.user)
            });
        }
    }
}

fn password_file(
    values: &Values,
    environment: &Environment,
    warnings: &mut Vec<String>,
) -> Result<PasswordFile, ConnectError> {
    let named = values.nonempty("passfile")?.map(Into::into);
    let default = if cfg!(windows) {
        "pgpass.conf"
    } else {
        ".pgpass"
    };
    let given = named.is_some();
    let Some(path) = named.or_else(|| environment.home_file(default)) else {
        return Ok(PasswordFile::default());
    };
    let (file, warning) = PasswordFile::load(&path, given);
    warnings.extend(warning);
    Ok(file)
}

fn connect_timeout(values: &Values) -> Result<Option<Duration>, ConnectError> {
    Ok(match values.number("connect_timeout")? {
        None => Some(CONNECT_TIMEOUT),
        Some(seconds) => positive(seconds).map(|seconds| Duration::from_secs(seconds.into())),
    })
}

fn socket_options(values: &Values) -> Result<SocketOptions, ConnectError> {
    let seconds = |name| {
        let number = values.number(name)?.and_then(positive);
        Ok::<_, ConnectError>(number.map(|seconds| Duration::from_secs(seconds.into())))
    };
    Ok(SocketOptions {
        keepalives: values.number("keepalives")?.unwrap_or(1) != 0,
        idle: seconds("keepalives_idle")?,
        interval: seconds("keepalives_interval")?,
        count: values.number("keepalives_count")?.and_then(positive),
        user_timeout: values
            .number("tcp_user_timeout")?
            .and_then(positive)
            .map(|milliseconds| Duration::from_millis(milliseconds.into())),
    })
}

fn positive(number: i32) -> Option<u32> {
    u32::try_from(number).ok().filter(|number| *number > 0)
}

/// Refuses what libpq would honour and we cannot, where the difference is one of safety or of what
/// is reached. Other parameters that mean nothing here (Kerberos, compression, OAuth) are accepted.
fn refuse_unsupported(values: &Values, hosts: &[Host]) -> Result<(), ConnectError> {
    let modes = [("disable", false), ("prefer", false), ("require", true)];
    if values.choice("gssencmode", &modes)? {
        return Err(values.unsupported(
            "gssencmode",
            "pgtriage has no GSSAPI; use sslmode=require for an encrypted connection",
        ));
    }
    let versions = [("3.0", false), ("3.2", true), ("latest", true)];
    if values.nonempty("min_protocol_version")?.is_some()
        && values.choice("min_protocol_version", &versions)?
    {
        return Err(values.unsupported("min_protocol_version", "pgtriage speaks protocol 3.0"));
    }
    let replication = values.nonempty("replication")?.unwrap_or("false");
    if !["false", "off", "no", "0"].contains(&replication) {
        return Err(values.unsupported("replication", "pgtriage needs an ordinary connection"));
    }
    for name in ["scram_client_key", "scram_server_key"] {
        if values.nonempty(name)?.is_some() {
            return Err(values.unsupported(name, "give a password instead"));
        }
    }
    let socket = hosts
        .iter()
        .any(|host| matches!(host.place, Place::Socket { .. }));
    if socket && values.nonempty("requirepeer")?.is_some() {
        return Err(values.unsupported(
            "requirepeer",
            "pgtriage does not look at who owns the server's process; connect by TLS with \
             sslmode=verify-full",
        ));
    }
    Ok(())
}
