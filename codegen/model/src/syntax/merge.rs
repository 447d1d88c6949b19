//! Merge keys of YAML (`<<`): what other mappings lend to one.

use serde_json::{Map, Value};

/// The key.
pub(super) const KEY: &str = "<<";

/// The members that the merge keys of a mapping bring, and where the first of them stands among its own keys.
#[derive(Debug, Default)]
pub(super) struct MergeKeys {
    at: usize,
    lent: Map<String, Value>,
}

impl MergeKeys {
    /// Takes the value of a merge key: a mapping, or a list of them, of which the earlier count. Returns whether it is one.
    pub(super) fn take(&mut self, value: Value, at: usize) -> bool {
        if self.lent.is_empty() {
            self.at = at;
        }
        let mappings = match value {
            Value::Array(items) => items,
            one => vec![one],
        };
        let all = mappings.iter().all(Value::is_object);
        for (key, member) in
            mappings.into_iter().filter_map(|mapping| if let Value::Object(members) = mapping { Some(members) } else { None }).flatten()
        {
            self.lent.entry(key).or_insert(member);
        }
        all
    }

    /// Returns the mapping with what it does not say itself.
    pub(super) fn into(self, own: Map<String, Value>) -> Map<String, Value> {
        if self.lent.is_empty() {
            return own;
        }
        let lent: Vec<_> = self.lent.into_iter().filter(|(key, _)| !own.contains_key(key)).collect();
        let mut own = own.into_iter();
        let mut out: Map<String, Value> = own.by_ref().take(self.at).collect();
        out.extend(lent);
        out.extend(own);
        out
    }
}
