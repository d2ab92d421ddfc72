//! Flags that say how an archive is read, for `index` and `extract` alike.

use clap::Args;
use dateline::archive::Limits;
use dateline::date::{Date, Range, range};
use dateline::format::FieldMap;
use dateline::indexer::Settings;

/// How an archive is read.
#[derive(Debug, Args)]
pub struct Reading {
    /// Which column or key holds a field: `title=Headline`; may be repeated
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// Threads that read articles [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The day dates are measured against: later ones are refused [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
    /// The most one compressed file or member may unpack to: 1G, 500M [default: 1G]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_member_size: Option<u64>,
    /// The most times a compressed stream may grow when unpacked [default: 200]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_ratio: Option<u64>,
    /// The most containers inside containers [default: 3]
    #[arg(long, value_name = "N")]
    max_depth: Option<u32>,
    /// The most members of one container [default: 1000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_members: Option<u64>,
    /// The most bytes of one record or line: 256M [default: 64M]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_record_size: Option<u64>,
}

impl Reading {
    /// As the indexer takes it.
    ///
    /// # Errors
    /// If a mapping names no field.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        let mut limits = Limits::default();
        limits.member_bytes = self.max_member_size.unwrap_or(limits.member_bytes);
        limits.ratio = self.max_ratio.unwrap_or(limits.ratio);
        limits.depth = self.max_depth.unwrap_or(limits.depth);
        limits.entries = self.max_members.unwrap_or(limits.entries);
        if let Some(bytes) = self.max_record_size {
            limits.record_bytes = usize::try_from(bytes).unwrap_or(usize::MAX - 1).min(usize::MAX - 1);
        }
        Ok(Settings {
            threads: self.threads.map_or_else(default_threads, usize::from),
            today: self.today.unwrap_or_else(Date::today),
            limits,
            map: FieldMap::parse(&self.map)?,
        })
    }
}

/// One per core.
pub fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Parses one day: `2024-05-01`, `today`.
///
/// # Errors
/// If it is no date, or more than one day.
pub fn day(text: &str) -> Result<Date, String> {
    let Range { first, last } = range(text, Date::today()).map_err(|error| error.to_string())?;
    match (first, last) {
        (Some(first), Some(last)) if first == last => Date::from_days(first).ok_or_else(|| "no such day".to_owned()),
        _ => Err("give one day: 2024-05-01".to_owned()),
    }
}

/// Parses a size: a number of bytes, or with K, M, G, T.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size; write 500M or 2G");
    let text = text.trim_end_matches(['b', 'B']).trim_end_matches(['i']);
    let (digits, shift) = match text.chars().last().map(|unit| unit.to_ascii_uppercase()) {
        Some('K') => (&text[..text.len() - 1], 10),
        Some('M') => (&text[..text.len() - 1], 20),
        Some('G') => (&text[..text.len() - 1], 30),
        Some('T') => (&text[..text.len() - 1], 40),
        _ => (text, 0),
    };
    let number: u64 = digits.trim().parse().map_err(|_| wrong())?;
    number.checked_mul(1 << shift).filter(|size| *size > 0).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bytes_or_have_a_unit() {
        assert_eq!(size("512"), Ok(512));
        assert_eq!(size("2G"), Ok(2 << 30));
        assert_eq!(size("500 MiB"), Ok(500 << 20));
        for wrong in ["", "G", "0", "many", "-1", "99999999999T"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn today_is_one_day() {
        assert_eq!(day("2024-05-01"), Ok(Date::ymd(2024, 5, 1).expect("a day")));
        assert!(day("2024-05").is_err());
    }
}
