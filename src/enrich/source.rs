//! Who published an article: names, aliases and domains brought to one spelling, and the source a text itself credits.

use std::sync::LazyLock;

use memchr::{memchr_iter, memchr2_iter, memrchr_iter};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::tokens::plain_key;
use crate::article::Article;
use crate::facts;

/// A source of the gazetteer.
#[derive(Clone, Copy, Debug)]
struct Source {
    name: &'static str,
    agency: bool,
    /// What datelines and credits print: `AP`.
    wire: &'static str,
}

struct Sources {
    all: Vec<Source>,
    by_name: FxHashMap<String, usize>,
    by_domain: FxHashMap<&'static str, usize>,
}

static SOURCES: LazyLock<Sources> = LazyLock::new(|| Sources::parse(facts::SOURCES));

impl Sources {
    fn parse(table: &'static str) -> Self {
        let mut sources = Self { all: Vec::new(), by_name: FxHashMap::default(), by_domain: FxHashMap::default() };
        let mut aliases = Vec::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(name), Some(kind), _, domains, also) =
                (columns.next(), columns.next(), columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            let number = sources.all.len();
            let also: Vec<&str> = also.unwrap_or("").split('|').filter(|alias| !alias.is_empty()).collect();
            let capitals = |alias: &&&str| alias.len() <= 5 && alias.bytes().all(|byte| byte.is_ascii_uppercase());
            let wire = also.iter().filter(capitals).min_by_key(|alias| alias.len()).copied();
            let spelled = name.len() > 5 && name.contains([' ', '-']);
            sources.all.push(Source { name, agency: kind == "agency", wire: wire.filter(|_| spelled).unwrap_or(name) });
            sources.by_name.entry(folded(name)).or_insert(number);
            aliases.extend(also.into_iter().map(|alias| (folded(alias), number)));
            for domain in domains.unwrap_or("").split('|').filter(|domain| !domain.is_empty()) {
                sources.by_domain.entry(domain).or_insert(number);
            }
        }
        // a name is stronger than another source's alias
        for (alias, number) in aliases {
            sources.by_name.entry(alias).or_insert(number);
        }
        sources
    }

    fn named(&self, name: &str) -> Option<&Source> {
        let folded = folded(name);
        let number = self.by_name.get(&folded).or_else(|| self.by_name.get(folded.strip_prefix("the ")?));
        number.map(|number| &self.all[*number])
    }

    /// The longest known domain a host ends with.
    fn of_host(&self, host: &str) -> Option<&Source> {
        let mut rest = host;
        loop {
            if let Some(number) = self.by_domain.get(rest) {
                return Some(&self.all[*number]);
            }
            rest = rest.split_once('.')?.1;
        }
    }
}

fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if word.is_ascii() {
            folded.extend(word.chars().map(|char| char.to_ascii_lowercase()));
        } else {
            folded.push_str(&word.to_lowercase());
        }
    }
    folded
}

/// Who published an article: the archive's field in its usual spelling, else the site of its address, else the source its
/// text credits.
pub fn of(article: &Article) -> Option<String> {
    let field = article.source.as_deref().and_then(named);
    let address = || article.url.as_deref().and_then(of_url);
    field.or_else(address).or_else(|| if article.url.is_none() { credited(&article.body) } else { None })
}

/// One spelling for a source as an archive gives it: its domain or alias becomes its name, an unknown one stays as given
/// without the blanks and quotes round it. `None` if nothing is left.
///
/// ```
/// use dateline::enrich::source;
/// assert_eq!(source::named("www.reuters.com").as_deref(), Some("Reuters"));
/// assert_eq!(source::named("The Village Crier").as_deref(), Some("The Village Crier"));
/// ```
pub fn named(given: &str) -> Option<String> {
    let given = given.split_whitespace().collect::<Vec<_>>().join(" ");
    let given = given.trim_matches(|char: char| char.is_whitespace() || "\"'“”«»,;|-–—:".contains(char));
    // what programs write for nothing
    let nothing = ["", "null", "none", "nan", "n/a", "na", "unknown", "undefined"];
    if nothing.contains(&given.to_lowercase().as_str()) || !given.chars().any(char::is_alphanumeric) {
        return None;
    }
    if let Some(source) = SOURCES.named(given) {
        return Some(source.name.to_owned());
    }
    match host(given) {
        // a bare domain in the source's own spelling, `Orda.kz`, is its name
        Some(host) if host.eq_ignore_ascii_case(given) => {
            Some(SOURCES.of_host(&host).map_or_else(|| given.to_owned(), |source| source.name.to_owned()))
        }
        Some(host) => Some(SOURCES.of_host(&host).map_or(host, |source| source.name.to_owned())),
        None => Some(given.to_owned()),
    }
}

/// The source whose site an address belongs to: its name if known, else the host without `www.`
pub fn of_url(url: &str) -> Option<String> {
    let host = host(url)?;
    Some(SOURCES.of_host(&host).map_or(host, |source| source.name.to_owned()))
}

/// The host of an address or a bare domain, without `www.` and port.
fn host(text: &str) -> Option<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest).trim_start_matches("//");
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host).to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    is_domain(host).then(|| host.to_owned())
}

/// `orda.kz`: labels of letters, digits and hyphens, the last of letters only.
fn is_domain(text: &str) -> bool {
    let mut labels = text.rsplit('.');
    let top = labels.next().is_some_and(|top| top.len() >= 2 && top.chars().all(char::is_alphabetic));
    let mut rest = labels.peekable();
    let label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.chars().all(|char| char.is_alphanumeric() || char == '-')
    };
    top && text.len() <= 253 && rest.peek().is_some() && rest.all(label)
}

/// The agency a credit names, as datelines print it: `AP` for `The Associated Press`. `None` for what is no agency.
pub fn agency(credit: &str) -> Option<&'static str> {
    let name = credit.split('/').next().unwrap_or(credit);
    let name = name.trim_matches(|char: char| char.is_whitespace() || ".,:;()".contains(char));
    SOURCES.named(name).filter(|source| source.agency).map(|source| source.wire)
}

/// Whether a name, alias or domain is in the gazetteer.
pub fn is_known(name: &str) -> bool {
    SOURCES.named(name).is_some() || SOURCES.by_domain.contains_key(name)
}

/// Words beside a credited name.
struct Attributions {
    before: Vec<&'static str>,
    after: Vec<&'static str>,
    /// Keys of the first words of those before, of the last words of those after: few clauses have one, so few are looked
    /// at closely.
    openers: FxHashSet<u64>,
    closers: FxHashSet<u64>,
}

impl Attributions {
    /// Whether a clause may begin with words that stand before a name.
    fn may_open(&self, clause: &str) -> bool {
        clause.split(' ').next().is_some_and(|word| self.openers.contains(&word_key(word)))
    }

    /// Whether a clause may end with words that stand behind a name.
    fn may_close(&self, clause: &str) -> bool {
        clause.rsplit(' ').next().is_some_and(|word| self.closers.contains(&word_key(word)))
    }
}

/// One key for a word in small and large letters.
fn word_key(word: &str) -> u64 {
    if word.is_ascii() {
        return plain_key(word.as_bytes(), 0, word.len());
    }
    let word = word.to_lowercase();
    plain_key(word.as_bytes(), 0, word.len())
}

static ATTRIBUTIONS: LazyLock<Attributions> = LazyLock::new(|| {
    let forms = |place: &str| {
        let rows = facts::ATTRIBUTIONS.lines().filter(|line| !line.starts_with('#'));
        let columns = rows.filter_map(|line| line.split_once('\t')?.1.split_once('\t'));
        columns.filter(|(kind, _)| *kind == place).map(|(_, form)| form).collect()
    };
    let (before, after): (Vec<&str>, Vec<&str>) = (forms("before"), forms("after"));
    let openers = before.iter().filter_map(|form| form.split(' ').next()).map(word_key).collect();
    let closers = after.iter().filter_map(|form| form.rsplit(' ').next()).map(word_key).collect();
    Attributions { before, after, openers, closers }
});

/// The source a text credits in its first or last two paragraphs: `…, Orda.kz reports.` Only a site, written as its
/// address, or an agency counts, since a story that quotes another newspaper is not that newspaper's.
pub fn credited(body: &str) -> Option<String> {
    edges(body).into_iter().find_map(credited_in)
}

/// The first two and the last two paragraphs, each once.
fn edges(body: &str) -> SmallVec<[&str; 4]> {
    let mut found = SmallVec::new();
    let mut rest = 0;
    for at in breaks(body).take(2) {
        found.push(&body[rest..at]);
        rest = at + PARAGRAPH.len();
    }
    let mut rest = &body[rest..];
    if found.len() == 2 {
        while let Some(at) = last_break(rest).filter(|_| found.len() == 2) {
            found.push(&rest[at + PARAGRAPH.len()..]);
            rest = &rest[..at];
        }
        rest = &rest[last_break(rest).map_or(0, |at| at + PARAGRAPH.len())..];
    }
    found.push(rest);
    found
}

/// Where the breaks between paragraphs begin. Many texts break their lines, so that a search for two bytes stops at each.
fn breaks(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let mut past = 0;
    memchr_iter(b'\n', bytes).filter(move |at| {
        let found = *at >= past && bytes.get(at + 1) == Some(&b'\n');
        past = if found { at + PARAGRAPH.len() } else { past };
        found
    })
}

/// Where the last of them begins.
fn last_break(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memrchr_iter(b'\n', bytes).find(|at| *at > 0 && bytes[at - 1] == b'\n').map(|at| at - 1)
}

/// What parts paragraphs.
const PARAGRAPH: &str = "\n\n";

fn credited_in(paragraph: &str) -> Option<String> {
    // credits stand at the end of a sentence: `, NAME reports.`
    for at in memchr2_iter(b',', WIDE_COMMA.as_bytes()[0], paragraph.as_bytes()) {
        let Some(rest) = paragraph[at..].strip_prefix([',', '，']) else { continue };
        let clause = rest.trim_start_matches([',', '，', ' ', '\u{a0}']);
        let end = end_of_clause(clause, LONGEST_CLAUSE + 1);
        if end > LONGEST_CLAUSE {
            continue;
        }
        // an agency in mid-sentence is quoted for a detail
        let whole = !clause[end..].starts_with([',', ';']);
        if let Some(name) = name_in(&clause[..end], whole) {
            return Some(name);
        }
    }
    // `According to NAME, …` opens a paragraph
    if !ATTRIBUTIONS.may_open(paragraph) {
        return None;
    }
    let end = end_of_clause(paragraph, paragraph.len());
    let opening = &paragraph[..end];
    let folded = opening.to_lowercase();
    let form = ATTRIBUTIONS.before.iter().find(|form| begins_with(&folded, form))?;
    site(opening.get(form.len()..)?.trim())
}

/// Chinese and Japanese texts have it.
const WIDE_COMMA: &str = "，";

/// Bytes of the longest clause that may be a credit.
const LONGEST_CLAUSE: usize = 120;

/// Where a clause ends: at a comma, or a full stop that no letter follows; `limit` if not before.
fn end_of_clause(text: &str, limit: usize) -> usize {
    let limit = limit.min(text.len());
    let bytes = text.as_bytes();
    let ends = |at: &usize| match bytes[*at] {
        b',' | b';' | b'\n' => true,
        b'.' | b'!' | b'?' => !text[at + 1..].starts_with(char::is_alphanumeric),
        byte => byte == WIDE_STOP.as_bytes()[0] && bytes[*at..].starts_with(WIDE_STOP.as_bytes()),
    };
    (0..limit).find(ends).unwrap_or(limit)
}

/// The full stop of Chinese and Japanese.
const WIDE_STOP: &str = "。";

fn begins_with(text: &str, form: &str) -> bool {
    text.strip_prefix(form).is_some_and(|rest| rest.starts_with(' '))
}

fn name_in(clause: &str, ends_sentence: bool) -> Option<String> {
    let agency = |name: &str| if ends_sentence { agency_named(name) } else { None };
    if clause.is_empty() || !(ATTRIBUTIONS.may_open(clause) || ATTRIBUTIONS.may_close(clause)) {
        return None;
    }
    let folded = clause.to_lowercase();
    // upper and lower case differ in length in a few scripts: there the ends would not meet
    if folded.len() != clause.len() {
        return None;
    }
    for form in &ATTRIBUTIONS.after {
        if let Some(name) = folded.strip_suffix(form).filter(|name| name.ends_with(' ')) {
            let name = clause[..name.len()].trim();
            return site(name).or_else(|| agency(name));
        }
    }
    for form in &ATTRIBUTIONS.before {
        if begins_with(&folded, form) {
            let name = clause[form.len()..].trim();
            return site(name).or_else(|| agency(name));
        }
    }
    None
}

fn site(name: &str) -> Option<String> {
    let bare = name.trim_matches(|char: char| "\"'“”«»".contains(char));
    let known_by = |text: &str| SOURCES.of_host(text).map(|source| source.name.to_owned());
    // `Orda.kz correspondents` credits the site as well, but one word is enough to be sure
    (!bare.contains(' ') && is_domain(&bare.to_lowercase()))
        .then(|| SOURCES.named(bare).map(|source| source.name.to_owned()).or_else(|| known_by(&bare.to_lowercase())))
        .map(|known| known.unwrap_or_else(|| bare.to_owned()))
}

fn agency_named(name: &str) -> Option<String> {
    // `the report` is no name
    let printed_as_name = name.split(' ').next_back().is_some_and(|word| !word.starts_with(char::is_lowercase));
    SOURCES.named(name).filter(|_| printed_as_name).filter(|source| source.agency).map(|source| source.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_and_aliases_become_names() {
        for (given, name) in [
            ("reuters.com", "Reuters"),
            ("https://www.reuters.com/world/", "Reuters"),
            ("uk.reuters.com", "Reuters"),
            ("  Thomson   Reuters ", "Reuters"),
            ("ORDA.KZ", "Orda.kz"),
            ("unknown-site.example", "unknown-site.example"),
            ("WWW.Unknown-Site.Example", "unknown-site.example"),
            ("“The Village Crier”,", "The Village Crier"),
        ] {
            assert_eq!(named(given).as_deref(), Some(name), "{given}");
        }
        for nothing in ["", " ", "N/A", "null", "--", "?"] {
            assert_eq!(named(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn an_address_names_its_site() {
        assert_eq!(of_url("https://edition.reuters.com:443/a?b=c").as_deref(), Some("Reuters"));
        assert_eq!(of_url("https://www.a.example/x").as_deref(), Some("a.example"));
        assert_eq!(of_url("/relative/path.html"), None);
        assert_eq!(of_url("not an address"), None);
    }

    #[test]
    fn agencies_are_told_by_any_of_their_names() {
        for (credit, wire) in
            [("The Associated Press", "AP"), ("AP", "AP"), ("Reuter", "Reuters"), ("dpa/bb", "dpa"), ("AFP", "AFP")]
        {
            assert_eq!(agency(credit), Some(wire), "{credit}");
        }
        assert_eq!(agency("The Guardian"), None);
    }

    #[test]
    fn a_text_credits_its_source() {
        for (body, name) in [
            ("The talks are open, Orda.kz reports.\n\nMore follows.", Some("Orda.kz")),
            ("The talks are open, reports Orda.kz.", Some("Orda.kz")),
            ("The talks are open, according to new-site.example.", Some("new-site.example")),
            ("Переговоры открыты, сообщает Orda.kz.", Some("Orda.kz")),
            ("The talks are open, Xinhua reported.", Some("Xinhua")),
            ("The minister confirmed that, a spokesman said.", None),
            ("The talks are open, The Guardian reported.", None),
            ("The talks are open, according to U.S. officials.", None),
            ("The talks are open, according to the report.", None),
            ("The firm, according to Reuters, is open to talks.", None),
            ("The talks are open, Orda.kz reports, citing the ministry.", Some("Orda.kz")),
            ("One, two.\n\nTwo.\n\nThe talks are open, Orda.kz reports.\n\nFour.\n\nFive.", None),
        ] {
            assert_eq!(credited(body).as_deref(), name, "{body}");
        }
    }
}
