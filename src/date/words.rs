//! The words of `schema/dates.tsv`: names of months and weekdays, labels such as *Published*, and each language's
//! order of day, month and year.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;

/// How an all-number date such as `09/03/2024` is to be read where no value above 12 tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// `09/03/2024` is the ninth of March.
    DayFirst,
    /// `09/03/2024` is the third of September.
    MonthFirst,
    /// The year comes first; `09/03/2024` stays unknown, `24/03/09` is read by [`read_short`](super::read_short).
    YearFirst,
    /// Both are in use: such a date stays unknown.
    #[default]
    Unknown,
}

impl Order {
    /// The order of a language, by its BCP 47 tag: the exact tag first, then the language alone.
    pub fn of(language: Option<&str>) -> Self {
        let Some(language) = language else { return Self::Unknown };
        let orders = &WORDS.orders;
        let base = language.split(['-', '_']).next().unwrap_or(language);
        let known = orders.get(language).or_else(|| orders.get(language.replace('_', "-").as_str()));
        known.or_else(|| orders.get(base)).copied().unwrap_or_default()
    }
}

/// What stands before a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The date of publication, as against that of a later change.
    pub published: bool,
    /// The language it is a word of, if of one only.
    pub language: Option<&'static str>,
}

/// A month's name: months that share a name in neighbouring languages are told apart by the full stop of an ordinal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Month {
    dotted: Option<i8>,
    bare: Option<i8>,
}

impl Month {
    /// Its number, given whether the day before it carries a full stop: `9. listopada` and `9 listopada` differ.
    pub fn number(self, dotted: bool) -> Option<i8> {
        if dotted { self.dotted } else { self.bare }
    }
}

/// Languages that write no full stop after the day, of those whose months share a name.
const BARE: [&str; 1] = ["pl"];

struct Words {
    months: FxHashMap<String, Month>,
    /// First words of months' names of several words: `tháng`, `تشرين`.
    opening: FxHashSet<String>,
    weekdays: FxHashSet<String>,
    labels: FxHashMap<String, Label>,
    in_labels: FxHashSet<String>,
    orders: FxHashMap<&'static str, Order>,
    /// Months of the calendar of Iran and Afghanistan.
    solar: FxHashMap<String, i8>,
    /// Reigns by which Japan counts years, and the year before the first of each.
    eras: Vec<(&'static str, i16)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::parse(crate::facts::DATES));

impl Words {
    fn parse(table: &'static str) -> Self {
        let mut months: FxHashMap<String, Vec<(&str, i8)>> = FxHashMap::default();
        let mut words = Self {
            months: FxHashMap::default(),
            opening: FxHashSet::default(),
            weekdays: FxHashSet::default(),
            labels: FxHashMap::default(),
            in_labels: FxHashSet::default(),
            orders: FxHashMap::default(),
            solar: FxHashMap::default(),
            eras: Vec::new(),
        };
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(language), Some(kind), Some(value), Some(form)) =
                (columns.next(), columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            match kind {
                "month" => {
                    if let Ok(number) = value.parse() {
                        if let Some((first, _)) = form.split_once(' ') {
                            words.opening.insert(fold(first));
                        }
                        months.entry(fold(form)).or_default().push((language, number));
                    }
                }
                "weekday" => {
                    words.weekdays.insert(fold(form));
                }
                "solar" => {
                    if let Ok(number) = value.parse() {
                        words.solar.insert(fold(form), number);
                    }
                }
                "era" => words.eras.extend(value.parse().ok().map(|year| (form, year))),
                "published" | "updated" => words.add_label(language, kind == "published", form),
                "order" => {
                    let order = match value {
                        "dmy" => Order::DayFirst,
                        "mdy" => Order::MonthFirst,
                        "ymd" => Order::YearFirst,
                        _ => Order::Unknown,
                    };
                    words.orders.insert(form, order);
                }
                _ => {}
            }
        }
        words.months = months.into_iter().map(|(form, meanings)| (form, decide(&meanings))).collect();
        words
    }

    fn add_label(&mut self, language: &'static str, published: bool, form: &str) {
        let form = fold(form);
        if published {
            self.in_labels.extend(form.split(' ').map(str::to_owned));
        }
        self.labels
            .entry(form)
            .and_modify(|label| {
                label.language = None;
                // a word that means both somewhere says nothing for certain
                label.published &= published;
            })
            .or_insert(Label { published, language: Some(language) });
    }
}

fn decide(meanings: &[(&str, i8)]) -> Month {
    let only = |bare: Option<bool>| {
        let mut numbers =
            meanings.iter().filter(|(language, _)| bare.is_none_or(|bare| BARE.contains(language) == bare));
        let (_, first) = numbers.next()?;
        numbers.all(|(_, number)| number == first).then_some(*first)
    };
    match only(None) {
        Some(number) => Month { dotted: Some(number), bare: Some(number) },
        None => Month { dotted: only(Some(false)), bare: only(Some(true)) },
    }
}

/// Lower case, composed, the Turkish dotless i as i, no full stop at the end: what the tables are keyed by.
pub(super) fn fold(word: &str) -> String {
    let word = word.trim_end_matches(['.', '׳', '॰']);
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    // composing is slow, and needed only where marks stand apart
    let marks = |char: char| matches!(u32::from(char), 0x300..=0x36F | 0x653..=0x655 | 0x93C | 0x9BC);
    let lower = word.chars().flat_map(char::to_lowercase).filter(|char| *char != '\u{307}').map(|char| match char {
        'ı' => 'i',
        '’' => '\'',
        char => char,
    });
    if word.contains(marks) { lower.nfc().collect() } else { lower.collect() }
}

/// The month a word names, and whether it may be the first word of a longer name.
pub(super) fn month_or_opening(word: &str) -> (Option<Month>, bool) {
    let folded = fold(word);
    (WORDS.months.get(&folded).copied(), WORDS.opening.contains(&folded))
}

/// The month a word names.
pub(super) fn month(word: &str) -> Option<Month> {
    WORDS.months.get(&fold(word)).copied()
}

/// The month of the solar calendar a word names.
pub(super) fn solar_month(word: &str) -> Option<i8> {
    WORDS.solar.get(&fold(word)).copied()
}

/// The reign a text ends with: where its name begins, and the year before its first.
pub(super) fn era_at_end(text: &str) -> Option<(usize, i16)> {
    let era = WORDS.eras.iter().find(|(name, _)| text.ends_with(name));
    era.map(|(name, year)| (text.len() - name.len(), *year))
}

/// Whether a word names a day of the week.
pub(super) fn is_weekday(word: &str) -> bool {
    WORDS.weekdays.contains(&fold(word))
}

/// The label a phrase is, as a whole.
pub(super) fn label(phrase: &str) -> Option<Label> {
    WORDS.labels.get(&fold(phrase)).copied()
}

/// Whether a word occurs in a label of publication.
pub(super) fn is_label_word(word: &str) -> bool {
    WORDS.in_labels.contains(&fold(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_names_in_many_languages() {
        for (word, number) in [("March", 3), ("März", 3), ("MARS", 3), ("марта", 3), ("kovo", 3), ("KASIM", 11)] {
            assert_eq!(month(word).and_then(|month| month.number(false)), Some(number), "{word}");
        }
        assert_eq!(month("report"), None);
    }

    #[test]
    fn a_name_shared_by_two_months_is_told_by_the_full_stop_or_not_at_all() {
        let shared = month("listopada").unwrap_or_default();
        assert_eq!((shared.number(false), shared.number(true)), (Some(11), Some(10)));
        assert_eq!(month("srp").unwrap_or_default(), Month::default());
    }

    #[test]
    fn the_order_comes_from_the_exact_tag_or_the_language() {
        assert_eq!(Order::of(Some("de")), Order::DayFirst);
        assert_eq!(Order::of(Some("en_US")), Order::MonthFirst);
        assert_eq!(Order::of(Some("en-GB")), Order::DayFirst);
        assert_eq!(Order::of(Some("en")), Order::Unknown);
        assert_eq!(Order::of(Some("fr-SN")), Order::DayFirst);
        assert_eq!(Order::of(None), Order::Unknown);
    }

    #[test]
    fn labels_tell_publication_from_change() {
        assert_eq!(label("Published on").map(|label| label.published), Some(true));
        assert_eq!(label("zuletzt aktualisiert").map(|label| label.published), Some(false));
        assert_eq!(label("weather"), None);
    }
}
