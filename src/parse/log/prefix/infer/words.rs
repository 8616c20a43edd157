//! Words that stand before a value, and words that are values.

/// Words before a value, by the escape that writes it.
const MARKS: &[(char, &str)] = &[
    ('u', "user usr username user_name role login u"),
    ('d', "db database dbname datname database_name d"),
    (
        'a',
        "app application application_name appname app_name program a",
    ),
    (
        'h',
        "client host remote from addr address ip client_addr remote_host h r",
    ),
    ('p', "pid process backend_pid procpid process_id p"),
    ('l', "line l n no seq line_num lineno log_line session_line"),
    ('c', "session sess sid session_id c"),
    (
        'x',
        "xid tx txid trx trx_id transaction transaction_id xact x",
    ),
    ('v', "vxid v vtx vtid virtual"),
    ('Q', "query_id queryid qid query q"),
    ('P', "leader leader_pid parallel_leader"),
    ('b', "backend backend_type type b"),
    ('i', "cmd command tag ps command_tag i"),
    ('e', "sqlstate state code err error errcode error_code e"),
    ('t', "time ts at log_time timestamp t m"),
    ('s', "start started since session_start start_time s"),
];

/// Values of `%b` (`GetBackendTypeDesc` and the workers of the server).
pub(super) const BACKENDS: &[&str] = &[
    "archiver",
    "autovacuum launcher",
    "autovacuum worker",
    "background worker",
    "background writer",
    "checkpointer",
    "client backend",
    "dead-end client backend",
    "io worker",
    "logger",
    "logical replication apply worker",
    "logical replication launcher",
    "logical replication parallel worker",
    "logical replication tablesync worker",
    "logical replication worker",
    "not initialized",
    "parallel worker",
    "postmaster",
    "slotsync worker",
    "standalone backend",
    "startup",
    "stats collector",
    "walreceiver",
    "walsender",
    "walsummarizer",
    "walwriter",
];

/// Values of `%i` that are no command tags, and first words of those that are.
pub(super) const STATES: &[&str] = &[
    "authentication",
    "startup",
    "idle in transaction (aborted)",
    "idle in transaction",
    "idle",
    "initializing",
];

/// First words of command tags (`cmdtaglist.h`) and of what the protocol runs.
pub(super) const COMMANDS: &[&str] = &[
    "ALTER",
    "ANALYZE",
    "BASE_BACKUP",
    "BEGIN",
    "BIND",
    "CALL",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTER",
    "COMMENT",
    "COMMIT",
    "COPY",
    "CREATE",
    "DEALLOCATE",
    "DECLARE",
    "DELETE",
    "DISCARD",
    "DO",
    "DROP",
    "EXECUTE",
    "EXPLAIN",
    "FASTPATH",
    "FETCH",
    "GRANT",
    "IMPORT",
    "INSERT",
    "LISTEN",
    "LOAD",
    "LOCK",
    "MERGE",
    "MOVE",
    "NOTIFY",
    "PARSE",
    "PREPARE",
    "REASSIGN",
    "REFRESH",
    "REINDEX",
    "RELEASE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SECURITY",
    "SELECT",
    "SET",
    "SHOW",
    "START",
    "START_REPLICATION",
    "TRUNCATE",
    "UNLISTEN",
    "UPDATE",
    "VACUUM",
    "VALUES",
    "WITH",
];

/// The escape whose value a word announces. Single letters do so only with a sign after them.
pub(super) fn escape_of(word: &[u8], has_sign: bool) -> Option<char> {
    if word.len() < 2 && !has_sign {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let found = MARKS
        .iter()
        .find(|(_, words)| words.split(' ').any(|known| known.as_bytes() == word));
    found.map(|(escape, _)| *escape)
}

/// The escape that the text before a value announces: `user=`, `[pid `, `from `.
pub(super) fn announced(before: &[u8]) -> Option<char> {
    let text = before.trim_ascii_end();
    let has_blank = text.len() < before.len();
    let (text, has_sign) = match text {
        [text @ .., b'=' | b':' | b'#'] => (text.trim_ascii_end(), true),
        text => (text, false),
    };
    if !has_sign && !has_blank {
        return None;
    }
    let is_of_word = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
    let length = text.iter().rev().take_while(is_of_word).count();
    escape_of(&text[text.len() - length..], has_sign)
}
