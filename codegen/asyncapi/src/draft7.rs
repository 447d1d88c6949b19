//! Schemas in the words of draft 7, which AsyncAPI's own schema format builds on ("Schema Object"): whatever dialect they were written
//! in, each definition of a document once, references by name.

use eventc_model::{
    diagnostic::Diagnostic,
    schema::{Keywords, NodeId, Schema},
};
use serde_json::{Map, Value, json};

use super::{
    notes::{self, note},
    unevaluated,
    unreadable::{self, is_unreadable},
    vocabulary::{Meanings, Vocabulary},
};

/// Members of a schema object.
pub(super) type JsonMembers = Map<String, Value>;

/// A writer of schemas, which notes what it cannot say.
pub(super) struct Draft7Writer<'a> {
    pub(super) meanings: &'a Meanings<'a>,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) notes: Vec<Diagnostic>,
}

impl Draft7Writer<'_> {
    /// Returns a schema where it stands: a reference if it is a definition, else the schema itself.
    pub(super) fn child(&mut self, id: NodeId) -> Value {
        match self.vocabulary.pointer(id) {
            Some(pointer) => json!(pointer),
            None => self.definition(id),
        }
    }

    /// Returns a schema in full.
    pub(super) fn definition(&mut self, id: NodeId) -> Value {
        let schemas = self.meanings.schemas;
        let keywords = match &schemas.node(id).schema {
            Schema::Bool(accepts) => return Value::Bool(*accepts),
            Schema::Keywords(keywords) => keywords,
        };
        let mut out = JsonMembers::new();
        self.annotations(id, keywords, &mut out);
        self.values(id, keywords, &mut out);
        scalars(keywords, &mut out);
        self.arrays(id, keywords, &mut out);
        self.objects(keywords, &mut out);
        self.in_place(id, keywords, &mut out);
        unevaluated::write(self, id, keywords, &mut out);
        match out.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            // Nothing but a reference needs no list around it.
            Some([only]) if out.len() == 1 && only.get("$ref").is_some() => only.clone(),
            _ => Value::Object(out),
        }
    }

    fn annotations(&mut self, id: NodeId, keywords: &Keywords, out: &mut JsonMembers) {
        put(out, "title", keywords.title.as_deref());
        put(out, "description", keywords.description.as_deref());
        put(out, "$comment", keywords.comment.as_deref());
        for (key, flag) in [("deprecated", keywords.deprecated), ("readOnly", keywords.read_only), ("writeOnly", keywords.write_only)] {
            put(out, key, flag.then_some(true));
        }
        let members = self.meanings.schemas.raw(id).as_object();
        for (key, value) in members.into_iter().flatten() {
            // The document says elsewhere what `x-event` holds; `x-parser-` is what AsyncAPI's parser writes for itself.
            if key.starts_with("x-") && key != "x-event" && !key.starts_with("x-parser-") {
                self.value(id, key, value, out);
            }
        }
        if let Some(default) = &keywords.default {
            self.value(id, "default", default, out);
        }
        let (kept, left): (Vec<&Value>, Vec<&Value>) = keywords.examples.iter().partition(|example| !is_unreadable(example));
        if !left.is_empty() {
            self.refuse_value(id, "examples");
        }
        put(out, "examples", (!kept.is_empty()).then(|| json!(kept)));
    }

    fn values(&mut self, id: NodeId, keywords: &Keywords, out: &mut JsonMembers) {
        if let Some(kinds) = keywords.types {
            let words: Vec<&str> = kinds.iter().map(eventc_model::schema::Kind::as_str).collect();
            put(out, "type", Some(if let [only] = words[..] { json!(only) } else { json!(words) }));
        }
        if let Some(values) = &keywords.enum_values {
            self.value(id, "enum", &json!(values), out);
        }
        if let Some(value) = &keywords.const_value {
            self.value(id, "const", value, out);
        }
    }

    /// Writes a keyword whose value is data; leaves it out where tools would take a part of it for a reference.
    fn value(&mut self, id: NodeId, key: &str, value: &Value, out: &mut JsonMembers) {
        if is_unreadable(value) {
            self.refuse_value(id, key);
        } else {
            out.insert(key.to_owned(), value.clone());
        }
    }

    fn refuse_value(&mut self, id: NodeId, key: &str) {
        let message = format!("`{key}` holds a member that AsyncAPI tools cannot read as data, so the document leaves it out");
        self.notes.push(note(&notes::VALUE, self.meanings.schemas, id, key, message));
    }

    /// Notes a keyword that draft 7 cannot say.
    pub(super) fn lose(&mut self, id: NodeId, key: &str) {
        let message = format!("the AsyncAPI document leaves `{key}` out, which draft 7 cannot say here");
        self.notes.push(note(&notes::KEYWORD, self.meanings.schemas, id, key, message));
    }

    fn arrays(&mut self, id: NodeId, keywords: &Keywords, out: &mut JsonMembers) {
        let rest = keywords.items.map(|items| self.child(items));
        if keywords.prefix_items.is_empty() {
            put(out, "items", rest);
        } else {
            let prefix: Vec<Value> = keywords.prefix_items.iter().map(|item| self.child(*item)).collect();
            put(out, "items", Some(json!(prefix)));
            put(out, "additionalItems", rest);
        }
        put(out, "minItems", keywords.min_items);
        put(out, "maxItems", keywords.max_items);
        put(out, "uniqueItems", keywords.unique_items.then_some(true));
        let Some(contains) = keywords.contains else { return };
        // Draft 7 knows one count: at least one.
        if keywords.min_contains != Some(0) {
            let contains = self.child(contains);
            put(out, "contains", Some(contains));
        }
        for (key, lost) in
            [("minContains", keywords.min_contains.is_some_and(|least| least > 1)), ("maxContains", keywords.max_contains.is_some())]
        {
            if lost {
                self.lose(id, key);
            }
        }
    }

    fn objects(&mut self, keywords: &Keywords, out: &mut JsonMembers) {
        put(out, "properties", self.map(&keywords.properties));
        put(out, "patternProperties", self.map(&keywords.pattern_properties));
        unreadable::rename(out);
        put(out, "additionalProperties", keywords.additional_properties.map(|id| self.child(id)));
        put(out, "propertyNames", keywords.property_names.map(|id| self.child(id)));
        put(out, "required", (!keywords.required.is_empty()).then(|| json!(keywords.required)));
        put(out, "minProperties", keywords.min_properties);
        put(out, "maxProperties", keywords.max_properties);
        let mut dependencies = JsonMembers::new();
        for (name, id) in &keywords.dependent_schemas {
            dependencies.insert(name.clone(), self.child(*id));
        }
        for (name, needed) in &keywords.dependent_required {
            let whole = match dependencies.shift_remove(name) {
                Some(schema) => json!({ "allOf": [schema, { "required": needed }] }),
                None => json!(needed),
            };
            dependencies.insert(name.clone(), whole);
        }
        put(out, "dependencies", (!dependencies.is_empty()).then_some(dependencies));
    }

    /// Returns schemas by name; `None` where there are none.
    fn map(&mut self, children: &[(String, NodeId)]) -> Option<JsonMembers> {
        (!children.is_empty()).then(|| children.iter().map(|(name, id)| (name.clone(), self.child(*id))).collect())
    }

    fn in_place(&mut self, id: NodeId, keywords: &Keywords, out: &mut JsonMembers) {
        // Beside a `$ref` draft 7 reads nothing, so references stand in `allOf`.
        let mut all = Vec::new();
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            match self.meanings.target(reference) {
                Some(target) => all.push(self.child(target)),
                None => self
                    .lose(id, if self.meanings.schemas.raw(id).get("$recursiveRef").is_some() { "$recursiveRef" } else { "$dynamicRef" }),
            }
        }
        all.extend(keywords.all_of.iter().map(|id| self.child(*id)));
        all.extend(unreadable::dependencies(out));
        put(out, "allOf", (!all.is_empty()).then_some(all));
        for (key, list) in [("anyOf", &keywords.any_of), ("oneOf", &keywords.one_of)] {
            let list: Vec<Value> = list.iter().map(|id| self.child(*id)).collect();
            put(out, key, (!list.is_empty()).then_some(list));
        }
        let singles = [("not", keywords.not), ("if", keywords.if_schema), ("then", keywords.then_schema), ("else", keywords.else_schema)];
        for (key, schema) in singles {
            put(out, key, schema.map(|id| self.child(id)));
        }
    }
}

/// Writes the keywords for numbers and strings.
fn scalars(keywords: &Keywords, out: &mut JsonMembers) {
    let numbers = [
        ("minimum", &keywords.minimum),
        ("maximum", &keywords.maximum),
        ("exclusiveMinimum", &keywords.exclusive_minimum),
        ("exclusiveMaximum", &keywords.exclusive_maximum),
        ("multipleOf", &keywords.multiple_of),
    ];
    for (key, number) in numbers {
        put(out, key, number.clone().map(Value::Number));
    }
    put(out, "minLength", keywords.min_length);
    put(out, "maxLength", keywords.max_length);
    let texts = [
        ("pattern", &keywords.pattern),
        ("format", &keywords.format),
        ("contentEncoding", &keywords.content_encoding),
        ("contentMediaType", &keywords.content_media_type),
    ];
    for (key, text) in texts {
        put(out, key, text.as_deref());
    }
}

pub(super) fn put(out: &mut JsonMembers, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        out.insert(key.to_owned(), value.into());
    }
}
