//! Names of files and members as text, whatever bytes they are of.

use std::borrow::Cow;

/// The bytes as text, those that are not UTF-8 and control characters as `\xNN`.
pub(crate) fn escape(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.bytes().any(|byte| byte.is_ascii_control()) => text.into(),
        _ => escaped(bytes).into(),
    }
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            if char.is_ascii_control() {
                text.push_str(&escaped_byte(char as u8));
            } else {
                text.push(char);
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&escaped_byte(*byte));
        }
    }
    text
}

fn escaped_byte(byte: u8) -> String {
    format!("\\x{byte:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_and_control_characters_are_escaped() {
        assert_eq!(escape(b"caf\xE9\n.txt"), "caf\\xE9\\x0A.txt");
        assert_eq!(escape("été".as_bytes()), "été");
    }
}
