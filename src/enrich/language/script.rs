//! The scripts of a text, and the languages that are alone in theirs.

/// A script, as far as it helps to tell languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    Han,
    Kana,
    Hangul,
    Greek,
    Hebrew,
    Armenian,
    Georgian,
    Bengali,
    Gurmukhi,
    Gujarati,
    Odia,
    Tamil,
    Telugu,
    Kannada,
    Malayalam,
    Sinhala,
    Thai,
    Lao,
    Tibetan,
    Myanmar,
    Khmer,
    Ethiopic,
    Thaana,
}

const COUNT: usize = 27;

impl Script {
    /// Its place in a set of scripts.
    pub fn bit(self) -> u32 {
        1 << self as u8
    }

    /// In the order they are declared in.
    pub const ALL: [Self; COUNT] = [
        Self::Latin,
        Self::Cyrillic,
        Self::Arabic,
        Self::Devanagari,
        Self::Han,
        Self::Kana,
        Self::Hangul,
        Self::Greek,
        Self::Hebrew,
        Self::Armenian,
        Self::Georgian,
        Self::Bengali,
        Self::Gurmukhi,
        Self::Gujarati,
        Self::Odia,
        Self::Tamil,
        Self::Telugu,
        Self::Kannada,
        Self::Malayalam,
        Self::Sinhala,
        Self::Thai,
        Self::Lao,
        Self::Tibetan,
        Self::Myanmar,
        Self::Khmer,
        Self::Ethiopic,
        Self::Thaana,
    ];
}

/// The languages of a script only few are written in, the commonest first; empty where words must tell.
pub fn languages(script: Script) -> &'static [&'static str] {
    match script {
        Script::Latin | Script::Cyrillic | Script::Arabic | Script::Devanagari => &[],
        Script::Han => &["zh"],
        Script::Kana => &["ja"],
        Script::Hangul => &["ko"],
        Script::Greek => &["el"],
        Script::Hebrew => &["he", "yi"],
        Script::Armenian => &["hy"],
        Script::Georgian => &["ka"],
        Script::Bengali => &["bn", "as"],
        Script::Gurmukhi => &["pa"],
        Script::Gujarati => &["gu"],
        Script::Odia => &["or"],
        Script::Tamil => &["ta"],
        Script::Telugu => &["te"],
        Script::Kannada => &["kn"],
        Script::Malayalam => &["ml"],
        Script::Sinhala => &["si"],
        Script::Thai => &["th"],
        Script::Lao => &["lo"],
        Script::Tibetan => &["bo"],
        Script::Myanmar => &["my"],
        Script::Khmer => &["km"],
        Script::Ethiopic => &["am", "ti"],
        Script::Thaana => &["dv"],
    }
}

/// The script a letter belongs to.
pub fn of(char: char) -> Option<Script> {
    Some(match u32::from(char) {
        0x41..=0x5A | 0x61..=0x7A | 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x2AF | 0x1E00..=0x1EFF => Script::Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
        0x400..=0x52F => Script::Cyrillic,
        0x530..=0x58F => Script::Armenian,
        0x5D0..=0x5FF => Script::Hebrew,
        0x620..=0x65F
        | 0x66E..=0x6D3
        | 0x6D5..=0x6EF
        | 0x6FA..=0x6FF
        | 0x750..=0x77F
        | 0xFB50..=0xFDFF
        | 0xFE70..=0xFEFE => Script::Arabic,
        0x780..=0x7BF => Script::Thaana,
        0x900..=0x963 | 0x971..=0x97F => Script::Devanagari,
        0x980..=0x9E3 | 0x9F0..=0x9FF => Script::Bengali,
        0xA00..=0xA65 | 0xA70..=0xA7F => Script::Gurmukhi,
        0xA80..=0xAE5 => Script::Gujarati,
        0xB00..=0xB65 => Script::Odia,
        0xB80..=0xBE5 => Script::Tamil,
        0xC00..=0xC65 => Script::Telugu,
        0xC80..=0xCE5 => Script::Kannada,
        0xD00..=0xD65 => Script::Malayalam,
        0xD80..=0xDF3 => Script::Sinhala,
        0xE01..=0xE4E => Script::Thai,
        0xE80..=0xECF | 0xEDC..=0xEDF => Script::Lao,
        0xF40..=0xFBC => Script::Tibetan,
        0x1000..=0x103F | 0x1050..=0x109F => Script::Myanmar,
        0x10A0..=0x10FF | 0x1C90..=0x1CBF => Script::Georgian,
        0x1100..=0x11FF | 0xAC00..=0xD7AF => Script::Hangul,
        0x1200..=0x135F | 0x1380..=0x139F => Script::Ethiopic,
        0x1780..=0x17D3 => Script::Khmer,
        0x3041..=0x30FF => Script::Kana,
        0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x2FFFF => Script::Han,
        _ => return None,
    })
}

/// Letters of each script.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scripts {
    counts: [u32; COUNT],
    total: u32,
}

impl Scripts {
    /// Counts a letter; false for what is none. Combining marks belong to the word and count nowhere.
    pub fn count(&mut self, char: char) -> bool {
        if char.is_ascii() {
            let letter = char.is_ascii_alphabetic();
            self.counts[0] += u32::from(letter);
            self.total += u32::from(letter);
            return letter;
        }
        match of(char) {
            Some(script) => {
                self.counts[script as usize] += 1;
                self.total += 1;
                true
            }
            None => matches!(u32::from(char), 0x300..=0x36F),
        }
    }

    /// Counts so many Latin letters.
    pub fn count_latin(&mut self, letters: u32) {
        self.counts[Script::Latin as usize] += letters;
        self.total += letters;
    }

    /// Whether all letters so far are Latin.
    pub fn is_latin(&self) -> bool {
        self.counts[Script::Latin as usize] == self.total
    }

    pub fn letters(&self) -> u32 {
        self.total
    }

    /// Whether the letters so far are of a script one language is alone in.
    pub fn alone(&self) -> bool {
        self.letters().is_multiple_of(64) && self.main().is_some_and(|script| languages(script).len() == 1)
    }

    /// The script most of the letters are in; `None` if none has seven tenths. Japanese needs only some kana.
    pub fn main(&self) -> Option<Script> {
        let of = |script: Script| self.counts[script as usize];
        let letters = self.letters();
        let east = of(Script::Han) + of(Script::Kana);
        if east * 10 >= letters * 5 && east > 0 {
            let kana = of(Script::Kana) * 12 >= east;
            return Some(if kana { Script::Kana } else { Script::Han });
        }
        // names in Latin letters are many in short texts of other scripts
        let (number, most) = self.counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
        let share = if number == 0 { 8 } else { 6 };
        (*most > 0 && most * 10 >= letters * share).then(|| Script::ALL[number])
    }
}
