//! What a server allows, and how it logs.

use tokio_postgres::Row;

use super::refusal::Refusal;
use crate::collect::spec::PROVIDER;

/// The functions that are needed, with their arguments, as GRANT wants them. To version 16 members
/// of `pg_monitor` may run `pg_ls_logdir` only, from 17 on `pg_current_logfile` too (measured).
const FUNCTIONS: [&str; 3] = [
    "pg_current_logfile(text)",
    "pg_ls_logdir()",
    "pg_read_binary_file(text, bigint, bigint, boolean)",
];

/// Settings that tell what is in the log.
pub(super) const SETTINGS: [&str; 9] = [
    "log_destination",
    "log_line_prefix",
    "log_timezone",
    "log_statement",
    "log_duration",
    "log_min_duration_statement",
    "log_min_duration_sample",
    "log_statement_sample_rate",
    "log_transaction_sample_rate",
];

/// What a server allows, and how it logs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Access {
    /// Which of [`FUNCTIONS`] our role may run; `None`: there is no such function.
    pub may_run: [Option<bool>; 3],
    /// Whether the server writes log files itself.
    pub has_collector: bool,
    /// The managed service that it belongs to, where its settings show one.
    pub provider: Option<String>,
    /// Our role.
    pub role: String,
    /// Those of [`SETTINGS`] that there are.
    pub settings: Vec<Setting>,
}

/// A setting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Setting {
    /// Its name.
    pub name: String,
    /// Its value, without unit.
    pub value: Option<String>,
    /// The unit of the value.
    pub unit: Option<String>,
    /// Its type, as `pg_settings.vartype` has it.
    pub vartype: Option<String>,
}

impl Access {
    /// The question. Its rows are settings; what else is asked stands in each of them.
    pub fn question() -> String {
        let may = FUNCTIONS.map(|function| {
            format!("has_function_privilege(to_regprocedure('pg_catalog.{function}'), 'EXECUTE')")
        });
        let names = SETTINGS.map(|name| format!("'{name}'"));
        format!(
            "SELECT s.name, CASE s.source WHEN 'session' THEN s.reset_val ELSE s.setting END, s.unit, s.vartype,
               current_setting('logging_collector')::bool, current_user::text,
               {PROVIDER},
               {}
             FROM pg_settings s WHERE s.name IN ({})",
            may.join(", "),
            names.join(", ")
        )
    }

    /// The answer.
    pub fn of(rows: &[Row]) -> Result<Self, tokio_postgres::Error> {
        let mut access = Self::default();
        for row in rows {
            access.settings.push(Setting {
                name: row.try_get(0)?,
                value: row.try_get(1)?,
                unit: row.try_get(2)?,
                vartype: row.try_get(3)?,
            });
            access.has_collector = row.try_get(4)?;
            access.role = row.try_get(5)?;
            access.provider = row.try_get(6)?;
            access.may_run = [row.try_get(7)?, row.try_get(8)?, row.try_get(9)?];
        }
        Ok(access)
    }

    /// Value of one of [`SETTINGS`].
    pub fn setting(&self, name: &str) -> Option<&str> {
        let of = self.settings.iter().find(|known| known.name == name);
        of.and_then(|known| known.value.as_deref())
    }

    /// Why nothing can be read, where that is known before trying.
    pub fn refusal(&self) -> Option<Refusal> {
        let denied = || -> Vec<&'static str> {
            let all = FUNCTIONS.into_iter().zip(self.may_run);
            let denied = all.filter(|(_, may)| *may != Some(true));
            denied.map(|(function, _)| function).collect()
        };
        let files = ["stderr", "csvlog", "jsonlog"];
        let destination = self.setting("log_destination").unwrap_or("stderr");
        let denied = denied();
        if !denied.is_empty()
            && let Some(provider) = &self.provider
        {
            let provider = provider.clone();
            return Some(Refusal::Service { provider });
        }
        if !self.has_collector {
            return Some(Refusal::NoCollector);
        }
        if !destination
            .split(',')
            .any(|one| files.contains(&one.trim()))
        {
            let destination = destination.to_owned();
            return Some(Refusal::NoFiles { destination });
        }
        (!denied.is_empty()).then(|| Refusal::Denied {
            functions: denied,
            role: self.role.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Setting};

    fn access(may_run: [Option<bool>; 3], collector: bool, provider: &str, to: &str) -> Access {
        Access {
            may_run,
            has_collector: collector,
            provider: Some(provider.to_owned()).filter(|name| !name.is_empty()),
            role: "triage bot".to_owned(),
            settings: vec![Setting {
                name: "log_destination".to_owned(),
                value: Some(to.to_owned()),
                ..Setting::default()
            }],
        }
    }

    #[test]
    fn what_stands_in_the_way_is_told_with_what_helps() {
        const ALL: [Option<bool>; 3] = [Some(true); 3];
        const SOME: [Option<bool>; 3] = [Some(false), Some(true), Some(false)];
        let told = |access: Access| access.refusal().map(|why| (why.reason(), why.remedy()));
        let check = |access: Access, reason: &str, remedy: &str| {
            let (told_reason, told_remedy) = told(access).unwrap();
            assert!(told_reason.contains(reason), "{told_reason}");
            assert!(told_remedy.contains(remedy), "{told_remedy}");
        };
        assert_eq!(told(access(ALL, true, "", "stderr")), None);
        assert_eq!(told(access(ALL, true, "rds", "stderr,csvlog")), None);
        check(
            access(SOME, true, "", "stderr"),
            "pg_current_logfile(text) and pg_read_binary_file",
            "GRANT EXECUTE ON FUNCTION pg_current_logfile(text) TO \"triage bot\";\n\
             GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean) TO \"triage bot\";",
        );
        check(
            access(SOME, false, "", "stderr"),
            "logging_collector is off",
            "--logs",
        );
        check(access(ALL, true, "", "syslog"), "syslog", "log_destination");
        check(access(SOME, false, "rds", "stderr"), "RDS", "--logs");
        check(
            access([None; 3], true, "azure", "stderr"),
            "Azure",
            "--logs",
        );
        check(
            access([None; 3], false, "cloudsql", "stderr"),
            "Cloud SQL",
            "--logs",
        );
    }
}
