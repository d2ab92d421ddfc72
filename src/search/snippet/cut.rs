//! Which stretch of the text a snippet shows: whole sentences where they fit.

use super::{Match, Snippet};

/// Length a snippet aims at, in bytes of text.
const LENGTH: usize = 220;

/// Cuts the stretch of whole sentences that shows the most different matches; without matches, the beginning.
pub fn cut(body: &str, matches: &[Match]) -> Snippet {
    let mut best = (0, 0);
    let mut best_value = (0, 0);
    // the stretch in which each pattern was last seen: hundreds of them may fit every word
    let mut seen_in = vec![usize::MAX; matches.iter().map(|found| found.pattern + 1).max().unwrap_or(0)];
    for (first, found) in matches.iter().enumerate() {
        if first > 0 && matches[first - 1].range.start == found.range.start {
            continue;
        }
        let start = sentence_start(body, found.range.start);
        let in_reach = matches[first..].iter().take_while(|other| other.range.end <= start + LENGTH);
        let (mut different, mut count) = (0, 0);
        for other in in_reach {
            count += 1;
            if seen_in[other.pattern] != first {
                seen_in[other.pattern] = first;
                different += 1;
            }
        }
        if (different, count) > best_value {
            best_value = (different, count);
            best = (start, found.range.start);
        }
    }
    let start = best.0;
    let end = snippet_end(body, start);
    let mut text = String::new();
    if start > 0 {
        text.push_str("… ");
    }
    let shift = text.len();
    text.push_str(body[start..end].trim_end());
    let text_end = text.len();
    if end < body.len() {
        text.push_str(" …");
    }
    let mut marks: Vec<std::ops::Range<usize>> = Vec::new();
    for found in matches.iter().filter(|found| found.range.start >= start && found.range.end <= end) {
        let mark = found.range.start - start + shift..(found.range.end - start + shift).min(text_end);
        match marks.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => marks.push(mark),
        }
    }
    Snippet { text, marks }
}

/// What a sentence ends with, the blank after it included.
const ENDS: [&str; 8] = [". ", "! ", "? ", "” ", "。", "؟ ", "। ", "… "];

/// Ends of sentences in a text, as byte offsets behind them.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    let mut ends: Vec<usize> = ENDS
        .iter()
        .flat_map(|end| text.match_indices(end))
        .filter(|(at, end)| *end != ". " || !is_abbreviation(&text[..*at]))
        .map(|(at, end)| at + end.len())
        .collect();
    ends.sort_unstable();
    ends.into_iter()
}

/// Whether the point after a text belongs to its last word: `U.S.`, `Mr.`, `Gen.`
fn is_abbreviation(before: &str) -> bool {
    const LONGEST: usize = 3;
    let word = before.rsplit(' ').next().unwrap_or(before).trim_start_matches(|c: char| !c.is_alphanumeric());
    word.starts_with(char::is_uppercase) && (word.contains('.') || word.chars().count() <= LONGEST)
}

/// Where the sentence around `at` begins, or a word boundary if that is too far back.
fn sentence_start(body: &str, at: usize) -> usize {
    let far = body.floor_char_boundary(at.saturating_sub(LENGTH / 2));
    let before = &body[far..at];
    match sentence_ends(before).last() {
        Some(end) => far + end,
        None if far == 0 => 0,
        None => before.find(' ').map_or(at, |space| far + space + 1),
    }
}

/// Where a snippet from `start` ends: at the last sentence that fits, else at the last word.
fn snippet_end(body: &str, start: usize) -> usize {
    if body.len() - start <= LENGTH {
        return body.len();
    }
    let reach = body.floor_char_boundary(start + LENGTH);
    let stretch = &body[start..reach];
    match sentence_ends(stretch).last() {
        Some(end) if end * 2 > LENGTH => start + end,
        _ => stretch.rfind(' ').map_or(reach, |space| start + space),
    }
}
