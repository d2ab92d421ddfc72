//! Which key or column holds which field of an article, for JSON and tables alike.

use std::collections::HashMap;
use std::sync::LazyLock;

use anyhow::bail;

/// A field of an article as tables and JSON carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the field of Article of the same name; people and countries are tags")]
pub enum Field {
    Id,
    Title,
    Body,
    Source,
    Authors,
    Date,
    DateFrom,
    Section,
    Url,
    Tags,
    Language,
    People,
    Countries,
    Wire,
    FiledFrom,
    Dateline,
}

impl Field {
    /// Every field, in the order of an article.
    pub const ALL: [Self; 16] = [
        Self::Id,
        Self::Title,
        Self::Body,
        Self::Source,
        Self::Authors,
        Self::Date,
        Self::DateFrom,
        Self::Section,
        Self::Url,
        Self::Tags,
        Self::Language,
        Self::People,
        Self::Countries,
        Self::Wire,
        Self::FiledFrom,
        Self::Dateline,
    ];

    /// Its name in JSON, flags and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Title => "title",
            Self::Body => "body",
            Self::Source => "source",
            Self::Authors => "authors",
            Self::Date => "date",
            Self::DateFrom => "date_from",
            Self::Section => "section",
            Self::Url => "url",
            Self::Tags => "tags",
            Self::Language => "language",
            Self::People => "people",
            Self::Countries => "countries",
            Self::Wire => "wire",
            Self::FiledFrom => "filed_from",
            Self::Dateline => "dateline",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// What a name of a key or column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The field it carries.
    pub field: Field,
    /// Of several names of a field the one of lowest rank is trusted most.
    pub rank: usize,
    /// Common in data that is no news: no article without a title or body of another name.
    pub weak: bool,
}

impl Alias {
    /// Whether it is a title or body.
    pub fn is_text(&self) -> bool {
        matches!(self.field, Field::Title | Field::Body)
    }
}

/// What is known about names of keys and columns.
#[derive(Default)]
struct Names {
    fields: HashMap<String, Alias>,
    lists: Vec<&'static str>,
    envelopes: Vec<&'static str>,
    joins: Vec<&'static str>,
    bys: Vec<&'static str>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names::default();
    for (row, line) in crate::facts::FIELDS.lines().enumerate() {
        let Some((kind, name)) = line.split_once('\t').filter(|_| !line.starts_with('#')) else { continue };
        match (kind, Field::named(kind)) {
            (_, Some(field)) => {
                let (name, weak) = name.strip_suffix("\tweak").map_or((name, false), |name| (name, true));
                names.fields.entry(folded(name)).or_insert(Alias { field, rank: row, weak });
            }
            ("list", None) => names.lists.push(name),
            ("envelope", None) => names.envelopes.push(name),
            ("join", None) => names.joins.push(name),
            ("by", None) => names.bys.push(name),
            _ => {}
        }
    }
    names
});

/// Endings of names that say the type of a value.
const TYPES: [&str; 10] = ["s", "ss", "t", "txt", "txt_en", "text", "dt", "tdt", "str", "en"];

/// What a key or column of this name holds.
pub fn known(name: &str) -> Option<Alias> {
    // longer than any alias, and no reason to fold a sentence
    if name.len() > 40 {
        return None;
    }
    let found = |name: &str| NAMES.fields.get(&folded(name)).copied();
    // search servers mark names with the type of what they hold: `title_s`, `body_txt_en`
    let stem = || {
        let (stem, kind) = name.split_once('_')?;
        TYPES.contains(&kind).then_some(stem)
    };
    found(name).or_else(|| found(stem()?))
}

/// Whether a key usually holds an array of articles.
pub fn is_list(key: &str) -> bool {
    NAMES.lists.contains(&key)
}

/// Whether a key usually holds an object round articles.
pub fn is_envelope(key: &str) -> bool {
    NAMES.envelopes.contains(&key)
}

/// Keys that usually hold an object round an article.
pub fn envelopes() -> &'static [&'static str] {
    &NAMES.envelopes
}

/// Whether a lower-case word joins two names of a byline.
pub fn is_join(word: &str) -> bool {
    NAMES.joins.contains(&word)
}

/// Whether a lower-case word stands before the names of a byline.
pub fn is_by(word: &str) -> bool {
    NAMES.bys.contains(&word)
}

/// `Pub_Date`, `pubDate` and `pub date` are one name.
fn folded(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `--map FIELD=COLUMN`: which column or key holds which field, before the built-in aliases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap(pub Vec<(Field, String)>);

impl FieldMap {
    /// Reads `FIELD=COLUMN` pairs. In JSON a dot in COLUMN leads into an object: `title=headline.main`.
    ///
    /// # Errors
    /// Names the pair that is none, or the field we do not have.
    pub fn parse(pairs: &[String]) -> anyhow::Result<Self> {
        let mut map = Vec::new();
        for pair in pairs {
            let Some((name, column)) = pair.split_once('=') else {
                bail!("`{pair}` is no mapping; write FIELD=COLUMN, such as title=Headline");
            };
            let name = name.trim();
            // a list field may be named in the singular, as everywhere
            let plural = match name {
                "author" | "tag" => format!("{name}s"),
                "person" => "people".to_owned(),
                "country" => "countries".to_owned(),
                other => other.to_owned(),
            };
            let Some(field) = Field::named(&plural) else {
                let all: Vec<_> = Field::ALL.iter().map(|field| field.name()).collect();
                bail!("no field `{name}` to map; fields are {}", all.join(", "));
            };
            if column.is_empty() {
                bail!("`{pair}` names no column");
            }
            map.push((field, column.to_owned()));
        }
        Ok(Self(map))
    }

    /// The pairs as `parse` reads them.
    pub fn to_args(&self) -> Vec<String> {
        self.0.iter().map(|(field, column)| format!("{}={column}", field.name())).collect()
    }
}

/// Every column that holds a field, the most trusted of a field first: field and position among `columns`.
///
/// A field the user mapped is read from there only.
pub fn positions(columns: &[String], map: &FieldMap) -> Vec<(Field, usize)> {
    let mut found: Vec<(Field, usize, usize)> = Vec::new();
    for (rank, (field, column)) in map.0.iter().enumerate() {
        let exact = columns.iter().position(|name| name == column);
        let at = exact.or_else(|| columns.iter().position(|name| folded(name) == folded(column)));
        found.extend(at.map(|at| (*field, rank, at)));
    }
    let mapped = found.clone();
    for (at, column) in columns.iter().enumerate() {
        let Some(Alias { field, rank, .. }) = known(column) else { continue };
        if !mapped.iter().any(|(other, _, position)| *other == field || *position == at) {
            found.push((field, rank, at));
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(field, _, at)| (field, at)).collect()
}

/// The mapping chosen for a table or the keys of a JSON object, to be shown: field and column, one row a field.
pub fn mapping(columns: &[String], map: &FieldMap) -> Vec<(String, String)> {
    let mut chosen: Vec<(String, String)> = Vec::new();
    for (field, at) in positions(columns, map) {
        if chosen.last().is_none_or(|(last, _)| last != field.name()) {
            chosen.push((field.name().to_owned(), columns[at].clone()));
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_are_compared_without_case_and_punctuation() {
        for name in ["pubDate", "PUB_DATE", "Pub Date", "pub-date"] {
            assert_eq!(known(name).map(|alias| alias.field), Some(Field::Date), "{name}");
        }
        assert_eq!(known("mood"), None);
    }

    #[test]
    fn every_alias_belongs_to_one_field() {
        let mut seen = HashMap::new();
        for line in crate::facts::FIELDS.lines().filter(|line| !line.starts_with('#')) {
            let (kind, name) = line.split_once('\t').unwrap();
            let name = name.trim_end_matches("\tweak");
            if let Some(field) = Field::named(kind) {
                assert_eq!(seen.insert(folded(name), field), None, "{name}");
            }
        }
    }

    #[test]
    fn the_most_trusted_column_of_a_field_is_chosen() {
        let names = columns(&["summary", "Headline", "text", "mood"]);
        assert_eq!(
            mapping(&names, &FieldMap::default()),
            [("title".to_owned(), "Headline".to_owned()), ("body".to_owned(), "text".to_owned())]
        );
    }

    #[test]
    fn a_mapping_of_the_user_comes_first() {
        let map = FieldMap::parse(&["body=mood".to_owned()]).unwrap();
        let names = columns(&["text", "mood"]);
        assert_eq!(mapping(&names, &map), [("body".to_owned(), "mood".to_owned())]);
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let error = FieldMap::parse(&["titel=a".to_owned()]).unwrap_err().to_string();
        assert!(error.starts_with("no field `titel` to map; fields are id, title"), "{error}");
        assert!(FieldMap::parse(&["title".to_owned()]).is_err());
    }
}
