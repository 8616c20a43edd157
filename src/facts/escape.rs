//! Texts from servers, logs and migrations, made safe to show.

use std::borrow::Cow;

/// A text for one line of output: characters that a terminal or a reader would act on are written
/// out as `\n`, `\t`, `\u{1b}`. Those are control characters (C0, DEL, C1), line and paragraph
/// separators, and marks that turn the direction of writing or hide text.
pub fn line(text: &str) -> Cow<'_, str> {
    if text.contains(acts) {
        Cow::Owned(written(text, |_| false))
    } else {
        Cow::Borrowed(text)
    }
}

/// A text that may take several lines: as [`line()`], but line feeds stand, with or without a
/// carriage return before them, and tabs become four spaces.
pub fn lines(text: &str) -> Cow<'_, str> {
    if text.contains(|c| c != '\n' && acts(c)) {
        let text = text.replace("\r\n", "\n").replace('\t', "    ");
        Cow::Owned(written(&text, |c| c == '\n'))
    } else {
        Cow::Borrowed(text)
    }
}

fn written(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) && !keep(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// Would this character do something other than stand there?
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::{line, lines};

    #[test]
    fn what_a_terminal_would_act_on_is_written_out() {
        assert_eq!(line("a\x1b[31mb\nc\td"), "a\\u{1b}[31mb\\nc\\td");
        assert_eq!(
            line("\u{9b}2J \u{202e}gpj.exe"),
            "\\u{9b}2J \\u{202e}gpj.exe"
        );
        assert_eq!(lines("a\r\nb\tc\r\x07"), "a\nb    c\\r\\u{7}");
    }

    #[test]
    fn all_other_text_stands() {
        let text = "naïve 表 👩\u{200d}👧 e\u{301} \u{a0}'\"\\";
        assert_eq!(line(text), text);
        assert_eq!(lines("a\nb"), "a\nb");
    }
}
