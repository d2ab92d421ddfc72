//! Numbers of as many bytes as they need, seven bits in each, the lowest first; a set high bit says that more follow.

/// Adds a number.
pub fn push(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Adds text by what it does not share with the text before it: length of what is shared, length of the rest, the rest.
pub fn push_text(out: &mut Vec<u8>, before: &str, text: &str) {
    let mut shared = before.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    while !text.is_char_boundary(shared) {
        shared -= 1;
    }
    push(out, shared as u64);
    push(out, (text.len() - shared) as u64);
    out.extend_from_slice(&text.as_bytes()[shared..]);
}

/// Takes the next number off the front; `None` if the bytes end before it or hold none.
pub fn take(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Takes so many bytes off the front.
pub fn take_bytes<'a>(rest: &mut &'a [u8], count: u64) -> Option<&'a [u8]> {
    let (bytes, after) = rest.split_at_checked(usize::try_from(count).ok()?)?;
    *rest = after;
    Some(bytes)
}

/// Takes the next text off the front, of which `text` is the one before.
pub fn take_text(rest: &mut &[u8], text: &mut String) -> Option<()> {
    let shared = usize::try_from(take(rest)?).ok()?;
    if shared > text.len() || !text.is_char_boundary(shared) {
        return None;
    }
    let length = take(rest)?;
    text.truncate(shared);
    text.push_str(std::str::from_utf8(take_bytes(rest, length)?).ok()?);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_is_taken_and_what_breaks_off_is_nothing() {
        let numbers = [0, 1, 127, 128, 300, 1 << 40, u64::MAX];
        let texts = ["", "a", "abé", "abè", "b", "b"];
        let mut out = Vec::new();
        for number in numbers {
            push(&mut out, number);
        }
        let mut before = "";
        for text in texts {
            push_text(&mut out, before, text);
            before = text;
        }
        let mut rest = out.as_slice();
        assert!(numbers.iter().all(|number| take(&mut rest) == Some(*number)));
        let mut text = String::new();
        for expected in texts {
            take_text(&mut rest, &mut text).unwrap();
            assert_eq!(text, expected);
        }
        assert!(rest.is_empty() && take(&mut rest).is_none());
        assert!(take(&mut &[0x80, 0x80][..]).is_none());
        assert!(take_text(&mut &[0, 9, b'a'][..], &mut String::new()).is_none());
        assert!(take_text(&mut &[2, 0][..], &mut "é!".to_owned()).is_some());
        assert!(take_text(&mut &[1, 0][..], &mut "é!".to_owned()).is_none(), "within a letter");
    }
}
