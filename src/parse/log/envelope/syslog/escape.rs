//! Control characters as rsyslog writes them: `#011` for a tab.

use memchr::memchr;

/// Undoes the escapes. A `#` itself is never escaped, so what is unlikely to be an escape stays:
/// `#000`, which the server cannot have written, and bytes above 127 that stand alone, such as the
/// `#333` of a colour.
pub(super) fn undo(text: &[u8], out: &mut Vec<u8>) {
    let mut from = 0;
    let mut wide = false;
    while let Some(found) = memchr(b'#', &text[from..]) {
        let at = from + found;
        out.extend_from_slice(&text[from..at]);
        wide &= found == 0;
        match octal(text, at) {
            Some(byte @ (1..32 | 127)) => {
                out.push(byte);
                wide = false;
                from = at + 4;
            }
            Some(byte @ 128..) if wide || octal(text, at + 4).is_some_and(|b| b >= 128) => {
                out.push(byte);
                wide = true;
                from = at + 4;
            }
            _ => {
                out.push(b'#');
                wide = false;
                from = at + 1;
            }
        }
    }
    out.extend_from_slice(&text[from..]);
}

/// The byte that `#ooo` stands for.
fn octal(text: &[u8], at: usize) -> Option<u8> {
    let [b'#', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7'] = text.get(at..at + 4)? else {
        return None;
    };
    Some((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'))
}
