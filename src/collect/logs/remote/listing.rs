//! Which files there are, and which of them are read from where.

use std::path::Path;

use tokio_postgres::Row;

use crate::collect::logs::order::{Place, family, format};

/// Files that were not written to for so long are no part of what is read at first, microseconds.
const YOUNG: i64 = 24 * 3_600 * 1_000_000;

/// A file of the log directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its path, as the functions want it.
    pub path: String,
    /// Bytes.
    pub size: i64,
    /// When it was written to last, microseconds since 1970 UTC.
    pub modified: i64,
}

/// The files of a server's log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Listing {
    /// Files of the log, in one format, the oldest first.
    pub files: Vec<Listed>,
    /// All other files that are there.
    pub beside: Vec<Listed>,
    /// Path of the file that is written to.
    pub current: String,
    /// Clock of the server, microseconds since 1970 UTC.
    pub now: i64,
}

impl Listing {
    /// The question to a server of a version.
    pub fn question(major: u32) -> String {
        let json = if major >= 15 {
            "pg_current_logfile('jsonlog')"
        } else {
            "NULL::text"
        };
        format!(
            "SELECT f.name, f.size, (extract(epoch FROM f.modification) * 1000000)::int8,
               (extract(epoch FROM clock_timestamp()) * 1000000)::int8, c.json, c.csv, c.stderr
             FROM (SELECT {json} AS json, pg_current_logfile('csvlog') AS csv,
                     pg_current_logfile('stderr') AS stderr) c
             LEFT JOIN pg_ls_logdir() f ON true"
        )
    }

    /// The answer, with the log of the best format: jsonlog, then csvlog, then stderr; `None`: the
    /// server names no file.
    pub fn of(rows: &[Row]) -> Result<Option<Self>, tokio_postgres::Error> {
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let current: [Option<String>; 3] =
            [first.try_get(4)?, first.try_get(5)?, first.try_get(6)?];
        let now = first.try_get(3)?;
        let mut all = Vec::new();
        for row in rows {
            if let Some(name) = row.try_get::<_, Option<String>>(0)? {
                all.push((name, row.try_get(1)?, row.try_get(2)?));
            }
        }
        let current = current.into_iter().flatten().next();
        Ok(current.map(|current| Self::new(current, now, all)))
    }

    fn new(current: String, now: i64, all: Vec<(String, i64, i64)>) -> Self {
        let folder = current.rsplit_once('/').map_or("", |(folder, _)| folder);
        let of = |name: &str| {
            let path = Path::new(name);
            (family(path), format(path))
        };
        let base = current.rsplit('/').next().unwrap_or_default();
        let log = of(base);
        // What others than the server moved or packed can't be told from new files: there are no inodes.
        let is_moved = |name: &str| Place::of(Path::new(name)).is_rotated();
        let listed = |(name, size, modified): (String, i64, i64)| Listed {
            path: match folder {
                "" => name,
                folder => format!("{folder}/{name}"),
            },
            size,
            modified,
        };
        let (files, beside): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|(name, ..)| !is_moved(name) && of(name) == log);
        let mut files: Vec<Listed> = files.into_iter().map(listed).collect();
        let is_current = |file: &Listed| file.path == current;
        files.sort_by_cached_key(|file| {
            let place = Place::of(Path::new(&file.path));
            (is_current(file), file.modified, place)
        });
        Self {
            beside: beside.into_iter().map(listed).collect(),
            files,
            current,
            now,
        }
    }

    /// Where reading begins in which files, so that at most so many bytes are read: the newest ones.
    /// Files that were last written to before `since`, or else a day ago, are left out. Gives the
    /// bytes that are left out of the others too.
    pub fn plan(&self, limit: i64, since: Option<i64>) -> (Vec<(&Listed, i64)>, i64) {
        let since = since.unwrap_or(self.now - YOUNG);
        let mut rest = limit;
        let mut left_out = 0;
        let mut plan = Vec::new();
        let young = |file: &&Listed| file.modified >= since || file.path == self.current;
        for file in self.files.iter().rev().filter(young) {
            let begin = (file.size - rest).max(0);
            left_out += begin;
            rest = (rest - file.size).max(0);
            if begin < file.size || file.path == self.current {
                plan.push((file, begin));
            }
        }
        plan.reverse();
        (plan, left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::Listing;

    #[test]
    fn the_newest_bytes_of_one_format_are_read() {
        const HOUR: i64 = 3_600_000_000;
        let day = 1_000 * 24 * HOUR;
        let all = [
            ("postgresql-2026-11-20_000000.csv", 500, day - 80 * HOUR),
            ("postgresql-2026-11-23_000000.csv", 300, day - 3 * HOUR),
            ("postgresql-2026-11-23_010000.csv", 200, day - 2 * HOUR),
            ("postgresql-2026-11-23_020000.csv", 100, day - HOUR),
            ("postgresql-2026-11-23_020000.log", 1_000, day),
            ("postgresql-2026-11-23_000000.csv.gz", 30, day),
            ("postgresql-2026-11-23_000000.csv.1", 30, day),
            ("other.csv", 70, day),
        ];
        let all = all.map(|(name, size, at)| (name.to_owned(), size, at));
        let current = "/var/log/pg/postgresql-2026-11-23_020000.csv".to_owned();
        let listing = Listing::new(current, day, all.into());
        let check = |limit, since, expected: &[(&str, i64)], expected_left| {
            let (plan, left) = listing.plan(limit, since);
            let plan: Vec<_> = plan
                .iter()
                .map(|(file, at)| (&file.path[34..36], *at))
                .collect();
            assert_eq!(
                (plan.as_slice(), left),
                (expected, expected_left),
                "{limit}"
            );
        };
        check(1_000, None, &[("00", 0), ("01", 0), ("02", 0)], 0);
        check(250, None, &[("01", 50), ("02", 0)], 350);
        check(300, None, &[("01", 0), ("02", 0)], 300);
        check(40, None, &[("02", 60)], 560);
        check(1_000, Some(day - 2 * HOUR), &[("01", 0), ("02", 0)], 0);
        check(1_000, Some(day), &[("02", 0)], 0);
        check(
            2_000,
            Some(0),
            &[("00", 0), ("00", 0), ("01", 0), ("02", 0)],
            0,
        );
    }
}
