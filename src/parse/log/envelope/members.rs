//! The members of a JSON object, as they are written.

use memchr::memchr2;

/// The place after the quote that ends a string whose text begins at `from`.
pub(super) fn string_end(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let found = from + memchr2(b'"', b'\\', text.get(from..)?)?;
        if text[found] == b'"' {
            return Some(found + 1);
        }
        from = found + 2;
    }
}

/// The members of an object: name as it is written, and value as it is written.
#[derive(Debug, Clone)]
pub(super) struct Members<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Members<'a> {
    /// None where the text is no object.
    pub fn of(text: &'a [u8]) -> Option<Self> {
        let text = text.trim_ascii();
        (text.first() == Some(&b'{')).then_some(Self { text, at: 1 })
    }

    /// Whether all of the object was read.
    pub fn whole(&self) -> bool {
        self.text.get(self.at) == Some(&b'}') && self.at + 1 == self.text.len()
    }

    fn blanks(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    }

    /// The place after a value.
    fn value(&self) -> Option<usize> {
        match self.text.get(self.at)? {
            b'"' => string_end(self.text, self.at + 1),
            b'{' | b'[' => {
                let (mut at, mut depth) = (self.at, 0_usize);
                loop {
                    match self.text.get(at)? {
                        b'"' => {
                            at = string_end(self.text, at + 1)?;
                            continue;
                        }
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    at += 1;
                    if depth == 0 {
                        return Some(at);
                    }
                }
            }
            _ => {
                let word = self.text[self.at..]
                    .iter()
                    .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
                let length = word.count();
                (length > 0).then_some(self.at + length)
            }
        }
    }

    fn member(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        if self.text.get(self.at) != Some(&b'"') {
            return None;
        }
        let start = self.at + 1;
        let end = string_end(self.text, start)?;
        self.at = end;
        self.blanks();
        if self.text.get(self.at) != Some(&b':') {
            return None;
        }
        self.at += 1;
        self.blanks();
        let value = self.at;
        self.at = self.value()?;
        Some((&self.text[start..end - 1], &self.text[value..self.at]))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.blanks();
        let found = self.member()?;
        self.blanks();
        if self.text.get(self.at) == Some(&b',') {
            self.at += 1;
        }
        Some(found)
    }
}

/// The text of a string as it is written, escapes kept; none for other values and empty strings.
pub(super) fn string(value: &[u8]) -> Option<&[u8]> {
    let text = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    (!text.is_empty()).then_some(text)
}
