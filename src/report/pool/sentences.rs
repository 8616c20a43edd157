//! What the figures mean, in sentences.

use super::sizes::{Size, Sizes};
use crate::facts::human;

/// Range of pool sizes that applications usually have, for each instance.
pub type Usual = (i64, i64);

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
pub(super) fn advised(size: &Size) -> Option<String> {
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
    let (Some(usable), Some(most), Some(reserved)) =
        (size.usable, size.max_connections, size.reserved)
    else {
        return vec![
            "max_connections is not known, so whether this fits is not either.".to_owned(),
        ];
    };
    let others = match size.others {
        Some(others) if others > 0 => format!(", {others} of others"),
        _ => String::new(),
    };
    let mut out = vec![format!(
        "The server leaves {usable}: max_connections {most}, less {reserved} that are reserved or kept for administrators{others}."
    )];
    if let Some(high) = size.high.filter(|high| *high > usable) {
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
pub(super) fn peak(peak: f64) -> String {
    if (peak - 1.0).abs() < f64::EPSILON {
        "now".to_owned()
    } else {
        format!("{peak}×")
    }
}
