//! What the figures mean, in sentences.

use super::sizes::{Blocker, Size, Sizes};
use crate::facts::human;
use crate::report::server::plural;

/// Range of pool sizes that applications usually have, for each instance.
pub type Usual = (i64, i64);

/// Heading of what is said about pooling by transactions.
pub(super) const POOLING: &str = "Transaction pooling (PgBouncer and the like)";

/// What is to be said of one load, for whoever lays it out: headings, and under them sentences, those
/// that warn marked.
pub fn told(sizes: &Sizes, size: &Size, usual: Usual) -> Vec<(&'static str, Vec<(bool, String)>)> {
    let plain = |texts: Vec<String>| texts.into_iter().map(|text| (false, text));
    let mut basis = vec![(false, measured(size))];
    basis.extend(size.notes.iter().map(|note| (true, sentence(note))));
    let mut advised: Vec<(bool, String)> = plain(advice(size)).collect();
    advised.extend(plain(instances(size, usual)));
    advised.extend(plain(room(size)));
    advised.extend(plain(provider(sizes).into_iter().collect()));
    let (is_blocked, texts) = pooling(sizes);
    let pooling = texts.into_iter().enumerate();
    let pooling = pooling.map(|(at, text)| (is_blocked && at == 0, text));
    vec![
        ("Advice", advised),
        ("Measured", basis),
        (POOLING, pooling.collect()),
    ]
}

/// Why there is no size.
pub fn nothing(sizes: &Sizes) -> Vec<String> {
    let mut out = vec![
        "The load is not known, so neither is a size. It takes two readings of pg_stat_database, or one of a server of version 14 or newer; read-only sources without counters do not show it.".to_owned(),
    ];
    if (1..14).contains(&sizes.major) {
        out.push("PostgreSQL before 14 does not count how long sessions are busy: run it on the server, which looks at sessions for a minute.".to_owned());
    }
    let missing = sizes.missing.iter();
    out.extend(missing.map(|(because, remedy)| {
        let remedy = remedy
            .as_deref()
            .map_or_else(String::new, |remedy| format!(": {remedy}"));
        sentence(&format!("{because}{remedy}"))
    }));
    out
}

/// Whether something is in the way of transaction pooling, and what.
pub(super) fn pooling(sizes: &Sizes) -> (bool, Vec<String>) {
    if sizes.blockers.is_empty() {
        let text = match sizes.statements {
            0 => "Whether this workload allows it is not known: no statements were read. pg_stat_statements or logs show them.".to_owned(),
            count => format!(
                "Nothing in its way was seen in {}. Protocol-level prepared statements need PgBouncer 1.21.",
                plural(usize::try_from(count).unwrap_or(usize::MAX), "statement")
            ),
        };
        return (false, vec![text]);
    }
    let mut texts = vec!["In its way, since the session has to stay the same:".to_owned()];
    texts.extend(sizes.blockers.iter().map(blocked));
    (true, texts)
}

/// What was measured.
pub(super) fn measured(size: &Size) -> String {
    let over = size
        .window_ms
        .map_or_else(String::new, |ms| format!(" over {}", human::ms(ms)));
    let by = if size.method == "counters" {
        "counters of sessions and transactions".to_owned()
    } else {
        let seen = size.busy_samples.unwrap_or(0) as f64;
        format!(
            "looks at sessions, which saw {} busy ones",
            human::count(seen)
        )
    };
    let hold = size.hold_ms.map_or_else(String::new, |hold| {
        let cpu = size.cpu_ms.map_or_else(String::new, |cpu| {
            let least = if size.capacity_is_least {
                "at most "
            } else {
                ""
            };
            format!(", {least}{} of it on a core", human::ms(cpu))
        });
        format!(
            "; a transaction holds a connection for {}{cpu}",
            human::ms(hold)
        )
    });
    format!("Measured by {by}{over}{hold}.")
}

/// `2 cores`, or what to do where they are not known.
pub(super) fn cores(size: &Size) -> String {
    match size.cores {
        Some(1.0) => "The server has 1 core.".to_owned(),
        Some(cores) => format!("The server has {} cores.", human::count(cores)),
        None => "The cores of the server are not known, so this is the demand only; --cores N adds the number beyond which more connections lower the throughput.".to_owned(),
    }
}

/// `11` or `8 to 15`.
pub fn advised(size: &Size) -> Option<String> {
    match (size.low, size.high) {
        (Some(low), Some(high)) if low == high => Some(low.to_string()),
        (Some(low), Some(high)) => Some(format!("{low} to {high}")),
        _ => None,
    }
}

/// The advice itself.
pub(super) fn advice(size: &Size) -> Vec<String> {
    let mut out = Vec::new();
    let times = peak(size.peak);
    if size.needed.is_none() {
        out.push(format!(
            "{times} the load is more than the cores can do: no pool size will do. Cut the CPU time of transactions, or add cores or a replica."
        ));
    }
    let Some(total) = advised(size) else {
        return out;
    };
    let beyond = size.capacity.map_or_else(String::new, |capacity| {
        if size.capacity_is_least {
            format!("; the server can make use of {capacity} at least")
        } else {
            format!("; beyond {} the throughput falls", capacity.max(2))
        }
    });
    let room = if size.peak > 1.0 {
        format!(", with room for {times} the load")
    } else {
        String::new()
    };
    let capped = size
        .needed
        .zip(size.high)
        .is_some_and(|(needed, high)| needed > high);
    if size.needed.is_some() && !capped {
        out.push(format!("{total} connections in all{room}{beyond}."));
    } else {
        out.push(format!(
            "{total} connections in all{beyond}. The database is the limit: what comes beyond has to wait in the pool, not in the server."
        ));
    }
    out
}

/// What each instance gets, and whether all of them fit.
pub(super) fn instances(size: &Size, usual: Usual) -> Vec<String> {
    let mut out = Vec::new();
    let (Some(total), Some(instances)) = (size.high, size.instances) else {
        return out;
    };
    if let Some(each) = size.per_instance {
        let compared = if each < usual.0 {
            format!(
                "; the usual {} to {} an instance would be {} connections, more than this load needs",
                usual.0,
                usual.1,
                usual.0 * instances
            )
        } else if each > usual.1 {
            format!(
                "; that is more than the usual {} to {}: transactions hold their connections for long",
                usual.0, usual.1
            )
        } else {
            format!("; that is within the usual {} to {}", usual.0, usual.1)
        };
        let all = each * instances;
        let fits = if all > total {
            format!(", which is the least and makes {all} in all")
        } else {
            String::new()
        };
        out.push(format!(
            "{each} for each of {instances} instances{fits}{compared}."
        ));
    } else {
        out.push(format!(
            "{instances} instances with 2 connections each do not fit: put PgBouncer in transaction mode between, with {total} connections to the server."
        ));
    }
    out
}

/// What the server leaves, and whether the advice fits in.
pub(super) fn room(size: &Size) -> Vec<String> {
    let (Some(most), Some(reserved)) = (size.max_connections, size.reserved) else {
        return vec![
            "max_connections is not known, so whether this fits is not either.".to_owned(),
        ];
    };
    let kept = format!(
        "max_connections {most}, less {reserved} that are reserved or kept for administrators"
    );
    let (left, said) = match (size.usable, size.others) {
        (Some(usable), Some(others)) if others > 0 => (
            usable,
            format!("The server leaves {usable}: {kept}, {others} of others."),
        ),
        (Some(usable), _) => (usable, format!("The server leaves {usable}: {kept}.")),
        (None, _) => {
            let left = (most - reserved).max(0);
            (
                left,
                format!(
                    "The server leaves {left} at the most: {kept}; sessions were not looked at, so what others hold is not known."
                ),
            )
        }
    };
    let mut out = vec![said];
    if let Some(high) = size.high.filter(|high| *high > left) {
        out.push(format!(
            "{high} do not fit. Raise max_connections (with a restart, standbys first), or let what is beyond wait in a pool."
        ));
    }
    out
}

/// What the managed service allows.
pub(super) fn provider(sizes: &Sizes) -> Option<String> {
    /// `LEAST({DBInstanceClassMemory/9531392}, 5000)`.
    const RDS: (i64, i64) = (9_531_392, 5_000);
    let said = match sizes.provider.as_deref()? {
        "rds" | "aurora" => {
            let here = sizes.memory.map_or_else(String::new, |memory| {
                format!(", here {}", (memory / RDS.0).min(RDS.1))
            });
            format!(
                "Amazon RDS sets max_connections to the memory by {} bytes, {} at most{here}; the parameter group can change it.",
                RDS.0, RDS.1
            )
        }
        "azure" => "Azure sets max_connections by memory (50 on the smallest tier, 429 with 4 GiB, 859 with 8, 1,718 with 16, 3,437 with 32, 5,000 from 48 on) and keeps 15 for itself; it has PgBouncer built in.".to_owned(),
        "cloudsql" | "alloydb" => "Google sets max_connections by memory, from 25 on the smallest tier; a database flag can change it.".to_owned(),
        "supabase" => "Supabase sets max_connections by the size of the compute add-on; its pooler listens at a host of its own.".to_owned(),
        "neon" => "Neon sets max_connections by compute size; its pooler is the host with -pooler in its name.".to_owned(),
        _ => return None,
    };
    Some(said)
}

/// `now`, `2×`.
pub fn peak(peak: f64) -> String {
    if (peak - 1.0).abs() < f64::EPSILON {
        "now".to_owned()
    } else {
        format!("{peak}×")
    }
}

fn blocked(blocker: &Blocker) -> String {
    let who = blocker
        .role
        .as_deref()
        .map_or_else(String::new, |role| format!(" by {role}"));
    let calls = blocker.calls.map_or_else(String::new, |calls| {
        format!(", {} calls", human::count(calls as f64))
    });
    format!(
        "- {}: {}{who}{calls}. Instead: {}.",
        blocker.kind, blocker.evidence, blocker.remedy
    )
}

/// A fragment as a sentence.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    let end = if text.ends_with(['.', ';']) { "" } else { "." };
    // Names of settings keep their letters.
    let word = text.split_whitespace().next().unwrap_or("");
    if word.contains('_') {
        return format!("{text}{end}");
    }
    format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
}
