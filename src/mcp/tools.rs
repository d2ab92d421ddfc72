//! What agents can ask for, described as the protocol wants it. The filters are those of every other face.

use std::sync::Arc;

use rmcp::model::{Tool, ToolAnnotations};
use serde_json::{Map, Value, json};

use crate::index::COLUMNS;

/// The tools, in the order they are listed.
pub const NAMES: [&str; 5] = ["search", "facets", "timeline", "read", "cite"];

/// Every tool.
pub fn all() -> Vec<Tool> {
    NAMES.into_iter().map(tool).collect()
}

fn tool(name: &'static str) -> Tool {
    let (title, description, own, required) = match name {
        "search" => (
            "Search the archive",
            "Ranked hits with snippets (HTML, matches in <mark>), and facets if asked for. The query: words (all must be found, in any \
             form), \"exact phrase\", OR, -word, word*, NEAR/5, title:word, person:Name, leader:Name, country:FR, source:Name, \
             date:2024-05..2024-09. What is not understood is an error that says where.",
            selecting(json!({
                "sort": { "enum": ["relevance", "newest", "oldest"] },
                "limit": { "type": "integer", "minimum": 0, "maximum": 100, "description": "Hits to give; 10 if not said" },
                "offset": { "type": "integer", "minimum": 0, "description": "Hits to leave out first" },
                "facet": { "type": "array", "items": { "type": "string" }, "description": "Fields to count: people, countries:20, year" },
            })),
            vec![],
        ),
        "facets" => (
            "Count values",
            "How many articles a query finds by the values of fields: people leaders countries source language section tags authors wire \
             filed_from mentioned year quarter month day. `people:20` gives twenty values; `leaders,year` crosses two.",
            selecting(json!({ "facet": { "type": "array", "items": { "type": "string" }, "minItems": 1 } })),
            vec!["facet"],
        ),
        "timeline" => (
            "Count over time",
            "How many articles a query finds in each year, quarter, month, week or day. A step whose counts are null is a gap: the \
             archive holds nothing of that time.",
            selecting(json!({ "by": { "enum": ["year", "quarter", "month", "week", "day"] } })),
            vec![],
        ),
        "read" => (
            "Read an article",
            "What is known of an article and its text in passages, word for word, each with an id to cite and its start and end in the \
             body (Unicode characters). With a query, `matches` are the places found.",
            json!({
                "id": { "type": "string", "description": "Id of the article, or of one passage: ID#3" },
                "query": { "type": "string", "description": "Mark where this is found" },
                "offset": { "type": "integer", "minimum": 0, "description": "Passages to leave out first" },
                "limit": { "type": "integer", "minimum": 1, "maximum": 100, "description": "Passages to give; 20 if not said" },
            }),
            vec!["id"],
        ),
        _ => (
            "Cite",
            "Citations of articles, or, with the id of a passage (ID#3), of its words. With `query` and filters instead of ids, the \
             citation of that search: query, day, count, digest.",
            selecting(json!({
                "id": { "type": "array", "items": { "type": "string" }, "description": "Ids of articles or passages" },
                "format": { "enum": ["text", "ris", "bibtex", "csl-json"], "description": "text if not said" },
            })),
            vec![],
        ),
    };
    let schema = json!({ "type": "object", "properties": own, "required": required, "additionalProperties": false });
    let Value::Object(schema) = schema else { unreachable!("the schema is an object") };
    let annotations =
        ToolAnnotations::with_title(title).read_only(true).destructive(false).idempotent(true).open_world(false);
    Tool::new(name, description, Arc::new(schema)).with_title(title).with_annotations(annotations)
}

/// The query and the filters, with what else a tool takes.
fn selecting(more: Value) -> Value {
    let mut all = Map::new();
    all.insert(
        "query".to_owned(),
        json!({ "type": "string", "maxLength": 4096, "description": "Nothing for all articles" }),
    );
    all.insert(
        "match".to_owned(),
        json!({ "enum": ["all", "any"], "description": "Whether all words must be found, or any" }),
    );
    for (name, description) in
        [("from", "Not before: 2024, 2024-05, 2024-05-01, last-7d"), ("to", "Not after, to the end of it")]
    {
        all.insert(name.to_owned(), json!({ "type": "string", "description": description }));
    }
    for (column, name, singular) in COLUMNS {
        let description = match column {
            crate::index::Column::Countries => "Any of these countries, by code or name".to_owned(),
            _ => format!("Any of these values of `{name}`; `none` for articles without"),
        };
        let schema = json!({ "type": "array", "items": { "type": "string" }, "description": description });
        all.insert(singular.to_owned(), schema);
    }
    if let Value::Object(more) = more {
        all.extend(more);
    }
    Value::Object(all)
}
