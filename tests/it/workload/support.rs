//! A planner to ask, and the texts that a server keeps of statements.

use pgtriage::advise::workload::PlanError;
use pgtriage::cluster::Cluster;
use pgtriage::parse::fingerprint;
use tokio_postgres::error::ErrorPosition;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::support::Clients;

pub const SCHEMA: &str = include_str!("schema.sql");

/// A session that plans texts without their values.
pub struct Planner {
    pub client: Client,
}

impl Planner {
    pub async fn new(cluster: &Cluster, database: &str) -> Self {
        let client = cluster.client(database).await;
        let set = "SET plan_cache_mode = force_generic_plan; SET pg_stat_statements.track = 'none'";
        client.batch_execute(set).await.unwrap();
        Self { client }
    }

    /// Whether the server takes a text; for closures that can't wait.
    pub fn check(&self, text: &str) -> Result<(), PlanError> {
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(self.cost(text)))
            .map(drop)
    }

    /// Total cost of the plan.
    pub async fn cost(&self, text: &str) -> Result<f64, PlanError> {
        let statement = self.client.prepare(text).await.map_err(|e| told(&e, 0))?;
        let count = statement.params().len();
        let prefix = "PREPARE plan AS ";
        let prepare = format!("{prefix}{text}");
        let prepared = self.client.batch_execute(&prepare).await;
        prepared.map_err(|e| told(&e, prefix.len()))?;
        let nulls = vec!["NULL"; count].join(", ");
        let values = if count == 0 {
            String::new()
        } else {
            format!("({nulls})")
        };
        let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE plan{values}");
        let rows = self.client.simple_query(&explain).await;
        self.client.batch_execute("DEALLOCATE plan").await.unwrap();
        let rows = rows.map_err(|e| told(&e, 0))?;
        let json: String = (rows.iter())
            .filter_map(|row| match row {
                SimpleQueryMessage::Row(row) => row.get(0),
                _ => None,
            })
            .collect();
        let plan: serde_json::Value = serde_json::from_str(&json).unwrap();
        Ok(plan[0]["Plan"]["Total Cost"].as_f64().unwrap())
    }
}

fn told(error: &tokio_postgres::Error, prefix: usize) -> PlanError {
    let error = error.as_db_error().unwrap_or_else(|| panic!("{error}"));
    PlanError {
        code: error.code().code().to_owned(),
        message: error.message().to_owned(),
        position: match error.position() {
            Some(ErrorPosition::Original(at)) => (*at as usize).checked_sub(prefix),
            _ => None,
        },
    }
}

/// Runs statements and gives what `pg_stat_statements` keeps of them, in their order.
pub async fn normalized(cluster: &Cluster, database: &str, statements: &[&str]) -> Vec<String> {
    let client = cluster.client(database).await;
    client
        .batch_execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        .await
        .unwrap();
    let mut texts = Vec::new();
    for statement in statements {
        client
            .batch_execute("SELECT pg_stat_statements_reset()")
            .await
            .unwrap();
        client.batch_execute("BEGIN").await.unwrap();
        let ran = client.batch_execute(statement).await;
        client.batch_execute("ROLLBACK").await.unwrap();
        if let Err(error) = ran {
            panic!("{statement}: {:?}", error.as_db_error());
        }
        let question = "SELECT query FROM pg_stat_statements
            WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
        let rows = client.query(question, &[]).await.unwrap();
        let kept = rows.iter().map(|row| row.get::<_, String>(0));
        let wanted = fingerprint(statement);
        let text = kept.into_iter().find(|text| fingerprint(text) == wanted);
        texts.push(text.unwrap_or_else(|| panic!("not kept: {statement}")));
    }
    texts
}
