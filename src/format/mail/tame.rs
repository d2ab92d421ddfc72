//! What a message is rid of before it is parsed: messages in messages in messages, which are followed until the stack is
//! at its end, and headers of a million parameters, each compared with all others.

/// Messages inside messages that are followed; nobody's letter was passed on as often.
const NESTED: usize = 50;
/// Bytes of a header with parameters, the lines it goes on in included.
const LONGEST: usize = 8 << 10;
/// Lines that may begin a part: of each some hundred bytes are remembered.
const PARTS: usize = 1 << 14;
/// The header that says whether a part is packed.
const CODED: &[u8] = b"content-transfer-encoding";

/// A message that any parser can read. Of an ordinary one nothing is changed but that the parts of a digest are text.
pub fn tamed(message: &[u8]) -> Vec<u8> {
    let mut tamed = Tamed { out: Vec::with_capacity(message.len()), ..Tamed::default() };
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        tamed.line(line);
    }
    tamed.end_of_headers();
    tamed.out
}

/// A message as far as it was read.
#[derive(Default)]
struct Tamed {
    out: Vec<u8>,
    /// Where the header that may go on begins, if it has parameters.
    open: Option<usize>,
    /// Where the header begins that makes a message of what follows.
    message: Option<usize>,
    /// What follows is packed, which no message may be: nobody could tell how many it holds.
    packed: bool,
    nested: usize,
    parts: usize,
}

impl Tamed {
    fn line(&mut self, line: &[u8]) {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            self.end_of_header();
            if line.trim_ascii().is_empty() {
                self.end_of_headers();
            } else if is_named(line, b"content-type") || is_named(line, b"content-disposition") {
                self.open = Some(self.out.len());
            } else if is_named(line, CODED) {
                self.packed = contains(line, b"base64") || contains(line, b"quoted-printable");
            }
        }
        self.parts += usize::from(line.starts_with(b"--"));
        let line = if self.parts > PARTS { line.strip_prefix(b"-").unwrap_or(line) } else { line };
        let room = self.open.map_or(line.len(), |start| LONGEST.saturating_sub(self.out.len() - start));
        let (kept, cut) = line.split_at(room.min(line.len()));
        self.out.extend_from_slice(kept);
        if !kept.is_empty() && cut.ends_with(b"\n") {
            self.out.push(b'\n');
        }
    }

    fn end_of_header(&mut self) {
        let Some(start) = self.open.take() else { return };
        let header = &mut self.out[start..];
        if contains(header, b"message") && (contains(header, b"rfc822") || contains(header, b"global")) {
            self.message = Some(start);
        }
        // the parts of a digest are messages without saying so
        let slash = header.iter().position(|byte| *byte == b'/').map_or(header.len(), |at| at + 1);
        let kind = slash + header[slash..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if is_named(&header[kind..], b"digest") {
            header[kind] = b'x';
        }
    }

    fn end_of_headers(&mut self) {
        self.end_of_header();
        let packed = std::mem::take(&mut self.packed);
        let Some(start) = self.message.take() else { return };
        self.nested += 1;
        if packed || self.nested > NESTED {
            // under a name nobody knows the header makes plain text of it
            self.out[start] = b'X';
        }
    }
}

fn is_named(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// Whether a line holds a word, whatever its case.
fn contains(line: &[u8], word: &[u8]) -> bool {
    line.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(message: &str) -> String {
        String::from_utf8(tamed(message.as_bytes())).unwrap()
    }

    #[test]
    fn an_ordinary_message_is_left_as_it_is() {
        let letter = "From: a@example.org\r\nContent-Type: multipart/mixed;\r\n boundary=\"digest/digest\"\r\n\r\n--digest/digest\r\n\
                      Content-Type: message/rfc822\r\n\r\nSubject: S\r\n\r\nContent-Type: message/rfc822 is a header.\r\n\r\n\
                      --digest/digest\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--digest/digest--";
        assert_eq!(text(letter), letter);
    }

    #[test]
    fn only_so_many_messages_in_messages_are_followed() {
        let nested = text(&"Content-Type: MESSAGE\n /RFC822\n\n".repeat(80));
        assert_eq!((nested.matches("\nContent").count() + 1, nested.matches("Xontent").count()), (NESTED, 80 - NESTED));
        let packed = "Content-Transfer-Encoding: Base64\nContent-Type: message/rfc822\n\nQUJD\n";
        assert_eq!(text(packed), packed.replace("Content-Type", "Xontent-Type"));
        assert_eq!(
            text("Content-Type: multipart/Digest; boundary=b\n"),
            "Content-Type: multipart/xigest; boundary=b\n"
        );
    }

    #[test]
    fn an_endless_header_is_cut() {
        let header = format!("Content-Type: text/plain;{}\nSubject: S\n", "\n a*1=b;".repeat(100_000));
        let kept = text(&header);
        assert!(kept.len() < LONGEST + 20 && kept.ends_with("\nSubject: S\n"), "{}", kept.len());
        let line = text(&format!("content-disposition: {}\nSubject: S\n\nText.", "a*=b;".repeat(100_000)));
        assert!(line.len() < LONGEST + 40 && line.ends_with("\nSubject: S\n\nText."), "{}", line.len());
    }
}
