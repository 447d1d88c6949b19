//! Decimals that Avro's readers take for the bytes below them (Avro 1.12, "Logical Types").

use serde_json::Value;

use crate::syntax::join_pointer;

/// Returns each decimal of a schema whose precision and scale say nothing: the pointer to the member that is wrong, and why.
pub(super) fn ignored(raw: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(raw, &mut Vec::new(), &mut found);
    found
}

fn walk(value: &Value, path: &mut Vec<String>, found: &mut Vec<(String, String)>) {
    if let Some((key, why)) = mistake(value) {
        let key = if value.get(key).is_some() { key } else { "logicalType" };
        found.push((format!("{}/{key}", join_pointer(path)), why));
    }
    let mut below = |step: String, inner: &Value| {
        path.push(step);
        walk(inner, path, found);
        path.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| below(index.to_string(), item)),
        Value::Object(members) => {
            for key in ["type", "items", "values", "fields"] {
                members.get(key).into_iter().for_each(|inner| below(key.to_owned(), inner));
            }
        }
        _ => {}
    }
}

/// Returns the member of a decimal that is wrong, and why.
fn mistake(schema: &Value) -> Option<(&'static str, String)> {
    if schema.get("logicalType")?.as_str()? != "decimal" || !matches!(schema.get("type")?.as_str()?, "bytes" | "fixed") {
        return None;
    }
    let Some(stated) = schema.get("precision") else { return Some(("precision", "it has no precision".to_owned())) };
    let Some(precision) = stated.as_u64().filter(|precision| *precision > 0) else {
        return Some(("precision", format!("its precision is {stated}, and must be a positive integer")));
    };
    let stated = schema.get("scale")?;
    match stated.as_u64() {
        None => Some(("scale", format!("its scale is {stated}, and must be an integer that is not negative"))),
        Some(scale) if scale > precision => Some(("scale", format!("its scale {scale} is above its precision {precision}"))),
        Some(_) => None,
    }
}
