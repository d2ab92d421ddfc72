//! Segments: one batch of articles, one thread, one segment, its id made from its articles. Their files are the same
//! bytes for the same batch, whatever the number of threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::Context;
use sha2::{Digest, Sha256};
use tantivy::directory::{MmapDirectory, TerminatingWrite};
use tantivy::fastfield::{FastFieldsWriter, write_alive_bitset};
use tantivy::index::{SegmentComponent, SegmentId};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{
    BitSet, Index, IndexMeta, IndexSettings, Searcher, Segment, SegmentMeta, SegmentReader, TantivyDocument,
};

use crate::article::Article;
use crate::facts::hexadecimal;

use super::digest::{ArticleHash, pairs_path, write_pairs};
use super::directory::{Opening, ReadOnlyDirectory};
use super::inverter::Inverter;
use super::manifest::SegmentEntry;
use super::schema::{ArticleDocument, fields, with_hints};
use super::store_writer::SegmentStore;

/// Large blocks make the store smaller, a quarter and 5 % more for twice 64 KiB, and unpacking one takes .15 ms of a hit.
const STORE_BLOCK: usize = 128 << 10;
/// Of zstd. 5 would take .06 more of the time of indexing without enrichment and .005 of the input less, 3 .06 less of it and .012
/// more.
const STORE_LEVEL: i32 = 4;

const META: &str = "meta.json";
const MANAGED: &str = ".managed.json";

/// Writes segments into a generation being built; shared by the threads.
#[derive(Clone)]
pub struct SegmentBuilder {
    index: Index,
    generation: PathBuf,
    /// Stores begun.
    stores: Arc<AtomicU64>,
}

pub(super) fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(STORE_LEVEL) }),
        docstore_blocksize: STORE_BLOCK,
        // every thread compresses its own: one more would only wait for a core
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

impl SegmentBuilder {
    /// Prepares an empty folder.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn create(generation: &Path) -> anyhow::Result<Self> {
        let index = Index::builder()
            .schema(fields().schema.clone())
            .settings(settings())
            .open_or_create(MmapDirectory::open(generation)?)?;
        Ok(Self { index, generation: generation.to_owned(), stores: Arc::default() })
    }

    /// Writes one batch, which must not be empty.
    ///
    /// # Errors
    /// If the disk is full or unwritable.
    pub fn write(&self, batch: Vec<Article>) -> anyhow::Result<SegmentEntry> {
        let schema = &fields().schema;
        let mut pairs: Vec<(String, ArticleHash)> = Vec::with_capacity(batch.len());
        let mut store = SegmentStore::begin(&self.index, &self.generation, &self.stores)?;
        let mut words = Inverter::of(&batch);
        let mut columns =
            FastFieldsWriter::from_schema_and_tokenizer_manager(schema, self.index.fast_field_tokenizer().clone())?;
        let days_out_of_order = Some(days_out_of_order(&batch));
        for article in batch {
            let document = ArticleDocument::new(article)?;
            pairs.push((document.id().to_owned(), document.hash()));
            words.add(document.article());
            columns.add_document(&document)?;
            store.add(&document.into_stored())?;
        }
        let id = segment_id(pairs.iter().flat_map(|(id, hash)| [id.as_bytes(), hash]));
        let (segment, articles) = self.segment(&id, pairs.len())?;
        store.finish(&segment)?;
        write_segment(&segment, words, columns).context("cannot write a segment")?;
        write_pairs(&pairs_path(&self.generation, &id), pairs)?;
        Ok(SegmentEntry { id, articles, removed: 0, days_out_of_order })
    }

    /// Writes the words and values of articles that are removed from another segment, of which nothing else is asked. `places` says
    /// where they lay.
    ///
    /// # Errors
    /// If the disk is full or unwritable.
    pub fn write_withdrawn(&self, batch: &[Article], places: &str) -> anyhow::Result<SegmentEntry> {
        let mut words = Inverter::of(batch);
        for article in batch {
            words.add(article);
        }
        let columns = FastFieldsWriter::from_schema_and_tokenizer_manager(
            &fields().schema,
            self.index.fast_field_tokenizer().clone(),
        )?;
        let id = segment_id([places.as_bytes()]);
        let (segment, articles) = self.segment(&id, batch.len())?;
        SegmentStore::begin(&self.index, &self.generation, &self.stores)?.finish(&segment)?;
        write_segment(&segment, words, columns).context("cannot write a segment")?;
        Ok(SegmentEntry { id, articles, removed: 0, days_out_of_order: None })
    }

    fn segment(&self, id: &str, articles: usize) -> anyhow::Result<(Segment, u32)> {
        let articles = u32::try_from(articles).context("a batch of over four billion articles")?;
        let id = SegmentId::from_uuid_string(id).ok().context("a segment id is 32 hexadecimal digits")?;
        Ok((self.index.segment(self.index.new_segment_meta(id, articles)), articles))
    }

    /// Marks documents of a segment as removed, those that were so before included. The segment's own files stay as they are.
    ///
    /// # Errors
    /// If the disk is full or unwritable.
    pub fn remove(&self, segment: &SegmentEntry, removed: &[u32]) -> anyhow::Result<()> {
        let mut alive = BitSet::with_max_value_and_full(segment.documents());
        for document in removed {
            alive.remove(*document);
        }
        let segment = self.index.segment(meta_of(&self.index, segment)?);
        let mut out = segment.open_write(SegmentComponent::Delete).context("cannot write a segment")?;
        write_alive_bitset(&alive, &mut out).and_then(|()| out.terminate()).context("cannot write a segment")
    }
}

/// Most days by which an article begins before an earlier one; undated ones count as none.
fn days_out_of_order(batch: &[Article]) -> u32 {
    let (mut latest, mut most) = (i64::MIN, 0);
    for date in batch.iter().filter_map(|article| article.date) {
        let first_day = date.first_day();
        most = most.max(latest.saturating_sub(first_day));
        latest = latest.max(first_day);
    }
    u32::try_from(most).unwrap_or(u32::MAX)
}

/// Writes all of a segment but its store.
fn write_segment(segment: &Segment, words: Inverter, mut columns: FastFieldsWriter) -> tantivy::Result<()> {
    words.write(segment)?;
    let mut out = segment.open_write(SegmentComponent::FastFields)?;
    columns.serialize(&mut out, None)?;
    Ok(out.terminate()?)
}

/// A segment as tantivy lists it. The number of its removed documents names their file.
fn meta_of(index: &Index, segment: &SegmentEntry) -> anyhow::Result<SegmentMeta> {
    let id = SegmentId::from_uuid_string(&segment.id).ok().context("a segment id is 32 hexadecimal digits")?;
    let meta = index.new_segment_meta(id, segment.documents());
    Ok(match segment.removed {
        0 => meta,
        removed => meta.with_delete_meta(removed, u64::from(removed)),
    })
}

fn segment_id<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    parts.into_iter().for_each(|part| hasher.update(part));
    hexadecimal(&hasher.finalize()[..16])
}

/// Writes tantivy's own list of segments, in canonical order, once all are written.
///
/// # Errors
/// If it cannot be written.
pub fn finish(builder: SegmentBuilder, segments: &[SegmentEntry]) -> anyhow::Result<()> {
    let SegmentBuilder { index, generation, .. } = builder;
    let segments = segments.iter().map(|segment| meta_of(&index, segment)).collect::<anyhow::Result<Vec<_>>>()?;
    let meta = IndexMeta { segments, index_settings: settings(), ..IndexMeta::with_schema(fields().schema.clone()) };
    let mut json = serde_json::to_string_pretty(&meta)?;
    json.push('\n');
    let path = generation.join(META);
    // tantivy made it readable for its owner alone; a new file has the modes of all others
    fs::remove_file(&path)
        .and_then(|()| fs::write(&path, json))
        .with_context(|| format!("cannot write {}", path.display()))?;
    // tantivy's garbage list is of no use in a generation that never changes, and its order is not stable
    let managed = generation.join(MANAGED);
    drop(index);
    if managed.exists() {
        fs::remove_file(&managed).with_context(|| format!("cannot remove {}", managed.display()))?;
    }
    Ok(())
}

/// Opens segments that lie in a generation beside those it lists: those of removed articles.
///
/// # Errors
/// If they are damaged.
pub fn open_withdrawn(searcher: &Searcher, segments: &[SegmentEntry]) -> anyhow::Result<Vec<SegmentReader>> {
    let index = searcher.index();
    segments.iter().map(|segment| Ok(SegmentReader::open(&index.segment(meta_of(index, segment)?))?)).collect()
}

/// Reads every article of a generation as it is stored, with what it says of names, and gives each with the id of its segment; what
/// cannot be read is given as an error.
///
/// # Errors
/// If the segments do not open.
pub fn each_stored(generation: &Path, mut give: impl FnMut(&str, anyhow::Result<Article>)) -> anyhow::Result<()> {
    for reader in open(generation, Opening::ForMany)?.segment_readers() {
        let segment = reader.segment_id().uuid_string();
        let store = reader.get_store_reader(1)?;
        for document in reader.doc_ids_alive() {
            let read = store.get::<TantivyDocument>(document).map_err(anyhow::Error::from);
            give(&segment, read.and_then(|document| Ok(with_hints(&document)?.0)));
        }
    }
    Ok(())
}

/// Opens the segments of a published generation.
///
/// # Errors
/// If they are damaged.
pub fn open(generation: &Path, opening: Opening) -> anyhow::Result<Searcher> {
    let index = Index::open(ReadOnlyDirectory::open(generation, opening)?)?;
    let reader = index.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into()?;
    Ok(reader.searcher())
}

/// How many documents segments hold: what going through each costs, in no unit.
pub fn sizes_of(segments: &[SegmentReader]) -> Vec<u64> {
    segments.iter().map(|segment| u64::from(segment.max_doc())).collect()
}
