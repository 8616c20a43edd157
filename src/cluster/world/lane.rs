//! One connection of a program and what it sends.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use futures_util::future::{BoxFuture, FutureExt};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql};

use super::error::WorldError;
use super::link::Link;
use super::random::Random;
use super::run::Application;
use super::values::{Text, Values};
use super::workload::{Part, Request, Rows, Statement};

pub(super) struct Lane<'a> {
    link: Link,
    /// The requests of the program, each as often as in one round.
    mix: Vec<&'a Request>,
    /// Which of the program's connections this is, and how many there are.
    number: usize,
    of: usize,
    seed: u64,
    /// Tells the programs' random numbers apart.
    program: u64,
    prepared: HashMap<&'a str, tokio_postgres::Statement>,
}

impl<'a> Lane<'a> {
    pub fn new(
        link: Link,
        application: &Application,
        number: usize,
        requests: &'a [Request],
        seed: u64,
    ) -> Self {
        let own = requests
            .iter()
            .filter(|r| r.application == application.name);
        Self {
            link,
            mix: own.flat_map(|r| std::iter::repeat_n(r, r.weight)).collect(),
            number,
            of: application.connections,
            seed,
            program: application
                .name
                .bytes()
                .fold(0, |sum, byte| sum * 31 + u64::from(byte)),
            prepared: HashMap::new(),
        }
    }

    /// Sends this connection's share of one round. What a request is and which values it has
    /// depends on its place in the round only, not on the time.
    pub async fn round(&mut self, round: u64, mut sent: impl FnMut()) -> Result<(), WorldError> {
        let mut mix = self.mix.clone();
        Random::new(self.seed, &[self.program, round]).shuffle(&mut mix);
        let places = (self.number..mix.len()).step_by(self.of);
        for place in places {
            let random = Random::new(self.seed, &[self.program, round, place as u64]);
            self.request(mix[place], random).await?;
            sent();
        }
        Ok(())
    }

    pub async fn close(self) {
        self.link.close().await;
    }

    async fn request(
        &mut self,
        request: &'a Request,
        mut random: Random,
    ) -> Result<(), WorldError> {
        let mut values = Values::new();
        for (name, source) in &request.values {
            values.insert((*name).to_owned(), Text(source.draw(&mut random)));
        }
        if request.transaction {
            self.command(request, "BEGIN").await?;
        }
        self.part(request, &request.part, &values).await?;
        if request.transaction {
            self.command(request, "COMMIT").await?;
        }
        Ok(())
    }

    async fn command(&self, request: &Request, sql: &str) -> Result<(), WorldError> {
        let result = self.link.client.batch_execute(sql).await;
        result.map_err(WorldError::at(request.name))
    }

    fn part<'b>(
        &'b mut self,
        request: &'a Request,
        part: &'a Part,
        values: &'b Values,
    ) -> BoxFuture<'b, Result<(), WorldError>>
    where
        'a: 'b,
    {
        async move {
            let mut rows = Vec::new();
            for statement in &part.statements {
                rows = self.send(request, statement, values).await?;
            }
            let Some((which, rest)) = &part.then else {
                return Ok(());
            };
            if *which == Rows::First {
                rows.truncate(1);
            }
            for row in &rows {
                let mut values = values.clone();
                for (index, column) in row.columns().iter().enumerate() {
                    if !<Text as FromSql>::accepts(column.type_()) {
                        continue;
                    }
                    let value = row.try_get(index);
                    let value = value.map_err(WorldError::at(request.name))?;
                    values.insert(column.name().to_owned(), value);
                }
                self.part(request, rest, &values).await?;
            }
            Ok(())
        }
        .boxed()
    }

    async fn send(
        &mut self,
        request: &Request,
        statement: &'a Statement,
        values: &Values,
    ) -> Result<Vec<Row>, WorldError> {
        let mut parameters: Vec<&(dyn ToSql + Sync)> = Vec::new();
        for name in &statement.values {
            let value = values.get(name).ok_or_else(|| WorldError::Fixture {
                file: "workload.sql",
                because: format!("request \"{}\": nothing gives :{name}", request.name),
            })?;
            parameters.push(value);
        }
        let client = &self.link.client;
        let prepared = match self.prepared.entry(&statement.sql) {
            Entry::Occupied(prepared) => prepared.into_mut(),
            Entry::Vacant(place) => {
                let prepared = client.prepare(&statement.sql).await;
                place.insert(prepared.map_err(WorldError::at(request.name))?)
            }
        };
        let rows = client.query(prepared, &parameters).await;
        rows.map_err(WorldError::at(request.name))
    }
}
