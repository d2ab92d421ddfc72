//! Short texts round an article, told from the article by their form.

/// Whether a text ends as sentences do.
pub fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '”', '’', '»', '«', ')', '“', '」', '』', ']']);
    text.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '।', '؟', '።', '۔', '։', ';'])
}
