//! The one way to search: every verb, page and export goes through `search` or `scan`.

mod archive;
mod facets;
mod nothing;
mod pass;
pub mod queries;
mod related;
mod results;
mod scan;
mod snippet;
mod status;
mod stored;
mod timeline;
mod top;
mod why;

use std::time::Instant;

use tantivy::DocAddress;
use tantivy::query::{BooleanQuery, EnableScoring, Query};

use crate::article::Article;
use crate::date::Range;
use crate::index::{self, Column};
use crate::query::{Compiler, Kind, Node, Raises, compile, compile_apart};

pub use archive::Archive;
pub use facets::{Facet, FacetRequest, FacetSort, NO_VALUE};
pub use related::related;
pub use results::{FacetCount, Hit, SearchResults, as_map};
pub use scan::scan;
pub use snippet::{Snippet, marks, snippet};
pub use status::{Status, status};
pub use timeline::{AnswerInTime, Series, Step, Timeline, timeline};
pub use why::{Why, why};

use pass::{pass, warm};
use top::{Ranked, Top};

/// What to search for and what to answer.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// The query as typed, for the answer.
    pub text: String,
    /// What it means.
    pub query: Node,
    /// Values that must hold beside the query: any of each column's, all columns together.
    pub filters: Vec<Filter>,
    /// Days the article's date must overlap.
    pub dates: Option<Range>,
    /// Facets to count.
    pub facets: Vec<FacetRequest>,
    /// Order of the hits.
    pub sort: Sort,
    /// Whether those merely mentioned count among the people.
    pub mentions: Mentions,
    /// Whether later articles count for more, if hits are ordered by score.
    pub boost_recent: bool,
    /// Whether each hit says how its score came about.
    pub explain_score: bool,
    /// Hits to give.
    pub limit: usize,
    /// Hits to leave out first.
    pub offset: usize,
}

/// Values of one column, any of which must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The column.
    pub column: Column,
    /// As typed: names are resolved as in a query.
    pub values: Vec<String>,
}

/// Who counts as `people` in facets, filters, `person:` and exports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mentions {
    /// Those an article is about.
    #[default]
    Subjects,
    /// Everyone it names.
    All,
}

/// The order of the hits; ties are broken by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best score first.
    #[default]
    Relevance,
    /// Latest first, undated last.
    Newest,
    /// Earliest first, undated last.
    Oldest,
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            text: String::new(),
            query: Node::all(),
            filters: Vec::new(),
            dates: None,
            facets: Vec::new(),
            sort: Sort::Relevance,
            mentions: Mentions::Subjects,
            boost_recent: false,
            explain_score: false,
            limit: 10,
            offset: 0,
        }
    }
}

/// Answers a request.
///
/// # Errors
/// If the index is damaged.
pub fn search(archive: &Archive, request: &SearchRequest) -> anyhow::Result<SearchResults> {
    let started = Instant::now();
    let mut compiler = archive.compiler()?;
    compiler.counts_mentioned = request.mentions == Mentions::All;
    let ranks = request.sort == Sort::Relevance && request.limit > 0;
    let (found, raises) = if ranks {
        compile_apart(&request.query, &mut compiler)?
    } else {
        (compile(&request.query, &mut compiler)?, Raises::default())
    };
    let query = narrowed(found, &mut compiler, request, None)?;
    let asked: Vec<FacetRequest> = match request.mentions {
        Mentions::Subjects => request.facets.clone(),
        Mentions::All => request.facets.iter().map(FacetRequest::with_mentioned).collect(),
    };
    // a facet's own filter does not hide its other values
    let own = |facet: &FacetRequest| -> Option<Column> {
        facet.facets().filter_map(Facet::column).find(|column| is_filtered(request, *column))
    };
    let (apart, together): (Vec<&FacetRequest>, Vec<&FacetRequest>) =
        asked.iter().partition(|facet| own(facet).is_some());
    let plans = facets::plans(archive, &together)?;
    warm(archive, raises.queries().chain([&*query]));
    let passed = pass(archive, &*query, &compiler.effort, plans.clone(), Top::of(archive, request, &raises)?)?;
    let counts = together.iter().zip(&plans).zip(passed.facets);
    let mut counts: Vec<Vec<FacetCount>> =
        counts.map(|((facet, plan), counts)| facets::given(facet, plan, counts)).collect();
    for facet in &apart {
        let query = whole_query(&mut compiler, request, own(facet))?;
        let plans = facets::plans(archive, &[*facet])?;
        let counted = pass(archive, &*query, &compiler.effort, plans.clone(), None)?;
        counts.extend(plans.iter().zip(counted.facets).map(|(plan, counts)| facets::given(facet, plan, counts)));
    }
    let mut named: Vec<(&FacetRequest, Vec<FacetCount>)> = together.into_iter().chain(apart).zip(counts).collect();
    // in the order asked for
    named.sort_by_key(|(facet, _)| asked.iter().position(|asked| std::ptr::eq(asked, *facet)));
    let counted = named.into_iter().map(|(facet, counts)| (facet.name(), counts)).collect();
    // what explains a score must see all that made it
    let query = if request.explain_score { whole_query(&mut compiler, request, None)? } else { query };
    let ranked = top::ranked(archive, passed.best, request)?;
    let addresses: Vec<DocAddress> = ranked.iter().map(|ranked| ranked.address).collect();
    let hits = archive.of_each(&addresses, |place, article| {
        hit(archive, request, &*query, request.offset + place + 1, &ranked[place], article)
    })?;
    let unanswered = if passed.total == 0 { nothing::why_nothing(archive, &mut compiler, request)? } else { None };
    let mut warnings = compiler.take_warnings();
    warnings.extend(unanswered);
    warnings.dedup();
    Ok(SearchResults {
        query: request.text.clone(),
        total: passed.total,
        took_ms: started.elapsed().as_secs_f64() * 1e3,
        hits,
        facets: counted,
        warnings,
    })
}

fn is_filtered(request: &SearchRequest, column: Column) -> bool {
    request.filters.iter().any(|filter| filter.column == column)
}

/// The query with all filters, or with all but those of one column.
fn whole_query(
    compiler: &mut Compiler<'_>,
    request: &SearchRequest,
    without: Option<Column>,
) -> anyhow::Result<Box<dyn Query>> {
    compiler.counts_mentioned = request.mentions == Mentions::All;
    let found = compile(&request.query, compiler)?;
    narrowed(found, compiler, request, without)
}

/// What a query finds, narrowed by all filters or by all but those of one column.
fn narrowed(
    found: Box<dyn Query>,
    compiler: &mut Compiler<'_>,
    request: &SearchRequest,
    without: Option<Column>,
) -> anyhow::Result<Box<dyn Query>> {
    let mut clauses = vec![found];
    if let Some(range) = request.dates {
        clauses.push(compile(&Node::new(Kind::Date(range), 0..0), compiler)?);
    }
    for filter in request.filters.iter().filter(|filter| Some(filter.column) != without) {
        let any = filter
            .values
            .iter()
            .map(|value| {
                if value == NO_VALUE {
                    let has = Node::new(Kind::Has(crate::query::Presence::Column(filter.column)), 0..0);
                    return Node::new(Kind::Not(Box::new(has)), 0..0);
                }
                Node::new(Kind::Value { column: filter.column, value: value.clone(), pattern: false }, 0..0)
            })
            .collect();
        clauses.push(compile(&Node::new(Kind::Or(any), 0..0), compiler)?);
    }
    let all = if clauses.len() == 1 { clauses.swap_remove(0) } else { Box::new(BooleanQuery::intersection(clauses)) };
    Ok(compiler.within(all, &request.dates))
}

fn hit(
    archive: &Archive,
    request: &SearchRequest,
    query: &dyn Query,
    rank: usize,
    ranked: &Ranked,
    article: Article,
) -> anyhow::Result<Hit> {
    let explanation = if request.explain_score && ranked.score.is_some() {
        let scoring = EnableScoring::enabled_from_statistics_provider(archive.statistics(), archive.searcher());
        let reader = archive.searcher().segment_reader(ranked.address.segment_ord);
        Some(serde_json::to_value(query.weight(scoring)?.explain(reader, ranked.address.doc_id)?)?)
    } else {
        None
    };
    let snippet = snippet(&request.query, &article);
    let Article { id, title, source, date, people, leaders, countries, language, url, origin, .. } = article;
    Ok(Hit {
        rank,
        score: ranked.score,
        id,
        title,
        source,
        date,
        people,
        leaders,
        countries,
        language,
        url,
        origin,
        snippet,
        explanation,
    })
}

/// Looks up one article by its id.
///
/// # Errors
/// If the index is damaged.
pub fn find(archive: &Archive, id: &str) -> anyhow::Result<Option<Article>> {
    address(archive, id)?.map(|address| archive.article(address)).transpose()
}

/// Looks up one article by its id, as it is stored: its names unresolved.
///
/// # Errors
/// If the index is damaged.
pub fn stored(archive: &Archive, id: &str) -> anyhow::Result<Option<Article>> {
    let Some(address) = address(archive, id)? else { return Ok(None) };
    index::article(&archive.searcher().doc(address)?).map(Some)
}

/// Whether an error came from reading files, segments or articles, which damage may have caused.
pub fn is_engine_error(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<tantivy::TantivyError>() || cause.is::<std::io::Error>() || cause.is::<index::UnreadableArticle>()
    })
}

fn address(archive: &Archive, id: &str) -> anyhow::Result<Option<DocAddress>> {
    let term = tantivy::Term::from_field_text(index::fields().id, id);
    let query = tantivy::query::TermQuery::new(term, tantivy::schema::IndexRecordOption::Basic);
    let found = archive.searcher().search(&query, &tantivy::collector::DocSetCollector)?;
    Ok(found.into_iter().next())
}
