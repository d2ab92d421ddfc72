//! Every matching article, streamed in canonical order: what exports are made of.

use tantivy::query::Query;
use tantivy::{DocAddress, TERMINATED};

use crate::article::Article;

use super::archive::Archive;
use super::{Mentions, SearchRequest, whole_query};

/// Gives every article that matches, in the order of the archive, until `give` returns false. Limit, offset, sort and
/// facets of the request play no part.
///
/// # Errors
/// If the index is damaged, or what `give` fails with.
pub fn scan(
    archive: &Archive,
    request: &SearchRequest,
    mut give: impl FnMut(Article) -> anyhow::Result<bool>,
) -> anyhow::Result<Vec<String>> {
    let mut compiler = archive.compiler()?;
    let query = whole_query(&mut compiler, request, None)?;
    let searcher = archive.searcher();
    let weight = query.weight(tantivy::query::EnableScoring::disabled_from_searcher(searcher))?;
    'all: for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        let mut documents = weight.scorer(reader, 1.0)?;
        let mut document = documents.doc();
        while document != TERMINATED {
            if reader.is_deleted(document) {
                document = documents.advance();
                continue;
            }
            let mut article = archive.article(DocAddress::new(segment as u32, document))?;
            if request.mentions == Mentions::All {
                article.people.append(&mut article.mentioned);
            }
            if !give(article)? {
                break 'all;
            }
            document = documents.advance();
        }
    }
    Ok(compiler.take_warnings())
}
