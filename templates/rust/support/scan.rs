//! Bytes enter, many at a time; whether they are a key, and where a string stops in them, leaves.

/// Whether two texts of one length are the same. Keys are short: eight bytes at a time cost less than a call.
#[inline]
pub(super) fn is_same(text: &[u8], other: &[u8]) -> bool {
    if text.len() > 16 {
        return text == other;
    }
    match (text.first_chunk::<8>(), other.first_chunk::<8>(), text.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(first), Some(other_first), Some(last), Some(other_last)) => first == other_first && last == other_last,
        _ => text == other,
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The highest bit of the first of eight bytes at which a string stops; what is behind it means nothing.
#[inline]
fn stops(word: u64) -> u64 {
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
    zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5c)) | controls
}

/// Offset of the first byte that ends or complicates a string: a quote, a backslash, a control; eight at a time.
#[inline]
pub(super) fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let stops = stops(u64::from_le_bytes(*chunk));
        if stops != 0 {
            return at + stops.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    if at < bytes.len()
        && let Some(chunk) = bytes.last_chunk()
    {
        // The last eight without those that were looked at before: zeros take their place behind the end, and are stops.
        let rest = u64::from_le_bytes(*chunk) >> (8 * (at + 8 - bytes.len()));
        return at + stops(rest).trailing_zeros() as usize / 8;
    }
    while at < bytes.len() && !matches!(bytes[at], b'"' | b'\\' | 0..0x20) {
        at += 1;
    }
    at
}
