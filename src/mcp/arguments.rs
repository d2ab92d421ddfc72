//! The arguments of a call as parameters of an address, so that both are read by the same code and refused in the same words.

use serde_json::{Map, Value};

use crate::serve::Parameters;

/// Reads the arguments of a call. `query` is what addresses call `q`.
///
/// # Errors
/// Names an argument that is neither text nor a number nor a list of them.
pub fn read(arguments: Map<String, Value>) -> Result<Parameters, String> {
    let mut pairs = Vec::new();
    for (name, value) in arguments {
        let values = match value {
            Value::Array(values) => values,
            value => vec![value],
        };
        let name = if name == "query" { "q".to_owned() } else { name };
        for value in values {
            match value {
                Value::String(text) => pairs.push((name.clone(), text)),
                Value::Number(number) => pairs.push((name.clone(), number.to_string())),
                Value::Null => {}
                _ => return Err(format!("`{name}` is text, a number, or a list of them")),
            }
        }
    }
    Ok(Parameters::of(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_read_like_an_address() {
        let given = serde_json::json!({ "query": "a b", "person": ["Ann", "Bob"], "limit": 5, "from": null });
        let Value::Object(given) = given else { unreachable!() };
        let parameters = read(given).expect("understood");
        let mut pairs: Vec<_> = parameters.pairs().collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [("limit", "5"), ("person", "Ann"), ("person", "Bob"), ("q", "a b")]);
        let nested = serde_json::json!({ "query": { "text": "a" } });
        let Value::Object(nested) = nested else { unreachable!() };
        assert_eq!(read(nested), Err("`q` is text, a number, or a list of them".to_owned()));
    }
}
