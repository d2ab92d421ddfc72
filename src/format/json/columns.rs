//! Tables written as JSON by columns, as data frames are by default, or as arrays under a header.

use serde_json::{Map, Value};

use crate::format::field;
use crate::format::json::has_over;

/// Cells of a table that has to be turned round in memory.
const CELLS: usize = 1 << 19;

/// The rows of a table that one object holds by columns: `{"title": {"0": …}}`, `{"columns": […], "data": [[…]]}`;
/// `None` if it holds no such table.
pub fn rows(object: &[u8]) -> Option<Vec<Vec<u8>>> {
    if !looks_like(object) || has_over(CELLS, object) {
        return None;
    }
    let Value::Object(mut object) = serde_json::from_slice(object).ok()? else { return None };
    let rows = match (object.remove("columns"), object.remove("data")) {
        (Some(Value::Array(columns)), Some(Value::Array(rows))) => {
            let header = header(&columns)?;
            rows.into_iter()
                .filter_map(|row| if let Value::Array(row) = row { Some(under(&header, row)) } else { None })
                .collect()
        }
        (None, None) => transposed(object)?,
        _ => return None,
    };
    rows.into_iter().map(|row| serde_json::to_vec(&row).ok()).collect()
}

/// Whether an object begins as such a table does, so that others are not read twice.
fn looks_like(object: &[u8]) -> bool {
    let mut rest = object.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    if rest.next() != Some(b'{') || rest.next() != Some(b'"') {
        return false;
    }
    let key: Vec<u8> = rest.by_ref().take_while(|byte| *byte != b'"').take(64).collect();
    let value: Vec<u8> = rest.take(5).collect();
    value == b":{\"0\"" || (matches!(&*key, b"columns" | b"index" | b"data") && value.starts_with(b":["))
}

/// The names of columns, if one of them is an article's title or text.
pub fn header(columns: &[Value]) -> Option<Vec<String>> {
    let names: Vec<String> = columns.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    let is_text = |name: &String| field::known(name).is_some_and(|alias| alias.is_text() && !alias.weak);
    names.iter().any(is_text).then_some(names)
}

/// A row of a table under its names.
pub fn under(header: &[String], row: Vec<Value>) -> Map<String, Value> {
    header.iter().cloned().zip(row).collect()
}

/// Columns of numbered cells as rows, in the order of their numbers.
fn transposed(columns: Map<String, Value>) -> Option<Vec<Map<String, Value>>> {
    header(&columns.keys().map(|name| Value::String(name.clone())).collect::<Vec<_>>())?;
    let mut rows: std::collections::BTreeMap<u64, Map<String, Value>> = std::collections::BTreeMap::new();
    for (name, cells) in columns {
        let Value::Object(cells) = cells else { return None };
        for (number, cell) in cells {
            rows.entry(number.parse().ok()?).or_default().insert(name.clone(), cell);
        }
    }
    Some(rows.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<String>> {
        let rows = rows(text.as_bytes())?;
        Some(rows.into_iter().map(|row| String::from_utf8(row).unwrap()).collect())
    }

    #[test]
    fn tables_by_columns_become_rows() {
        let expected = [r#"{"date":1,"title":"One"}"#, r#"{"date":2,"title":"Two"}"#];
        for text in [
            r#"{"title": {"0": "One", "1": "Two"}, "date": {"0": 1, "1": 2}}"#,
            r#"{"columns": ["title", "date"], "index": [0, 1], "data": [["One", 1], ["Two", 2]]}"#,
        ] {
            assert_eq!(read(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn other_objects_are_none() {
        for text in [
            r#"{"title": "One", "body": {"0": "x"}}"#,
            r#"{"colour": {"0": "red"}}"#,
            r#"{"title": {"0": "One"}, "count": 2}"#,
            r#"{"columns": ["a", "b"], "data": [[1, 2]]}"#,
            r#"{"title": {"0": "One"#,
            "{}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
