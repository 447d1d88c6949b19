//! Variants of a valid document, made from its schema: what is missing, of the wrong type, out of range, or unknown.

use eventc_model::{
    schema::{Keywords, NodeId, Schemas},
    syntax::{escape_pointer, split_pointer},
};
use serde_json::{Number, Value, json};

/// Changes a document in one place at a time, everywhere, as its schema suggests. Some variants are still valid: a validator
/// says which.
pub fn mutants(schemas: &Schemas, root: NodeId, document: &Value) -> Vec<Value> {
    let mut mutator = Mutator { schemas, document, out: Vec::new() };
    mutator.place(&[root], "");
    let mut out = mutator.out;
    out.dedup();
    out
}

struct Mutator<'a> {
    schemas: &'a Schemas,
    document: &'a Value,
    out: Vec<Value>,
}

impl<'a> Mutator<'a> {
    fn place(&mut self, nodes: &[NodeId], pointer: &str) {
        let document = self.document;
        let Some(value) = document.pointer(pointer) else { return };
        let keywords = self.gather(nodes);
        for other in [Value::Null, json!(true), json!(7), json!(-1.5), json!("zzz"), json!([]), json!({})] {
            if std::mem::discriminant(&other) != std::mem::discriminant(value) {
                self.replace(pointer, other);
            }
        }
        match value {
            Value::Number(_) => self.number(&keywords, pointer),
            Value::String(text) => self.string(&keywords, pointer, text),
            Value::Array(items) => self.array(&keywords, pointer, items),
            Value::Object(_) => self.object(&keywords, pointer),
            _ => {}
        }
    }

    /// Returns the schemas that apply to a place: referred ones, and all branches, since any of them may be the one that counts.
    fn gather(&self, nodes: &[NodeId]) -> Vec<&'a Keywords> {
        let schemas = self.schemas;
        let (mut pending, mut seen, mut out) = (nodes.to_vec(), Vec::new(), Vec::new());
        while let Some(id) = pending.pop() {
            let Some(keywords) = schemas.keywords(id).filter(|_| !seen.contains(&id)) else { continue };
            seen.push(id);
            pending.extend(keywords.referred());
            pending.extend(keywords.all_of.iter().chain(&keywords.any_of).chain(&keywords.one_of));
            pending.extend([keywords.if_schema, keywords.then_schema, keywords.else_schema].into_iter().flatten());
            out.push(keywords);
        }
        out
    }

    fn number(&mut self, keywords: &[&Keywords], pointer: &str) {
        let bounds = keywords.iter().flat_map(|k| [&k.minimum, &k.maximum, &k.exclusive_minimum, &k.exclusive_maximum, &k.multiple_of]);
        let bounds: Vec<f64> = bounds.flatten().filter_map(Number::as_f64).collect();
        for bound in bounds {
            for value in [bound, bound - 1.0, bound + 1.0, bound + 0.25] {
                self.replace(pointer, json!(value));
                if value.fract() == 0.0 && value.abs() < 1e15 {
                    #[allow(clippy::cast_possible_truncation, reason = "whole and small")]
                    self.replace(pointer, json!(value as i64));
                }
            }
        }
        // The largest integer that JSON parsers of all languages keep: beyond it, JavaScript rounds, and so does a Rust `f64`.
        for value in ["0", "1.0", "2.5", "-3", "1e2", "9007199254740991"] {
            self.replace(pointer, serde_json::from_str(value).unwrap_or(Value::Null));
        }
    }

    fn string(&mut self, keywords: &[&Keywords], pointer: &str, text: &str) {
        let lengths: Vec<u64> = keywords.iter().flat_map(|k| [k.min_length, k.max_length]).flatten().collect();
        for length in lengths.into_iter().filter(|length| *length < 100_000) {
            let length = usize::try_from(length).unwrap_or(0);
            for length in [length.saturating_sub(1), length, length + 1] {
                // Characters outside the basic plane count once each.
                self.replace(pointer, json!("\u{1f600}".repeat(length)));
                self.replace(pointer, json!("a".repeat(length)));
            }
        }
        for other in ["", " ", "not a member", "ÄÖ\n"] {
            self.replace(pointer, json!(other));
        }
        self.replace(pointer, json!(format!("{text}\n")));
        self.replace(pointer, json!(format!(" {text}")));
        self.replace(pointer, json!(text.to_uppercase()));
    }

    fn array(&mut self, keywords: &[&Keywords], pointer: &str, items: &[Value]) {
        let Some(first) = items.first() else { return };
        self.replace(pointer, Value::Array(items[1..].to_vec()));
        self.replace(pointer, Value::Array([items, std::slice::from_ref(first)].concat()));
        if let Some(most) =
            keywords.iter().filter_map(|k| k.max_items).min().and_then(|most| usize::try_from(most).ok()).filter(|most| *most < 5000)
        {
            self.replace(pointer, Value::Array(vec![first.clone(); most + 1]));
        }
        for index in 0..items.len().min(2) {
            let nodes: Vec<NodeId> = keywords.iter().filter_map(|k| k.prefix_items.get(index).copied().or(k.items)).collect();
            self.place(&nodes, &format!("{pointer}/{index}"));
        }
    }

    fn object(&mut self, keywords: &[&Keywords], pointer: &str) {
        let document = self.document;
        let Some(Value::Object(members)) = document.pointer(pointer) else { return };
        for key in ["unknown property", "__proto__", ""] {
            let mut more = members.clone();
            more.insert(key.into(), json!([1, "x"]));
            self.replace(pointer, Value::Object(more));
        }
        for key in members.keys().cloned().collect::<Vec<_>>() {
            let mut fewer = members.clone();
            fewer.shift_remove(&key);
            self.replace(pointer, Value::Object(fewer));
            let nodes: Vec<NodeId> = keywords.iter().flat_map(|k| property(k, &key)).collect();
            self.place(&nodes, &format!("{pointer}/{}", escape_pointer(&key)));
        }
    }

    fn replace(&mut self, pointer: &str, value: Value) {
        let mut document = self.document.clone();
        let place = split_pointer(pointer).iter().try_fold(&mut document, |at, part| match at {
            Value::Object(members) => members.get_mut(part),
            Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?),
            _ => None,
        });
        if let Some(place) = place {
            *place = value;
            self.out.push(document);
        }
    }
}

/// Returns the schemas that a property may fall under.
fn property(keywords: &Keywords, key: &str) -> Vec<NodeId> {
    let named: Vec<NodeId> = keywords.properties.iter().filter(|(name, _)| name == key).map(|(_, id)| *id).collect();
    if named.is_empty() {
        keywords.pattern_properties.iter().map(|(_, id)| *id).chain(keywords.additional_properties).collect()
    } else {
        named
    }
}
