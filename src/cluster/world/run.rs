//! The traffic of the shop's programs.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;

use super::error::WorldError;
use super::files::{Variant, WORKLOAD};
use super::lane::Lane;
use super::link::{self, Link};
use super::load::{Step, World};
use super::sessions::{self, Traffic};
use super::values::Source;
use super::workload::{self, Request};

/// A program of the shop.
pub(super) struct Application {
    pub name: &'static str,
    role: &'static str,
    pub connections: usize,
}

pub(super) const APPLICATIONS: [Application; 3] = [
    Application {
        name: "shop-web",
        role: "shop_app",
        connections: 3,
    },
    Application {
        name: "shop-worker",
        role: "shop_app",
        connections: 1,
    },
    Application {
        name: "shop-report",
        role: "shop_report",
        connections: 1,
    },
];

/// Rounds of the mix that are always run.
const ROUNDS: u64 = 4;

impl World {
    /// Sends the traffic of the shop: a fixed number of rounds of the whole mix, and more of them
    /// until `duration` is over. With a short duration the requests are the same, with the same
    /// values, for the same `seed`; only the order between connections is the server's.
    ///
    /// In the planted world a few sessions get stuck before the traffic begins. They stay until
    /// [`Traffic`] is dropped. All other sessions have ended, and their counters can be seen.
    pub async fn run(
        &self,
        duration: Duration,
        seed: u64,
        progress: impl FnMut(Step<'_>),
    ) -> Result<Traffic, WorldError> {
        let backstage = Link::backstage(&self.config).await?;
        let mut requests = workload::parse(WORKLOAD)?;
        requests.retain(|request| self.variant() == Variant::Planted || !request.planted_only);
        ask_queries(&backstage, &mut requests).await?;

        let mut links = Vec::new();
        for application in &APPLICATIONS {
            for number in 0..application.connections {
                let link = Link::open(&self.config, application.role, application.name).await?;
                links.push((link, application, number));
            }
        }
        let names = APPLICATIONS.map(|application| application.name);
        let processes = link::processes(&backstage, &names).await?;
        let stuck = match self.variant() {
            Variant::Planted => sessions::open(&self.config, &backstage).await?,
            Variant::Clean => Vec::new(),
        };

        let clock = Clock::new(duration, &requests, progress);
        let lanes = links.into_iter().map(|(link, application, number)| {
            Lane::new(link, application, number, &requests, seed)
        });
        let mut lanes: Vec<Lane> = lanes.collect();
        let mut rounds = 0..ROUNDS;
        // Beyond the fixed rounds the programs wait for each other: a quick one must not get a
        // larger share of the traffic than the mix gives it.
        while rounds.start < ROUNDS || !clock.is_over() {
            let work = lanes.iter_mut().map(async |lane| {
                for round in rounds.clone() {
                    lane.round(round, || clock.tick()).await?;
                }
                Ok(())
            });
            try_join_all(work).await?;
            rounds = rounds.end..rounds.end + 1;
        }
        for lane in lanes {
            lane.close().await;
        }
        link::ended(&backstage, &processes).await?;
        backstage.close().await;
        Ok(Traffic::new(clock.sent(), stuck))
    }
}

/// Puts the rows of queries in place of the queries.
async fn ask_queries(link: &Link, requests: &mut [Request]) -> Result<(), WorldError> {
    for request in requests {
        for (name, source) in &mut request.values {
            if let Source::Query(query) = source {
                let doing = format!("looking for values of {name} of \"{}\"", request.name);
                let cast = format!("SELECT value::text FROM ({query}) AS v (value)");
                let rows = link.client.query(&cast, &[]).await;
                let rows = rows.map_err(WorldError::at(doing))?;
                *source = Source::OneOf(rows.iter().map(|row| row.get(0)).collect());
            }
        }
    }
    Ok(())
}

/// How far the run is.
struct Clock<P> {
    start: Instant,
    duration: Duration,
    /// Requests of the rounds that are always run.
    fixed: f64,
    progress: Mutex<(u64, P)>,
}

impl<P: FnMut(Step<'_>)> Clock<P> {
    fn new(duration: Duration, requests: &[Request], progress: P) -> Self {
        let round: usize = requests.iter().map(|request| request.weight).sum();
        Self {
            start: Instant::now(),
            duration,
            fixed: ROUNDS as f64 * round as f64,
            progress: Mutex::new((0, progress)),
        }
    }

    fn is_over(&self) -> bool {
        self.start.elapsed() >= self.duration
    }

    /// The number of requests so far.
    fn sent(&self) -> u64 {
        self.lock().0
    }

    fn lock(&self) -> MutexGuard<'_, (u64, P)> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request and tells.
    fn tick(&self) {
        let (sent, tell) = &mut *self.lock();
        *sent += 1;
        let time = self.start.elapsed().as_secs_f64() / self.duration.as_secs_f64();
        let done = (*sent as f64 / self.fixed).min(1.0);
        let done = if time.is_finite() {
            done.min(time)
        } else {
            done
        };
        tell(Step {
            name: "traffic of the shop",
            done,
        });
    }
}
