//! Tells the language of an article: the archive's own field first, then script and small words, whatlang where they
//! leave doubt.

mod sample;
mod script;
mod small_words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::facts;
use sample::{Sample, word_key};
use script::{Script, Scripts};
use small_words::{SmallWord, SmallWords};

/// Characters of a text that are looked at.
const SAMPLE: usize = 2_000;
/// Letters a text must have to be told by its words.
const LEAST_LETTERS: u32 = 20;
/// Small words after which a clear lead is enough.
const ENOUGH: u32 = 48;
/// Letters that show a script whose language is alone in it.
const ALONE: u32 = 200;

/// How many times the score of the second the first language must have.
const LEAD: f64 = 1.8;

/// Small words of one language a text must have, each another, to be told by them.
const DISTINCT: usize = 3;

/// Languages that trigrams choose between where small words were seen.
const LIKELY: usize = 8;

/// Languages most news in Latin letters are in: trigrams choose between these where few small words were seen.
const WIDESPREAD: [&str; LIKELY] = ["en", "es", "fr", "de", "pt", "it", "nl", "pl"];

/// Languages that share so many words that a narrow lead decides between them.
const NEIGHBOURS: [&[&str]; 13] = [
    &["nl", "af"],
    &["de", "lb"],
    &["hi", "mr", "ne"],
    &["am", "ti"],
    &["bs", "hr", "sr", "sl", "mk"],
    &["da", "no", "sv"],
    &["cs", "sk"],
    &["id", "ms"],
    &["es", "gl", "pt", "ca"],
    &["ru", "uk", "be", "bg", "mk"],
    &["kk", "ky", "tt", "mn"],
    &["az", "tr", "tk", "uz"],
    &["zu", "xh"],
];

struct Languages {
    /// BCP 47 tags in the order of the table.
    tags: Vec<&'static str>,
    /// Names and codes, lower case.
    names: FxHashMap<String, u8>,
    /// Small words by their keys.
    words: SmallWords,
    /// The languages of the small words, those of each together.
    speakers: Vec<u8>,
    /// The scripts each language's small words are written in.
    scripts: Vec<u32>,
    /// What the trigrams call each language.
    trigrams: Vec<Option<whatlang::Lang>>,
    /// The [`WIDESPREAD`] ones.
    widespread: Vec<usize>,
    /// The groups of [`NEIGHBOURS`] each is in, as bits.
    neighbours: Vec<u16>,
}

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| Languages::parse(facts::LANGUAGES));

impl Languages {
    fn parse(table: &'static str) -> Self {
        let mut all = Self {
            tags: Vec::new(),
            names: FxHashMap::default(),
            words: SmallWords::default(),
            speakers: Vec::new(),
            widespread: Vec::new(),
            neighbours: Vec::new(),
            scripts: Vec::new(),
            trigrams: Vec::new(),
        };
        let mut codes = Vec::new();
        let mut words: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(tag), Some(kind), Some(form)) = (columns.next(), columns.next(), columns.next()) else {
                continue;
            };
            if all.tags.last() != Some(&tag) {
                all.tags.push(tag);
                all.scripts.push(0);
                codes.push((tag.to_owned(), all.tags.len() - 1));
            }
            let number = all.tags.len() - 1;
            match kind {
                "code" => codes.push((form.to_lowercase(), number)),
                "name" => {
                    all.names.entry(form.to_lowercase()).or_insert(number as u8);
                }
                "stop" => {
                    words.entry(form).or_default().push(number as u8);
                    all.scripts[number] |=
                        form.chars().fold(0, |set, char| set | script::of(char).map_or(0, Script::bit));
                }
                _ => {}
            }
        }
        for script in script::Script::ALL {
            for (number, tag) in all.tags.iter().enumerate() {
                if script::languages(script).contains(tag) {
                    all.scripts[number] |= script.bit();
                }
            }
        }
        for (word, languages) in words {
            let (weight, count) = ((24 / languages.len().min(24)) as u8, languages.len() as u8);
            all.words.insert(word_key(word.as_bytes()), SmallWord { weight, count, first: all.speakers.len() as u16 });
            all.speakers.extend(languages);
        }
        all.names.extend(codes.into_iter().map(|(code, number)| (code, number as u8)));
        let groups = |tag: &&str| {
            NEIGHBOURS.iter().enumerate().fold(0, |bits, (at, group)| bits | u16::from(group.contains(tag)) << at)
        };
        all.neighbours = all.tags.iter().map(groups).collect();
        all.widespread = WIDESPREAD.iter().filter_map(|tag| all.tags.iter().position(|known| known == tag)).collect();
        all.trigrams = vec![None; all.tags.len()];
        for lang in whatlang::Lang::all() {
            if let Some(number) = all.names.get(lang.code()) {
                all.trigrams[usize::from(*number)] = Some(*lang);
            }
        }
        all
    }
}

/// The language of an article, from the archive's field and the text; `None` if neither tells. Of a field that names a
/// language of another script than the text's, the text is believed.
pub fn read(field: Option<&str>, title: &str, body: &str) -> Option<String> {
    match field.and_then(named) {
        Some(tag) if fits(&tag, if body.is_empty() { title } else { body }) => Some(tag),
        wrong => detect(title, body).map(str::to_owned).or(wrong.filter(|_| title.is_empty() && body.is_empty())),
    }
}

/// The BCP 47 tag for a language as archives name it: `eng`, `English`, `en_US`, `Englisch` are `en`; `zh-Hant` is kept.
///
/// ```
/// use dateline::enrich::language::named;
/// assert_eq!(named("Englisch").as_deref(), Some("en"));
/// assert_eq!(named("zh-Hant-TW").as_deref(), Some("zh-Hant"));
/// assert_eq!(named("Klingon"), None);
/// ```
pub fn named(field: &str) -> Option<String> {
    let field = field.trim().to_lowercase();
    let languages = &LANGUAGES;
    if let Some(number) = languages.names.get(&field) {
        return Some(languages.tags[usize::from(*number)].to_owned());
    }
    let mut parts = field.split(['-', '_', ' ', '.', ',', ';', '(']);
    let number = languages.names.get(parts.next()?)?;
    let tag = languages.tags[usize::from(*number)];
    let script = parts.find(|part| matches!(*part, "hant" | "hans" | "latn" | "cyrl" | "arab"));
    Some(match script {
        Some(script) => format!("{tag}-{}{}", script[..1].to_uppercase(), &script[1..]),
        None => tag.to_owned(),
    })
}

/// Whether a text is in a script its language is written in.
fn fits(tag: &str, text: &str) -> bool {
    let mut scripts = Scripts::default();
    for char in text.chars().take(400) {
        scripts.count(char);
    }
    let Some(script) = scripts.main().filter(|_| scripts.letters() >= LEAST_LETTERS) else { return true };
    let base = tag.split('-').next().unwrap_or(tag);
    let number = LANGUAGES.tags.iter().position(|known| *known == base);
    let own = script::languages(script);
    // the table does not tell the script of every language
    let known = number.map_or(0, |number| LANGUAGES.scripts[number]);
    if own.is_empty() { known == 0 || known & script.bit() != 0 || tag.contains('-') } else { own.contains(&base) }
}

/// The language a text is written in, `None` if it is short or mixed.
pub fn detect(title: &str, body: &str) -> Option<&'static str> {
    let mut sample = Sample::default();
    sample.read(body, SAMPLE);
    if sample.scripts.letters() < 400 {
        sample.read(title, SAMPLE / 4);
    }
    let script = sample.scripts.main()?;
    match script::languages(script) {
        [] => sample.by_words().or_else(|| by_statistics(title, body, &sample)),
        [only] => (sample.scripts.letters() >= LEAST_LETTERS / 2).then_some(*only),
        several => {
            let by_words = sample.clear().map(|(_, number)| LANGUAGES.tags[number]);
            let enough = sample.scripts.letters() >= LEAST_LETTERS / 2;
            enough.then(|| by_words.filter(|tag| several.contains(tag)).unwrap_or(several[0]))
        }
    }
}

/// Trigrams, where the small words leave doubt.
fn by_statistics(title: &str, body: &str, sample: &Sample) -> Option<&'static str> {
    // figures and abbreviations have trigrams too, but of no language
    let wordless = sample.distinct.len() < 2 && sample.words >= 10;
    if sample.scripts.letters() < 3 * LEAST_LETTERS || wordless || sample.is_mixed() {
        return None;
    }
    let text = if body.chars().take(200).count() < 200 { format!("{title}. {body}") } else { body.to_owned() };
    let end = text.char_indices().nth(SAMPLE / 2).map_or(text.len(), |(at, _)| at);
    // the words leave few languages to tell apart, and comparing with all of them takes as long as the rest of enriching
    let is_latin = sample.scripts.main() == Some(Script::Latin);
    let found = if is_latin {
        whatlang::Detector::with_allowlist(sample.likely()).detect(&text[..end])?
    } else {
        whatlang::detect(&text[..end])?
    };
    let number = *LANGUAGES.names.get(found.lang().code())?;
    let best = sample.clear().map_or(0, |(_, number)| sample.scores[number]);
    // both must point the same way: the trigrams surely, the words at least not elsewhere
    let score = sample.scores[usize::from(number)];
    (found.is_reliable() && score * 10 >= best * 7).then(|| LANGUAGES.tags[usize::from(number)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SENTENCES: [(&str, &str); 24] = [
        ("en", "The ministers have agreed that the talks will go on in the new year, and that they will meet again."),
        (
            "de",
            "Die Minister haben sich darauf geeinigt, dass die Gespräche im neuen Jahr weitergehen und sie sich wieder treffen.",
        ),
        (
            "fr",
            "Les ministres sont convenus que les discussions se poursuivront dans la nouvelle année et qu'ils se reverront.",
        ),
        (
            "es",
            "Los ministros han acordado que las conversaciones sigan en el nuevo año y que se van a reunir de nuevo.",
        ),
        (
            "pt",
            "Os ministros concordaram que as conversas vão continuar no novo ano e que eles não voltam antes disso.",
        ),
        (
            "it",
            "I ministri hanno deciso che i colloqui andranno avanti nel nuovo anno e che si vedranno ancora una volta.",
        ),
        (
            "nl",
            "De ministers zijn het erover eens dat de gesprekken in het nieuwe jaar doorgaan en dat zij elkaar weer zien.",
        ),
        (
            "sv",
            "Ministrarna är överens om att samtalen ska fortsätta under det nya året och att de inte slutar före dess.",
        ),
        (
            "pl",
            "Ministrowie zgodzili się, że rozmowy będą trwać w nowym roku i że spotkają się jeszcze raz, ale nie teraz.",
        ),
        (
            "cs",
            "Ministři se dohodli, že jednání budou pokračovat v novém roce a že se znovu sejdou, ale ještě neví kdy.",
        ),
        (
            "fi",
            "Ministerit ovat sopineet, että neuvottelut jatkuvat uutena vuonna ja että he tapaavat vielä, mutta ei nyt.",
        ),
        (
            "hu",
            "A miniszterek megegyeztek abban, hogy a tárgyalások az új évben is folytatódnak, és hogy még egyszer találkoznak.",
        ),
        (
            "tr",
            "Bakanlar görüşmelerin yeni yılda da devam edeceği konusunda anlaştı, ancak bu kez daha çok katılımcı ile olacak.",
        ),
        (
            "ru",
            "Министры договорились о том, что переговоры будут идти и в новом году, но когда они встретятся, не сказали.",
        ),
        (
            "uk",
            "Міністри домовилися про те, що переговори триватимуть і в новому році, але коли вони зустрінуться, не сказали.",
        ),
        (
            "kk",
            "Министрлер келіссөздер жаңа жылда да жалғасады деп келісті, бірақ бұл туралы әлі ешкім ештеңе айтқан жоқ.",
        ),
        ("ar", "اتفق الوزراء على أن المحادثات سوف تستمر في العام الجديد وأن اللقاء سيكون في المدينة التي بدأت فيها."),
        ("fa", "وزیران توافق کردند که گفتگوها در سال نو ادامه یابد و این دیدار در شهری باشد که با آن آغاز شده است."),
        ("hi", "मंत्रियों ने कहा है कि यह बातचीत नए साल में भी जारी रहेगी और वे फिर से मिलने के लिए तैयार हैं।"),
        ("el", "Οι υπουργοί συμφώνησαν ότι οι συνομιλίες θα συνεχιστούν."),
        ("ja", "大臣たちは、会談を来年も続けることで合意した。"),
        ("zh", "部长们同意会谈将在新的一年继续进行，并将再次会面。"),
        ("ko", "장관들은 새해에도 회담을 계속하기로 합의했다."),
        (
            "sw",
            "Mawaziri wamekubaliana kwamba mazungumzo hayo yataendelea katika mwaka mpya na kwamba watakutana tena kwa siku moja.",
        ),
    ];

    #[test]
    fn a_sentence_tells_its_language() {
        let wrong: Vec<_> = SENTENCES
            .iter()
            .map(|(tag, sentence)| (*tag, detect("", sentence)))
            .filter(|(tag, found)| *found != Some(*tag))
            .collect();
        assert_eq!(wrong, []);
    }

    #[test]
    fn short_and_mixed_texts_are_left_open() {
        assert_eq!(detect("", ""), None);
        assert_eq!(detect("Ceasefire", ""), None);
        assert_eq!(detect("", "12 345 67.8 %"), None);
        let mixed = format!("{} {}", SENTENCES[0].1, SENTENCES[1].1);
        assert_eq!(detect("", &mixed), None);
    }

    #[test]
    fn archives_name_languages_in_many_ways() {
        for (field, tag) in [
            ("eng", "en"),
            ("English", "en"),
            ("en_US", "en"),
            ("en-GB", "en"),
            ("Englisch", "en"),
            ("DE", "de"),
            ("deutsch", "de"),
            ("zh-Hant", "zh-Hant"),
            ("zh_CN", "zh"),
            ("русский", "ru"),
            ("kaz", "kk"),
        ] {
            assert_eq!(named(field).as_deref(), Some(tag), "{field}");
        }
        for field in ["", "xx-unknown", "und", "mul", "123"] {
            assert_eq!(named(field), None, "{field}");
        }
    }

    #[test]
    fn the_field_is_believed_unless_the_script_speaks_against_it() {
        assert_eq!(read(Some("en"), "", SENTENCES[1].1).as_deref(), Some("en"));
        assert_eq!(read(Some("en"), "", SENTENCES[13].1).as_deref(), Some("ru"));
        assert_eq!(
            read(Some("sr-Latn"), "", "Ministri su se složili da će se razgovori nastaviti.").as_deref(),
            Some("sr-Latn")
        );
        assert_eq!(read(Some("el"), "", SENTENCES[0].1).as_deref(), Some("en"));
        assert_eq!(read(Some("nonsense"), "", SENTENCES[0].1).as_deref(), Some("en"));
    }

    proptest! {
        #[test]
        fn no_text_panics(title in any::<String>(), body in any::<String>()) {
            let _ = read(Some(&title), &title, &body);
            let _ = detect(&title, &body);
        }
    }

    /// `cargo test --release --lib enrich::language -- --ignored --nocapture`
    #[test]
    #[ignore = "measures speed"]
    #[expect(clippy::print_stderr, reason = "the figure is the point")]
    fn a_hundred_thousand_articles_a_second() {
        for (tag, sentence) in [SENTENCES[0], SENTENCES[13], SENTENCES[21]] {
            let body = format!("{sentence} ").repeat(30);
            let from = std::time::Instant::now();
            let found = (0..20_000).filter(|_| detect("", std::hint::black_box(&body)) == Some(tag)).count();
            eprintln!("{tag} {found} {:.0} articles/s", 20_000.0 / from.elapsed().as_secs_f64());
        }
    }
}
