//! The API described for programs (`OpenAPI` 3.1): the shapes are the schemas the answers are tested against.

use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

use crate::facts;
use crate::index::COLUMNS;

/// One address of the API.
pub struct Path {
    /// As in the description, with `{id}` where an id stands.
    pub address: &'static str,
    /// What it answers, in a line.
    pub summary: &'static str,
    /// Whether it takes a query and filters.
    searches: bool,
    /// Other parameters.
    more: &'static [&'static str],
    media_type: &'static str,
    schema: &'static str,
}

/// Every address of the API.
pub const PATHS: [Path; 10] = [
    Path {
        address: "/api/search",
        summary: "Ranked hits with snippets, and facets if asked for",
        searches: true,
        more: &["sort", "boost", "limit", "offset", "facet"],
        media_type: "application/json",
        schema: "results",
    },
    Path {
        address: "/api/facets",
        summary: "Exact counts of the values of fields",
        searches: true,
        more: &["facet"],
        media_type: "application/json",
        schema: "results",
    },
    Path {
        address: "/api/timeline",
        summary: "Articles by year, quarter, month, week or day",
        searches: true,
        more: &["by"],
        media_type: "application/json",
        schema: "results",
    },
    Path {
        address: "/api/articles/{id}",
        summary: "One article and everything known about it",
        searches: false,
        more: &[],
        media_type: "application/json",
        schema: "article",
    },
    Path {
        address: "/api/related/{id}",
        summary: "Articles like one, best first",
        searches: false,
        more: &["limit"],
        media_type: "application/json",
        schema: "results",
    },
    Path {
        address: "/api/export",
        summary: "Every match as one article a line, streamed",
        searches: true,
        more: &[],
        media_type: "application/x-ndjson",
        schema: "article",
    },
    Path {
        address: "/api/status",
        summary: "What is in the archive, what was left out, and its digest",
        searches: false,
        more: &[],
        media_type: "application/json",
        schema: "status",
    },
    Path {
        address: "/feed.atom",
        summary: "The newest articles of a search as an Atom feed",
        searches: true,
        more: &[],
        media_type: "application/atom+xml",
        schema: "atom",
    },
    Path {
        address: "/feed.json",
        summary: "The same as a JSON Feed",
        searches: true,
        more: &[],
        media_type: "application/feed+json",
        schema: "feed",
    },
    Path {
        address: "/api/openapi.json",
        summary: "This description",
        searches: false,
        more: &[],
        media_type: "application/json",
        schema: "status",
    },
];

/// `/api/openapi.json`.
pub async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], described().to_string())
}

/// The whole description.
pub fn described() -> Value {
    let paths: Map<String, Value> =
        PATHS.iter().map(|path| (path.address.to_owned(), json!({ "get": operation(path) }))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "dateline",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Search of one news archive. The answers are those of the command line's --format json.",
        },
        "paths": paths,
        "components": { "schemas": schemas() },
    })
}

fn operation(path: &Path) -> Value {
    let mut parameters = Vec::new();
    if path.address.contains("{id}") {
        parameters.push(json!({
            "name": "id", "in": "path", "required": true, "description": "Id of the article", "schema": { "type": "string" },
        }));
    }
    if path.searches {
        parameters.extend(["q", "match", "mentions", "from", "to"].map(parameter));
        parameters.extend(COLUMNS.iter().map(|(_, name, singular)| {
            json!({
                "name": singular, "in": "query", "description": format!("Any of these values of `{name}`"),
                "schema": { "type": "array", "items": { "type": "string" } }, "explode": true,
            })
        }));
    }
    parameters.extend(path.more.iter().copied().map(parameter));
    if path.address == "/api/facets"
        && let Some(facet) = parameters.last_mut()
    {
        facet["required"] = true.into();
    }
    let problem = json!({
        "description": "What was wrong and what to do (RFC 9457)",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } },
    });
    let schema = json!({ "$ref": format!("#/components/schemas/{}", path.schema) });
    let schema = if path.address == "/api/openapi.json" { json!({ "type": "object" }) } else { schema };
    let mut responses = json!({
        "200": { "description": path.summary, "content": { path.media_type: { "schema": schema } } },
        "304": { "description": "As the client holds it (If-None-Match)" },
        "401": problem, "421": problem, "500": problem, "503": problem,
    });
    if path.searches || !path.more.is_empty() {
        responses["400"] = problem.clone();
    }
    if path.address.contains("{id}") {
        responses["404"] = problem.clone();
        responses["400"] = problem;
    }
    json!({ "summary": path.summary, "parameters": parameters, "responses": responses })
}

fn parameter(name: &str) -> Value {
    let (description, schema) = match name {
        "q" => ("The query; nothing for all articles", json!({ "type": "string", "maxLength": 4096 })),
        "mentions" => (
            "Who counts as people: those an article is about, or everyone it names",
            json!({ "enum": ["subjects", "all"] }),
        ),
        "match" => ("Whether all words must be found, or any", json!({ "enum": ["all", "any"] })),
        "from" => ("Not before: 2024, 2024-05, 2024-05-01, last-7d", json!({ "type": "string" })),
        "to" => ("Not after, to the end of it", json!({ "type": "string" })),
        "sort" => ("Order of the hits", json!({ "enum": ["relevance", "newest", "oldest"] })),
        "boost" => ("Later articles count for more", json!({ "enum": ["recent"] })),
        "limit" => ("Hits to give", json!({ "type": "integer", "minimum": 0, "maximum": 1000 })),
        "offset" => ("Hits to leave out first", json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000 })),
        "by" => ("Length of a step", json!({ "enum": ["year", "quarter", "month", "week", "day"] })),
        _ => {
            ("A field to count: people, countries:20, year", json!({ "type": "array", "items": { "type": "string" } }))
        }
    };
    // a form sends its empty fields too: what is empty is not given
    let is_text = matches!(schema["type"].as_str(), Some("string" | "array"));
    let schema = if is_text { schema } else { json!({ "anyOf": [schema, { "const": "" }] }) };
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

/// The schemas of the answers. Those kept as files refer to their own `$defs`; here they stand side by side.
fn schemas() -> Value {
    let mut all = Map::new();
    for (name, text) in [("article", facts::ARTICLE_SCHEMA), ("results", facts::RESULTS_SCHEMA)] {
        let moved = text.replace("#/$defs/", &format!("#/components/schemas/{name}/$defs/"));
        let mut schema: Value = serde_json::from_str(&moved).expect("schema/*.schema.json is JSON");
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("$schema");
            schema.remove("$id");
        }
        all.insert(name.to_owned(), schema);
    }
    all.insert(
        "status".to_owned(),
        json!({
            "type": "object",
            "required": ["articles", "files", "bytes_read", "facets", "skipped", "warnings", "generation", "digest"],
            "properties": {
                "articles": { "type": "integer" }, "files": { "type": "integer" }, "bytes_read": { "type": "integer" },
                "generation": { "type": "integer" }, "digest": { "type": "string" },
            },
        }),
    );
    all.insert("atom".to_owned(), json!({ "type": "string", "description": "RFC 4287" }));
    all.insert(
        "feed".to_owned(),
        json!({
            "type": "object",
            "description": "JSON Feed 1.1",
            "required": ["version", "title", "items"],
            "properties": { "version": { "type": "string" }, "title": { "type": "string" }, "items": { "type": "array" } },
        }),
    );
    all.insert(
        "problem".to_owned(),
        json!({
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                "detail": { "type": "string" }, "suggestion": { "type": "string" },
                "span": { "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2 },
            },
        }),
    );
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let document = described();
        let text = document.to_string();
        let mut references = text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().expect("a quote"));
        assert!(references.clone().count() > 10);
        assert!(references.all(|pointer| document.pointer(pointer).is_some()));
    }
}
