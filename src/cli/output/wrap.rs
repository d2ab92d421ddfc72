//! Breaks text into lines of a width in columns, with the matches in it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Terminal;

/// A character and whether it belongs to a match.
pub type Marked = (char, bool);

/// Plain text, nothing marked.
pub fn unmarked(text: &str) -> Vec<Marked> {
    text.chars().map(|c| (c, false)).collect()
}

/// Breaks at spaces; what is longer than a line, or written without spaces, between characters.
pub fn wrap(text: &[Marked], width: usize) -> Vec<Vec<Marked>> {
    let mut lines: Vec<Vec<Marked>> = Vec::new();
    let mut line: Vec<Marked> = Vec::new();
    let mut used = 0;
    for word in text.split(|(c, _)| *c == ' ').filter(|word| !word.is_empty()) {
        let wide = columns(word);
        if used > 0 && used + 1 + wide > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            let inside = line.last().is_some_and(|(_, marked)| *marked) && word[0].1;
            line.push((' ', inside));
            used += 1;
        }
        for marked in word {
            let wide = marked.0.width().unwrap_or(0);
            if used + wide > width && used > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(*marked);
            used += wide;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A line as it is written: matches painted, on a terminal that shows it.
pub fn painted(line: &[Marked], terminal: &Terminal) -> String {
    line.chunk_by(|a, b| a.1 == b.1)
        .map(|run| {
            let text: String = run.iter().map(|(c, _)| c).collect();
            if run[0].1 { terminal.marked(&text) } else { text }
        })
        .collect()
}

/// Cuts text to a width, with `…` where something is missing.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

fn columns(word: &[Marked]) -> usize {
    word.iter().map(|(c, _)| c.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize) -> Vec<String> {
        wrap(&unmarked(text), width).iter().map(|line| line.iter().map(|(c, _)| c).collect()).collect()
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_between_characters() {
        assert_eq!(lines("one two  three", 7), ["one two", "three"]);
        assert_eq!(lines("abcdefgh ij", 5), ["abcde", "fgh", "ij"]);
        assert_eq!(lines("停火谈判今天开始", 6), ["停火谈", "判今天", "开始"]);
        assert!(lines("", 5).is_empty());
    }

    #[test]
    fn matches_are_painted_only_in_colour() {
        let line: Vec<Marked> = vec![('a', false), ('b', true), ('c', true)];
        assert_eq!(painted(&line, &Terminal { width: 80, colour: false }), "abc");
        assert_eq!(painted(&line, &Terminal { width: 80, colour: true }), "a\u{1b}[1;33mbc\u{1b}[0m");
    }

    #[test]
    fn what_is_cut_shows_that_it_is() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("longer text", 7), "longer…");
    }
}
