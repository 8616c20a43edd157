//! Connecting to a server as `psql` does, and reading from it without leaving a trace.
//!
//! | file | does |
//! |---|---|
//! | `environment` | variables, files and the user, the one door to the outside |
//! | `uri`, `keyvalue`, `service`, `passfile` | the four places where parameters stand |
//! | `parameters`, `values` | libpq's parameters, merged in its order |
//! | `conninfo`, `host`, `target`, `require_auth`, `tls` | what the parameters mean |
//! | `tls_files`, `verify`, `certificate` | certificates, and checking the server's |
//! | `transport`, `line`, `startup` | the line: plain or TLS, and what is said while it is set up |
//! | `dial`, `locate`, `probe` | one attempt; all attempts; who is there |
//! | `pool`, `server`, `read` | a few connections, used for short read-only transactions |
//! | `session` | a connection that may write, for scratch servers |
//! | `error`, `cause`, `classify`, `read_error` | what went wrong and what to try |
//!
//! Differences from libpq, all on purpose: `connect_timeout` is 30 s by default; a wrong password
//! is not tried a second time without TLS; TLS is 1.2 or 1.3 only; no GSSAPI; parameters that
//! cannot be honoured are errors where ignoring them would be unsafe.

mod assignment;
mod cause;
mod certificate;
mod classify;
mod conninfo;
mod dial;
mod environment;
mod error;
mod host;
mod keyvalue;
mod line;
mod locate;
mod mark;
mod parameters;
mod passfile;
mod pool;
mod probe;
mod read;
mod read_error;
mod require_auth;
mod secret;
mod server;
mod service;
mod session;
mod source;
mod startup;
mod target;
#[cfg(test)]
mod tests;
mod tls;
mod tls_files;
mod transport;
mod uri;
mod values;
mod verify;

pub use cause::Cause;
pub use conninfo::{APPLICATION_NAME, ConnInfo};
pub use environment::Environment;
pub use error::{ConnectError, Failure, Failures};
pub use mark::{MARK, marked};
pub use pool::MAX_CONNECTIONS;
pub use probe::ServerInfo;
pub use read::{Parameter, ReadTransaction, Rows};
pub use read_error::ReadError;
pub use server::Server;
pub use session::{Session, TextRow};
pub use source::Source;
