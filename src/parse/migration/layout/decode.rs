//! Bytes to text.

/// The text of bytes, and what had to be given up for it. UTF-8, or UTF-16 with its mark, as
/// editors of Windows write it; a mark at the beginning is no part of the text.
pub(super) fn decode(bytes: Vec<u8>) -> (String, Option<String>) {
    match bytes.get(..2) {
        Some([0xff, 0xfe]) => return wide(&bytes[2..], u16::from_le_bytes),
        Some([0xfe, 0xff]) => return wide(&bytes[2..], u16::from_be_bytes),
        _ => {}
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            (text, None)
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = 1 + memchr::memchr_iter(b'\n', &error.as_bytes()[..valid]).count();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let because = format!(
                "line {line} holds bytes that are no UTF-8 text; they are read as replacement characters"
            );
            (text, Some(because))
        }
    }
}

fn wide(bytes: &[u8], read: fn([u8; 2]) -> u16) -> (String, Option<String>) {
    let units = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
    let mut damaged = bytes.len() % 2 == 1;
    let text = char::decode_utf16(units)
        .map(|unit| {
            unit.unwrap_or_else(|_| {
                damaged = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    let because = "it is damaged UTF-16 text, which is read with replacement characters".to_owned();
    (text, damaged.then_some(because))
}
