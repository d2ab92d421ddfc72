//! Sorting texts by eight of their bytes as a number, which tell most of them apart without looking at the texts again.

/// The first eight bytes as a number that orders as they do; shorter texts come first, and may be as one that ends in zeros.
pub fn beginning(bytes: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = bytes.len().min(8);
    first[..length].copy_from_slice(&bytes[..length]);
    u64::from_be_bytes(first)
}

/// How many bytes all texts begin with alike.
pub fn shared<'a>(mut texts: impl Iterator<Item = &'a [u8]>) -> usize {
    let Some(first) = texts.next() else { return 0 };
    let mut shared = first.len();
    for text in texts {
        shared = first[..shared].iter().zip(text).take_while(|(a, b)| a == b).count();
        if shared == 0 {
            break;
        }
    }
    shared
}
