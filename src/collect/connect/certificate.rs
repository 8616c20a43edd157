//! The one thing of a certificate that rustls does not tell: the subject's common name.

/// Tags of ASN.1's distinguished encoding (ITU-T X.690).
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_ID: u8 = 0x06;
const VERSION: u8 = 0xa0;
/// `id-at-commonName`, 2.5.4.3.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// The last common name in the subject of a certificate in DER (RFC 5280, section 4.1).
pub(super) fn common_name(certificate: &[u8]) -> Option<String> {
    let (certificate, _) = expect(SEQUENCE, certificate)?;
    let (fields, _) = expect(SEQUENCE, certificate)?;
    let fields = match element(fields)? {
        (VERSION, _, rest) => rest,
        _ => fields,
    };
    // Serial number, signature, issuer, validity.
    let subject = (0..4).try_fold(fields, |rest, _| Some(element(rest)?.2))?;
    let (mut names, _) = expect(SEQUENCE, subject)?;
    let mut found = None;
    while !names.is_empty() {
        let (set, rest) = expect(SET, names)?;
        names = rest;
        let (attribute, _) = expect(SEQUENCE, set)?;
        let (kind, value) = expect(OBJECT_ID, attribute)?;
        if kind == COMMON_NAME {
            found = Some(String::from_utf8(element(value)?.1.to_vec()).ok()?);
        }
    }
    // A zero byte could hide the rest of the name from other readers.
    found.filter(|name| !name.contains('\0'))
}

/// Content of the first element, which must be of this kind, and what follows it.
fn expect(tag: u8, input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = element(input)?;
    (found == tag).then_some((content, rest))
}

/// Tag and content of the first element, and what follows it.
fn element(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        // The lower bits say how many bytes of length follow; more than four are nonsense here.
        let digits = usize::from(first & 0x7f);
        if digits > 4 {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(digits)?;
        let length = digits
            .iter()
            .fold(0, |length, digit| length << 8 | usize::from(*digit));
        (length, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}
