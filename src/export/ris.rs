//! RIS: a tag of two letters, two blanks, a hyphen, a blank and a value on each line, lines ended by CR LF.
//! <https://en.wikipedia.org/wiki/RIS_(file_format)>; a newspaper article is of type `NEWS`.

use crate::article::Article;

use super::one_line;

/// One reference, from `TY` to `ER`.
pub fn citation(article: &Article) -> String {
    let mut lines = String::from("TY  - NEWS\r\n");
    let mut line = |tag: &str, value: &str| {
        let value = one_line(value);
        if !value.is_empty() {
            lines.extend([tag, "  - ", &value, "\r\n"]);
        }
    };
    line("ID", &article.id);
    line("TI", &article.title);
    for author in &article.authors {
        line("AU", author);
    }
    line("T2", article.source.as_deref().unwrap_or_default());
    if let Some(date) = article.date {
        line("PY", &format!("{:04}", date.year()));
        // the parts of a date stand between slashes, and those not known are left empty
        let part = |part: Option<i8>| part.map_or_else(String::new, |part| format!("{part:02}"));
        line("DA", &format!("{:04}/{}/{}/", date.year(), part(date.month()), part(date.day())));
    }
    line("SE", article.section.as_deref().unwrap_or_default());
    line("UR", article.url.as_deref().unwrap_or_default());
    line("LA", article.language.as_deref().unwrap_or_default());
    for tag in &article.tags {
        line("KW", tag);
    }
    lines.push_str("ER  - \r\n");
    lines
}
