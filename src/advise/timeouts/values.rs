//! The values, by formula. Nothing here reads facts.

use super::roles::{Kind, RoleLimits};

/// Numbers that judge: those of `rules/setting/params.toml`. Times in ms.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// Least `statement_timeout` of an application.
    pub statement_least: f64,
    /// And the most.
    pub statement_most: f64,
    /// Where latency was not measured.
    pub statement_unmeasured: f64,
    /// Least `statement_timeout` of reports.
    pub report_least: f64,
    /// And the most.
    pub report_most: f64,
    /// Least `lock_timeout`.
    pub lock_least: f64,
    /// `lock_timeout` of migrations.
    pub lock_migrations: f64,
    /// Least `idle_in_transaction_session_timeout` of an application.
    pub idle_least: f64,
    /// And the most.
    pub idle_most: f64,
    /// Where pauses were not measured, and for other roles.
    pub idle_unmeasured: f64,
    /// `tcp_keepalives_idle`.
    pub keepalive_idle: f64,
    /// `tcp_keepalives_interval`.
    pub keepalive_interval: f64,
    /// `tcp_keepalives_count`.
    pub keepalive_count: f64,
    /// `tcp_user_timeout`.
    pub user_timeout: f64,
    /// `client_connection_check_interval`.
    pub client_check: f64,
    /// A timeout is so many times what is slow every day; [`HEADROOM`] where nothing else is asked for.
    pub headroom: f64,
    /// How roles are told apart.
    pub roles: RoleLimits,
}

/// A timeout is so many times what is slow every day.
pub const HEADROOM: f64 = 3.0;
/// A pause within a transaction may be so many times the usual.
const PAUSE_HEADROOM: f64 = 10.0;
/// A wait for a lock ends before half of the statement's time is over.
const LOCK_SHARE: f64 = 0.5;
/// `lock_timeout` is so many times `deadlock_timeout`, after which a wait is logged.
const LOGGED: f64 = 2.0;

/// `statement_timeout`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Statement {
    /// This many ms.
    For(f64),
    /// The role does two kinds of work: until they are apart, this many ms; `None`: more than
    /// reports should have.
    Mixed(Option<f64>),
    /// None: what the role does takes as long as it takes.
    Never,
}

/// `statement_timeout` of a role whose calls take up to `p999` ms.
pub(super) fn statement(kind: Kind, p999: Option<f64>, limits: &Limits) -> Statement {
    let wanted = p999.map(|ms| limits.headroom * ms);
    match (kind, wanted) {
        (Kind::Migrations | Kind::Backup, _) => Statement::Never,
        (Kind::Reports, wanted) => Statement::For(round(
            wanted
                .unwrap_or(limits.report_most)
                .clamp(limits.report_least, limits.report_most),
        )),
        (Kind::Application, None) => Statement::For(limits.statement_unmeasured),
        (Kind::Application, Some(ms)) if ms > limits.statement_most => {
            let fits = ms <= limits.report_most;
            Statement::Mixed(fits.then(|| round(ms.max(limits.report_least))))
        }
        (Kind::Application, Some(ms)) => Statement::For(round(ms.max(limits.statement_least))),
    }
}

/// What is slow every day is this much below the line above which statements are reports, ms.
pub(super) fn line(limits: &Limits) -> f64 {
    limits.statement_most / limits.headroom
}

/// `lock_timeout` by the 99th percentile of logged waits: 0 where waits are logged and there was
/// none, `None` where they are not logged.
pub(super) fn lock(
    kind: Kind,
    statement: Option<f64>,
    p99_wait: Option<f64>,
    deadlock_timeout: f64,
    limits: &Limits,
) -> f64 {
    if kind == Kind::Migrations {
        return limits.lock_migrations;
    }
    let most = statement.map_or(limits.lock_migrations, |ms| ms * LOCK_SHARE);
    let wanted = match p99_wait {
        Some(ms) => (limits.headroom * ms).max(limits.lock_least),
        // Reports may wait no longer than migrations do.
        None => limits.lock_migrations,
    };
    let logged = LOGGED * deadlock_timeout;
    let value = wanted.max(logged).min(most);
    if value >= 1_000.0 {
        round(value)
    } else {
        value
    }
}

/// `idle_in_transaction_session_timeout` by the 99.9th percentile of pauses.
pub(super) fn idle_in_transaction(kind: Kind, p999: Option<f64>, limits: &Limits) -> f64 {
    match (kind, p999) {
        (Kind::Application, Some(ms)) => {
            round((PAUSE_HEADROOM * ms).clamp(limits.idle_least, limits.idle_most))
        }
        _ => limits.idle_unmeasured,
    }
}

/// `transaction_timeout` by the 99.9th percentile of transactions.
pub(super) fn transaction(statement: f64, p999: f64, limits: &Limits) -> f64 {
    round((HEADROOM * statement).max(limits.headroom * p999))
}

/// `three times`, `2.5 times`.
pub(super) fn times(headroom: f64) -> String {
    if (headroom - HEADROOM).abs() < 1e-9 {
        "three times".to_owned()
    } else {
        format!("{headroom} times")
    }
}

/// Up to whole seconds, and to whole minutes from two minutes on.
fn round(ms: f64) -> f64 {
    let unit = if ms > 120_000.0 { 60_000.0 } else { 1_000.0 };
    (ms / unit).ceil() * unit
}

/// As `PostgreSQL` writes it: `6s`, `5min`, `500ms`.
pub(super) fn written(ms: f64) -> String {
    let whole = ms.round() as i64;
    match whole {
        0 => "0".to_owned(),
        ms if ms % 60_000 == 0 => format!("{}min", ms / 60_000),
        ms if ms % 1_000 == 0 => format!("{}s", ms / 1_000),
        ms => format!("{ms}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        HEADROOM, Limits, Statement, idle_in_transaction, lock, statement, transaction, written,
    };
    use crate::advise::timeouts::roles::{Kind, RoleLimits};

    const LIMITS: Limits = Limits {
        statement_least: 5e3,
        statement_most: 1e4,
        statement_unmeasured: 6e4,
        report_least: 3e5,
        report_most: 9e5,
        lock_least: 1e3,
        lock_migrations: 5e3,
        idle_least: 1e4,
        idle_most: 6e4,
        idle_unmeasured: 3e5,
        keepalive_idle: 6e4,
        keepalive_interval: 1e4,
        keepalive_count: 6.0,
        user_timeout: 9e4,
        client_check: 1e4,
        headroom: HEADROOM,
        roles: RoleLimits {
            at_work_calls: 500.0,
            migrates: 0.2,
            dumps: 0.5,
            report_ms: 1e3,
            reports: 0.5,
        },
    };

    #[test]
    fn statements_get_three_times_what_is_slow_every_day() {
        use Kind::{Application, Backup, Migrations, Reports};
        for (kind, p999, expected) in [
            (Application, Some(20.0), Statement::For(5e3)),
            (Application, Some(2_100.0), Statement::For(7e3)),
            (Application, Some(3_333.0), Statement::For(1e4)),
            (Application, Some(4_000.0), Statement::Mixed(Some(3e5))),
            (Application, Some(250_000.0), Statement::Mixed(Some(7.8e5))),
            (Application, Some(400_000.0), Statement::Mixed(None)),
            (Application, None, Statement::For(6e4)),
            (Reports, Some(4_000.0), Statement::For(3e5)),
            (Reports, Some(150_000.0), Statement::For(4.8e5)),
            (Reports, None, Statement::For(9e5)),
            (Migrations, Some(20.0), Statement::Never),
            (Backup, None, Statement::Never),
        ] {
            assert_eq!(
                statement(kind, p999, &LIMITS),
                expected,
                "{kind:?} {p999:?}"
            );
        }
    }

    #[test]
    fn locks_end_before_statements_and_after_they_were_logged() {
        for (kind, statement, wait, deadlock, expected) in [
            (Kind::Application, Some(5e3), None, 1e3, 3e3),
            (Kind::Application, Some(1e4), None, 1e3, 5e3),
            (Kind::Application, Some(1e4), Some(0.0), 1e3, 2e3),
            (Kind::Application, Some(1e4), Some(900.0), 1e3, 3e3),
            (Kind::Application, Some(1e4), Some(9e3), 1e3, 5e3),
            (Kind::Application, Some(1_500.0), None, 1e3, 750.0),
            (Kind::Reports, Some(3e5), None, 1e3, 5e3),
            (Kind::Migrations, None, Some(9e3), 1e3, 5e3),
        ] {
            let found = lock(kind, statement, wait, deadlock, &LIMITS);
            assert!(
                (found - expected).abs() < 1e-9,
                "{statement:?} {wait:?}: {found}"
            );
        }
    }

    #[test]
    fn pauses_and_transactions() {
        let idle = |kind, p999| idle_in_transaction(kind, p999, &LIMITS);
        for (found, expected) in [
            (idle(Kind::Application, Some(20.0)), 1e4),
            (idle(Kind::Application, Some(2_050.0)), 2.1e4),
            (idle(Kind::Application, Some(60_000.0)), 6e4),
            (idle(Kind::Application, None), 3e5),
            (idle(Kind::Reports, Some(20.0)), 3e5),
            (transaction(6e3, 100.0, &LIMITS), 1.8e4),
            (transaction(6e3, 20_000.0, &LIMITS), 6e4),
        ] {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn values_are_written_as_postgresql_does() {
        for (ms, text) in [(0.0, "0"), (7e3, "7s"), (3e5, "5min"), (750.0, "750ms")] {
            assert_eq!(written(ms), text);
        }
    }
}
