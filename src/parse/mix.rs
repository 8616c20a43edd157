//! A fast hash of bytes, for values that are compared with values of the same run only.

/// Numbers without a pattern: the first digits of pi.
const ONE: u64 = 0x243f_6a88_85a3_08d3;
const OTHER: u64 = 0x1319_8a2e_0370_7344;

/// Goes on with a hash over further bytes. Where one value ends and the next begins counts too.
pub fn mix(hash: u64, bytes: &[u8]) -> u64 {
    let mut hash = fold(hash ^ ONE, bytes.len() as u64 ^ OTHER);
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        hash = fold(hash ^ u64::from_le_bytes(*word), OTHER);
        rest = after;
    }
    if !rest.is_empty() {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        hash = fold(hash ^ u64::from_le_bytes(word), ONE);
    }
    hash
}

/// Both halves of a product.
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product as u64) ^ ((product >> 64) as u64)
}
