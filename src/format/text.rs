//! Plain text, one article a file: title, byline and date are told from the text by their place and shape.
//!
//! Nothing is invented: a file without a title line has no title, one without a date has none.

pub(super) mod byline;
mod head;
mod paragraphs;
mod tail;

use crate::archive::{Skip, SkipReason, Warning};
use crate::article::Draft;
use crate::date::{DateFrom, Order, in_file_name};
use crate::format::Context;

/// Lines of one article.
const LINES: usize = 1 << 20;

/// Reads an article from decoded text with `\n` line ends.
///
/// # Errors
/// If there is no text.
pub fn article(text: &str, context: &Context, number: u64) -> Result<Draft, Skip> {
    let most = text.match_indices('\n').nth(LINES).map_or(text.len(), |(at, _)| at);
    let mut lines = paragraphs::lines(&text[..most]);
    let order = Order::of(context.language.as_deref());
    let margin = paragraphs::margin(&lines);
    let head = head::take(&mut lines, order);
    tail::cut(&mut lines);
    let mut draft = Draft::default();
    if most < text.len() {
        draft.warnings.push(Warning::TextCut);
    }
    let article = &mut draft.article;
    article.source = context.source.clone().or(head.source);
    article.language.clone_from(&context.language);
    article.authors = head.authors;
    article.date = head.date;
    if article.date.is_none()
        && let Some(date) = lines.last().and_then(|line| head::labelled_date(&line.text, order))
        && lines.len() > 1
    {
        article.date = Some(date);
        lines.pop();
        tail::cut(&mut lines);
    }
    article.date_from = article.date.map(|_| DateFrom::Text);
    if article.date.is_none() {
        article.date = in_file_name(&context.path);
        article.date_from = article.date.map(|_| DateFrom::FileName);
    }
    if article.authors.is_empty() {
        article.authors = tail::reporters(&lines);
    }
    article.title = head.title;
    article.body = paragraphs::paragraphs(&lines, margin).join("\n\n");
    if article.title.is_empty() && article.body.is_empty() {
        let path = context.path.clone();
        return Err(Skip { reason: SkipReason::NoText, path, record: number, detail: "no text".to_owned() });
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Draft {
        read_as(text, "a.txt")
    }

    fn read_as(text: &str, path: &str) -> Draft {
        article(text, &Context { path: path.to_owned(), ..Context::default() }, 1).expect("there is text")
    }

    const SENTENCE: &str = "The two delegations met for three hours in the old town hall and parted without a word to the press, officials said.";

    #[test]
    fn a_scraped_page_loses_what_the_page_added() {
        let text = format!(
            "Delegations Meet — “Great Progress”\n\ncover\n\n{SENTENCE}\n\n\u{a0} A second\u{202f}paragraph follows.\u{a0}\n\nLatest news\n\nview all"
        );
        let article = read(&text).article;
        assert_eq!(article.title, "Delegations Meet — “Great Progress”");
        assert_eq!(article.body, format!("{SENTENCE}\n\nA second paragraph follows."));
        assert_eq!((article.date, article.authors.len()), (None, 0));
    }

    #[test]
    fn title_byline_and_date_stand_above_the_text() {
        for head in [
            "By Jane Doe\nPublished 9 March 2024, 10:12 GMT",
            "Jane Doe\n9 March 2024, 10:12 GMT",
            "Jane Doe | 9 March 2024, 10:12 GMT | Updated 10 March 2024",
            "By Jane Doe\n\nPublished: 10:12 GMT, 9 March 2024\n\nShare\n",
        ] {
            let article = read(&format!("Talks resume\n\n{head}\n\n{SENTENCE}\n\n{SENTENCE}")).article;
            assert_eq!(article.title, "Talks resume", "{head}");
            assert_eq!(article.authors, ["Jane Doe"], "{head}");
            assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-03-09T10:12:00Z"), "{head}");
            assert_eq!(article.date_from, Some(DateFrom::Text));
            assert_eq!(article.body, format!("{SENTENCE}\n\n{SENTENCE}"), "{head}");
        }
    }

    #[test]
    fn a_source_may_stand_beside_the_date() {
        for (line, source) in [
            ("2024-03-09 10:12 来源：新华社", Some("新华社")),
            ("2024年3月9日 10:12　来源:新华社 作者：李娜", Some("新华社")),
            ("9 March 2024, 10:12 | Source: Example News", Some("Example News")),
            ("Quelle: dva, 9. März 2024 10:12", Some("dva")),
            ("วันเสาร์ที่ 9 มีนาคม พ.ศ. 2567 เวลา 10:12 น.", None),
            ("เผยแพร่: วันเสาร์ที่ 9 มีนาคม 2567 10:12 น.", None),
        ] {
            let article = read(&format!("Talks resume\n\n{line}\n\n{SENTENCE}\n\n{SENTENCE}")).article;
            assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-03-09T10:12:00"), "{line}");
            assert_eq!((article.source.as_deref(), article.body.split("\n\n").count()), (source, 2), "{line}");
        }
        let sentence = "On 9 March 2024 the source: a minister, said so.";
        let article = read(&format!("Talks resume\n\n{sentence}\n\n{SENTENCE}")).article;
        assert_eq!((article.source, article.date), (None, None));
    }

    #[test]
    fn a_date_of_change_is_no_date_of_publication() {
        let article = read(&format!("Talks resume\n\nUpdated 9 March 2024\n\n{SENTENCE}")).article;
        assert_eq!((article.date, article.body.as_str()), (None, SENTENCE));
    }

    #[test]
    fn a_date_in_a_sentence_is_not_the_articles() {
        let article = read(&format!("Talks resume\n\nThe accord was signed on 9 March 1994.\n\n{SENTENCE}")).article;
        assert_eq!(article.date, None);
    }

    #[test]
    fn a_file_name_gives_the_date_the_text_does_not() {
        let article = read_as(SENTENCE, "news/2024-03-09_talks.txt").article;
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-03-09"));
        assert_eq!(article.date_from, Some(DateFrom::FileName));
    }

    #[test]
    fn a_lead_is_no_title() {
        let article = read(&format!("{SENTENCE}\n{SENTENCE}\n{SENTENCE}")).article;
        assert_eq!(article.title, "");
        assert_eq!(article.body.split("\n\n").count(), 3);
    }

    #[test]
    fn lines_wrapped_at_a_margin_are_joined() {
        let wrapped = "The two delegations met for three hours in the old town\nhall and parted without a word to the press, officials\nsaid late on Monday. A spokesman for the big Anglo-\nDutch group declined to comment on the talks.\n\nA second round is planned for the end of the month, in\nthe same place.";
        let article = read(&format!("Delegations part without a word\n\n{wrapped}")).article;
        assert_eq!(article.title, "Delegations part without a word");
        let paragraphs: Vec<&str> = article.body.split("\n\n").collect();
        assert_eq!(paragraphs.len(), 2, "{paragraphs:#?}");
        assert!(paragraphs[0].contains("Anglo-Dutch group") && paragraphs[0].contains("the old town hall and"));
    }

    #[test]
    fn indented_paragraphs_are_told_apart_without_blank_lines() {
        let text = "    The two delegations met for three hours in the old town\nhall and parted without a word to the press, officials said\nlate on Monday.\n    A second round is planned for the end of the month, in the\nsame place and with the same people round the table.\n";
        assert_eq!(read(text).article.body.split("\n\n").count(), 2);
    }

    #[test]
    fn short_lines_of_a_list_stay_lines() {
        let text = format!("Results\n\n{SENTENCE}\n\nNorth 1 South 2\nEast 0 West 0\nHill 3 Dale 1\n\n{SENTENCE}");
        assert_eq!(read(&text).article.body.split("\n\n").count(), 5);
    }

    #[test]
    fn the_tail_goes_with_its_links_and_reporters_stay() {
        let text = format!(
            "Talks resume\n\n{SENTENCE}\n\nReporting by Jane Doe; Editing by John Roe\n\nRelated stories\nBridge opens after ten years\nSchool wins prize\n© 2024 Example News. All rights reserved."
        );
        let article = read(&text).article;
        assert_eq!(article.body, format!("{SENTENCE}\n\nReporting by Jane Doe; Editing by John Roe"));
        assert_eq!(article.authors, ["Jane Doe"]);
    }

    #[test]
    fn nothing_but_blanks_is_no_text() {
        let skip = article(" \n\u{a0}\n", &Context::default(), 1).expect_err("no text");
        assert_eq!(skip.reason, SkipReason::NoText);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = article(&text, &Context::default(), 1);
        }

        #[test]
        fn nothing_like_an_article_panics(
            text in "(By |Published |9 March 2024|Latest news|cover|Jane Doe|, |\\||Word|word|\\.|\n|\n\n|©| ){0,30}",
        ) {
            let _ = article(&text, &Context::default(), 1);
        }
    }
}
