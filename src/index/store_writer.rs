//! Writes a segment's stored articles while they are read into terms and columns, so that none of them need be kept: under a name of
//! its own, since the segment's is made of all its articles.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use tantivy::index::SegmentComponent;
use tantivy::store::StoreWriter;
use tantivy::{Directory, Index, Segment};

use super::schema::{StoredDocument, fields};

/// A store being written.
pub struct SegmentStore {
    store: StoreWriter,
    /// Where it lies until the segment has its name.
    path: PathBuf,
}

impl SegmentStore {
    /// Begins a store in a generation. `begun` counts those begun there before.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin(index: &Index, generation: &Path, begun: &AtomicU64) -> anyhow::Result<Self> {
        let name = format!("{}.stored", begun.fetch_add(1, Ordering::Relaxed));
        let settings = index.settings();
        let out = index.directory().open_write(Path::new(&name)).context("cannot write a segment")?;
        let store = StoreWriter::new(
            out,
            settings.docstore_compression,
            settings.docstore_blocksize,
            settings.docstore_compress_dedicated_thread,
        )?;
        Ok(Self { store, path: generation.join(name) })
    }

    /// Adds the next article.
    ///
    /// # Errors
    /// If the disk is full or unwritable.
    pub fn add(&mut self, document: &StoredDocument) -> anyhow::Result<()> {
        self.store.store(document, &fields().schema).context("cannot write a segment")
    }

    /// Ends it and makes it the segment's.
    ///
    /// # Errors
    /// If the disk is full or unwritable.
    pub fn finish(self, segment: &Segment) -> anyhow::Result<()> {
        self.store.close().context("cannot write a segment")?;
        let name = segment.relative_path(SegmentComponent::Store);
        fs::rename(&self.path, self.path.with_file_name(name)).context("cannot write a segment")
    }
}
