//! Text of an archive as a terminal or a page may show it: no control characters, no escape sequences, nothing that turns the
//! direction of the line around it.

/// The text on one line, without what could move a cursor, colour a screen or hide a word.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' if rest.peek() == Some(&'[') => {
                // CSI: parameters, then one letter
                rest.next();
                while rest.next_if(|c| ('\u{20}'..='\u{3f}').contains(c)).is_some() {}
                rest.next_if(|c| ('\u{40}'..='\u{7e}').contains(c));
            }
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => cleaned.push(' '),
            c if c.is_control() || is_invisible(c) => {}
            c => cleaned.push(c),
        }
    }
    cleaned
}

/// Marks that turn direction, tags, and the byte order mark. Joiners stay: scripts need them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_control_characters_are_gone() {
        assert_eq!(clean("a \u{1b}[31;1mred\u{1b}[0m b\u{7}\u{8}"), "a red b");
        assert_eq!(clean("\u{1b}]0;title\u{7}x"), "]0;titlex");
        assert_eq!(clean("one\r\ntwo\tthree"), "one  two three");
    }

    #[test]
    fn nothing_turns_the_direction_of_the_line() {
        assert_eq!(clean("txt\u{202e}gpj.exe\u{2066}"), "txtgpj.exe");
        assert_eq!(clean("می\u{200c}خواهم"), "می\u{200c}خواهم");
    }
}
