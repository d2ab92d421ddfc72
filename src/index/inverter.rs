//! The words of a segment, turned from articles into lists by term. tantivy's own writer looks every word up by its bytes
//! in each field and appends to a list per term that grows as it goes; here every word of a text is cut once and looked up
//! once for its exact and its stemmed term, kept as a number, and all of them are put in order at the end by counting.
//! What is written is the same, byte for byte.

use std::collections::BTreeMap;

use tantivy::Segment;
use tantivy::fieldnorm::{FieldNormReader, FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::Field;
use tantivy::tokenizer::MAX_TOKEN_LEN;

use crate::article::Article;

use super::interner::Interner;
use super::schema::{COLUMNS, fields, for_each_value};
use super::stem::StemLanguage;
use super::words::Words;

/// A word of a text in letters takes as much of it at least, on average: room for all is made at once, for growing leaves every smaller
/// room behind for a while.
const BYTES_OF_A_WORD: usize = 5;

/// A word whose stem in some language is not known yet.
const UNKNOWN: u32 = u32::MAX;

/// Collects the words of articles, in the order of their documents.
pub struct Inverter {
    vocabulary: Vocabulary,
    title: Tokens,
    body: Tokens,
    /// Of each document, if it has stems.
    languages: Vec<Option<StemLanguage>>,
    columns: BTreeMap<Field, Values>,
    norms: FieldNormsWriter,
}

/// The words seen, and the terms they stand for.
#[derive(Default)]
struct Vocabulary {
    /// In lower case, as stemmers want them.
    words: Interner,
    folded: Interner,
    /// The folded term of each word.
    folded_of: Vec<u32>,
    stems: Interner,
    /// By language, the stemmed term of each word or [`UNKNOWN`].
    stems_of: BTreeMap<StemLanguage, Vec<u32>>,
}

/// The words of one field of all documents.
#[derive(Default)]
struct Tokens {
    /// The number of each word, whose position is one after the last; or a mark, see [`MARK`].
    words: Vec<u32>,
    /// Where each document ends.
    ends: Vec<usize>,
}

/// Alone, a mark that the next word is a joined pair and stands where its first part does; more is a mark that so many
/// positions more are passed over.
const MARK: u32 = 1 << 31;

/// Words of a document with their positions.
struct Positioned<'a> {
    words: std::slice::Iter<'a, u32>,
    next: u32,
}

/// The values of a column of all documents.
#[derive(Default)]
struct Values {
    values: Interner,
    /// Number of each value, and its document.
    occurrences: Vec<(u32, u32)>,
}

/// Occurrences put in order by term.
struct ByTerm<T> {
    /// Where each term's occurrences begin, and at last where all end.
    starts: Vec<usize>,
    occurrences: Vec<T>,
}

impl Inverter {
    /// Begins a segment of these articles, which are added one by one.
    pub fn of(articles: &[Article]) -> Self {
        let fields = fields();
        let columns = COLUMNS.iter().map(|(column, ..)| fields.column(*column)).chain([fields.id]);
        let text: usize = articles.iter().map(|article| article.body.len()).sum();
        Self {
            vocabulary: Vocabulary::default(),
            title: Tokens::default(),
            body: Tokens { words: Vec::with_capacity(text / BYTES_OF_A_WORD), ends: Vec::new() },
            languages: Vec::new(),
            columns: columns.map(|field| (field, Values::default())).collect(),
            norms: FieldNormsWriter::for_schema(&fields.schema),
        }
    }

    /// Adds the next document.
    pub fn add(&mut self, article: &Article) {
        let fields = fields();
        let document = self.languages.len() as u32;
        let language = article.language.as_deref().and_then(StemLanguage::of);
        self.languages.push(language);
        for (tokens, text, field, stem_field) in [
            (&mut self.title, &article.title, fields.title, fields.title_stem),
            (&mut self.body, &article.body, fields.body, fields.body_stem),
        ] {
            let count = tokens.add(text, &mut self.vocabulary);
            self.norms.record(document, field, count);
            self.norms.record(document, stem_field, if language.is_some() { count } else { 0 });
        }
        let mut add = |field: Field, value: &str| {
            if let Some(values) = self.columns.get_mut(&field)
                && value.len() <= MAX_TOKEN_LEN
            {
                let (number, _) = values.values.number(value);
                values.occurrences.push((number, document));
            }
        };
        add(fields.id, &article.id);
        for (column, ..) in COLUMNS {
            for_each_value(article, column, |value| add(fields.column(column), value));
        }
    }

    /// Writes the segment's terms, postings, positions and lengths.
    ///
    /// # Errors
    /// If the disk is full or unwritable.
    pub fn write(self, segment: &Segment) -> tantivy::Result<()> {
        let Self { mut vocabulary, title, body, languages, columns, norms } = self;
        let out = FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?;
        norms.serialize(out, None)?;
        let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        let fields = fields();
        vocabulary.find_stems(&title, &languages);
        vocabulary.find_stems(&body, &languages);
        let (folded, stems) = (vocabulary.folded.ordered(), vocabulary.stems.ordered());
        let mut out = InvertedIndexSerializer::open(segment)?;
        // fields must come in the order of the schema
        for (field, _) in fields.schema.fields() {
            let norms = norms.get_field(field)?;
            if let Some(values) = columns.get(&field) {
                values.write(field, &mut out)?;
            } else if field == fields.title {
                title.write(field, &vocabulary, &folded, norms, &mut out)?;
            } else if field == fields.body {
                body.write(field, &vocabulary, &folded, norms, &mut out)?;
            } else if field == fields.title_stem {
                title.write_stems(field, &vocabulary, &stems, &languages, norms, &mut out)?;
            } else if field == fields.body_stem {
                body.write_stems(field, &vocabulary, &stems, &languages, norms, &mut out)?;
            }
        }
        Ok(out.close()?)
    }
}

impl Vocabulary {
    /// The number of the word just read.
    fn word(&mut self, words: &Words<'_>) -> u32 {
        let (number, is_new) = self.words.number(words.lower());
        if is_new {
            self.folded_of.push(self.folded.number(&words.folded).0);
        }
        number
    }

    /// The stem of every word that stands in a text of its language.
    fn find_stems(&mut self, tokens: &Tokens, languages: &[Option<StemLanguage>]) {
        let mut term = String::new();
        for (document, language) in languages.iter().enumerate() {
            let Some(language) = language else { continue };
            let stems = self.stems_of.entry(*language).or_default();
            stems.resize(self.words.len(), UNKNOWN);
            for (word, _) in tokens.of(document) {
                if stems[word as usize] == UNKNOWN {
                    language.term(self.words.text(word), &mut term);
                    stems[word as usize] = self.stems.number(&term).0;
                }
            }
        }
    }
}

impl Iterator for Positioned<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        let mut word = *self.words.next()?;
        if word == MARK {
            return Some((*self.words.next()?, self.next - 2));
        }
        if word > MARK {
            self.next += word - MARK;
            word = *self.words.next()?;
        }
        self.next += 1;
        Some((word, self.next - 1))
    }
}

impl Tokens {
    /// Adds the words of the next document, and gives their number.
    fn add(&mut self, text: &str, vocabulary: &mut Vocabulary) -> u32 {
        let (mut count, mut next) = (0, 0);
        let mut words = Words::new(text);
        while words.advance() {
            let position = words.position as u32;
            if position < next {
                debug_assert_eq!(position + 2, next, "a pair stands at its first part");
                self.words.push(MARK);
            } else {
                if position > next {
                    self.words.push(MARK + (position - next));
                }
                next = position + 1;
            }
            self.words.push(vocabulary.word(&words));
            count += 1;
        }
        self.ends.push(self.words.len());
        count
    }

    /// The words of a document.
    fn of(&self, document: usize) -> Positioned<'_> {
        let start = if document == 0 { 0 } else { self.ends[document - 1] };
        Positioned { words: self.words[start..self.ends[document]].iter(), next: 0 }
    }

    /// Writes the words with their positions.
    fn write(
        &self,
        field: Field,
        vocabulary: &Vocabulary,
        order: &[u32],
        norms: Option<FieldNormReader>,
        out: &mut InvertedIndexSerializer,
    ) -> tantivy::Result<()> {
        let terms = ByTerm::sort(vocabulary.folded.len(), || {
            (0..self.ends.len()).flat_map(|document| {
                let words = self.of(document);
                words.map(move |(word, position)| (vocabulary.folded_of[word as usize], (document as u32, position)))
            })
        });
        let mut steps = Vec::new();
        terms.write(field, &vocabulary.folded, order, norms, out, |out, text, occurrences| {
            out.new_term(text, count_documents(occurrences, |(document, _)| *document), true)?;
            for of_document in occurrences.chunk_by(|(a, _), (b, _)| a == b) {
                steps.clear();
                let mut last = 0;
                for (_, position) in of_document {
                    steps.push(position.wrapping_sub(last));
                    last = *position;
                }
                out.write_doc(of_document[0].0, steps.len() as u32, &steps);
            }
            Ok(())
        })
    }

    /// Writes the stems of the words, in documents of languages that have any.
    fn write_stems(
        &self,
        field: Field,
        vocabulary: &Vocabulary,
        order: &[u32],
        languages: &[Option<StemLanguage>],
        norms: Option<FieldNormReader>,
        out: &mut InvertedIndexSerializer,
    ) -> tantivy::Result<()> {
        let terms = ByTerm::sort(vocabulary.stems.len(), || {
            let documents = languages.iter().enumerate();
            let spoken = documents.filter_map(|(document, language)| Some((document, (*language)?)));
            spoken.flat_map(|(document, language)| {
                let stems = &vocabulary.stems_of[&language];
                self.of(document).map(move |(word, _)| (stems[word as usize], document as u32))
            })
        });
        terms.write(field, &vocabulary.stems, order, norms, out, |out, text, documents| {
            out.new_term(text, count_documents(documents, |document| *document), true)?;
            for of_document in documents.chunk_by(|a, b| a == b) {
                out.write_doc(of_document[0], of_document.len() as u32, &[]);
            }
            Ok(())
        })
    }
}

impl Values {
    fn write(&self, field: Field, out: &mut InvertedIndexSerializer) -> tantivy::Result<()> {
        let terms = ByTerm::sort(self.values.len(), || self.occurrences.iter().copied());
        terms.write(field, &self.values, &self.values.ordered(), None, out, |out, text, documents| {
            out.new_term_without_freq(text)?;
            for of_document in documents.chunk_by(|a, b| a == b) {
                out.write_doc(of_document[0], 0, &[]);
            }
            Ok(())
        })
    }
}

impl<T: Copy + Default> ByTerm<T> {
    /// Puts occurrences in order by the number of their term; those of one term stay in the order they come in.
    fn sort<I: Iterator<Item = (u32, T)>>(terms: usize, occurrences: impl Fn() -> I) -> Self {
        let mut starts = vec![0; terms + 1];
        occurrences().for_each(|(term, _)| starts[term as usize + 1] += 1);
        for term in 0..terms {
            starts[term + 1] += starts[term];
        }
        let mut sorted = vec![T::default(); starts[terms]];
        let mut next = starts.clone();
        occurrences().for_each(|(term, occurrence)| {
            let place = &mut next[term as usize];
            sorted[*place] = occurrence;
            *place += 1;
        });
        Self { starts, occurrences: sorted }
    }

    /// Writes every term that occurs, in this order of their bytes.
    fn write(
        &self,
        field: Field,
        texts: &Interner,
        order: &[u32],
        norms: Option<FieldNormReader>,
        out: &mut InvertedIndexSerializer,
        mut write: impl FnMut(&mut FieldSerializer<'_>, &[u8], &[T]) -> std::io::Result<()>,
    ) -> tantivy::Result<()> {
        if self.occurrences.is_empty() {
            return Ok(());
        }
        let mut out = out.new_field(field, self.occurrences.len() as u64, norms)?;
        for &term in order {
            let occurrences = &self.occurrences[self.starts[term as usize]..self.starts[term as usize + 1]];
            if !occurrences.is_empty() {
                write(&mut out, texts.text(term).as_bytes(), occurrences)?;
                out.close_term()?;
            }
        }
        Ok(out.close()?)
    }
}

fn count_documents<T>(occurrences: &[T], document: impl Fn(&T) -> u32) -> u32 {
    let changes = occurrences.windows(2).filter(|pair| document(&pair[0]) != document(&pair[1])).count();
    changes as u32 + 1
}

#[cfg(test)]
mod tests;
