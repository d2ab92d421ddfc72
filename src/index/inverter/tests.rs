//! tantivy's own segment writer is the measure: from the same articles it must make the same files.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tantivy::directory::MmapDirectory;
use tantivy::index::SegmentId;
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::schema::TantivyDocument;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{Document, Index};

use super::*;
use crate::index::segment::settings;
use crate::index::{ArticleDocument, SegmentBuilder};

thread_local! {
    static LANGUAGE: Cell<Option<StemLanguage>> = const { Cell::new(None) };
}

/// The analyzers the schema names, as tantivy wants them.
#[derive(Clone)]
struct Analyzer {
    is_stemmed: bool,
}

struct Stream<'a> {
    words: Words<'a>,
    language: Option<StemLanguage>,
    is_stemmed: bool,
    token: Token,
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        let (words, language, token) = (Words::new(text), LANGUAGE.get(), Token::default());
        Stream { words, language, is_stemmed: self.is_stemmed, token }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if (self.is_stemmed && self.language.is_none()) || !self.words.advance() {
            return false;
        }
        match self.language {
            Some(language) if self.is_stemmed => language.term(self.words.lower(), &mut self.token.text),
            _ => self.token.text.clone_from(&self.words.folded),
        }
        self.token.position = self.words.position;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

fn articles() -> Vec<Article> {
    let article = |id: &str, language: Option<&str>, title: &str, body: &str| Article {
        id: id.to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        language: language.map(str::to_owned),
        ..Article::default()
    };
    let mut articles = vec![
        article(
            "b",
            Some("en"),
            "Talks on a cease-fire fire-fire",
            "The U.S. talks, talking talks; well-to-do cease-fire.",
        ),
        article("a", Some("de"), "Straße strasse", "Häuser und Haeuser, Haus-Haus. Die Straßen des Hauses."),
        article("c", None, "", "No language, no stems; talks all the same."),
        article("d", Some("kk"), "сөз", "Сөз сөздер"),
        article("e", Some("fr"), "L'Europe", "Présidentielles, présidentielle; aujourd'hui l’été İstanbul"),
        article("f", Some("ja"), "外務大臣", "外務大臣ハンカチ talks"),
        article("g", Some("en"), "", ""),
        article("h", Some("en"), "Long", &format!("before {} after", "x".repeat(200))),
    ];
    articles[0].people = vec!["Anna Berg".to_owned(), "Carla Dorn".to_owned(), "Anna Berg".to_owned()];
    articles[1].people = vec!["Anna Berg".to_owned(), String::new()];
    articles[2].source = Some("Delta Times".to_owned());
    articles[3].tags = vec!["é".repeat(600)];
    articles[4].date = "1987-03-09".parse().ok();
    let many = (0..600).map(|number| {
        let body = format!("common word{} {}", number % 7, "again ".repeat(number % 5 + 1));
        article(&format!("many{number}"), Some("en"), &format!("title {number}"), &body)
    });
    articles.extend(many);
    articles
}

/// The files of a segment by their endings.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if !matches!(ending.as_str(), "json" | "articles") {
            files.insert(ending, fs::read(path).unwrap());
        }
    }
    files
}

#[test]
fn a_segment_is_what_tantivy_would_write_byte_for_byte() {
    let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let entry = SegmentBuilder::create(ours.path()).unwrap().write(articles()).unwrap();

    let schema = &fields().schema;
    let directory = MmapDirectory::open(theirs.path()).unwrap();
    let index = Index::builder().schema(schema.clone()).settings(settings()).open_or_create(directory).unwrap();
    for (name, is_stemmed) in [("folded", false), ("stemmed", true)] {
        index.tokenizers().register(name, Analyzer { is_stemmed });
    }
    let id = SegmentId::from_uuid_string(&entry.id).unwrap();
    let segment = index.segment(index.new_segment_meta(id, entry.articles));
    let mut writer = SegmentWriter::for_segment(15 << 20, segment).unwrap();
    for article in articles() {
        LANGUAGE.set(article.language.as_deref().and_then(StemLanguage::of));
        let mut document = TantivyDocument::new();
        let texts = [fields().title, fields().body, fields().title_stem, fields().body_stem];
        for (field, text) in texts.into_iter().zip([&article.title, &article.body, &article.title, &article.body]) {
            document.add_text(field, text);
        }
        let article = ArticleDocument::new(article).unwrap();
        for (field, value) in article.iter_fields_and_values() {
            document.add_field_value(field, value);
        }
        for (field, value) in article.into_stored().iter_fields_and_values() {
            document.add_field_value(field, value);
        }
        writer.add_document(AddOperation { opstamp: 0, document }).unwrap();
    }
    writer.finalize().unwrap();

    let (ours, theirs) = (files(ours.path()), files(theirs.path()));
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (ending, bytes) in theirs {
        assert!(ours[&ending] == bytes, "another .{ending}");
    }
}
