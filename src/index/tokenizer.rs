//! The two analyzers of the index, as tantivy wants them: folded words, and stems of the article's language.

use std::cell::Cell;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::stem::StemLanguage;
use super::words::Words;

/// Name of the analyzer of `title` and `body` in `schema/index.json`.
pub const FOLDED: &str = "folded";
/// Name of the analyzer of `title_stem` and `body_stem`.
pub const STEMMED: &str = "stemmed";

thread_local! {
    // a tantivy field has one analyzer for all languages, so the writing thread tells it each article's
    static LANGUAGE: Cell<Option<StemLanguage>> = const { Cell::new(None) };
}

/// Sets the language whose stems this thread writes from now on; `None` writes no stems.
pub fn set_language(language: Option<&str>) {
    LANGUAGE.set(language.and_then(StemLanguage::of));
}

/// The analyzers by the names the schema uses.
pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(FOLDED, FoldedTokenizer);
    manager.register(STEMMED, StemmedTokenizer);
    manager
}

#[derive(Clone)]
struct FoldedTokenizer;

struct FoldedStream<'a> {
    words: Words<'a>,
    token: Token,
}

impl Tokenizer for FoldedTokenizer {
    type TokenStream<'a> = FoldedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FoldedStream<'a> {
        FoldedStream { words: Words::new(text), token: Token::default() }
    }
}

impl TokenStream for FoldedStream<'_> {
    fn advance(&mut self) -> bool {
        // the token lends its text to the word and takes it back, so that nothing is copied
        std::mem::swap(&mut self.token.text, &mut self.words.folded);
        if !self.words.advance() {
            return false;
        }
        std::mem::swap(&mut self.token.text, &mut self.words.folded);
        self.token.position = self.words.position;
        self.token.offset_from = self.words.start;
        self.token.offset_to = self.words.end;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[derive(Clone)]
struct StemmedTokenizer;

struct StemmedStream<'a> {
    words: Words<'a>,
    language: Option<StemLanguage>,
    token: Token,
}

impl Tokenizer for StemmedTokenizer {
    type TokenStream<'a> = StemmedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StemmedStream<'a> {
        StemmedStream { words: Words::new(text), language: LANGUAGE.get(), token: Token::default() }
    }
}

impl TokenStream for StemmedStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(language) = self.language else { return false };
        if !self.words.advance() {
            return false;
        }
        language.term(self.words.lower(), &mut self.token.text);
        self.token.position = self.words.position;
        self.token.offset_from = self.words.start;
        self.token.offset_to = self.words.end;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
