use super::*;

fn article() -> Article {
    Article {
        id: "a 1/b".to_owned(),
        title: "Talks {100% & more}\nin Minsk".to_owned(),
        authors: vec!["Jane Doe".to_owned(), "Our own correspondent".to_owned()],
        source: Some("The Paper".to_owned()),
        date: "2024-05".parse().ok(),
        url: Some("https://example.org/a_b".to_owned()),
        ..Article::default()
    }
}

#[test]
fn every_format_says_who_what_where_and_when() {
    assert_eq!(
        citation(&article(), CitationFormat::Text),
        "Jane Doe, Our own correspondent: “Talks {100% & more} in Minsk”. The Paper, 2024-05. \
         https://example.org/a_b [a 1/b]\n"
    );
    assert_eq!(
        citation(&article(), CitationFormat::Ris),
        "TY  - NEWS\r\nID  - a 1/b\r\nTI  - Talks {100% & more} in Minsk\r\nAU  - Jane Doe\r\n\
         AU  - Our own correspondent\r\nT2  - The Paper\r\nPY  - 2024\r\nDA  - 2024/05//\r\n\
         UR  - https://example.org/a_b\r\nER  - \r\n"
    );
    let bibtex = citation(&article(), CitationFormat::Bibtex);
    assert!(bibtex.starts_with("@article{a-1-b-"), "{bibtex}");
    assert!(bibtex.contains("  author = {{Jane Doe} and {Our own correspondent}},\n"), "{bibtex}");
    assert!(bibtex.contains("  title = {{Talks \\{100\\% \\& more\\} in Minsk}},\n"), "{bibtex}");
    assert!(bibtex.contains("  month = may,\n") && !bibtex.contains("  day ="), "{bibtex}");
    let csl: serde_json::Value = serde_json::from_str(&citation(&article(), CitationFormat::CslJson)).expect("JSON");
    assert_eq!(csl["issued"]["date-parts"], serde_json::json!([[2024, 5]]));
    assert_eq!(csl["author"][0]["literal"], "Jane Doe");
}

#[test]
fn several_citations_make_one_file() {
    let (one, two) = (article(), Article { id: "two".to_owned(), ..Article::default() });
    let csl = citations([&one, &two], CitationFormat::CslJson);
    let items: Vec<serde_json::Value> = serde_json::from_str(&csl).expect("an array");
    assert_eq!(items[1]["id"], "two");
    assert_eq!(citations([], CitationFormat::CslJson), "[]\n");
    assert_eq!(citations([&one, &two], CitationFormat::Ris).matches("ER  - ").count(), 2);
}
