//! The description of an issue: its files and articles.

use rustc_hash::FxHashMap;

use crate::format::mets::facts::{Facts, described, has_letters};
use crate::format::mets::links::{Links, named};
use crate::format::xml::{Element, parse};
use crate::format::{Record, charset};

/// Types of parts that are articles.
const ARTICLES: [&str; 15] = [
    "ARTICLE",
    "NEWS",
    "STORY",
    "REPORT",
    "LETTER",
    "INTERVIEW",
    "REVIEW",
    "EDITORIAL",
    "OBITUARY",
    "DEATH_NOTICE",
    "WEATHER",
    "CHAPTER",
    "POEM",
    "FEUILLETON",
    "SERIAL",
];
/// Types of parts of an article that hold its title.
const TITLES: [&str; 6] = ["HEADING", "HEAD", "TITLE", "HEADLINE", "MAIN_TITLE", "MAINTITLE"];
/// Types of parts of a heading that are not its title.
const BESIDE_TITLES: [&str; 7] = ["SUBTITLE", "SUBHEADLINE", "SUBHEADING", "OVERLINE", "MOTTO", "LEAD", "BODY"];
/// Types of parts that hold the byline.
const BYLINES: [&str; 3] = ["AUTHOR", "BYLINE", "CREATOR"];
/// Types of parts that are no text of the article.
const LEFT_OUT: [&str; 4] = ["CAPTION", "ILLUSTRATION", "ADVERTISEMENT", "PAGE_NUMBER"];
/// Articles of one issue; a year of newspapers has fewer.
const ITEMS: usize = 1 << 16;
/// Areas of text and links of one issue.
const AREAS: usize = 1 << 20;

/// What a stretch of a page is in its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Text,
    Title,
    Byline,
}

/// A stretch of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Id of the page's file.
    pub file: String,
    /// Id of its first element.
    pub begin: String,
    /// Id of its last element, if that is another.
    pub end: Option<String>,
    pub role: Role,
}

/// An article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    pub facts: Facts,
    pub areas: Vec<Area>,
}

/// An issue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Issue {
    /// Of the issue as a whole.
    pub facts: Facts,
    /// Id and address of each file of text.
    pub files: Vec<(String, String)>,
    /// In the order given; none if no article has an area.
    pub items: Vec<Item>,
}

impl Issue {
    /// Reads a description as far as it goes.
    pub fn read(text: &str) -> Self {
        let root = parse(text);
        let Some(document) = root.elements().next() else { return Self::default() };
        let files = files(document);
        let maps: Vec<&Element> = document.all("structMap").collect();
        let logical = |map: &&Element| map.attribute("TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("logical"));
        let chosen: Vec<&Element> = maps.iter().copied().filter(logical).collect();
        let mut reading = Reading {
            descriptions: FxHashMap::default(),
            links: Links::read(document),
            left: AREAS,
            items: Vec::new(),
        };
        for section in document.all("dmdSec") {
            if let Some(id) = section.attribute("ID") {
                reading.descriptions.insert(id, section);
            }
        }
        let mut facts = Facts::default();
        for map in if chosen.is_empty() { &maps } else { &chosen } {
            for division in map.all("div") {
                reading.division(division, &Facts::default(), &mut facts);
            }
        }
        if facts.date.is_none() && facts.source.is_none() {
            for section in document.all("dmdSec") {
                facts = described(&facts, section);
            }
        }
        let facts = facts.shared();
        let mut items = reading.items;
        for item in &mut items {
            let of_issue = facts.clone();
            item.facts.source = item.facts.source.take().or(of_issue.source);
            item.facts.date = item.facts.date.take().or(of_issue.date);
        }
        if items.iter().all(|item| item.areas.is_empty()) {
            items.clear();
        }
        Self { facts, files, items }
    }
}

/// The addresses of the files of text that a description names.
pub fn text_files(record: &Record) -> Vec<String> {
    let root = parse(&charset::decode(&record.bytes, record.context.charset.as_deref()).text);
    root.elements().next().map(files).unwrap_or_default().into_iter().map(|(_, href)| href).collect()
}

fn files(document: &Element) -> Vec<(String, String)> {
    let Some(section) = document.at("fileSec") else { return Vec::new() };
    let mut files = Vec::new();
    for file in section.within("file") {
        let is_xml = file.attribute("MIMETYPE").is_none_or(|kind| kind.contains("xml") || kind.contains("alto"));
        let (Some(id), Some(place), true) = (file.attribute("ID"), file.at("FLocat"), is_xml) else { continue };
        let Some(href) = named(place, "href") else { continue };
        let lower = href.to_ascii_lowercase();
        let lower = [".gz", ".zst", ".bz2", ".xz"].iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
        let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
        if ["xml", "alto"].contains(&ending) {
            files.push((id.to_owned(), href.to_owned()));
        }
    }
    files
}

/// A type in one spelling: `np:issue` is `ISSUE`.
fn kind(division: &Element) -> String {
    let kind = division.attribute("TYPE").unwrap_or_default();
    kind.rsplit(':').next().unwrap_or(kind).to_ascii_uppercase().replace([' ', '-'], "_")
}

struct Reading<'a> {
    descriptions: FxHashMap<&'a str, &'a Element>,
    links: Links<'a>,
    /// Areas and links that may still be looked at.
    left: usize,
    items: Vec<Item>,
}

impl<'a> Reading<'a> {
    /// Goes down to the articles; `issue` becomes what the parts above them say.
    fn division(&mut self, division: &'a Element, above: &Facts, issue: &mut Facts) {
        let kind = kind(division);
        let sections = division.attribute("DMDID").into_iter().flat_map(str::split_ascii_whitespace);
        let own = sections
            .filter_map(|id| self.descriptions.get(id))
            .fold(Facts::default(), |facts, section| described(&facts, section));
        if ARTICLES.contains(&kind.as_str()) {
            if self.items.len() >= ITEMS {
                return;
            }
            let label = division.attribute("LABEL").map(str::to_owned).filter(|label| has_letters(label));
            let facts = Facts { title: own.title.or(label), source: None, date: None, ..own };
            let facts = Facts {
                source: above.source.clone(),
                date: above.date.clone(),
                section: above.section.clone(),
                language: facts.language.or_else(|| above.language.clone()),
                ..facts
            };
            let mut areas = Vec::new();
            self.areas(division, Role::Text, &mut areas);
            if areas.is_empty() {
                self.linked(division, &mut areas);
            }
            self.items.push(Item { facts, areas });
            return;
        }
        let mut facts = above.clone();
        if kind == "SECTION" {
            facts.section = own.title.or_else(|| division.attribute("LABEL").map(str::to_owned)).or(facts.section);
        } else {
            facts.source = own.source.or(facts.source).or(own.title);
            facts.date = own.date.or(facts.date);
        }
        facts.language = own.language.or(facts.language);
        let facts = facts.shared();
        if kind == "ISSUE" || issue.date.is_none() {
            issue.source = facts.source.clone().or(issue.source.take());
            issue.date = facts.date.clone().or(issue.date.take());
            issue.language = facts.language.clone().or(issue.language.take());
        }
        for inside in division.all("div") {
            self.division(inside, &facts, issue);
        }
    }

    /// The areas a part of an article and its own parts point at.
    fn areas(&mut self, division: &'a Element, role: Role, areas: &mut Vec<Area>) {
        for element in division.elements() {
            if element.is("div") {
                let kind = kind(element);
                let kind = kind.as_str();
                let role = match kind {
                    _ if LEFT_OUT.contains(&kind) => continue,
                    _ if TITLES.contains(&kind) => Role::Title,
                    _ if BYLINES.contains(&kind) => Role::Byline,
                    _ if BESIDE_TITLES.contains(&kind) => Role::Text,
                    _ => role,
                };
                self.areas(element, role, areas);
            } else if element.is("fptr") {
                self.pointed(element, role, areas);
            }
        }
    }

    fn pointed(&mut self, pointer: &Element, role: Role, areas: &mut Vec<Area>) {
        for area in pointer.within("area") {
            let (Some(file), Some(begin)) = (area.attribute("FILEID"), area.attribute("BEGIN")) else { continue };
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let end = area.attribute("END").filter(|end| *end != begin).map(str::to_owned);
            areas.push(Area { file: file.to_owned(), begin: begin.to_owned(), end, role });
        }
    }

    /// The areas of pages that an article is linked to.
    fn linked(&mut self, division: &'a Element, areas: &mut Vec<Area>) {
        let Some(id) = division.attribute("ID") else { return };
        let ends: Vec<&str> = self.links.ends(id).take(self.left).collect();
        self.left -= ends.len();
        for element in ends.into_iter().filter_map(|end| self.links.division(end)).collect::<Vec<_>>() {
            for pointer in element.all("fptr") {
                self.pointed(pointer, Role::Text, areas);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_point_at_areas_themselves_or_through_links() {
        let files = "<fileSec><fileGrp><file ID='A1' MIMETYPE='text/xml'><FLocat x:href='1.xml'/></file>\
            <file ID='I1' MIMETYPE='image/jp2'><FLocat x:href='1.jp2'/></file></fileGrp></fileSec>";
        let own = "<structMap TYPE='LOGICAL'><div TYPE='ISSUE'><div TYPE='ARTICLE' LABEL='Rain'>\
            <div TYPE='HEADING'><fptr><area FILEID='A1' BEGIN='b1'/></fptr></div>\
            <div TYPE='BODY'><fptr><seq><area FILEID='A1' BEGIN='b2' END='b3'/></seq></fptr></div></div></div></structMap>";
        let linked = "<structMap TYPE='LOGICAL'><div><div TYPE='ARTICLE' ID='a'/></div></structMap>\
            <structMap TYPE='PHYSICAL'><div TYPE='page'><div ID='p1'><fptr><area FILEID='A1' BEGIN='w1' END='w9'/></fptr></div></div></structMap>\
            <structLink><smLink x:from='#a' x:to='#p1'/></structLink>";
        let read = |maps: &str| Issue::read(&format!("<m:mets>{files}{maps}</m:mets>"));
        let issue = read(own);
        assert_eq!(issue.files, [("A1".to_owned(), "1.xml".to_owned())]);
        assert_eq!(issue.items[0].facts.title.as_deref(), Some("Rain"));
        let shown: Vec<_> =
            issue.items[0].areas.iter().map(|area| (area.begin.as_str(), area.end.as_deref(), area.role)).collect();
        assert_eq!(shown, [("b1", None, Role::Title), ("b2", Some("b3"), Role::Text)]);
        assert_eq!(read(linked).items[0].areas[0].begin, "w1");
        assert_eq!(read("<structMap><div TYPE='np:issue'><div TYPE='np:page'/></div></structMap>").items, []);
    }

    #[test]
    fn the_newspaper_is_the_source_and_the_issue_has_the_date() {
        let mods = |id: &str, inside: &str| {
            format!("<dmdSec ID='{id}'><mdWrap><xmlData><mods>{inside}</mods></xmlData></mdWrap></dmdSec>")
        };
        let text = format!(
            "<mets>{}{}{}<structMap TYPE='LOGICAL'><div DMDID='n'><div TYPE='ISSUE' DMDID='i'>\
             <div TYPE='ARTICLE' DMDID='a'><fptr><area FILEID='f' BEGIN='b'/></fptr></div></div></div></structMap></mets>",
            mods(
                "n",
                "<titleInfo><nonSort>The</nonSort><title>Otley Gazette</title></titleInfo><originInfo><dateIssued>1850</dateIssued></originInfo>"
            ),
            mods(
                "i",
                "<titleInfo><title>No. 7</title></titleInfo><originInfo><dateIssued>1855-09-22</dateIssued></originInfo>"
            ),
            mods(
                "a",
                "<titleInfo><title>Rain</title></titleInfo><name><namePart type='family'>Marsh</namePart><namePart type='given'>Ida</namePart></name>"
            ),
        );
        let facts = &Issue::read(&text).items[0].facts;
        assert_eq!(facts.source.as_deref(), Some("The Otley Gazette"));
        assert_eq!((facts.title.as_deref(), facts.date.as_deref()), (Some("Rain"), Some("1855-09-22")));
        assert_eq!(facts.authors, ["Ida Marsh"]);
    }
}
