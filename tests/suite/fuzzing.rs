//! Fuzzing that runs on stable Rust and is the same on every run: fixtures of every format are flipped, cut, spliced and
//! blown up, and read from file to article. A find is kept in `target/finds`; make a small test of it.
//!
//! `DATELINE_FUZZ` is the number of inputs (500), `DATELINE_FUZZ_SEED` another beginning.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dateline::archive::Limits;
use dateline::date::{self, Date, Order};
use dateline::format::FieldMap;
use dateline::indexer::{Progress, Settings, extract};

use crate::sandbox::repository;

/// No mutant grows beyond this.
const LARGEST: usize = 256 << 10;
/// A mutant that takes longer is a find: reading even the largest takes a fraction of it, unoptimised.
const PATIENCE: Duration = Duration::from_secs(20);

/// Numbers that look random and are the same on every run (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }

    fn stretch(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        start..(start + 1 + self.below(longest)).min(length)
    }
}

/// A number of the environment.
pub fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// Every fixture, by its path below the repository, and a container of each kind round one of them.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = BTreeMap::new();
    for root in ["tests/fixtures/formats", "tests/fixtures/archive/web", "tests/fixtures/archive/exports"] {
        for entry in walkdir::WalkDir::new(repository().join(root)).into_iter().filter_map(Result::ok) {
            let path = entry.path();
            if path.is_file() && !path.to_string_lossy().ends_with(".articles.json") {
                seeds.insert(path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap());
            }
        }
    }
    seeds.into_iter().collect()
}

const TOKENS: [&str; 24] = [
    "<",
    ">",
    "\"",
    "'",
    "\0",
    "\r\n\r\n",
    "{",
    "[",
    "]}",
    "&#x110000;",
    "&",
    "\u{feff}",
    "\u{200f}",
    "<![CDATA[",
    "-->",
    "</",
    "WARC/1.0\r\n",
    "From ",
    "9999999999999999999",
    "-1",
    "İ",
    "ß",
    "\u{1F469}\u{200D}",
    "Content-Length: 0\r\n",
];

fn mutate(bytes: &mut Vec<u8>, others: &[(String, Vec<u8>)], dice: &mut Dice) {
    for _ in 0..=dice.below(6) {
        let length = bytes.len();
        match dice.below(9) {
            0 => {
                let at = dice.below(length);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
            1 => {
                let byte = dice.roll() as u8;
                let stretch = dice.stretch(length, 8);
                bytes[stretch].fill(byte);
            }
            2 => bytes.truncate(dice.below(length + 1)),
            3 => {
                let stretch = dice.stretch(length, 400);
                bytes.drain(stretch);
            }
            4 => {
                let stretch = dice.stretch(length, 600);
                let copy = bytes[stretch].to_vec();
                let at = dice.below(bytes.len() + 1);
                bytes.splice(at..at, copy);
            }
            5 => {
                let other = &others[dice.below(others.len())].1;
                let copy = other[dice.stretch(other.len(), 2000)].to_vec();
                let at = dice.below(length + 1);
                bytes.splice(at..at, copy);
            }
            6 => {
                let stretch = dice.stretch(length, 40);
                let piece = bytes[stretch].to_vec();
                let room = LARGEST.saturating_sub(length) / piece.len().max(1);
                let copies = if dice.below(8) == 0 { room } else { room.min(1 + dice.below(200)) };
                let at = dice.below(length + 1);
                bytes.splice(at..at, piece.repeat(copies));
            }
            7 => {
                let token = TOKENS[dice.below(TOKENS.len())].bytes();
                let at = dice.below(length + 1);
                bytes.splice(at..at, token);
            }
            _ => {
                let digits: Vec<usize> = (0..length).filter(|at| bytes[*at].is_ascii_digit()).collect();
                if !digits.is_empty() {
                    bytes[digits[dice.below(digits.len())]] = b'0' + dice.below(10) as u8;
                }
            }
        }
        bytes.truncate(LARGEST);
    }
}

/// Reads a file as `extract` does; what is wrong with how that went.
fn complaint(file: &Path) -> Option<String> {
    let settings = Settings {
        threads: 1,
        today: Date::ymd(2026, 6, 1).unwrap(),
        limits: Limits { member_bytes: 8 << 20, ..Limits::default() },
        map: FieldMap::default(),
    };
    let (started, mut out) = (Instant::now(), Vec::new());
    let tally = match extract(&[file.to_owned()], &settings, &Progress::default(), &mut out) {
        Ok(tally) => tally,
        Err(error) => return Some(format!("an error: {error:#}")),
    };
    if let Some(example) = tally.examples.get("panicked") {
        return Some(format!("a panic: {}", example.detail));
    }
    let taken = started.elapsed();
    if taken > PATIENCE {
        return Some(format!("took {taken:?}"));
    }
    let articles = out.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    (articles == 0 && tally.total_skipped() == 0).then(|| "nothing was read, and nothing said".to_owned())
}

#[test]
#[ignore = "takes minutes; DATELINE_FUZZ says how many"]
fn mutants_of_every_format_end_in_articles_or_a_reason() {
    let seeds = seeds();
    assert!(seeds.len() > 60, "{}", seeds.len());
    let mut dice = Dice(setting("DATELINE_FUZZ_SEED", 1));
    let folder = tempfile::tempdir().unwrap();
    let mut finds = Vec::new();
    for number in 0..setting("DATELINE_FUZZ", 500) {
        let (name, seed) = &seeds[dice.below(seeds.len())];
        let mut bytes = seed.clone();
        mutate(&mut bytes, &seeds, &mut dice);
        let file = folder.path().join(name);
        std::fs::write(&file, &bytes).unwrap();
        if let Some(complaint) = complaint(&file) {
            let kept: PathBuf = repository().join("target/finds").join(format!("{number}-{name}"));
            std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
            std::fs::write(&kept, &bytes).unwrap();
            finds.push(format!("{}: {complaint}", kept.display()));
        }
        std::fs::remove_file(&file).unwrap();
    }
    assert!(finds.is_empty(), "{} finds:\n{}", finds.len(), finds.join("\n"));
}

/// Dates as they are written, to be broken.
const DATES: [&str; 18] = [
    "Mon, 02 Jun 2003 10:15:00 +0200",
    "2024-05-01T24:00:00.000+14:00",
    "26-FEB-1987 15:01:01.79",
    "9 Januar 1993",
    "mardi 14 mars 2006",
    "2018 年 10 月 7 日 17:04",
    "3 de mayo de 2024",
    "27. Februar 2012 Montag 9:50 PM GMT+1",
    "5 мая 2024 г., 10:00",
    "١٤ مايو ٢٠٢٤",
    "1714521600000",
    "20240501",
    "5/6/07",
    "Published: March 9th, 2024 at 10.12 am ET",
    "２０２４年５月１日",
    "24 listopada 2019",
    "12 Aralık 2015 Cumartesi",
    "Q3 2024 W12 1963",
];

#[test]
fn broken_dates_are_read_or_refused_and_never_panic() {
    let mut dice = Dice(setting("DATELINE_FUZZ_SEED", 7));
    let dates: Vec<(String, Vec<u8>)> = DATES.iter().map(|date| (String::new(), date.as_bytes().to_vec())).collect();
    let today = Date::ymd(2026, 6, 1).unwrap();
    for _ in 0..setting("DATELINE_FUZZ", 500) * 4 {
        let mut bytes = dates[dice.below(dates.len())].1.clone();
        if !bytes.is_empty() {
            mutate(&mut bytes, &dates, &mut dice);
        }
        bytes.truncate(4 << 10);
        let text = String::from_utf8_lossy(&bytes);
        for order in [Order::DayFirst, Order::MonthFirst] {
            let found = date::find(&text, order);
            assert!(found.iter().all(|found| found.date.first_day() <= found.date.last_day()), "{text}");
            let _ = (date::read(&text, order), date::read_short(&text, order));
        }
        let _ = (date::in_url(&text), date::in_file_name(&text), date::range(&text, today));
    }
}
