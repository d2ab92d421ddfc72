//! Text cut into words and white space, with what is never shown left out.

/// A piece of text.
pub enum Piece<'t> {
    /// A word and its number of characters.
    Word(&'t str, u32),
    /// White space; whether a line ended in it.
    Space(bool),
    /// A soft hyphen, a control character, a mark of zero width.
    Nothing,
}

/// Cuts text into words, white space and what is dropped.
pub struct WordPieces<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> WordPieces<'t> {
    /// Cuts a text.
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

/// What one character is, by its first bytes; its length.
fn class(bytes: &[u8]) -> (u8, usize) {
    match bytes[0] {
        b' ' | b'\t' | b'\r' | b'\x0c' => (1, 1),
        b'\n' => (2, 1),
        0..0x20 | 0x7f => (3, 1),
        0x21..0x7f => (0, 1),
        // U+00A0, soft hyphen, C1 controls
        0xC2 => match bytes.get(1) {
            Some(0xA0) => (1, 2),
            Some(0xAD | 0x80..=0x9F) => (3, 2),
            _ => (0, 2),
        },
        0xE2 => match (bytes.get(1), bytes.get(2)) {
            // spaces, then marks of zero width and direction, line and paragraph separators, U+202F, U+205F, U+2060
            (Some(0x80), Some(0x80..=0x8A | 0xA8 | 0xA9 | 0xAF)) | (Some(0x81), Some(0x9F)) => (1, 3),
            (Some(0x80), Some(0x8B | 0x8E | 0x8F | 0xAA..=0xAE)) | (Some(0x81), Some(0xA0 | 0xA6..=0xA9)) => (3, 3),
            _ => (0, 3),
        },
        0xE3 if bytes.get(1) == Some(&0x80) && bytes.get(2) == Some(&0x80) => (1, 3),
        0xEF if bytes.get(1) == Some(&0xBB) && bytes.get(2) == Some(&0xBF) => (3, 3),
        0xC3..0xE0 => (0, 2),
        0xE0..0xF0 => (0, 3),
        _ => (0, 4),
    }
}

impl<'t> Iterator for WordPieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let bytes = self.text.as_bytes();
        if self.at >= bytes.len() {
            return None;
        }
        let (first, length) = class(&bytes[self.at..]);
        let from = self.at;
        match first {
            0 => {
                let mut count = 0;
                while self.at < bytes.len() {
                    let (class, length) = class(&bytes[self.at..]);
                    if class != 0 {
                        break;
                    }
                    self.at += length;
                    count += 1;
                }
                Some(Piece::Word(&self.text[from..self.at], count))
            }
            3 => {
                self.at += length;
                Some(Piece::Nothing)
            }
            _ => {
                let mut newline = false;
                while self.at < bytes.len() {
                    let (class, length) = class(&bytes[self.at..]);
                    if class != 1 && class != 2 {
                        break;
                    }
                    newline |= class == 2;
                    self.at += length;
                }
                Some(Piece::Space(newline))
            }
        }
    }
}
