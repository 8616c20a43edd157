//! Settings of `log_line_prefix` by chance.

use super::render::Chance;

/// A setting such as people write: escapes in any order that makes sense, with words and signs.
pub fn setting(chance: &mut Chance) -> String {
    let separator = *chance.pick(&[" ", " ", " ", " ", ": ", ":", "|", "; ", " - "]);
    let mut parts: Vec<String> = Vec::new();
    let mut rest: Vec<String> = Vec::new();
    let time = *chance.pick(&["%m", "%m", "%m", "%t", "%t", "%n", ""]);
    if !time.is_empty() {
        parts.push(time.to_owned());
    }
    let pid = *chance.pick(&[
        "[%p]",
        "[%p]",
        "[%p]",
        "%p",
        "(%p)",
        "pid=%p",
        "[%p]:",
        "[%p-%l]",
        "[%p]: [%l-1]",
        "postgres[%p]",
        "%c",
        "[%5p]",
        "%-7p",
        "%p/%l",
        "",
    ]);
    if !pid.is_empty() {
        rest.push(pid.to_owned());
    }
    let extras: &[&[&str]] = &[
        &["[%v]", "vxid:%v", "%v", "%v %x", "[vxid:%v txid:%x]"],
        &["tx=%x", "%x", "[trx_id=%x]", "xid %x"],
        &["%e", "[%e]", "sqlstate=%e", "{%e}"],
        &["%b", "[%b]", "type=%b"],
        &["%i", "[%i]", "cmd=%i"],
        &["%s", "start=%s", "(%s)"],
        &["%Q", "query_id=%Q", "[%Q]"],
        &["%c", "sess=%c"],
        &["[%l]", "%l", "line=%l", "#%l"],
    ];
    for extra in extras {
        if chance.percent(14) {
            let text = *chance.pick(extra);
            let is_there = |escape: &str| rest.iter().any(|part| part.contains(escape));
            let doubled = ["%c", "%l", "%x", "%v"]
                .iter()
                .any(|escape| text.contains(escape) && is_there(escape));
            if !doubled {
                rest.push(text.to_owned());
            }
        }
    }
    let host = *chance.pick(&["%h", "%r"]);
    let marked = ["user=%u", "db=%d", "app=%a", &format!("client={host}")].map(str::to_owned);
    let names: Vec<String> = match chance.below(9) {
        0..=2 => {
            let mut some: Vec<String> = marked.into_iter().filter(|_| chance.percent(75)).collect();
            if chance.percent(30) {
                some.reverse();
            }
            let joined = some.join(*chance.pick(&[",", " ", ", ", ";"]));
            vec![if chance.percent(25) {
                format!("[{joined}]")
            } else {
                joined
            }]
        }
        3 => vec!["%u@%d".to_owned()],
        4 => vec![format!("%u@%d{}%a", chance.pick(&["/", " ", ":"]))],
        5 => vec![format!("{host}{}%u@%d", chance.pick(&[" ", ":"]))],
        6 => vec!["[%u]".to_owned(), "[%d]".to_owned(), "[%a]".to_owned()],
        7 => vec![
            "%-10u".to_owned(),
            "%12d".to_owned(),
            format!("from {host}"),
        ],
        _ => vec!["%d".to_owned(), "%u".to_owned()],
    };
    let names = names
        .into_iter()
        .filter(|name| !name.is_empty() && name != "[]");
    if chance.percent(30) {
        // Anywhere.
        rest.extend(names);
        for at in (1..rest.len()).rev() {
            rest.swap(at, chance.below(at as u64 + 1) as usize);
        }
        parts.extend(rest);
    } else {
        parts.extend(rest);
        let mut names: Vec<String> = names.collect();
        if let Some(first) = names.first_mut()
            && chance.percent(45)
        {
            first.insert_str(0, "%q");
        }
        parts.extend(names);
    }
    let end = *chance.pick(&[" ", " ", " ", ": ", ":", " - ", "> "]);
    parts.join(separator) + end
}
