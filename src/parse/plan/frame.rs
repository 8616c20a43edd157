//! What psql, other clients and logs put around plans.

/// Heads of what the log puts before a plan.
const LOGGED: &str = " plan:";

/// The documents of JSON in a text: each from the bracket that begins it on.
pub(super) fn documents(source: &str) -> Vec<String> {
    let mut documents: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in source.lines() {
        let line = bare(line);
        let trimmed = line.trim();
        if is_head(trimmed) || is_logged(line) {
            is_open = false;
            continue;
        }
        if !is_open {
            if !matches!(trimmed.as_bytes().first(), Some(b'[' | b'{')) {
                continue;
            }
            is_open = true;
            documents.push(String::new());
        }
        if let Some(document) = documents.last_mut() {
            document.push_str(trimmed);
            document.push('\n');
        }
    }
    documents
}

/// The lines of each plan in the text format.
pub(super) fn texts(source: &str) -> Vec<Vec<&str>> {
    let mut plans: Vec<Vec<&str>> = vec![Vec::new()];
    let is_log = source.lines().any(is_logged);
    let mut is_open = !is_log;
    for line in source.lines() {
        let line = bare(line);
        let trimmed = line.trim();
        if is_logged(line) {
            plans.push(Vec::new());
            is_open = true;
        } else if is_head(trimmed) {
            plans.push(Vec::new());
        } else if is_log && is_next_record(line, plans.last()) {
            is_open = false;
        } else if is_open
            && !is_foot(trimmed)
            && !trimmed.is_empty()
            && let Some(lines) = plans.last_mut()
        {
            lines.push(line);
        }
    }
    plans.retain(|lines| !lines.is_empty());
    for line in plans.iter_mut().flatten() {
        *line = line.strip_prefix('\t').unwrap_or(line);
    }
    plans
}

/// A line of a log that is not indented, where those of its plan are.
fn is_next_record(line: &str, plan: Option<&Vec<&str>>) -> bool {
    let is_indented = |line: &str| line.starts_with([' ', '\t']);
    let first = plan.and_then(|lines| lines.first());
    first.is_some_and(|first| is_indented(first)) && !is_indented(line)
}

/// A line without borders, quotes and marks of a line that goes on.
fn bare(line: &str) -> &str {
    let line = line.trim_end();
    let line = match line
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'))
    {
        Some(inner) => inner.trim_end(),
        None => line,
    };
    let line = line.strip_prefix("QUERY PLAN | ").unwrap_or(line);
    let line = line.strip_suffix('+').map_or(line, str::trim_end);
    match line
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(inner) if inner.contains("  (cost=") || inner.starts_with(' ') => inner,
        _ => line,
    }
}

fn is_logged(line: &str) -> bool {
    line.ends_with(LOGGED) && line.contains("duration: ")
}

/// The head of a column of psql, or a rule below it.
fn is_head(trimmed: &str) -> bool {
    let trimmed = trimmed.trim_matches('"');
    trimmed == "QUERY PLAN"
        || (trimmed.len() > 3 && trimmed.bytes().all(|byte| matches!(byte, b'-' | b'+')))
        || (trimmed.starts_with('─') && trimmed.chars().all(|c| matches!(c, '─' | '┼')))
}

/// What psql says behind a plan.
fn is_foot(trimmed: &str) -> bool {
    let rows = trimmed.strip_prefix('(').and_then(|rest| {
        let count = rest
            .strip_suffix(" rows)")
            .or_else(|| rest.strip_suffix(" row)"))?;
        count.parse::<u64>().ok()
    });
    rows.is_some()
        || trimmed.starts_with("-[ RECORD ")
        || (trimmed.starts_with("Time: ") && trimmed.contains(" ms"))
}
