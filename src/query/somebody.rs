//! Articles with anybody in a column of names: a surname that stands for nobody known is nobody, as in facets.

use std::sync::Arc;

use tantivy::{BitSet, DocId, SegmentReader};

use crate::date::Date;
use crate::enrich::Gazetteer;
use crate::index::Column;
use crate::resolve::NameTable;

use super::picked::Pick;

/// Articles with somebody in a column of names.
#[derive(Clone, Debug)]
pub struct HasSomebody {
    /// People, leaders or mentioned.
    pub column: Column,
    /// What the archive and the user say of names.
    pub names: Arc<NameTable>,
}

/// The values of each article of a segment, those that may stand for others told apart.
struct Names {
    column: tantivy::columnar::StrColumn,
    /// By ordinal: the value, if it may stand for another or for nobody.
    open: Vec<Option<String>>,
}

impl Names {
    fn read(reader: &SegmentReader, column: Column, names: &NameTable) -> tantivy::Result<Option<Self>> {
        let Some(column) = reader.fast_fields().str(column.name())? else { return Ok(None) };
        let mut open = Vec::with_capacity(column.num_terms());
        let mut terms = column.dictionary().stream()?;
        while terms.advance() {
            let value = std::str::from_utf8(terms.key()).unwrap_or_default();
            open.push(names.knows(value).then(|| value.to_owned()));
        }
        Ok(Some(Self { column, open }))
    }

    /// Whom the open values of an article stand for, and whether it has another value.
    fn of<'a>(&'a self, document: DocId, year: Option<i16>, names: &'a NameTable) -> (Vec<&'a str>, bool) {
        let (mut resolved, mut others) = (Vec::new(), false);
        for ordinal in self.column.term_ords(document) {
            match self.open.get(ordinal as usize).and_then(Option::as_deref) {
                Some(value) => resolved.extend(names.resolve(value, year)),
                None => others = true,
            }
        }
        (resolved, others)
    }
}

impl Pick for HasSomebody {
    const WHAT: &'static str = "somebody is named";

    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<BitSet> {
        let own = Names::read(reader, self.column, &self.names)?;
        // whom the archive explains among the people may lead
        let people = match self.column {
            Column::Leaders => Names::read(reader, Column::People, &self.names)?,
            _ => None,
        };
        let days = reader.fast_fields().column_opt::<i64>("first_day")?;
        let mut documents = BitSet::with_max_value(reader.max_doc());
        for document in 0..reader.max_doc() {
            let date = || days.as_ref().and_then(|days| days.first(document)).and_then(Date::from_days);
            let year = date().map(|date| date.year());
            let somebody = own.as_ref().is_some_and(|own| {
                let (resolved, others) = own.of(document, year, &self.names);
                others || !resolved.is_empty()
            });
            let leads = |name: &&str| {
                let person = Gazetteer::embedded().person(name);
                person.is_some_and(|person| person.is_leader_at(date().as_ref()))
            };
            let leader =
                || people.as_ref().is_some_and(|people| people.of(document, year, &self.names).0.iter().any(leads));
            if somebody || leader() {
                documents.insert(document);
            }
        }
        Ok(documents)
    }
}
