//! Fills in what an archive leaves out. The order is the screen below; each step is a plain function in its own file.

mod countries;
pub mod dateline;
mod gazetteer;
pub mod language;
mod leaders;
mod page;
mod people;
pub mod source;
mod tags;
mod tokens;
mod why;

use sha2::{Digest, Sha256};

pub use gazetteer::{Gazetteer, Office, Person};
pub use why::{Given, Words, leader_because, why};

use crate::archive::Warning;
use crate::article::{Article, Draft, Origin};
use crate::date::{self, Date, DateFrom, Order};
use countries::{Counted, Standing};
use page::Page;
use people::Names;
use tokens::Reading;

/// Completes a draft. The result depends on nothing but the draft, the gazetteer and `today`.
///
/// Lists come in a stable order: `people` and `countries` by number of mentions, then by place of the first.
pub fn enrich(draft: Draft, gazetteer: &Gazetteer, today: Date) -> (Article, Vec<Warning>) {
    let Draft { mut article, dateline, people_tags, country_tags, unclear_date, mut warnings } = draft;
    article.source = source::of(&article);
    article.language = language::read(article.language.as_deref(), &article.title, &article.body);
    if let (None, Some(written)) = (article.date, unclear_date) {
        article.date = date::read(&written, Order::of(article.language.as_deref()));
        match article.date {
            Some(_) => article.date_from = Some(DateFrom::Field),
            None => warnings.push(Warning::DateRefused),
        }
    }
    let country_named = |name: &str| gazetteer.country_named(name).map(str::to_owned);
    dateline::fill(&mut article, dateline.as_deref(), &country_named);
    if article.date.is_some_and(|date| !date.is_plausible(today)) {
        article.date = None;
        article.date_from = None;
        warnings.push(Warning::DateRefused);
    }
    let tags = tags::resolve(&people_tags, &country_tags, gazetteer, article.date.as_ref());
    let (names, countries, words) = {
        let [mut title, mut body] = pages(&article, gazetteer);
        let (names, countries) = names([&mut title, &mut body], &article, gazetteer, None);
        (names, countries, body.tokens.len())
    };
    let countries = countries.into_iter().map(|(country, _)| country.to_owned()).collect();
    let (subjects, others): (Vec<_>, Vec<_>) =
        tags.people_first(names.people).into_iter().partition(|found| found.is_subject(words));
    article.leaders = leaders::read(&subjects, gazetteer, article.date.as_ref());
    article.hints.things = names.things;
    for (found, is_subject) in
        subjects.into_iter().map(|found| (found, true)).chain(others.into_iter().map(|found| (found, false)))
    {
        if found.is_sure {
            article.hints.sure.push(found.name.clone());
        }
        let list = match (found.is_open, is_subject) {
            (true, true) => &mut article.hints.subjects,
            (true, false) => &mut article.hints.mentioned,
            (false, true) => &mut article.people,
            (false, false) => &mut article.mentioned,
        };
        list.push(found.name);
    }
    article.countries = tags.countries_first(countries);
    article.tags.extend(tags.unknown);
    if article.id.is_empty() {
        article.id = id(article.url.as_deref(), &article.origin);
    }
    let Article { authors, tags, people, mentioned, leaders, countries, .. } = &mut article;
    for list in [authors, tags, people, mentioned, leaders, countries] {
        keep_first(list);
    }
    (article, warnings)
}

/// The title and the body of an article, read into words.
fn pages<'a>(article: &'a Article, gazetteer: &Gazetteer) -> [Page<'a>; 2] {
    let reading = Reading { endings_after_apostrophe: article.language.as_deref() == Some("tr") };
    let lexicon = gazetteer.lexicon();
    [Page::new(&article.title, reading, true, lexicon), Page::new(&article.body, reading, false, lexicon)]
}

/// Whom and which countries an article names; with `grounds`, every mention is kept with what it was seen by.
fn names(
    [title, body]: [&mut Page; 2],
    article: &Article,
    gazetteer: &Gazetteer,
    grounds: Option<&mut Vec<Counted>>,
) -> (Names, Vec<(&'static str, Standing)>) {
    let language = article.language.as_deref();
    let filed_from = article.filed_from.as_ref().and_then(|from| from.country.as_deref());
    let in_title = countries::mark(title, gazetteer, language, article.date.as_ref());
    let in_body = countries::mark(body, gazetteer, language, article.date.as_ref());
    let named = countries::named([&in_title, &in_body], filed_from, gazetteer);
    let names = people::read(title, body, gazetteer, (language, article.date), &named, grounds.is_some());
    let is_english = language.is_some_and(|language| language.split('-').next() == Some("en"));
    let countries = countries::read((title, &in_title), (body, &in_body), (filed_from, is_english), gazetteer, grounds);
    (names, countries)
}

/// Leaves each value once, where it first stood: an archive may tag a country by two of its names.
fn keep_first(values: &mut Vec<String>) {
    // most lists hold a few values
    if values.len() > 32 {
        let mut seen = rustc_hash::FxHashSet::default();
        values.retain(|value| seen.insert(value.clone()));
        return;
    }
    let mut at = 1;
    while at < values.len() {
        if values[..at].contains(&values[at]) {
            values.remove(at);
        } else {
            at += 1;
        }
    }
}

/// An id for an article whose archive gives none: a hash of its url, else of where it was read.
fn id(url: Option<&str>, origin: &Origin) -> String {
    let (kind, text) = match url {
        Some(url) => ('u', url.to_owned()),
        None => ('o', format!("{}\n{}", origin.path, origin.record)),
    };
    let hash = Sha256::digest(text.as_bytes());
    let mut id = String::from(kind);
    for byte in &hash[..10] {
        id.extend(std::char::from_digit(u32::from(byte >> 4), 16));
        id.extend(std::char::from_digit(u32::from(byte & 15), 16));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(title: &str, body: &str, date: &str, language: &str) -> Article {
        let mut draft = Draft::default();
        draft.article.title = title.to_owned();
        draft.article.body = body.to_owned();
        draft.article.date = date.parse().ok();
        draft.article.language = Some(language.to_owned());
        let today = "2026-01-01".parse().expect("a date");
        enrich(draft, Gazetteer::embedded(), today).0
    }

    #[test]
    fn a_surname_means_whom_the_article_named_in_full() {
        let body = "Martha Ellery, head of the harbour board, opened the quay on Monday. Ellery said the work had \
                    taken six years. Mr. Tomlin of the union stayed away.";
        let article = read("Ellery opens quay", body, "1994-05-03", "en");
        assert_eq!(article.people, ["Martha Ellery", "Tomlin"]);
    }

    #[test]
    fn a_president_of_one_name_is_another_person_in_another_year() {
        let body = "President Bush said in Washington that the bill would pass.";
        assert_eq!(read("", body, "1990-03-01", "en").leaders, ["George H. W. Bush"]);
        assert_eq!(read("", body, "2003-03-01", "en").leaders, ["George W. Bush"]);
    }

    #[test]
    fn firms_places_and_words_are_not_people() {
        let body = "Holt Barrow Inc said it would buy Ellis Marsh & Co. The plant in Santa Clara, California, may close. \
                    Price rises in May would hurt, the Ridley Commission said.";
        let article = read("", body, "1994-05-03", "en");
        assert_eq!((article.people, article.mentioned), (vec![], vec![]));
    }

    #[test]
    fn a_footballer_does_not_make_a_country() {
        let body = "Michael Jordan scored forty points in Chicago. Jordan said he was tired.";
        let article = read("", body, "1994-05-03", "en");
        assert_eq!(article.people, ["Michael Jordan"]);
        assert!(!article.countries.contains(&"JO".to_owned()));
    }

    #[test]
    fn a_headline_in_capitals_names_whom_the_body_explains() {
        let body = "Trade Minister Pierre Vasseur opened the talks. He left in the evening.";
        let article = read("VASSEUR OPENS TALKS", body, "1987-05-03", "en");
        assert_eq!(article.people, ["Pierre Vasseur"]);
    }

    #[test]
    fn inflected_names_are_read_in_the_nominative() {
        let body = "Письмо Анны Беловой передали Ивану Дубову. По словам Беловой, ответа пока нет.";
        let article = read("", body, "2019-12-10", "ru");
        let mut named = [article.people, article.mentioned].concat();
        named.sort();
        assert_eq!(named, ["Анна Белова", "Иван Дубов"]);
    }

    #[test]
    fn a_leader_has_one_name_in_every_script() {
        let gazetteer = Gazetteer::embedded();
        for name in ["Zelensky", "ZELENSKYY", "Зеленский", "volodymyr zelenskyy"] {
            assert!(gazetteer.people_named(name).iter().any(|person| person.name == "Volodymyr Zelenskyy"), "{name}");
        }
    }

    #[test]
    fn countries_are_found_by_code_name_and_demonym() {
        let gazetteer = Gazetteer::embedded();
        for (text, code) in
            [("fr", "FR"), ("France", "FR"), ("french", "FR"), ("Франция", "FR"), ("west-germany", "DE")]
        {
            assert_eq!(gazetteer.country_named(text), Some(code), "{text}");
        }
        assert_eq!(gazetteer.country_named("Atlantis"), None);
    }

    #[test]
    fn longer_names_hide_the_country_inside_them() {
        let body = "Latin American writers met on the Gulf of Mexico.";
        assert_eq!(read("", body, "1994-05-03", "en").countries, Vec::<String>::new());
    }

    #[test]
    fn firms_say_where_an_article_belongs_that_names_no_country() {
        for (body, countries) in [
            ("Otley Marsh Inc said net rose to 34 cts a share. Holm Corp agreed.", vec!["US"]),
            ("Otley Marsh Inc said net rose to 34 cts a share.", vec![]),
            ("Net of Otley Marsh <OTM> rose to 34 cts a share.", vec!["US"]),
            ("Net of Otley Marsh <OTMS.L> rose by a third.", vec!["GB"]),
            ("Net of Otley Marsh (OTMS.PA) rose by a third.", vec!["FR"]),
            ("Net of Otley Marsh (OTMS) rose by a third.", vec![]),
            ("Die Holm GmbH und die Ridley GmbH legen zu.", vec!["DE"]),
            ("Otley Marsh Inc and Holm Corp sell to Norway.", vec!["NO"]),
        ] {
            assert_eq!(read("", body, "1994-05-03", "en").countries, countries, "{body}");
        }
    }

    #[test]
    fn an_article_is_not_about_every_country_of_a_list() {
        let harbour = "The board of the harbour said on Monday that its fees would rise by a tenth from the first of the \
                       month, as the cost of dredging had grown again and the new quay, which opened in spring, had to be \
                       paid for as well.";
        let body = format!("{harbour} Fees rise in Britain, France, Italy and Spain too.");
        assert_eq!(read("", &body, "1994-05-03", "en").countries, Vec::<String>::new());
        let body = "Fees rise in ports of Norway, the board said.";
        assert_eq!(read("", body, "1994-05-03", "en").countries, ["NO"]);
    }

    #[test]
    fn a_country_named_late_counts_where_something_happens_there() {
        let harbour = "The board of the harbour said in Britain on Monday that its fees would rise by a tenth from the first \
                       of the month, as the cost of dredging had grown again and the new quay had to be paid for as well.";
        for (last, countries) in
            [("A quay like that was opened in Norway.", vec!["GB", "NO"]), ("Norway has such fees.", vec!["GB"])]
        {
            let body = format!("{harbour} {last} {}", "It rained. ".repeat(3));
            assert_eq!(read("", &body, "1994-05-03", "en").countries, countries, "{last}");
        }
    }

    #[test]
    fn where_a_bond_is_listed_is_not_what_it_is_about() {
        let body = "A bank of Norway issues a bond. It is listed in Luxembourg.";
        assert_eq!(read("", body, "1994-05-03", "en").countries, ["NO"]);
    }

    #[test]
    fn foreign_names_in_cyrillic_are_told_from_bodies() {
        let body = "На встречу прибыл Жозуэ Лентини. Депутаты Верховного Совета молчали, а Лентини говорил.";
        let article = read("", body, "2019-12-10", "ru");
        assert_eq!([article.people, article.mentioned].concat(), ["Жозуэ Лентини"]);
    }

    #[test]
    fn german_nouns_before_a_name_are_no_part_of_it() {
        let body = "Der Vorstand traf am Montag Anna Weidler. Laut Weidler war das nützlich.";
        let article = read("", body, "2019-12-10", "de");
        assert_eq!([article.people, article.mentioned].concat(), ["Anna Weidler"]);
    }

    #[test]
    fn small_words_at_the_start_of_a_sentence_are_no_first_names() {
        let body = "Selon Vasseur, la décision est prise. Pierre Vasseur ne dit rien de plus.";
        let article = read("", body, "2019-12-10", "fr");
        assert_eq!([article.people, article.mentioned].concat(), ["Pierre Vasseur"]);
    }

    #[test]
    fn tags_are_truth_and_unknown_ones_stay_tags() {
        let draft = Draft {
            people_tags: vec!["james-baker".to_owned(), "zyx-nobody".to_owned()],
            country_tags: vec!["west-germany".to_owned()],
            ..Draft::default()
        };
        let today = "2026-01-01".parse().expect("a date");
        let (article, _) = enrich(draft, Gazetteer::embedded(), today);
        assert_eq!((article.people, article.countries), (vec!["James Baker".to_owned()], vec!["DE".to_owned()]));
        assert_eq!(article.tags, ["zyx-nobody"]);
    }

    #[test]
    fn a_date_ahead_of_today_is_refused_and_counted() {
        let mut draft = Draft::default();
        draft.article.date = "2031-01-01".parse().ok();
        let (article, warnings) = enrich(draft, Gazetteer::embedded(), "2026-01-01".parse().expect("a date"));
        assert_eq!((article.date, warnings), (None, vec![Warning::DateRefused]));
    }

    #[test]
    fn strange_text_is_read_without_panic() {
        let odd = [
            "",
            "'",
            "A.",
            "A.B.",
            "’’’s",
            "U.S.'s",
            "É’",
            "a\u{301}’B",
            "Mr.",
            "de la",
            "\u{feff}İ’ın",
            "<UK.N> J. J. J.",
        ];
        for text in odd {
            for language in ["en", "tr", "ru"] {
                read(text, text, "", language);
            }
        }
    }

    #[test]
    fn a_value_named_twice_stands_once() {
        let mut values = ["IT", "SE", "IT"].map(str::to_owned).to_vec();
        keep_first(&mut values);
        assert_eq!(values, ["IT", "SE"]);
        let mut values: Vec<String> = (0..200).map(|number| (number % 40).to_string()).collect();
        keep_first(&mut values);
        assert_eq!(values, (0..40).map(|number| number.to_string()).collect::<Vec<_>>());
    }
}
