//! Paragraphs of text that came without markup: blank lines between them, no wrapped lines inside.

/// Lines no longer than this may be wrapped by a typewriter or mail program.
const WRAPPED: usize = 100;

/// Text with a blank line between paragraphs.
///
/// Blank lines part paragraphs where there are any, else every line is one; lines that were wrapped are joined.
pub fn paragraphs(text: &str) -> String {
    let text = text.trim_matches(|char: char| char.is_whitespace() && char != '\u{A0}');
    let wrapped = is_wrapped(text);
    let blank_lines = text.lines().any(|line| line.trim().is_empty());
    let mut out = String::with_capacity(text.len());
    let mut open = false;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() {
            open = false;
            continue;
        }
        if !out.is_empty() {
            out.push_str(match (open && (blank_lines || wrapped), wrapped) {
                (false, _) => "\n\n",
                (true, false) => "\n",
                (true, true) => " ",
            });
        }
        out.push_str(line);
        open = true;
    }
    out
}

/// Whether lines were broken at a width: several, none long, most ending inside a sentence.
fn is_wrapped(text: &str) -> bool {
    let (mut lines, mut inside) = (0, 0);
    let mut all = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    while let Some(line) = all.next() {
        let length = line.chars().count();
        if length > WRAPPED {
            return false;
        }
        if all.peek().is_some() {
            lines += 1;
            inside += usize::from(length >= 40 && !line.ends_with(['.', '!', '?', ':', '"', '”', '»', '。', '…']));
        }
    }
    lines >= 3 && inside * 2 > lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_blank_ones_between_are_paragraphs() {
        assert_eq!(paragraphs("The council met.\nIt voted.\n"), "The council met.\n\nIt voted.");
    }

    #[test]
    fn blank_lines_part_paragraphs_and_lists_keep_their_lines() {
        assert_eq!(
            paragraphs("Results:\n1. North\n2. South\n \nMore later."),
            "Results:\n1. North\n2. South\n\nMore later."
        );
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let text = "The council of the northern district met on\nTuesday to vote on a new bridge across the\nriver that divides the town in two parts and\nput it off.";
        assert!(!paragraphs(text).contains('\n'));
    }
}
