//! What people take along: citations, and articles like the one they have.

use serde_json::Value;

use crate::sandbox::{TODAY, sampled};

const MINSK: &str = "o78f7817c136d65d1e6a1";

#[test]
fn an_article_is_cited_the_same_by_every_verb() {
    for format in ["ris", "bibtex", "csl-json"] {
        let cited = sampled().stdout(&format!("cite {MINSK} --format {format}"));
        assert_eq!(sampled().stdout(&format!("show {MINSK} --format {format}")), cited);
        assert_eq!(sampled().stdout(&format!("search id:{MINSK} --format {format}")), cited);
        assert_eq!(sampled().stdout(&format!("export id:{MINSK} --format {format}")), cited);
    }
    let cited = sampled().stdout(&format!("cite {MINSK}"));
    assert!(cited.contains("“Kiev and rebels agree on ceasefire at Minsk talks”. 2014-09-05. "), "{cited}");
}

#[test]
fn an_export_of_citations_holds_every_article() {
    let items: Vec<Value> = serde_json::from_str(&sampled().stdout("export --format csl-json")).unwrap();
    assert_eq!(items.len(), 129);
    assert_eq!(sampled().stdout("export --format ris").matches("TY  - NEWS\r\n").count(), 129);
    let ran = sampled().line("export qqzzxx --format csl-json");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, "[]\n"));
}

#[test]
fn an_id_without_article_is_named_and_the_others_cited() {
    let ran = sampled().line(&format!("cite nobody {MINSK} --format ris"));
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "no article has the id `nobody`\n"));
    assert!(ran.stdout.contains("Minsk"));
}

#[test]
fn a_search_is_cited_with_what_it_takes_to_run_it_again() {
    let cited =
        sampled().json(&format!("cite --search 'ceasefire date:last-30y' --language en --today {TODAY} --format json"));
    let stats = sampled().json("stats --json");
    assert_eq!(cited["digest"], stats["digest"]);
    assert_eq!(cited["articles"], 129);
    assert_eq!(cited["run"], TODAY);
    assert_eq!(cited["filters"], serde_json::json!(["language:en"]));
    let again = cited["understood"].as_str().unwrap();
    assert!(!again.contains("last"), "{again}");
    let again = sampled().json(&format!("search '{again}' --language en --limit 0 --format json"));
    assert_eq!(again["total"], cited["total"]);
    let error = sampled().error("cite --search ceasefire --format ris", 2);
    assert!(error.contains("dateline export --format ris"), "{error}");
}

#[test]
fn related_articles_are_about_the_same_and_never_the_article_itself() {
    let answer = sampled().json(&format!("related {MINSK} --limit 5 --format json"));
    let ids: Vec<&str> = answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    assert!(!ids.contains(&MINSK) && ids.len() == 5, "{ids:?}");
    let ukraine = answer["hits"].as_array().unwrap().iter().filter(|hit| hit["countries"].to_string().contains("UA"));
    assert!(ukraine.count() >= 3, "{answer}");
    assert_eq!(answer["hits"][4]["rank"], 5);
    let again = sampled().run(["search", answer["query"].as_str().unwrap(), "--limit", "1", "--format", "json"]);
    let again: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(again["hits"][0]["id"], MINSK, "its own words find an article best");
    assert_eq!(sampled().error("related nobody", 1), "no article has the id `nobody`");
}
