//! Timelines: counts beside what the archive covers, gaps, comparisons.

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, golden, sampled};

/// Three months with articles and one without between them.
fn gappy() -> Sandbox {
    let sandbox = Sandbox::new();
    let articles = [
        ("a", "2024-01-03", "flood in the north"),
        ("b", "2024-01-09", "a quiet day"),
        ("c", "2024-02-01", "nothing of note"),
        ("d", "2024-04-30", "flood again and a storm"),
        ("e", "2024", "flood of the year"),
    ];
    let lines: Vec<String> = articles
        .iter()
        .map(|(id, date, body)| json!({ "id": id, "title": id, "body": body, "date": date }).to_string())
        .collect();
    sandbox.index(&sandbox.write("news/all.jsonl", lines.join("\n")));
    sandbox
}

#[test]
fn a_month_the_archive_does_not_cover_is_a_gap_and_no_zero() {
    let answer = gappy().json("timeline flood --by month --format json");
    let steps = answer["timeline"]["steps"].as_array().unwrap();
    let seen: Vec<(&str, u64, Value)> = steps
        .iter()
        .map(|step| (step["value"].as_str().unwrap(), step["articles"].as_u64().unwrap(), step["counts"].clone()))
        .collect();
    assert_eq!(
        seen,
        [
            ("2024-01", 2, json!([1])),
            ("2024-02", 1, json!([0])),
            ("2024-03", 0, Value::Null),
            ("2024-04", 1, json!([1]))
        ]
    );
    assert_eq!(answer["timeline"]["series"], json!([{ "query": "flood", "total": 3, "none": 1 }]));
}

#[test]
fn a_timeline_is_drawn_with_its_gaps() {
    let sandbox = gappy();
    assert_eq!(
        sandbox.stdout("timeline flood --by month"),
        "month\n  2024-01  1  ████████████████████████████████████\n  2024-02  0\n  2024-03: no articles\n  \
         2024-04  1  ████████████████████████████████████\nflood: 3 articles, 1 without such a date\n"
    );
    assert_eq!(
        sandbox.stdout("timeline flood --vs storm --by quarter"),
        "quarter\n  2024-Q1   33.3%  ██████                0.0%\n  2024-Q2  100.0%  ██████████████████  100.0%  \
         ██████████████████\n1  flood: 3 articles, 1 without such a date\n2  storm: 1 article\n"
    );
    assert_eq!(
        sandbox.stdout("timeline storm --by quarter --format csv"),
        "query,quarter,articles,count,share\nstorm,2024-Q1,3,0,0.000000\nstorm,2024-Q2,1,1,1.000000\n"
    );
}

#[test]
fn steps_add_up_to_the_total_whatever_their_length() {
    for query in ["ceasefire", "''", "country:US", "'treaty OR truce' --language en", "president --from 1987 --to 1991"]
    {
        for unit in ["day", "week", "month", "quarter", "year"] {
            let answer = sampled().json(&format!("timeline {query} --by {unit} --format json"));
            let series = &answer["timeline"]["series"][0];
            let steps = answer["timeline"]["steps"].as_array().unwrap();
            let sum: u64 = steps.iter().map(|step| step["counts"][0].as_u64().unwrap_or(0)).sum();
            assert_eq!(sum + series["none"].as_u64().unwrap(), series["total"].as_u64().unwrap(), "{query} {unit}");
            assert_eq!(series["total"], answer["total"]);
            let facet = answer["facets"][unit].as_array().unwrap();
            for count in facet.iter().filter(|count| count["value"] != "none") {
                let step = steps.iter().find(|step| step["value"] == count["value"]).unwrap();
                assert_eq!(step["counts"][0], count["count"], "{query} {unit}");
            }
        }
    }
}

#[test]
fn comparing_shows_shares_unless_told_otherwise() {
    let shares = sampled().stdout("timeline ceasefire --vs truce");
    assert!(shares.contains('%'), "{shares}");
    golden("timeline_vs.txt", &shares);
    assert!(!sampled().stdout("timeline ceasefire --vs truce --counts").contains('%'));
    assert!(sampled().stdout("timeline ceasefire --share").contains('%'));
}
