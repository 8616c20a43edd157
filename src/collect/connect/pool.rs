//! A few connections to one server, shared by all its databases.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use deadpool_postgres::{Connect, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{Client, Config, Error};

use super::conninfo::ConnInfo;
use super::dial::{Driver, Endpoint, dial, run};
use super::startup::Startup;

/// Most connections to a server at one time, over all databases. A cancel request takes one more
/// for a moment, without a session.
pub const MAX_CONNECTIONS: usize = 4;

/// How long closing may take.
const CLOSING: Duration = Duration::from_secs(10);

/// A connection that is ready, with the task that the pool ends with it.
type Ready = (Client, JoinHandle<()>);

/// The pools of one server.
pub(super) struct Pools {
    pub(super) endpoint: Endpoint,
    pub(super) info: ConnInfo,
    by_database: Mutex<HashMap<String, Pool>>,
    /// One permit per open connection.
    slots: Arc<Semaphore>,
    /// One permit per transaction. With a turn there is always a connection to be had: one that is
    /// idle, or the room of an idle one in another database.
    pub(super) turns: Arc<Semaphore>,
}

impl Pools {
    /// The pools of a server, with its first connection in them.
    pub(super) fn new(info: ConnInfo, endpoint: Endpoint, first: (Client, Driver)) -> Arc<Self> {
        let pools = Arc::new(Self {
            endpoint,
            info,
            by_database: Mutex::default(),
            slots: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            turns: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
        });
        let slot = Arc::clone(&pools.slots)
            .try_acquire_owned()
            .expect("nobody else has a permit yet");
        let (client, driver) = first;
        let ready = (client, run(driver, slot));
        let database = pools.info.database().to_owned();
        pools.add(&database, Some(ready));
        pools
    }

    /// The pool of a database.
    pub(super) fn database(self: &Arc<Self>, name: &str) -> Pool {
        let known = self.lock().get(name).cloned();
        known.unwrap_or_else(|| self.add(name, None))
    }

    fn add(self: &Arc<Self>, name: &str, first: Option<Ready>) -> Pool {
        let info = self.info.with_database(name);
        let limit = info.connect_timeout;
        let connector = Connector {
            endpoint: self.endpoint.for_info(&info),
            info,
            pools: Arc::downgrade(self),
            first: Mutex::new(first),
        };
        let config = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let pool = Pool::builder(Manager::from_connect(Config::new(), connector, config))
            .max_size(MAX_CONNECTIONS)
            .create_timeout(limit)
            .runtime(Runtime::Tokio1)
            .build()
            .expect("a runtime is named, the one thing that can be missing");
        self.lock().entry(name.to_owned()).or_insert(pool).clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Pool>> {
        self.by_database
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes what is idle, to make room.
    fn drop_idle(&self) {
        for pool in self.lock().values() {
            pool.retain(|_, _| false);
        }
    }

    /// Closes all connections and waits for them to be gone.
    pub(super) async fn close(&self) {
        for pool in self.lock().values() {
            pool.close();
        }
        let all = self.slots.acquire_many(MAX_CONNECTIONS as u32);
        // Past the limit the operating system closes them.
        let _ = timeout(CLOSING, all).await;
    }
}

/// Makes connections to one database of a server that has been chosen.
struct Connector {
    info: ConnInfo,
    endpoint: Endpoint,
    pools: Weak<Pools>,
    /// The connection by which the server was found.
    first: Mutex<Option<Ready>>,
}

impl Connect for Connector {
    fn connect(
        &self,
        _: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<Ready, Error>> + Send + '_>> {
        Box::pin(async move {
            let first = self
                .first
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            if let Some(ready) = first {
                return Ok(ready);
            }
            let pools = self
                .pools
                .upgrade()
                .expect("a pool is used through its Pools");
            let slots = Arc::clone(&pools.slots);
            let slot = if let Ok(slot) = Arc::clone(&slots).try_acquire_owned() {
                slot
            } else {
                pools.drop_idle();
                slots.acquire_owned().await.expect("slots are never closed")
            };
            let startup = Arc::new(Startup::default());
            let (client, driver) = dial(&self.info, &self.endpoint, &startup).await?;
            Ok((client, run(driver, slot)))
        })
    }
}
