//! Sessions that are stuck while somebody looks.

use tokio::task::JoinHandle;
use tokio_postgres::Config;

use super::error::WorldError;
use super::link::{Link, holds};

/// What a run of the workload leaves: figures, and the planted sessions. Dropping it ends them.
pub struct Traffic {
    requests: u64,
    _stuck: Vec<Stuck>,
}

impl Traffic {
    pub(super) fn new(requests: u64, stuck: Vec<Stuck>) -> Self {
        Self {
            requests,
            _stuck: stuck,
        }
    }

    /// How many requests were sent.
    pub fn requests(&self) -> u64 {
        self.requests
    }
}

/// What keeps a session as it is until it is dropped.
pub(super) type Stuck = Box<dyn Send>;

/// A task that ends when it is dropped, with all that it holds.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Opens the planted sessions; returns when each is in its state.
pub(super) async fn open(config: &Config, backstage: &Link) -> Result<Vec<Stuck>, WorldError> {
    let shop = async |name| Link::open(config, "shop_app", name).await;
    let at = |name: &str| WorldError::at(format!("the planted session {name}"));

    // A request that forgot to commit before it called another service.
    let forgetful = shop("shop-web").await?;
    let sql = "BEGIN; UPDATE shop.carts SET status = 'ordered' WHERE id = 30003";
    forgetful
        .client
        .batch_execute(sql)
        .await
        .map_err(at("shop-web"))?;

    // Somebody left a form open at lunch; a worker needs the same row.
    let blocker = shop("shop-backoffice").await?;
    let sql = "BEGIN; UPDATE shop.coupons SET percent = 25 WHERE id = 42";
    blocker
        .client
        .batch_execute(sql)
        .await
        .map_err(at("shop-backoffice"))?;
    let waiter = shop("shop-queue").await?;
    let waiter = Task(tokio::spawn(async move {
        let sql = "UPDATE shop.coupons SET used = used + 1 WHERE id = 42";
        // It ends with the session, or when the lock is given.
        let _ = waiter.client.execute(sql, &[]).await;
    }));

    // An export whose reader has stopped reading.
    let export = Link::open(config, "shop_report", "shop-export").await?;
    let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    export
        .client
        .batch_execute(sql)
        .await
        .map_err(at("shop-export"))?;
    let copy = export.client.copy_out("COPY shop.orders TO STDOUT").await;
    let copy = Box::pin(copy.map_err(at("shop-export"))?);

    for (name, wait_event_type) in [("shop-queue", "Lock"), ("shop-export", "Client")] {
        let query = "SELECT EXISTS (SELECT FROM pg_stat_activity
            WHERE application_name || ' ' || wait_event_type = $1 AND state = 'active')";
        if !holds(backstage, query, &format!("{name} {wait_event_type}")).await? {
            return Err(WorldError::Session(
                "a session that has to wait does not begin to",
            ));
        }
    }
    Ok(vec![
        Box::new(forgetful),
        Box::new(waiter),
        Box::new(blocker),
        Box::new((copy, export)),
    ])
}
