//! Whom names mean: spellings in many scripts, words and places that are names, reasons, suggestions, the user's aliases.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, repository, sampled};

/// A sentence around a name that says nothing of who it is, in the language of its script.
fn sentence(name: &str) -> String {
    let has = |range: std::ops::RangeInclusive<char>| name.chars().any(|c| range.contains(&c));
    if has('\u{4e00}'..='\u{9fff}') {
        format!("{name}在星期二的记者会上表示，谈判将继续进行。各方同意下周再次会面，讨论协议的细节。")
    } else if has('\u{600}'..='\u{6ff}') {
        format!("قال {name} يوم الثلاثاء إن المحادثات ستستمر وإن الأطراف وافقت على الاجتماع مجددا الأسبوع المقبل.")
    } else if has('\u{900}'..='\u{97f}') {
        format!("{name} ने मंगलवार को कहा कि बातचीत जारी रहेगी।")
    } else if name.contains(['і', 'ї', 'є', 'ґ']) {
        format!(
            "Як заявив у вівторок {name}, переговори триватимуть. Сторони домовилися зустрітися знову наступного тижня."
        )
    } else if has('\u{400}'..='\u{4ff}') {
        format!(
            "Как заявил во вторник {name}, переговоры продолжатся. Стороны договорились встретиться снова на следующей неделе."
        )
    } else {
        format!(
            "The talks will go on, {name} said on Tuesday. The parties agreed to meet again next week and to publish the terms."
        )
    }
}

fn list(article: &Value, field: &str) -> Vec<String> {
    article[field].as_array().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect()
}

/// Articles in a file of their own, read and indexed.
fn archive(articles: &[(&str, &str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    let mut lines = String::new();
    for (number, (title, body, date)) in articles.iter().enumerate() {
        let article = json!({ "id": number.to_string(), "title": title, "body": body, "date": date });
        writeln!(lines, "{article}").unwrap();
    }
    sandbox.index(&sandbox.write("archive/articles.jsonl", lines));
    sandbox
}

/// Everyone each article names, by its place.
fn named(sandbox: &Sandbox) -> Vec<Vec<String>> {
    let mut named: Vec<(usize, Vec<String>)> = sandbox
        .lines("export --mentions all")
        .iter()
        .map(|article| (article["id"].as_str().unwrap().parse().unwrap(), list(article, "people")))
        .collect();
    named.sort();
    named.into_iter().map(|(_, names)| names).collect()
}

#[test]
fn leaders_come_to_one_value_however_they_are_spelt() {
    let table = std::fs::read_to_string(repository().join("tests/fixtures/people/spellings.tsv")).unwrap();
    let mut leaders = BTreeMap::new();
    let mut spelt: Vec<(String, String, String)> = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let [name, date, spellings] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let spellings: BTreeSet<&str> = spellings.split('|').collect();
        let is_cyrillic = |spelling: &&str| spelling.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c));
        let is_further = |spelling: &&str| {
            spelling.chars().any(|c| c > '\u{5ff}' && c.is_alphabetic() && c < '\u{1e00}' || c > '\u{2e7f}')
        };
        assert!(
            spellings.len() >= 5 && spellings.iter().any(is_cyrillic) && spellings.iter().any(is_further),
            "{name}"
        );
        leaders.insert(name, spellings.len());
        spelt.extend(spellings.into_iter().map(|spelling| (name.to_owned(), spelling.to_owned(), date.to_owned())));
    }
    assert!(leaders.len() >= 80);
    let articles: Vec<(String, &str)> =
        spelt.iter().map(|(_, spelling, date)| (sentence(spelling), date.as_str())).collect();
    let articles: Vec<(&str, &str, &str)> = articles.iter().map(|(body, date)| ("", body.as_str(), *date)).collect();
    let sandbox = archive(&articles);
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for ((name, spelling, _), found) in spelt.iter().zip(named(&sandbox)) {
        if found.iter().any(|other| other != name && leaders.contains_key(other.as_str())) {
            wrong.push((name, spelling, found));
        } else if found != [name.as_str()] {
            missed.push((name, spelling, found));
        }
    }
    assert!(wrong.is_empty(), "merged with somebody else: {wrong:?}");
    let share = 1.0 - missed.len() as f64 / spelt.len() as f64;
    assert!(share >= 0.97, "{share:.3} of {} spellings: {missed:?}", spelt.len());
    // and any of them finds the others
    for query in ["person:'Wladimir Putin'", "person:Путин", "person:普京", "person:بوتين"] {
        let query = query.replace('\'', "\"");
        let found = sandbox.run(["search", &query, "--mentions", "all", "--limit", "0", "--format", "json"]);
        let answer: Value = serde_json::from_str(&found.stdout).unwrap();
        assert_eq!(answer["total"], leaders["Vladimir Putin"], "{query}");
    }
}

#[test]
fn names_that_are_words_need_a_title_or_the_full_name() {
    let sandbox = archive(&[
        (
            "Prices rise in May",
            "The price rose in May, and a park in the major city closed. May was warm. Price cuts are rare.",
            "2017-05-20",
        ),
        ("", "Theresa May left for Brussels. May said the vote would be held in June.", "2018-11-20"),
        ("", "Prime Minister May said in London that Britain would leave.", "2018-11-20"),
        (
            "",
            "Prime Minister John Major met farmers in Britain. Major said the major roads would reopen.",
            "1994-05-20",
        ),
        ("", "President Park spoke in South Korea. The park was closed.", "2014-05-20"),
        ("", "Park in Seoul, not in the street, the city of South Korea told drivers. Park fees fell.", "2014-05-20"),
    ]);
    let named = named(&sandbox);
    assert_eq!(named[0], Vec::<String>::new());
    assert_eq!(named[1], ["Theresa May"]);
    assert_eq!(named[2], ["Theresa May"]);
    assert_eq!(named[3], ["John Major"]);
    assert_eq!(named[4], ["Park Geun-hye"]);
    assert_eq!(named[5], Vec::<String>::new());
}

#[test]
fn names_that_are_places_are_people_beside_a_first_name_only() {
    let sandbox = archive(&[
        (
            "",
            "Jordan closed its border with Syria. Jordan and Syria have not spoken since, an official in Amman said.",
            "2012-05-20",
        ),
        ("", "Michael Jordan scored forty points in Chicago. Jordan said he was tired.", "1994-05-20"),
        ("", "The governor of Georgia spoke in Atlanta. Georgia and Florida vote in November.", "2021-01-06"),
        ("", "Troops left Georgia on Monday, Tbilisi said. Georgia and Russia signed a truce.", "2008-08-12"),
        ("", "Washington said on Tuesday that talks with Moscow would go on. Washington wants a truce.", "1987-05-20"),
        ("", "Denzel Washington won the prize. Washington thanked his mother.", "2002-03-25"),
    ]);
    let countries: Vec<Vec<String>> = {
        let mut all: Vec<(String, Vec<String>)> = sandbox
            .lines("export")
            .iter()
            .map(|article| (article["id"].as_str().unwrap().to_owned(), list(article, "countries")))
            .collect();
        all.sort();
        all.into_iter().map(|(_, countries)| countries).collect()
    };
    let named = named(&sandbox);
    assert_eq!((&named[0], countries[0].contains(&"JO".to_owned())), (&vec![], true));
    assert_eq!(
        (named[1].as_slice(), countries[1].contains(&"JO".to_owned())),
        (["Michael Jordan".to_owned()].as_slice(), false)
    );
    assert_eq!((&named[2], countries[2].as_slice()), (&vec![], ["US".to_owned()].as_slice()));
    assert_eq!(
        (&named[3], countries[3].contains(&"GE".to_owned()), countries[3].contains(&"US".to_owned())),
        (&vec![], true, false)
    );
    assert_eq!((&named[4], countries[4].contains(&"US".to_owned())), (&vec![], true));
    assert_eq!(named[5], ["Denzel Washington"]);
}

#[test]
fn names_that_are_firms_are_nobody() {
    let sandbox = archive(&[
        (
            "",
            "Morgan Stanley said it would sell its stake. An analyst at Morgan Stanley, Ruth Ellery, said so on Monday.",
            "1987-05-20",
        ),
        ("", "Lloyd's of London said claims had risen. Lloyd's will pay.", "1987-05-20"),
        (
            "",
            "Merrill Lynch and Smith Barney advise Holt Barrow Inc. J.P. Morgan and Co declined to comment.",
            "1987-05-20",
        ),
        ("", "Prime Minister David Lloyd George spoke in London. Lloyd George left at noon.", "1920-05-20"),
    ]);
    let named = named(&sandbox);
    assert_eq!(named[0], ["Ruth Ellery"]);
    assert_eq!(named[1], Vec::<String>::new());
    assert_eq!(named[2], Vec::<String>::new());
    assert_eq!(named[3], ["David Lloyd George"]);
}

#[test]
fn a_leader_whose_first_name_is_a_numeral_is_one_without_a_title_too() {
    let sandbox = archive(&[("", "The talks will go on, Xi Jinping said on Tuesday. Xi left for home.", "2018-03-10")]);
    assert_eq!(named(&sandbox), [["Xi Jinping"]]);
}

#[test]
fn a_president_of_one_full_name_is_another_person_in_another_year() {
    let sandbox = archive(&[
        ("George Bush speaks", "George Bush spoke on Friday.", "1990-05-20"),
        ("George Bush speaks", "George Bush spoke on Friday.", "2003-05-20"),
    ]);
    assert_eq!(named(&sandbox), [["George H. W. Bush"], ["George W. Bush"]]);
    let answer = sandbox.json("facets '' leaders --format json");
    let leaders = answer["facets"]["leaders"].as_array().unwrap();
    assert_eq!(leaders.len(), 2, "{leaders:?}");
}

#[test]
fn every_value_of_an_article_has_its_reasons() {
    let sandbox = sampled();
    let articles = sandbox.lines("export");
    for article in articles.iter().step_by(11) {
        let id = article["id"].as_str().unwrap();
        let why = sandbox.json(&format!("people why {id} --format json"));
        assert_eq!((&why["id"], &why["title"]), (&article["id"], &article["title"]));
        let values = why["values"].as_array().unwrap();
        for field in ["people", "mentioned", "leaders", "countries"] {
            let mut told: Vec<&str> = values
                .iter()
                .filter(|value| value["field"] == field)
                .map(|value| value["value"].as_str().unwrap())
                .collect();
            told.dedup();
            assert_eq!(told, list(article, field), "{id} {field}");
        }
        let text = format!("{} {}", article["title"].as_str().unwrap(), article["body"].as_str().unwrap());
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for value in values {
            assert!(!value["because"].as_array().unwrap().is_empty(), "{id}: {value}");
            for words in value["words"].as_array().unwrap() {
                assert!(text.contains(words["words"].as_str().unwrap()), "{id}: {words}");
                assert!(!words["because"].as_array().unwrap().is_empty(), "{id}: {words}");
            }
            let by_words = value["field"] == "people" || value["field"] == "mentioned";
            let tagged = value["because"].to_string().contains("tagged by the archive");
            assert!(!by_words || tagged || !value["words"].as_array().unwrap().is_empty(), "{id}: {value}");
        }
    }
}

#[test]
fn what_the_archive_made_of_a_surname_is_told() {
    let full = "Martha Otley, head of the harbour board, opened the quay. Otley said the work was done.";
    let sandbox = archive(&[
        ("Otley opens quay", full, "1994-05-03"),
        ("Otley opens bridge", full, "1994-05-04"),
        ("Otley opens lock", full, "1994-05-05"),
        ("Harbour board meets", "Mrs. Otley spoke on Monday. Mrs. Otley said the board had met.", "1994-05-06"),
    ]);
    let why = sandbox.stdout("people why 3");
    let expected = "\
Harbour board meets

people
  Martha Otley ← Otley
    named 2 times
    named with a title
    most articles of the archive with a full name for `Otley` around 1994 say `Martha Otley`
    body Otley: a surname after a title, which the article never explains
      Mrs. Otley spoke on Monday. Mrs. Otley said …
    body Otley: the same surname again; after a title
      Mrs. Otley spoke on Monday. Mrs. Otley said the board had met
";
    assert_eq!(why, expected);
    assert_eq!(sandbox.error("people why 77", 1), "no article has the id `77`");
}

#[test]
fn what_could_be_settled_is_told_and_not_asked_again() {
    let of =
        |name: &str| format!("{name}, head of the harbour board, opened the quay. The board said the work was done.");
    let bodies: Vec<String> = [
        "Martha Otley",
        "Martha Otley",
        "Harlan Otley",
        "Harlan Otley",
        "Olena Dubravska",
        "Olena Dubravska",
        "Olena Dubrovska",
    ]
    .map(of)
    .into_iter()
    .chain(["Mrs. Otley spoke on Monday. Mrs. Otley said the board had met.".to_owned()])
    .collect();
    let articles: Vec<(&str, &str, &str)> = bodies.iter().map(|body| ("", body.as_str(), "1994-05-03")).collect();
    let sandbox = archive(&articles);
    let told = sandbox.stdout("people suggest --least 1");
    let expected = "\
stand for nobody known
  Otley  1 article, 1994
    perhaps Harlan Otley  2 articles, 1994
    perhaps Martha Otley  2 articles, 1994

likely one person's
  Olena Dubravska  2 articles, 1994
    Olena Dubrovska  1 article, 1994
    `dubravska` and `dubrovska` differ in one letter; the same first name
";
    assert_eq!(told, expected);
    let found = sandbox.json("people suggest --least 1 --format json");
    assert_eq!(found["merges"][0]["other"], json!({ "name": "Olena Dubrovska", "articles": 1, "years": [1994, 1994] }));
    sandbox.write(
        ".dateline/aliases.toml",
        "[merge]\n\"Olena Dubravska\" = [\"Olena Dubrovska\"]\n[[split]]\nname = \"Otley\"\ninto = \"Martha Otley\"\n",
    );
    let ran = sandbox.line("people suggest --least 1");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
    // and the facets show it at once
    let facets = sandbox.json("facets '' people:0 --mentions all --format json");
    let counts: Vec<(&str, u64)> = facets["facets"]["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| (count["value"].as_str().unwrap(), count["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [("Martha Otley", 3), ("Olena Dubravska", 3), ("Harlan Otley", 2)]);
    sandbox.write(".dateline/aliases.toml", "hide = [\"Harlan Otley\"]\n");
    let facets = sandbox.stdout("facets '' people:0 --mentions all");
    assert!(!facets.contains("Harlan Otley"), "{facets}");
}

#[test]
fn everyone_named_counts_where_it_is_asked_for() {
    let sandbox = sampled();
    let everyone = sandbox.lines("export --mentions all");
    let subjects = sandbox.lines("export");
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (article, alone) in everyone.iter().zip(&subjects) {
        let people = list(article, "people");
        assert_eq!(people, [list(alone, "people"), list(alone, "mentioned")].concat());
        assert!(list(article, "mentioned").is_empty());
        for name in people {
            *counts.entry(name).or_default() += 1;
        }
    }
    let facets = sandbox.json("facets '' people:0 --mentions all --format json");
    let counted: BTreeMap<String, u64> = facets["facets"]["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| (count["value"].as_str().unwrap().to_owned(), count["count"].as_u64().unwrap()))
        .collect();
    let nobody = counted.get("none").copied().unwrap_or(0);
    assert_eq!(nobody, everyone.iter().filter(|article| list(article, "people").is_empty()).count() as u64);
    assert_eq!(counted.into_iter().filter(|(name, _)| name != "none").collect::<BTreeMap<_, _>>(), counts);
    let total = |line: &str| sandbox.json(&format!("search {line} --limit 0 --format json"))["total"].as_u64().unwrap();
    for name in ["Vladimir Putin", "Helmut Kohl"] {
        let query = format!("'person:\"{name}\"'");
        assert_eq!(total(&format!("{query} --mentions all")), counts[name], "{name}");
        assert_eq!(total(&format!("'' --person '{name}' --mentions all")), counts[name], "{name}");
        assert!(total(&query) < counts[name], "{name}");
    }
    assert_eq!(sandbox.line("search people:none --mentions all --limit 0 --format json").code, i32::from(nobody == 0));
    let crossed = sandbox.json("facets '' people,year:0 --mentions all --format json");
    let putin: u64 = crossed["facets"]["people,year"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|count| count["value"][0] == "Vladimir Putin")
        .map(|count| count["count"].as_u64().unwrap())
        .sum();
    assert_eq!(putin, counts["Vladimir Putin"]);
}
