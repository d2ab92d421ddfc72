//! Pages wait for their issue and issues for their pages, whichever a file or container holds first.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::archive::{Skip, SkipReason};
use crate::format::alto::page::Page;
use crate::format::mets::facts::{Facts, has_letters};
use crate::format::mets::issue::{Area, Issue, Item, Role};
use crate::format::mets::piece::{Piece, joined};
use crate::format::mets::place;
use crate::format::{Context, Format, Record, charset};

/// Pages of which an example is named when they are missing.
const NAMED: usize = 3;

/// How many articles each word of an issue may belong to, on average.
const SHARED: usize = 4;

/// What was read of one file: pages and issues that are not complete.
#[derive(Debug, Default)]
pub struct Issues {
    pages: BTreeMap<String, Held>,
    /// Bytes of the pages held.
    held: usize,
    waiting: Vec<Waiting>,
    /// Paths that issues wait for, with the issue's number and the file's.
    wanted: BTreeMap<String, (usize, usize)>,
}

/// A page whose issue was not met yet.
#[derive(Debug)]
struct Held {
    page: Page,
    damaged: bool,
    context: Arc<Context>,
}

/// An issue whose pages were not all met yet.
#[derive(Debug)]
struct Waiting {
    context: Arc<Context>,
    issue: Issue,
    /// One for each of the issue's files.
    pages: Vec<Option<Held>>,
    missing: usize,
    done: bool,
}

type Emit<'a> = &'a mut dyn FnMut(Result<Record, Skip>) -> bool;

impl Issues {
    /// Takes an issue or a page; emits the articles of an issue that is complete by it.
    pub fn take(&mut self, record: Record, emit: Emit<'_>) {
        let decoded = charset::decode(&record.bytes, record.context.charset.as_deref());
        if record.format == Format::Mets {
            self.issue(Issue::read(&decoded.text), record.context, emit);
            return;
        }
        let page = Page::read(&decoded.text);
        if page.is_empty() {
            // not what it seemed; its own reading says why, or finds the text of an article in it
            let is_page = decoded.text.contains("<Layout") || decoded.text.contains(":Layout");
            if !is_page {
                emit(Ok(record));
                return;
            }
        }
        let damaged = decoded.replaced > 0;
        let path = record.context.path.clone();
        let held = Held { page, damaged, context: record.context };
        let named = self.wanted.range(..=path.clone()).next_back().filter(|(wanted, _)| place::is_at(&path, wanted));
        match named.map(|(wanted, place)| (wanted.clone(), *place)) {
            Some((wanted, (number, file))) => {
                self.wanted.remove(&wanted);
                self.fill(number, file, held, emit);
            }
            None => self.hold(path, held, emit),
        }
    }

    fn hold(&mut self, path: String, held: Held, emit: Emit<'_>) {
        self.held += held.page.bytes();
        let limit = held.context.limits.record_bytes;
        if let Some(before) = self.pages.insert(path, held) {
            // two members of one name
            self.held -= before.page.bytes();
            release(before, emit);
        }
        if self.held > limit {
            self.held = 0;
            for held in std::mem::take(&mut self.pages).into_values() {
                release(held, emit);
            }
        }
    }

    fn issue(&mut self, issue: Issue, context: Arc<Context>, emit: Emit<'_>) {
        let number = self.waiting.len();
        let mut pages: Vec<Option<Held>> = Vec::with_capacity(issue.files.len());
        let mut missing = 0;
        for (file, (_, href)) in issue.files.iter().enumerate() {
            let wanted = place::resolve(&context.path, href);
            let here = wanted.as_ref().and_then(|wanted| {
                let next = self.pages.range(wanted.clone()..).next();
                next.map(|(path, _)| path.clone()).filter(|path| place::is_at(path, wanted))
            });
            let held = here.and_then(|path| self.pages.remove(&path));
            if let Some(held) = &held {
                self.held -= held.page.bytes();
            } else {
                missing += 1;
                if let Some(wanted) = wanted {
                    self.wanted.entry(wanted).or_insert((number, file));
                }
            }
            pages.push(held);
        }
        self.waiting.push(Waiting { context, issue, pages, missing, done: false });
        if missing == 0 {
            self.waiting[number].emit(emit);
        }
    }

    fn fill(&mut self, number: usize, file: usize, held: Held, emit: Emit<'_>) {
        let Some(waiting) = self.waiting.get_mut(number) else { return };
        if waiting.done || waiting.pages[file].is_some() {
            release(held, emit);
            return;
        }
        waiting.pages[file] = Some(held);
        waiting.missing -= 1;
        if waiting.missing == 0 {
            waiting.emit(emit);
        }
    }

    /// Emits what is left at the end of a file or container: issues as far as their pages are there, and pages of none.
    pub fn finish(mut self, emit: Emit<'_>) {
        for waiting in self.waiting.iter_mut().filter(|waiting| !waiting.done) {
            for (file, (_, href)) in waiting.issue.files.iter().enumerate() {
                if waiting.pages[file].is_none() {
                    let path = place::find(&waiting.context.path, href, &self.pages).map(str::to_owned);
                    waiting.pages[file] = path.and_then(|path| self.pages.remove(&path));
                    waiting.missing -= usize::from(waiting.pages[file].is_some());
                }
            }
            waiting.emit(emit);
        }
        for held in self.pages.into_values() {
            release(held, emit);
        }
    }
}

/// Emits a page as an article of its own.
fn release(held: Held, emit: Emit<'_>) {
    let bytes = held.page.written().into_bytes();
    emit(Ok(Record { format: Format::Alto, number: 1, bytes, context: held.context }));
}

impl Waiting {
    fn emit(&mut self, emit: Emit<'_>) {
        self.done = true;
        let pages = std::mem::take(&mut self.pages);
        let skip = |reason, record, detail| Err(Skip { reason, path: self.context.path.clone(), record, detail });
        if self.missing == pages.len() && !place::may_be_issue(&self.context.path) && !self.context.path.contains("!/")
        {
            let detail = "an issue, whose pages are read alone unless its file has `mets` in its name".to_owned();
            emit(skip(SkipReason::NotAnArticle, 0, detail));
            return;
        }
        if self.missing > 0 || pages.is_empty() {
            let named = self.issue.files.iter().zip(&pages).filter(|(_, page)| page.is_none());
            let named: Vec<&str> = named.map(|((_, href), _)| href.as_str()).take(NAMED).collect();
            let detail = match pages.len() {
                0 => "no pages of text are named".to_owned(),
                all => format!("{} of {all} pages are not there: {}", self.missing, named.join(", ")),
            };
            emit(skip(SkipReason::PageMissing, 0, detail));
        }
        if self.missing == pages.len() {
            return;
        }
        if self.issue.items.is_empty() {
            self.page_by_page(&pages, emit);
            return;
        }
        let mut files: BTreeMap<&str, usize> = BTreeMap::new();
        for (file, (id, _)) in self.issue.files.iter().enumerate() {
            files.entry(id).or_insert(file);
        }
        let mut used: Vec<Vec<bool>> =
            pages.iter().map(|held| vec![false; held.as_ref().map_or(0, |held| held.page.words())]).collect();
        let left = used.iter().map(Vec::len).sum::<usize>().saturating_mul(SHARED);
        let mut assembly = Assembly { pages: &pages, files: &files, used: &mut used, left };
        let mut number = 0;
        for item in &self.issue.items {
            number += 1;
            let piece = assembly.piece(item);
            let emitted = if piece.paragraphs.is_empty() && piece.title.is_empty() {
                emit(skip(SkipReason::NoText, number, "nothing recognised, or not on the pages at hand".to_owned()))
            } else {
                emit(Ok(self.record(&piece, number)))
            };
            if !emitted {
                return;
            }
        }
        let left: usize = pages
            .iter()
            .zip(&used)
            .filter_map(|(held, used)| Some((held.as_ref()?, used)))
            .map(|(held, used)| {
                held.page.blocks().filter(|words| !used[words.clone()].iter().any(|used| *used)).count()
            })
            .sum();
        if left > 0 {
            let detail = format!("{left} blocks of text belong to no article: advertisements, mastheads");
            emit(skip(SkipReason::NotAnArticle, 0, detail));
        }
    }

    /// An issue without articles: each page is one.
    fn page_by_page(&self, pages: &[Option<Held>], emit: Emit<'_>) {
        for (number, held) in (1..).zip(pages) {
            let Some(held) = held else { continue };
            let Facts { source, date, language, .. } = self.issue.facts.clone();
            let piece = Piece {
                paragraphs: held.page.paragraphs(0..held.page.words()),
                language: held.page.language().map(str::to_owned).or(language),
                damaged: held.damaged,
                source,
                date,
                ..Piece::default()
            };
            if !emit(Ok(self.record(&piece, number))) {
                return;
            }
        }
    }

    fn record(&self, piece: &Piece, number: u64) -> Record {
        let bytes = serde_json::to_vec(piece).unwrap_or_default();
        Record { format: Format::Mets, number, bytes, context: Arc::clone(&self.context) }
    }
}

/// The pages of an issue while its articles are cut out of them.
struct Assembly<'a> {
    pages: &'a [Option<Held>],
    files: &'a BTreeMap<&'a str, usize>,
    used: &'a mut Vec<Vec<bool>>,
    /// Words that may still be cut out.
    left: usize,
}

impl<'a> Assembly<'a> {
    fn piece(&mut self, item: &Item) -> Piece {
        let facts = item.facts.clone();
        let (mut titles, mut bylines, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let (mut damaged, mut spoken, mut is_cut) = (false, None, false);
        for area in &item.areas {
            let Some((held, words)) = self.found(area) else { continue };
            let Some(left) = self.left.checked_sub(words.len()) else {
                is_cut = true;
                continue;
            };
            self.left = left;
            let paragraphs = held.page.paragraphs(words);
            damaged |= held.damaged;
            spoken = spoken.or_else(|| held.page.language());
            match area.role {
                Role::Title => titles.extend(paragraphs),
                Role::Byline => bylines.extend(paragraphs),
                Role::Text => texts.extend(paragraphs),
            }
        }
        let printed = titles.join(" ");
        if !printed.is_empty() && !has_letters(&printed) {
            // a line drawn, or a text under a heading
            texts.splice(0..0, titles.into_iter().filter(|title| title.chars().any(char::is_alphanumeric)));
        }
        let title = facts.title.or(Some(printed).filter(|title| has_letters(title))).unwrap_or_default();
        // where titles are not told apart, the text begins with it
        if texts.first().is_some_and(|first| !title.is_empty() && letters(first) == letters(&title)) {
            texts.remove(0);
        }
        let authors = if facts.authors.is_empty() { bylines } else { facts.authors };
        Piece {
            title,
            paragraphs: joined(texts),
            source: facts.source,
            date: facts.date,
            language: facts.language.or_else(|| spoken.map(str::to_owned)),
            section: facts.section,
            authors,
            damaged,
            is_cut,
        }
    }

    /// The words of an area, which are then used.
    fn found(&mut self, area: &Area) -> Option<(&'a Held, Range<usize>)> {
        let file = *self.files.get(area.file.as_str())?;
        let pages: &'a [Option<Held>] = self.pages;
        let held = pages.get(file)?.as_ref()?;
        let words = held.page.stretch(&area.begin, area.end.as_deref())?;
        self.used[file].get_mut(words.clone())?.fill(true);
        Some((held, words))
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
