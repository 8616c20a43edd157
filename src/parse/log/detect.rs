//! Which format a log has, by its content.

use super::csvlog::is_csvlog;
use super::jsonlog::is_jsonlog;
use super::prefix::{Prefix, infer};
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

/// A prefix that reads more fields may read so much fewer lines than one that takes them for names.
const NEARLY: f64 = 0.98;

/// Lines of a sample that are tried.
const LINES: usize = 2_000;

/// What a look at the beginning of a log found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// How it is to be read; none where it is not known.
    pub format: Option<Format>,
    /// Lines of stderr that were tried, continuations left out.
    pub lines: usize,
    /// How many of them the prefixes of the format read.
    pub read: usize,
    /// The prefixes that fit most of all lines, with how many; at most three.
    pub tried: Vec<(Prefix, usize)>,
    /// The first line that none of the format fits, cut after 160 bytes.
    pub unread: Option<Vec<u8>>,
}

/// Prefixes that are told of.
const TOLD: usize = 3;

/// Bytes of a line that are told.
const SHOWN: usize = 160;

/// The format of a log whose beginning is given; none where it is not known. The second figure says
/// how many of how many lines of stderr fit, continuations left out.
pub fn detect(sample: &[u8], clock: &mut Clock) -> Option<(Format, usize, usize)> {
    let survey = survey(sample, clock);
    Some((survey.format?, survey.read, survey.lines))
}

/// The format of a log whose beginning is given, and what was tried.
///
/// In stderr, prefixes that are in use are tried, and those that [`infer`] makes of the lines. The
/// one that reads most lines wins, then the one that reads most fields. What it leaves is tried
/// again: the setting may have been changed.
pub fn survey(sample: &[u8], clock: &mut Clock) -> Survey {
    let native = if is_jsonlog(sample) {
        Some(Format::Jsonlog)
    } else if is_csvlog(sample) {
        Some(Format::Csvlog)
    } else {
        None
    };
    if native.is_some() {
        return Survey {
            format: native,
            ..Survey::default()
        };
    }
    let lines: Vec<&[u8]> = sample
        .split(|b| *b == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !matches!(line.first(), None | Some(b'\t' | b' ')))
        .take(LINES)
        .collect();
    let known: Vec<Prefix> = KNOWN
        .iter()
        .filter_map(|text| Prefix::compile(text).ok())
        .collect();
    let mut left = lines.clone();
    let mut found: Vec<Prefix> = Vec::new();
    let mut tried: Vec<(Prefix, usize)> = Vec::new();
    // What a smaller share of the lines has is no prefix of this log.
    while left.len() as f64 > LEAST_SHARE * lines.len() as f64 {
        // To infer costs as much as to read some megabytes.
        let is_settled = known.iter().any(|prefix| {
            let fit = fit(prefix, &left, clock);
            fit.lines == left.len() && fit.is_plain && fit.fields & TIME != 0
        });
        let inferred = if is_settled { Vec::new() } else { infer(&left) };
        let fits: Vec<(Fit, &Prefix)> = known
            .iter()
            .chain(&inferred)
            .map(|prefix| (fit(prefix, &left, clock), prefix))
            .collect();
        // Of those that are as good the first one stays first. Of the inferred ones that is the
        // likeliest: others read a constant text as a field.
        let is_known = |at: usize| at < known.len();
        let best = |is: &dyn Fn(usize) -> bool| {
            let of_kind = fits.iter().enumerate().filter(|(at, _)| is(*at)).rev();
            of_kind.max_by_key(|(at, (fit, _))| {
                let fields = if is_known(*at) {
                    fit.fields.count_ones()
                } else {
                    0
                };
                (fit.lines, fields)
            })
        };
        let by_use = best(&is_known).map(|(_, found)| found);
        let by_lines = best(&|at| !is_known(at)).map(|(_, found)| found);
        let better = by_use.into_iter().chain(by_lines).rev();
        let mut best = better.max_by_key(|(fit, _)| (fit.lines, fit.fields.count_ones()));
        if let (Some((by_use, _)), Some((by_lines, _))) = (by_use, by_lines)
            && !by_use.is_plain
            && by_lines.fields.count_ones() > by_use.fields.count_ones()
            && by_lines.lines as f64 >= NEARLY * by_use.lines as f64
        {
            // The known one reads further fields as parts of names.
            best = fits.iter().find(|(fit, _)| std::ptr::eq(fit, by_lines));
        }
        let best = best.map(|(fit, prefix)| (*fit, (*prefix).clone()));
        if tried.is_empty() {
            let mut some: Vec<_> = fits.iter().filter(|(fit, _)| fit.lines > 0).collect();
            some.sort_by_key(|(fit, _)| std::cmp::Reverse(fit.lines));
            let told = some
                .iter()
                .map(|(fit, prefix)| ((*prefix).clone(), fit.lines));
            tried.extend(told.take(TOLD));
        }
        let Some((best, prefix)) = best else {
            break;
        };
        // What other programs wrote may have a label too, but neither a time nor a process.
        let is_record = found.is_empty() || best.fields & (TIME | PID) != 0;
        if (best.lines as f64) <= LEAST_SHARE * lines.len() as f64 || !is_record {
            break;
        }
        left.retain(|line| prefix.read(line, clock).is_none());
        found.push(prefix);
    }
    Survey {
        lines: lines.len(),
        read: lines.len() - left.len(),
        tried,
        unread: left
            .first()
            .map(|line| line[..line.len().min(SHOWN)].to_vec()),
        format: (!found.is_empty()).then_some(Format::Stderr(found)),
    }
}

/// How well a prefix fits lines.
#[derive(Debug, Clone, Copy)]
struct Fit {
    lines: usize,
    /// A bit for each field that some line has.
    fields: u16,
    /// No name holds anything that may be a further field.
    is_plain: bool,
}

const TIME: u16 = 1;
const PID: u16 = 2;

/// How well a prefix fits. A line where it takes a label for a name does not count, nor one of a
/// process 0.
fn fit(prefix: &Prefix, lines: &[&[u8]], clock: &mut Clock) -> Fit {
    let mut fit = Fit {
        lines: 0,
        fields: 0,
        is_plain: true,
    };
    for line in lines {
        let Some(read) = prefix.read(line, clock) else {
            continue;
        };
        let names = [read.user, read.database, read.application, read.host];
        let plausible = |name: &[u8]| {
            let end = name.len().min(64);
            !name[..end].windows(3).any(|w| w == b":  ")
        };
        if !names.into_iter().flatten().all(plausible) || read.pid == Some(0) {
            continue;
        }
        fit.lines += 1;
        fit.is_plain &= names.into_iter().flatten().all(is_plain);
        let has = [
            read.time.is_some(),
            read.pid.is_some(),
            read.session.is_some(),
            read.user.is_some(),
            read.database.is_some(),
            read.application.is_some(),
            read.host.is_some(),
            read.command_tag.is_some(),
            read.sqlstate.is_some(),
            read.query_id.is_some(),
        ];
        for (bit, has) in has.into_iter().enumerate() {
            fit.fields |= u16::from(has) << bit;
        }
    }
    fit
}

/// Whether a name is surely one and not several with something between them: a word, or an address.
fn is_plain(name: &[u8]) -> bool {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let is_address = || {
        name.iter()
            .all(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':'))
            || name == b"[local]"
    };
    name.iter().all(is_word) || is_address()
}
