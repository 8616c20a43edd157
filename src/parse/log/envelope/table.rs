//! CSV with a head: rows become entries in JSON, whose members have the names of the columns.

use memchr::{memchr, memchr_iter};

use super::kind::LONGEST;

/// Columns of which a table of log entries has one: the message.
const MESSAGES: [&str; 4] = ["message", "@message", "textPayload", "Message"];

/// The names of the columns, if the first line of a text has them.
pub(super) fn columns(text: &[u8]) -> Option<Vec<Vec<u8>>> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let names = fields(&text[..memchr(b'\n', text)?]);
    let is_name = |name: &Vec<u8>| {
        let known = |b: &u8| b.is_ascii_alphanumeric() || b"_@.[]() ".contains(b);
        (1..=64).contains(&name.len()) && !name[0].is_ascii_digit() && name.iter().all(known)
    };
    let message = |name: &Vec<u8>| MESSAGES.iter().any(|known| known.as_bytes() == name);
    let found = names.len() > 1 && names.iter().all(is_name) && names.iter().any(message);
    found.then_some(names)
}

/// The fields of a row, marks taken out.
fn fields(row: &[u8]) -> Vec<Vec<u8>> {
    let row = row.strip_suffix(b"\r").unwrap_or(row);
    let (mut found, mut field, mut quoted) = (Vec::new(), Vec::new(), false);
    let mut at = 0;
    while let Some(&byte) = row.get(at) {
        match byte {
            b'"' if quoted && row.get(at + 1) == Some(&b'"') => {
                field.push(b'"');
                at += 1;
            }
            b'"' => quoted = !quoted,
            b',' if !quoted => found.push(std::mem::take(&mut field)),
            _ => field.push(byte),
        }
        at += 1;
    }
    found.push(field);
    found
}

/// Makes entries of rows.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<Vec<u8>>,
    /// Bytes of a row that were looked at, and whether they end within quotes.
    looked_at: usize,
    quoted: bool,
}

impl Table {
    /// The length of the next row with its line end; none where it is not whole. One that is too
    /// long is cut.
    pub fn row(&mut self, text: &[u8], last: bool) -> Option<usize> {
        let text = &text[..text.len().min(LONGEST)];
        let mut from = self.looked_at;
        let mut length = None;
        while let Some(newline) = memchr(b'\n', &text[from..]) {
            let end = from + newline;
            self.quoted ^= memchr_iter(b'"', &text[from..end]).count() % 2 == 1;
            from = end + 1;
            if !self.quoted {
                length = Some(from);
                break;
            }
        }
        let rest = (last && !text.is_empty()) || text.len() == LONGEST;
        let length = length.or(rest.then_some(text.len()));
        self.looked_at = if length.is_some() { 0 } else { from };
        self.quoted &= length.is_none();
        length
    }

    /// Writes a row as an entry; false where it has not as many fields as the table has columns.
    pub fn entry(&mut self, row: &[u8], out: &mut Vec<u8>) -> bool {
        if self.columns.is_empty() {
            let found = columns(row);
            self.columns = found.unwrap_or_default();
            return !self.columns.is_empty();
        }
        let row = row.strip_suffix(b"\n").unwrap_or(row);
        if row.trim_ascii().is_empty() {
            return true;
        }
        let fields = fields(row);
        if fields.len() != self.columns.len() {
            return false;
        }
        for (at, (name, field)) in self.columns.iter().zip(&fields).enumerate() {
            out.extend_from_slice(if at == 0 { b"{\"" } else { b",\"" });
            out.extend_from_slice(name);
            out.extend_from_slice(b"\":\"");
            escape(field, out);
            out.push(b'"');
        }
        out.extend_from_slice(b"}\n");
        true
    }
}

/// Writes a text as JSON has it in a string.
fn escape(text: &[u8], out: &mut Vec<u8>) {
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..32 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
}
