//! The places of `schema/places.tsv`: which country a town is in, given the state or province printed behind it.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use crate::article::FiledFrom;
use crate::facts;

/// Words a place's name may have.
const LONGEST: usize = 5;

#[derive(Clone, Copy, Debug)]
struct Place {
    name: &'static str,
    country: &'static str,
    region: &'static str,
}

struct Places {
    /// Lines of each name; the one without region first.
    by_name: FxHashMap<String, Vec<Place>>,
    /// States and provinces by abbreviation and by name.
    regions: FxHashMap<String, (&'static str, &'static str)>,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| Places::parse(facts::PLACES));

impl Places {
    fn parse(table: &'static str) -> Self {
        let mut places = Self { by_name: FxHashMap::default(), regions: FxHashMap::default() };
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(name), Some(country), Some(region), Some(rank)) =
                (columns.next(), columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            if !region.is_empty() {
                places.regions.entry(folded(region)).or_insert((country, region));
            }
            if rank == "4" {
                places.regions.entry(folded(name)).or_insert((country, region));
            } else {
                places.by_name.entry(folded(name)).or_default().push(Place { name, country, region });
            }
        }
        for lines in places.by_name.values_mut() {
            lines.sort_by_key(|place| !place.region.is_empty());
        }
        places
    }
}

/// Letters and digits, lower case, without accents and points, hyphens as blanks: `ST. JOSEPH` and `St Joseph` are one.
fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    if name.is_ascii() {
        fold_into(&mut folded, name.chars());
    } else {
        fold_into(&mut folded, name.nfd());
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn fold_into(folded: &mut String, letters: impl Iterator<Item = char>) {
    for char in letters {
        if char.is_alphanumeric() {
            folded.extend(char.to_lowercase());
        } else if (char.is_whitespace() || char == '-') && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
}

/// Whether a text is a state or province, as datelines abbreviate it or in full.
pub fn is_region(text: &str) -> bool {
    PLACES.regions.contains_key(&folded(text))
}

/// Whether a place of this name is in the gazetteer.
pub fn is_known(name: &str) -> bool {
    PLACES.by_name.contains_key(&folded(name))
}

/// The place a dateline names, `None` if nothing speaks for its being one. `evidence` says that a day or agency does.
pub fn resolve(
    town: &str,
    regions: &[&str],
    evidence: bool,
    country_named: &dyn Fn(&str) -> Option<String>,
) -> Option<FiledFrom> {
    let town = town.split('/').next().unwrap_or(town).trim();
    let words: Vec<&str> = town.split_whitespace().collect();
    let letters = |word: &&str| word.chars().all(|char| char.is_alphabetic() || ".'’-".contains(char) || is_mark(char));
    if words.is_empty() || words.len() > LONGEST || !words.iter().all(letters) {
        return None;
    }
    let lines = PLACES.by_name.get(&folded(town)).map_or(&[][..], Vec::as_slice);
    let shouted =
        town.chars().any(char::is_uppercase) && !words.iter().any(|word| word.chars().all(char::is_lowercase));
    let capitals = !town.chars().any(char::is_lowercase) && town.chars().any(char::is_uppercase);
    let mut country = None;
    let mut region_known = false;
    for region in regions {
        if region.split_whitespace().count() > LONGEST || region.chars().any(|char| char.is_ascii_digit()) {
            return None;
        }
        let state = PLACES.regions.get(&folded(region));
        let named = country_named(region);
        region_known |= state.is_some() || named.is_some();
        let of_town = lines.iter().find(|place| {
            state.is_some_and(|(country, region)| place.country == *country && place.region == *region)
                || named.as_deref() == Some(place.country)
        });
        let found =
            of_town.map(|place| place.country.to_owned()).or(state.map(|(country, _)| (*country).to_owned())).or(named);
        country = country.or(found);
    }
    let bare = lines.first();
    let known = bare.is_some() || region_known;
    // a known name in capitals, or a day, agency or region beside what is written like a name
    let accepted = match (known, capitals) {
        (true, true) => true,
        (true, false) => evidence || region_known && shouted,
        (false, _) => evidence && shouted && (regions.is_empty() || capitals),
    };
    if !accepted {
        return None;
    }
    if regions.is_empty() {
        country = bare.filter(|place| place.region.is_empty()).map(|place| place.country.to_owned());
    }
    let place = bare.map_or_else(|| displayed(town), |place| place.name.to_owned());
    // some places lie in no country: United Nations
    Some(FiledFrom { place, country: country.filter(|country| !country.is_empty()) })
}

fn is_mark(char: char) -> bool {
    unicode_normalization::char::is_combining_mark(char)
}

/// `ST. JOSEPH` as `St. Joseph`; mixed case stays.
fn displayed(town: &str) -> String {
    if town.chars().any(char::is_lowercase) {
        return town.to_owned();
    }
    let mut shown = String::with_capacity(town.len());
    let mut starts = true;
    for char in town.chars() {
        if starts {
            shown.push(char);
        } else {
            shown.extend(char.to_lowercase());
        }
        starts = !char.is_alphabetic() && char != '\'' && char != '’';
    }
    shown
}
