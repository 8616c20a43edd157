//! Settings of named pools. Names and units are those of each pool's own documentation.

use super::bouncer;

/// A pool that can be named.
#[derive(Debug, Clone, Copy)]
pub struct Pool {
    /// Word on the command line.
    pub word: &'static str,
    /// How it calls itself.
    pub name: &'static str,
    /// Where the settings stand.
    pub place: &'static str,
    lines: fn(&Settings) -> String,
}

/// Numbers for the settings of a pool.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Connections for each application instance.
    pub size: i64,
    /// Connections of all instances together.
    pub total: i64,
    /// Application instances, where they were told.
    pub instances: Option<i64>,
    /// Connections that instances make to a pooler in all.
    pub clients: i64,
    /// Databases behind a pooler, with their connections.
    pub databases: Vec<(String, i64)>,
    /// Host or folder of the socket, and port, of the server.
    pub server: Option<(String, String)>,
}

/// How long an application waits for a connection: well below the patience of a web request, and
/// far below the 30 s that most pools have.
pub(super) const WAIT_S: i64 = 3;
/// How long a connection lives: firewalls and proxies cut those that are idle for an hour or more.
const LIFE_S: i64 = 1_800;

/// Pools whose settings can be written.
pub const POOLS: [Pool; 9] = [
    Pool {
        word: "hikari",
        name: "HikariCP",
        place: "hikari.properties; in Spring Boot spring.datasource.hikari.maximum-pool-size and so on",
        lines: |s| {
            format!(
                "maximumPoolSize={size}\nminimumIdle={size}\nconnectionTimeout={wait}\nmaxLifetime={life}\nkeepaliveTime=120000",
                size = s.size,
                wait = WAIT_S * 1000,
                life = LIFE_S * 1000
            )
        },
    },
    Pool {
        word: "node-postgres",
        name: "node-postgres",
        place: "new Pool({ … })",
        lines: |s| {
            format!(
                "max: {},\nconnectionTimeoutMillis: {},\nidleTimeoutMillis: 30000,\nmaxLifetimeSeconds: {LIFE_S},",
                s.size,
                WAIT_S * 1000
            )
        },
    },
    Pool {
        word: "sqlalchemy",
        name: "SQLAlchemy",
        place: "create_engine(url, …); a pool is one process's",
        lines: |s| {
            format!(
                "pool_size={},\nmax_overflow=0,\npool_timeout={WAIT_S},\npool_recycle={LIFE_S},\npool_pre_ping=True,",
                s.size
            )
        },
    },
    Pool {
        word: "django",
        name: "Django",
        place: "DATABASES[\"default\"] with psycopg 3 and its pool, Django 5.1 and newer; a pool is one process's. Before 5.1 each thread has a connection of its own: CONN_MAX_AGE = 60, and no more threads than connections",
        lines: |s| {
            format!(
                "\"CONN_MAX_AGE\": 0,\n\"OPTIONS\": {{\"pool\": {{\"min_size\": {size}, \"max_size\": {size}, \"timeout\": {WAIT_S}, \"max_lifetime\": {LIFE_S}}}}},",
                size = s.size
            )
        },
    },
    Pool {
        word: "activerecord",
        name: "Active Record",
        place: "config/database.yml; a pool is one process's, with one connection for each of its threads at least. From Rails 8.1 on pool is called max_connections",
        lines: |s| {
            format!(
                "pool: {}\ncheckout_timeout: {WAIT_S}\nidle_timeout: 300",
                s.size
            )
        },
    },
    Pool {
        word: "prisma",
        name: "Prisma",
        place: "parameters of DATABASE_URL, to version 6; from 7 on max and connectionTimeoutMillis of the driver adapter",
        lines: |s| format!("?connection_limit={}&pool_timeout={WAIT_S}", s.size),
    },
    Pool {
        word: "sqlx",
        name: "sqlx",
        place: "PgPoolOptions::new()",
        lines: |s| {
            format!(
                ".max_connections({size})\n.min_connections({size})\n.acquire_timeout(Duration::from_secs({WAIT_S}))\n.max_lifetime(Duration::from_secs({LIFE_S}))",
                size = s.size
            )
        },
    },
    Pool {
        word: "deadpool",
        name: "deadpool-postgres",
        place: "Pool::builder(manager)",
        lines: |s| {
            format!(
                ".max_size({})\n.wait_timeout(Some(Duration::from_secs({WAIT_S})))\n.create_timeout(Some(Duration::from_secs({WAIT_S})))\n.runtime(Runtime::Tokio1)",
                s.size
            )
        },
    },
    Pool {
        word: "pgbouncer",
        name: "PgBouncer",
        place: "pgbouncer.ini",
        lines: bouncer::ini,
    },
];

impl Pool {
    /// The pool of a word.
    pub fn find(word: &str) -> Option<&'static Self> {
        POOLS.iter().find(|pool| pool.word == word)
    }

    /// Its settings.
    pub fn settings(&self, settings: &Settings) -> String {
        (self.lines)(settings)
    }
}
