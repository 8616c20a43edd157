//! Records of server logs that tests make, in each format and envelope.

/// A record before it has a format.
pub struct Line {
    pub ms: u64,
    pub pid: u32,
    pub user: String,
    pub application: String,
    pub severity: &'static str,
    pub message: String,
    pub detail: Option<String>,
    pub statement: Option<String>,
    pub query_id: u64,
}

/// Numbers that look like chance.
pub fn mixed(n: u64) -> u64 {
    let n = (n ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// What applications do: mostly short statements with literals or parameters, some long ones, errors
/// now and then.
pub fn usual(n: u64) -> Line {
    let (a, b) = (mixed(n), mixed(n ^ 0x5555));
    let us = 20 + a % 4_000;
    let time = format!("duration: {}.{:03} ms  ", us / 1000, us % 1000);
    let kind = b % 300;
    let table = kind % 40;
    let mut line = Line {
        ms: n / 4,
        pid: 7_000 + (a % 60) as u32,
        user: format!("app{}", a % 3),
        application: format!("worker {}", a % 5),
        severity: "LOG",
        message: String::new(),
        detail: None,
        statement: None,
        query_id: mixed(kind) >> 1,
    };
    match b % 20 {
        0..6 => {
            line.message = format!(
                "{time}statement: SELECT abalance FROM accounts_{table} WHERE aid = {a} AND note = 'no {b}';"
            );
        }
        6..9 => {
            line.message = format!(
                "{time}bind S_{table}: SELECT o.id, o.total FROM orders_{table} o JOIN customers c ON c.id = o.customer_id WHERE c.id = $1 AND o.created_at > $2 ORDER BY o.id LIMIT 20"
            );
            line.detail = Some(format!(
                "parameters: $1 = '{a}', $2 = '2026-11-01 00:00:00'"
            ));
        }
        9..15 => {
            line.message = format!(
                "{time}execute S_{table}: SELECT o.id, o.total FROM orders_{table} o JOIN customers c ON c.id = o.customer_id WHERE c.id = $1 AND o.created_at > $2 ORDER BY o.id LIMIT 20"
            );
            line.detail = Some(format!(
                "parameters: $1 = '{a}', $2 = '2026-11-01 00:00:00'"
            ));
        }
        15..17 => {
            line.message = format!(
                "{time}statement: INSERT INTO events_{table} (kind, payload) VALUES ('click', '{{\"user\": {a}, \"page\": \"/p/{b}\"}}'), ('view', '{{\"user\": {b}}}') RETURNING id"
            );
        }
        17 => line.message = format!("{time}statement: {}", ["BEGIN", "COMMIT"][(a % 2) as usize]),
        18 => {
            line.message = format!(
                "{time}statement: SELECT d.name,\n\t       count(*) AS n\n  FROM departments_{table} d\n  LEFT JOIN people p USING (department_id)\n WHERE p.age > {} AND d.name <> 'it''s'\n GROUP BY d.name\nHAVING count(*) > {}",
                a % 90,
                b % 10
            );
        }
        _ if b % 7 == 0 => {
            line.severity = "ERROR";
            line.message = format!("duplicate key value violates unique constraint \"k_{table}\"");
            line.detail = Some(format!("Key (id)=({a}) already exists."));
            line.statement = Some(format!("INSERT INTO k_{table} (id) VALUES ({a})"));
        }
        _ => {
            line.message = format!(
                "{time}statement: UPDATE carts_{table} SET n = n + 1 WHERE id IN ({a}, {b}, {n})"
            );
        }
    }
    line
}

impl Line {
    fn time(&self) -> String {
        let seconds = self.ms / 1000;
        format!(
            "2026-11-{:02} {:02}:{:02}:{:02}.{:03} UTC",
            1 + seconds / 86_400 % 30,
            seconds / 3600 % 24,
            seconds / 60 % 60,
            seconds % 60,
            self.ms % 1000
        )
    }

    pub fn stderr(&self) -> String {
        let head = format!(
            "{} [{}] {}@shop {} ",
            self.time(),
            self.pid,
            self.user,
            self.application
        );
        let part =
            |label: &str, text: &str| format!("{head}{label}:  {}\n", text.replace('\n', "\n\t"));
        let mut out = part(self.severity, &self.message);
        out += &self
            .detail
            .as_deref()
            .map_or(String::new(), |text| part("DETAIL", text));
        out += &self
            .statement
            .as_deref()
            .map_or(String::new(), |text| part("STATEMENT", text));
        out
    }

    pub fn csvlog(&self) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let given = |text: &Option<String>| text.as_deref().map_or(String::new(), quoted);
        format!(
            "{time},{},\"shop\",{pid},\"10.0.0.1:5432\",6b04.{pid:x},9,\"SELECT\",2026-11-23 16:54:46 UTC,3/7,0,{},00000,{},{},,,,,{},,,{},\"client backend\",,{}\n",
            quoted(&self.user),
            self.severity,
            quoted(&self.message),
            given(&self.detail),
            given(&self.statement),
            quoted(&self.application),
            self.query_id,
            time = self.time(),
            pid = self.pid,
        )
    }

    pub fn jsonlog(&self) -> String {
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        let given = |name: &str, text: &Option<String>| {
            text.as_deref().map_or(String::new(), |text| {
                format!("\"{name}\":{},", quoted(text))
            })
        };
        format!(
            "{{\"timestamp\":\"{}\",\"user\":{},\"dbname\":\"shop\",\"pid\":{pid},\"remote_host\":\"10.0.0.1\",\"remote_port\":5432,\"session_id\":\"6b04.{pid:x}\",\"line_num\":9,\"ps\":\"SELECT\",\"session_start\":\"2026-11-23 16:54:46 UTC\",\"vxid\":\"3/7\",\"txid\":0,\"error_severity\":\"{}\",\"state_code\":\"00000\",\"message\":{},{}{}\"application_name\":{},\"backend_type\":\"client backend\",\"query_id\":{}}}\n",
            self.time(),
            quoted(&self.user),
            self.severity,
            quoted(&self.message),
            given("detail", &self.detail),
            given("statement", &self.statement),
            quoted(&self.application),
            self.query_id,
            pid = self.pid,
        )
    }

    /// What stderr has after its prefix, by lines.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let parts = [
            (self.severity, Some(&self.message)),
            ("DETAIL", self.detail.as_ref()),
            ("STATEMENT", self.statement.as_ref()),
        ];
        for (label, text) in parts {
            let Some(text) = text else { continue };
            let text = format!("{label}:  {}", text.replace('\n', "\n\t"));
            lines.extend(text.split('\n').map(str::to_owned));
        }
        lines
    }

    /// The time as RFC 3339 has it.
    fn rfc3339(&self) -> String {
        self.time().replacen(' ', "T", 1).replace(" UTC", "Z")
    }

    /// syslog as RFC 3164 has it.
    pub fn syslog(&self) -> String {
        let time = self.time();
        let (day, clock) = (time[8..10].trim_start_matches('0'), &time[11..19]);
        let pid = self.pid;
        let lines = self.lines();
        let numbered = lines.iter().enumerate().map(|(at, line)| {
            let line = line.replace('\t', "#011");
            format!(
                "Nov {day:>2} {clock} host postgres[{pid}]: [{}-{}] {line}\n",
                self.ms + 1,
                at + 1
            )
        });
        numbered.collect()
    }

    /// syslog as RFC 5424 has it.
    pub fn syslog_5424(&self) -> String {
        let (time, pid) = (self.rfc3339(), self.pid);
        let lines = self.lines();
        let numbered = lines.iter().enumerate().map(|(at, line)| {
            let line = line.replace('\t', "#011");
            format!(
                "<134>1 {time} host postgres {pid} - - [{}-{}] {line}\n",
                self.ms + 1,
                at + 1
            )
        });
        numbered.collect()
    }

    /// The JSON of `CloudNativePG`.
    pub fn cloud_native(&self) -> String {
        let record = serde_json::json!({
            "log_time": self.time(), "user_name": self.user, "database_name": "shop",
            "process_id": self.pid.to_string(), "error_severity": self.severity,
            "sql_state_code": "00000", "message": self.message, "detail": self.detail,
            "query": self.statement, "application_name": self.application,
            "query_id": self.query_id.to_string(),
        });
        let entry = serde_json::json!({
            "level": "info", "logger": "postgres", "msg": "record", "record": record,
        });
        format!("{entry}\n")
    }

    /// Entries of Cloud Logging.
    pub fn cloud_logging(&self) -> String {
        let entry = serde_json::json!({
            "insertId": "a", "textPayload": self.stderr(), "timestamp": self.rfc3339(),
        });
        format!("{entry}\n")
    }

    /// Entries of Azure's diagnostic settings.
    pub fn azure(&self) -> String {
        let entry = serde_json::json!({
            "category": "PostgreSQLLogs", "time": self.rfc3339(),
            "properties": {
                "timestamp": self.time(), "processId": self.pid, "errorLevel": self.severity,
                "sqlerrcode": "00000", "detail": self.detail,
                "message": format!("{}-6b.7-{}:  {}", self.time(), self.severity, self.message),
            },
        });
        format!("{entry}\n")
    }

    /// Files of Docker.
    pub fn docker(&self) -> String {
        let text = self.stderr();
        let entries = text.split_inclusive('\n').map(|line| {
            let entry =
                serde_json::json!({"log": line, "stream": "stderr", "time": self.rfc3339()});
            format!("{entry}\n")
        });
        entries.collect()
    }

    /// Files of Kubernetes.
    pub fn containers(&self) -> String {
        let text = self.stderr();
        let entries = text
            .split_inclusive('\n')
            .map(|line| format!("{} stderr F {line}", self.rfc3339()));
        entries.collect()
    }
}
