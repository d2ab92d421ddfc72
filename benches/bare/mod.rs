//! What writing an index must cost: a loop over tantivy with one segment writer a thread, which reads ready JSON lines and
//! indexes title and body with positions, id, date, source and tags, and stores the line. Nothing is extracted, enriched
//! or stemmed. Every other figure is a ratio to this one.

use std::borrow::Cow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::schema::{FAST, Field, INDEXED, STORED, STRING, Schema, TEXT};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexSettings, TantivyDocument};

/// Bytes of lines in one segment at most.
const SEGMENT: usize = 100 << 20;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    title: Cow<'a, str>,
    #[serde(borrow)]
    body: Cow<'a, str>,
    #[serde(borrow)]
    source: Cow<'a, str>,
    date: String,
    #[serde(default, borrow)]
    tags: Vec<Cow<'a, str>>,
}

struct Fields {
    id: Field,
    title: Field,
    body: Field,
    source: Field,
    date: Field,
    tags: Field,
    line: Field,
}

/// Indexes the lines on so many threads.
pub fn index(lines: &str, folder: &Path, threads: usize) {
    let mut schema = Schema::builder();
    let fields = Fields {
        id: schema.add_text_field("id", STRING | FAST),
        title: schema.add_text_field("title", TEXT),
        body: schema.add_text_field("body", TEXT),
        source: schema.add_text_field("source", STRING | FAST),
        date: schema.add_i64_field("date", INDEXED | FAST),
        tags: schema.add_text_field("tags", STRING | FAST),
        line: schema.add_text_field("line", STORED),
    };
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(3) }),
        docstore_blocksize: 64 << 10,
        ..IndexSettings::default()
    };
    let directory = tantivy::directory::MmapDirectory::open(folder).unwrap();
    let index = Index::builder().schema(schema.build()).settings(settings).open_or_create(directory).unwrap();
    let parts = parts(lines, threads);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    write(&index, &fields, part);
                }
            });
        }
    });
}

fn write(index: &Index, fields: &Fields, lines: &str) {
    let mut writer = SegmentWriter::for_segment(128 << 20, index.new_segment()).unwrap();
    for line in lines.lines() {
        let article: Line<'_> = serde_json::from_str(line).unwrap();
        let date: dateline::date::Date = article.date.parse().unwrap();
        let mut document = TantivyDocument::new();
        document.add_text(fields.id, article.id);
        document.add_text(fields.title, article.title);
        document.add_text(fields.body, article.body);
        document.add_text(fields.source, article.source);
        document.add_i64(fields.date, date.first_second());
        for tag in article.tags {
            document.add_text(fields.tags, tag);
        }
        document.add_text(fields.line, line);
        writer.add_document(AddOperation { opstamp: 0, document }).unwrap();
    }
    writer.finalize().unwrap();
}

/// As many equal parts for each thread as keep the segments within their size.
fn parts(mut lines: &str, threads: usize) -> Vec<&str> {
    let count = lines.len().div_ceil(SEGMENT).next_multiple_of(threads);
    let mut parts = Vec::new();
    for left in (1..=count).rev() {
        let middle = lines.len() / left;
        let end =
            lines.as_bytes()[middle..].iter().position(|byte| *byte == b'\n').map_or(lines.len(), |at| middle + at + 1);
        let (part, rest) = lines.split_at(if left == 1 { lines.len() } else { end });
        parts.push(part);
        lines = rest;
    }
    parts.retain(|part| !part.is_empty());
    parts
}
