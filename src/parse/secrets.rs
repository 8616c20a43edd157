//! Secrets in connection strings, settings and shell commands.

/// What stands in place of a secret.
pub const HIDDEN: &str = "***";

/// Words that, as part of a key, say that its value is a secret.
const SECRET_WORDS: [&str; 13] = [
    "accesskey",
    "apikey",
    "credential",
    "encryptionkey",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pwd",
    "salt",
    "secret",
    "signature",
    "token",
];

/// Parameters of libpq whose values tell how to connect, but let nobody in.
const PLAIN_PARAMETERS: [&str; 35] = [
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "port",
    "replication",
    "require_auth",
    "requirepeer",
    "requiressl",
    "service",
    "ssl",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcompression",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// Whether a key names a secret: it has one of the usual words in it, or ends in `key`. Case and
/// the signs between words do not count, so `--secret-key` and `AWS_ACCESS_KEY_ID` are found.
pub(super) fn is_secret_word(key: &str) -> bool {
    let key: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    key.ends_with("key") || SECRET_WORDS.iter().any(|word| key.contains(word))
}

/// How a setting holds a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    ConnectionString,
    ShellCommand,
    Secret,
}

fn holds(name: &str) -> Option<Holds> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "primary_conninfo" => Some(Holds::ConnectionString),
        "archive_command"
        | "archive_cleanup_command"
        | "recovery_end_command"
        | "restore_command" => Some(Holds::ShellCommand),
        "ssl_passphrase_command" => Some(Holds::Secret),
        // Settings of extensions and of the user's own.
        _ if name.contains('.') && is_secret_word(&name) => Some(Holds::Secret),
        _ => None,
    }
}

/// Whether the value of a setting may hold a secret: connection strings, commands, and settings of
/// extensions or the user's own with a name like `app.jwt_secret`. [`redact_setting`] takes it out.
pub fn is_secret_setting(name: &str) -> bool {
    holds(name).is_some()
}

/// The value of a setting without the secrets that a setting of that name may hold.
pub fn redact_setting(name: &str, value: &str) -> String {
    match holds(name) {
        None => value.to_owned(),
        Some(_) if value.is_empty() => String::new(),
        Some(Holds::ConnectionString) => redact_conninfo(value),
        Some(Holds::ShellCommand) => redact_command(value),
        Some(Holds::Secret) => HIDDEN.to_owned(),
    }
}

/// A connection string, key/value or URI, with `***` in place of every value but those known to
/// be harmless: `password`, `sslpassword`, `passfile`, `sslkey` and all that is unknown go; host,
/// port, user, database and the like stay.
///
/// What is malformed is hidden rather than shown.
pub fn redact_conninfo(conninfo: &str) -> String {
    match uri_authority(conninfo) {
        Some(start) => redact_uri(conninfo, start),
        None => redact_pairs(conninfo),
    }
}

/// Where the part after `://` begins, if this is a URI of libpq.
fn uri_authority(conninfo: &str) -> Option<usize> {
    let lower = conninfo.get(..13).unwrap_or(conninfo).to_ascii_lowercase();
    ["postgresql://", "postgres://"]
        .iter()
        .find(|scheme| lower.starts_with(*scheme))
        .map(|scheme| scheme.len())
}

/// The userinfo ends at the last `@` that can end it: a password written without URL encoding may
/// hold `@`, `/` or `?`.
fn redact_uri(uri: &str, start: usize) -> String {
    let (scheme, rest) = uri.split_at(start);
    let query = rest.find('?').unwrap_or(rest.len());
    // `u:p?w@host` against `host:5432/db?application_name=a@b`
    let pairs = rest[query..].trim_start_matches('?');
    let key = pairs.find(|c: char| !c.is_ascii_lowercase() && c != '_');
    let is_query = key.is_some_and(|end| end > 0 && pairs[end..].starts_with('='));
    let at = if is_query && (rest[..query].contains('@') || is_address(&rest[..query])) {
        rest[..query].rfind('@')
    } else {
        rest.rfind('@')
    };
    let mut text = scheme.to_owned();
    let mut rest = rest;
    if let Some(at) = at {
        let user = &rest[..at];
        match user.split_once(':') {
            Some((name, _)) => text.extend([name, ":", HIDDEN]),
            None => text.push_str(user),
        }
        rest = &rest[at..];
    }
    let Some((place, query)) = rest.split_once('?') else {
        return text + rest;
    };
    text.push_str(place);
    for (n, pair) in query.split('&').enumerate() {
        text.push(if n == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((key, value)) if is_plain(key) => text.extend([key, "=", value]),
            Some((key, _)) => text.extend([key, "=", HIDDEN]),
            None => text.push_str(HIDDEN),
        }
    }
    text
}

/// Whether this is hosts, ports and a database, and not a user and a password.
fn is_address(text: &str) -> bool {
    let after_host = text.find(']').map_or(text, |end| &text[end..]);
    let port = after_host.split_once(':').map_or("", |(_, port)| port);
    let digits = port.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.is_empty() || digits.starts_with(['/', ','])
}

fn is_plain(key: &str) -> bool {
    PLAIN_PARAMETERS.contains(&key)
}

/// `key = value` pairs; values may be quoted and hold backslash escapes.
fn redact_pairs(conninfo: &str) -> String {
    let mut pairs: Vec<String> = Vec::new();
    let mut rest = conninfo.trim_start();
    while !rest.is_empty() {
        let key_end = rest
            .find(|c: char| c == '=' || c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let key = &rest[..key_end];
        rest = rest[key_end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else {
            pairs.push(HIDDEN.to_owned());
            continue;
        };
        let after = after.trim_start();
        let value = &after[..value_end(after)];
        rest = after[value.len()..].trim_start();
        let shown = if is_plain(key) { value } else { HIDDEN };
        pairs.push(format!("{key}={shown}"));
    }
    pairs.join(" ")
}

fn value_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let quoted = bytes.first() == Some(&b'\'');
    let mut at = usize::from(quoted);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
            b'\'' if quoted => return at + 1,
            b if !quoted && b.is_ascii_whitespace() => return at,
            _ => at += 1,
        }
    }
    text.len()
}

/// A shell command with `***` in place of what looks like a secret: the value of `NAME=value`,
/// `--name=value`, `--name value` and `Name: value` where the name says so, `-u user:password`, and
/// the password of a URI.
pub fn redact_command(command: &str) -> String {
    let mut text = String::with_capacity(command.len());
    let mut rest = command;
    let mut previous = String::new();
    while !rest.is_empty() {
        let space = rest.len() - rest.trim_start().len();
        text.push_str(&rest[..space]);
        rest = &rest[space..];
        let word = &rest[..word_end(rest)];
        rest = &rest[word.len()..];
        let shown = redact_word(&previous, word);
        text.push_str(&shown);
        previous = if shown.ends_with(HIDDEN) {
            String::new()
        } else {
            word.to_owned()
        };
    }
    text
}

/// One past a word of the shell, its quotes and escapes counted.
fn word_end(text: &str) -> usize {
    let mut quote = None;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (None, c) if c.is_whitespace() => return at,
            (None | Some('"'), '\\') => {
                characters.next();
            }
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn redact_word(previous: &str, word: &str) -> String {
    if word.is_empty() {
        return String::new();
    }
    let closing = word.chars().next_back().filter(|c| matches!(c, '\'' | '"'));
    let hide_from = |at: usize| {
        let mut shown = word[..at].to_owned();
        shown.push_str(HIDDEN);
        // A quote that was opened before the secret is closed again.
        shown.extend(closing.filter(|c| word[..at].contains(*c)));
        shown
    };
    if previous.starts_with('-') && is_secret_word(previous) && !word.starts_with('-') {
        return HIDDEN.to_owned();
    }
    if matches!(previous, "-u" | "--user" | "--proxy-user")
        && let Some(colon) = word.find(':')
    {
        return hide_from(colon + 1);
    }
    let last_at = word.rfind('@');
    let mut from = 0;
    while let Some(found) = word[from..].find(['=', ':']) {
        let at = from + found;
        let name_start = word[..at]
            .rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'))
            .map_or(0, |n| n + 1);
        let uri = word[at..].starts_with("://");
        let name = word[name_start..at].to_ascii_lowercase();
        if !uri && (is_secret_word(&name) || name == "authorization") {
            return hide_from(at + 1);
        }
        if uri
            && let Some(host) = last_at.filter(|&host| host > at + 2)
            && let Some(colon) = word[at + 3..host].find(':')
        {
            let (before, after) = (&word[..=at + 3 + colon], &word[host..]);
            return format!("{before}{HIDDEN}{after}");
        }
        from = at + 1;
    }
    word.to_owned()
}
