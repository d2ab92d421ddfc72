//! The archive every bench runs on: made up, the same bytes every time, with a vocabulary that keeps growing as news does.

use std::fmt::Write as _;

/// A small generator of numbers, the same on every machine (xorshift64*).
pub struct Numbers(u64);

impl Numbers {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`, small ones more often, as words are in any language.
    pub fn skewed(&mut self, end: u64) -> u64 {
        let exponent = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((end as f64).powf(exponent) as u64 - 1).min(end - 1)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

const SYLLABLES: [&str; 24] = [
    "ba", "re", "no", "ti", "sul", "mar", "ken", "do", "vi", "la", "pro", "ste", "gan", "fo", "rin", "cha", "lo", "mi",
    "tor", "es", "wu", "per", "ja", "hol",
];
const FIRST_NAMES: [&str; 12] =
    ["Anna", "Boris", "Carla", "David", "Elena", "Farid", "Grace", "Henrik", "Ines", "John", "Keiko", "Luis"];
const TITLES: [&str; 6] = ["President", "Prime Minister", "Foreign Minister", "Senator", "General", "Mr."];
const PLACES: [&str; 10] = [
    "France",
    "Japan",
    "the Soviet Union",
    "Brazil",
    "Egypt",
    "Washington",
    "Geneva",
    "the Kremlin",
    "India",
    "Poland",
];
const SOURCES: [&str; 8] = [
    "Harbour Courier",
    "Northern Wire",
    "Evening Ledger",
    "Valley Tribune",
    "Delta Times",
    "Reuters",
    "Coastal Herald",
    "Midland Post",
];

fn word(number: u64) -> String {
    let mut left = number + 30;
    let mut word = String::new();
    while left > 0 {
        word.push_str(SYLLABLES[(left % 24) as usize]);
        left /= 24;
    }
    word
}

fn capital(number: u64) -> String {
    let word = word(number);
    word[..1].to_uppercase() + &word[1..]
}

/// `articles` articles as JSON lines, about 1.4 kB each, dated over forty years nearly in order.
pub fn json_lines(articles: u64) -> String {
    let mut numbers = Numbers::new(7);
    let mut lines = String::new();
    for article in 0..articles {
        let vocabulary = 4_000 + article / 4;
        let person =
            format!("{} {}", FIRST_NAMES[numbers.below(12) as usize], capital(numbers.skewed(2_000 + article / 20)));
        let surname = person.split(' ').next_back().unwrap_or_default().to_owned();
        let mut title = String::new();
        for place in 0..6 {
            let word = word(numbers.skewed(vocabulary));
            title.push_str(if place == 0 { "" } else { " " });
            title.push_str(&word);
        }
        let mut body = format!("{}, March 3 - ", capital(numbers.skewed(300)).to_uppercase());
        for sentence in 0..14 {
            let length = 8 + numbers.below(12);
            for place in 0..length {
                let next = match (sentence % 4, place) {
                    (0, 2) => format!("{} {person}", TITLES[numbers.below(6) as usize]),
                    (1, 0) => surname.clone(),
                    (_, 5) if numbers.below(3) == 0 => PLACES[numbers.below(10) as usize].to_owned(),
                    _ => word(numbers.skewed(vocabulary)),
                };
                let _ = write!(body, "{next} ");
            }
            body.pop();
            body.push_str(if sentence % 4 == 3 { ".\\n\\n" } else { ". " });
        }
        let day = 5_479 + article * 14_600 / articles.max(1);
        let date = dateline::date::Date::from_days(day as i64).expect("a day of the calendar");
        let _ = writeln!(
            lines,
            r#"{{"id":"a{article}","title":"{title}","body":"{body}","date":"{date}","source":"{}","language":"en"}}"#,
            SOURCES[numbers.below(8) as usize]
        );
    }
    lines
}
