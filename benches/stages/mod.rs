//! The pipeline taken apart, on one thread: what reading, extracting, enriching, tokenising and writing cost.

use std::path::Path;
use std::sync::Arc;

use dateline::article::{Article, Draft, Origin};
use dateline::enrich::{Gazetteer, enrich};
use dateline::format::{self, Context, Format, Record};
use dateline::index::{SegmentBuilder, StemLanguage, Words};
use dateline::indexer::Settings;

use crate::clock::{Cost, cost};

/// Bytes of records in one segment, as the indexer has it.
const BATCH: usize = 30 << 20;

/// Runs every stage over the lines; the name and cost of each, in order.
pub fn run(lines: &str, folder: &Path, settings: &Settings) -> Vec<(&'static str, Cost)> {
    let mut stages = Vec::new();
    let mut records = Vec::new();
    stages.push(("read", cost(|| records = read(lines))));
    let mut drafts = Vec::new();
    stages.push(("parse and extract", cost(|| drafts = records.drain(..).map(|record| extract(&record)).collect())));
    let gazetteer = Gazetteer::embedded();
    let mut articles: Vec<Article> = Vec::new();
    stages.push((
        "enrich",
        cost(|| articles = drafts.drain(..).map(|draft| enrich(draft, gazetteer, settings.today).0).collect()),
    ));
    stages.push(("tokenise and stem", cost(|| assert!(tokenise(&articles) > 0))));
    stages.push(("write, tokenising and stemming included", cost(|| write(articles, &folder.join("whole")))));
    stages
}

/// Reads, extracts and writes on so many threads, nothing enriched and nothing stemmed.
pub fn plain(lines: &str, folder: &Path, threads: usize) -> Cost {
    std::fs::create_dir(folder).unwrap();
    let segments = SegmentBuilder::create(folder).unwrap();
    let (send, receive) = std::sync::mpsc::sync_channel::<Vec<Record>>(1);
    let receive = std::sync::Mutex::new(receive);
    let work = || {
        loop {
            let received = receive.lock().unwrap().recv();
            let Ok(batch) = received else { break };
            let articles = batch.into_iter().map(|record| extract(&record).article);
            // without a language there are no stems
            let articles = articles.map(|article| Article { language: None, ..article }).collect();
            segments.write(articles).unwrap();
        }
    };
    cost(|| {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
            let (mut batch, mut bytes) = (Vec::new(), 0);
            each_record(lines, &mut |record| {
                bytes += record.bytes.len();
                batch.push(record);
                if bytes >= BATCH {
                    bytes = 0;
                    send.send(std::mem::take(&mut batch)).unwrap();
                }
            });
            send.send(batch).unwrap();
            drop(send);
        });
    })
}

fn each_record(lines: &str, give: &mut dyn FnMut(Record)) {
    let context = Context { path: "news.jsonl".to_owned(), ..Context::default() };
    let mut bytes = std::io::BufReader::with_capacity(64 << 10, lines.as_bytes());
    format::records(Format::JsonLines, &mut bytes, context, &mut |record| {
        give(record.unwrap());
        true
    })
    .unwrap();
}

fn read(lines: &str) -> Vec<Record> {
    let mut records = Vec::new();
    each_record(lines, &mut |record| records.push(record));
    records
}

fn extract(record: &Record) -> Draft {
    let mut draft = format::article(record).unwrap();
    draft.article.origin = Origin { path: Arc::clone(&record.context).path.clone(), record: record.number };
    draft
}

fn tokenise(articles: &[Article]) -> usize {
    let (mut words_seen, mut term) = (0, String::new());
    for article in articles {
        let language = article.language.as_deref().and_then(StemLanguage::of);
        for text in [&article.title, &article.body] {
            let mut words = Words::new(text);
            while words.advance() {
                words_seen += 1;
                if let Some(language) = language {
                    language.term(words.lower(), &mut term);
                }
            }
        }
    }
    words_seen
}

fn write(articles: Vec<Article>, folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    let segments = SegmentBuilder::create(folder).unwrap();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for article in articles {
        bytes += article.body.len();
        batch.push(article);
        if bytes >= BATCH {
            bytes = 0;
            segments.write(std::mem::take(&mut batch)).unwrap();
        }
    }
    if !batch.is_empty() {
        segments.write(batch).unwrap();
    }
}
