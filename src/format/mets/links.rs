//! The parts of an issue that its description links to each other: articles and the areas of pages they are printed in.

use rustc_hash::FxHashMap;

use crate::format::xml::Element;

/// Which parts are linked to each other.
pub struct Links<'a> {
    divisions: FxHashMap<&'a str, &'a Element>,
    groups: Vec<Vec<&'a str>>,
    groups_of: FxHashMap<&'a str, Vec<usize>>,
}

impl<'a> Links<'a> {
    /// The links of a document.
    pub fn read(document: &'a Element) -> Self {
        let mut links = Self { divisions: FxHashMap::default(), groups: Vec::new(), groups_of: FxHashMap::default() };
        let Some(section) = document.at("structLink") else { return links };
        for map in document.all("structMap") {
            links.divide(map);
        }
        for link in section.elements() {
            let ends: Vec<&str> = if link.is("smLink") {
                [named(link, "from"), named(link, "to")].into_iter().flatten().collect()
            } else {
                link.all("smLocatorLink").filter_map(|locator| named(locator, "href")).collect()
            };
            for end in &ends {
                links.groups_of.entry(end.trim_start_matches('#')).or_default().push(links.groups.len());
            }
            links.groups.push(ends.into_iter().map(|end| end.trim_start_matches('#')).collect());
        }
        links
    }

    fn divide(&mut self, parent: &'a Element) {
        for division in parent.all("div") {
            if let Some(id) = division.attribute("ID") {
                self.divisions.insert(id, division);
            }
            self.divide(division);
        }
    }

    /// The ids linked to an id.
    pub fn ends(&self, id: &str) -> impl Iterator<Item = &'a str> {
        let groups = self.groups_of.get(id).into_iter().flatten();
        groups.flat_map(|group| &self.groups[*group]).copied().filter(move |end| *end != id)
    }

    /// The part of an id.
    pub fn division(&self, id: &str) -> Option<&'a Element> {
        self.divisions.get(id).copied()
    }
}

/// The value of an attribute whose prefix may be any.
pub fn named<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    let is = |key: &str| key.rsplit(':').next() == Some(name);
    element.attributes.iter().find(|(key, value)| is(key) && !value.is_empty()).map(|(_, value)| value.as_str())
}
