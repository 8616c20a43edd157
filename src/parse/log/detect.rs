//! Which format a log has, by its content.

use super::csvlog::is_csvlog;
use super::jsonlog::is_jsonlog;
use super::prefix::Prefix;
use super::time::Clock;

/// How a log is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// csvlog.
    Csvlog,
    /// jsonlog.
    Jsonlog,
    /// stderr with these prefixes; a line is tried with each in order.
    Stderr(Vec<Prefix>),
}

/// Prefixes in use: `PostgreSQL`'s default and those of its documentation, of packages, of managed
/// services, and those that log analyzers ask for. Ones that read more fields of the same lines come
/// first, but for those with `%q`: what stands before it fits as many lines only where no session
/// writes more.
const KNOWN: &[&str] = &[
    "%m [%p] ",
    "%m [%p] %q%u@%d ",
    "%m [%p] %q%u@%d/%a ",
    "%m [%p] %u@%d ",
    "%m [%p] %q[user=%u,db=%d,app=%a] ",
    "%m [%p] %q[user=%u,db=%d,app=%a,client=%h] ",
    "%m [%p] %q[%a] %Q ",
    "%m [%p]: user=%u,db=%d,app=%a,client=%h ",
    "%m [%p]: user=%u,db=%d,app=%a,client=%h,query_id=%Q ",
    "%m [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%m [%p]: [%l-1] user=%u,db=%d,client=%h ",
    "%m [%p]: [%l-1] user=%u,db=%d ",
    "%m [%p]: [%l-1] db=%d,user=%u,app=%a,client=%h ",
    "%m [%p]: [%l-1] db=%d,user=%u,host=%h ",
    "%m [%p]: [%l-1] db=%d,user=%u ",
    "%m [%p]: [%l-1] [trx_id=%x] user=%u,db=%d ",
    "%m [%p]: [%l] ",
    "%m [%p]: [%l-1] ",
    "%m [%p]: ",
    "%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:",
    "%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a ",
    "%m:%r:%u@%d:[%p]:",
    "%m-%c-",
    "%m %u@%d %h %p ",
    "%m %p %u@%d from %h [vxid:%v txid:%x] [%i] ",
    "%m [%p][%v] : [%l-1] %q[app=%a] ",
    "%m [%p]: [%l-1] %quser=%u,db=%d,app=%a ",
    "%m [%p] %quser=%u,db=%d,app=%a,client=%h ",
    "%m [%p] %quser=%u,db=%d ",
    "%m [%p] user=%u,db=%d,app=%a,client=%h ",
    "%m [%p] [user=%u,db=%d,app=%a,client=%h] ",
    "%m [%p] %r %q%u@%d ",
    "%m [%p] %c ",
    "%m [%p] %Q ",
    "%m [%p] %e ",
    "%m %p ",
    "%m ",
    "%n [%p] ",
    "%n %p ",
    "%n ",
    "user=%u,db=%d,app=%a,client=%h ",
    "[%p] ",
    "[%p] %q%u@%d ",
    "%p ",
    "",
];

/// Share of the lines below which a prefix is none of this log.
const LEAST_SHARE: f64 = 0.02;

/// Lines of a sample that are tried.
const LINES: usize = 2_000;

/// The format of a log whose beginning is given; none where it is not known. The second figure says
/// how many of how many lines of stderr fit, continuations left out.
pub fn detect(sample: &[u8], clock: &mut Clock) -> Option<(Format, usize, usize)> {
    if is_jsonlog(sample) {
        return Some((Format::Jsonlog, 0, 0));
    }
    if is_csvlog(sample) {
        return Some((Format::Csvlog, 0, 0));
    }
    let lines: Vec<&[u8]> = sample
        .split(|b| *b == b'\n')
        .map(<[u8]>::trim_ascii_end)
        .filter(|line| !matches!(line.first(), None | Some(b'\t' | b' ')))
        .take(LINES)
        .collect();
    let mut left = lines.clone();
    let mut found: Vec<Prefix> = Vec::new();
    while !left.is_empty() {
        let best = KNOWN
            .iter()
            .filter_map(|text| Prefix::compile(text).ok())
            .map(|prefix| (fits(&prefix, &left, clock), prefix))
            // Of those that fit as many lines the first one, which reads most fields.
            .rev()
            .max_by_key(|(count, _)| *count);
        let Some((count, prefix)) = best else {
            break;
        };
        if (count as f64) <= LEAST_SHARE * lines.len() as f64 {
            break;
        }
        left.retain(|line| prefix.read(line, clock).is_none());
        found.push(prefix);
    }
    let read = lines.len() - left.len();
    (!found.is_empty()).then_some((Format::Stderr(found), read, lines.len()))
}

/// How many lines a prefix fits. A line where it takes a label for a name does not count.
fn fits(prefix: &Prefix, lines: &[&[u8]], clock: &mut Clock) -> usize {
    let mut count = 0;
    for line in lines {
        let Some(read) = prefix.read(line, clock) else {
            continue;
        };
        let names = [read.user, read.database, read.application, read.host];
        let plausible = |name: &[u8]| {
            let end = name.len().min(64);
            !name[..end].windows(3).any(|w| w == b":  ")
        };
        if names.into_iter().flatten().all(plausible) {
            count += 1;
        }
    }
    count
}
