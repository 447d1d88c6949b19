//! Detection of the dialect of a schema that does not say it, by its keywords.

use serde_json::{Map, Value, json};

use super::{Dialect, tail};
use crate::syntax::Document;

/// The decisions about a document that are made before its schemas are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct DetectedDialect {
    /// Whether the document is a schema.
    pub(super) is_schema: bool,
    /// The dialect of its root, where no `$schema` that anybody knows says another.
    pub(super) dialect: Dialect,
    /// Whether keywords told it.
    pub(super) from_keywords: bool,
    /// Whether it is of draft 3, and is read in the words of draft 4.
    pub(super) third: bool,
}

impl DetectedDialect {
    /// The decisions about a document that is no schema by its looks.
    pub(super) const NO_SCHEMA: Self = Self { is_schema: false, dialect: Dialect::Draft2020, from_keywords: false, third: false };

    /// Detects the dialect of a schema that does not name a published one: what is stated for it, or what its keywords tell. It stands
    /// in the document's value from here on.
    pub(super) fn detect(document: &mut Document, stated: Option<Dialect>) -> Self {
        let named = document.value.get("$schema").and_then(Value::as_str);
        let third = named.is_some_and(is_draft3);
        let newest = named.is_some_and(Dialect::is_newest);
        let known = named.and_then(Dialect::of).filter(|_| !newest);
        if known.is_some() || !document.value.is_object() {
            if let Some(dialect) = known.filter(|_| named.is_some_and(|named| !named.contains("://"))) {
                document.value["$schema"] = dialect.uri().into();
            }
            return Self { is_schema: true, ..Self::NO_SCHEMA };
        }
        let missing = named.is_none() || newest;
        let detected = dialect(&document.value);
        let third = third || (stated.is_none() && detected.is_some_and(|(_, third)| third));
        if third {
            in_words_of_draft4(&mut document.value);
        }
        let found = stated.or(third.then_some(Dialect::Draft4)).or(detected.map(|(dialect, _)| dialect));
        let from_keywords = !third && stated.is_none() && detected.is_some();
        let decisions = Self { is_schema: true, dialect: found.unwrap_or(Dialect::Draft2020), from_keywords, third };
        // What is read so is what others shall read: validators, bundles and released schemas.
        if (missing || third)
            && decisions.dialect != Dialect::Draft2020
            && let Value::Object(members) = &mut document.value
        {
            members.shift_remove("$schema");
            members.shift_insert(0, "$schema".into(), decisions.dialect.uri().into());
        }
        decisions
    }
}

impl Dialect {
    /// Returns the dialect of a schema that names no published one, told by its keywords; draft 4 also of what is of draft 3. `None` where nothing
    /// speaks against 2020-12.
    ///
    /// ```
    /// use eventc_model::schema::Dialect;
    /// use serde_json::json;
    ///
    /// assert_eq!(Dialect::from_keywords(&json!({"minimum": 1, "exclusiveMinimum": true})), Some(Dialect::Draft4));
    /// assert_eq!(Dialect::from_keywords(&json!({"$schema": "https://schemas.example.com/own", "prefixItems": []})), None);
    /// ```
    pub fn from_keywords(schema: &Value) -> Option<Self> {
        dialect(schema).map(|(dialect, _)| dialect)
    }
}

/// Signs of a dialect in the words of a file.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a sign that may be there or not")]
struct Signs {
    /// A bound is a flag, as in draft 4 and before.
    flags: bool,
    /// Words of draft 3 that draft 4 has not.
    third: bool,
    /// A property says by a flag that it is required, as in draft 3, or by a slip.
    required: bool,
    /// `id` names the schema.
    id: bool,
    /// Words from draft 6 on.
    later: bool,
    /// `items` is a list, or `dependencies` are stated: as in 2019-09 and before, or in draft 7 and before.
    lists: bool,
    dependencies: bool,
    /// Words from 2019-09 on, those of 2019-09 alone, and those of 2020-12 alone.
    modern: bool,
    recursive: bool,
    newest: bool,
}

/// Returns the dialect that keywords tell, and whether it is draft 3 in truth; `None` where nothing speaks against 2020-12.
pub(super) fn dialect(value: &Value) -> Option<(Dialect, bool)> {
    let mut signs = Signs::default();
    let root = value.as_object()?;
    let text = |key: &str| root.get(key).and_then(Value::as_str);
    signs.id = text("$id").is_none()
        && text("id")
            .is_some_and(|id| root.contains_key("definitions") || id.contains("://") || id.starts_with('#') || tail::stem(id) != id);
    signs.schema(root);
    let Signs { flags, third, required, id, later, lists, dependencies, modern, recursive, newest } = signs;
    match () {
        () if third || (required && !later && !modern && !newest) => Some((Dialect::Draft4, true)),
        () if flags && !modern && !newest => Some((Dialect::Draft4, false)),
        () if newest => None,
        () if recursive || (lists && modern) => Some((Dialect::Draft2019, false)),
        () if id && !later && !modern => Some((Dialect::Draft4, false)),
        () if lists || (dependencies && !modern) => Some((Dialect::Draft7, false)),
        () => None,
    }
}

/// Returns whether a `$schema` names draft 3.
pub(super) fn is_draft3(uri: &str) -> bool {
    uri.contains("json-schema.org/draft-03/")
}

impl Signs {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(members) => self.schema(members),
            Value::Array(items) => items.iter().for_each(|item| self.value(item)),
            _ => {}
        }
    }

    fn schema(&mut self, members: &Map<String, Value>) {
        for (key, value) in members {
            self.word(key, value);
            match key.as_str() {
                // What stands there are names, or no schemas at all.
                "properties" | "patternProperties" | "definitions" | "$defs" | "dependencies" | "dependentSchemas" => {
                    value.as_object().into_iter().flat_map(Map::values).for_each(|member| self.value(member));
                }
                "enum" | "const" | "default" | "example" | "examples" | "required" => {}
                key if key.starts_with("x-") => {}
                _ => self.value(value),
            }
        }
    }

    fn word(&mut self, key: &str, value: &Value) {
        match key {
            "exclusiveMinimum" | "exclusiveMaximum" if value.is_boolean() => self.flags = true,
            "exclusiveMinimum" | "exclusiveMaximum" if value.is_number() => self.later = true,
            "required" if value.is_boolean() => self.required = true,
            "divisibleBy" if value.is_number() => self.third = true,
            "type" if value.as_array().is_some_and(|types| types.iter().any(Value::is_object)) => self.third = true,
            "disallow" if value.is_string() || value.is_array() => self.third = true,
            "items" if value.is_array() => self.lists = true,
            "dependencies" if value.is_object() => self.dependencies = true,
            "const" | "contains" | "propertyNames" | "if" => self.later = true,
            "$defs"
            | "$anchor"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "minContains"
            | "maxContains" => self.modern = true,
            "$recursiveRef" | "$recursiveAnchor" => self.recursive = true,
            "prefixItems" | "$dynamicRef" | "$dynamicAnchor" => self.newest = true,
            _ => {}
        }
    }
}

/// States draft 3 in the words of draft 4: a property that is `required` is a name in the list of its object.
pub(super) fn in_words_of_draft4(value: &mut Value) {
    let Value::Object(members) = value else {
        return value.as_array_mut().into_iter().flatten().for_each(in_words_of_draft4);
    };
    if let Some(bound) = members.shift_remove("divisibleBy") {
        members.insert("multipleOf".into(), bound);
    }
    if let Some(bases) = members.shift_remove("extends") {
        let bases = if let Value::Array(bases) = bases { bases } else { vec![bases] };
        demand(members, bases);
    }
    types(members);
    if let Some(excluded) = members.shift_remove("disallow") {
        let excluded = Value::Object(of_types(excluded));
        if members.contains_key("not") {
            demand(members, vec![json!({ "not": excluded })]);
        } else {
            members.insert("not".into(), excluded);
        }
    }
    for other in members.get_mut("dependencies").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        if other.is_string() {
            *other = Value::Array(vec![other.take()]);
        }
    }
    let mut required = Vec::new();
    for (name, property) in members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        let flag = property.as_object_mut().filter(|schema| schema.get("required").is_some_and(Value::is_boolean));
        if flag.and_then(|schema| schema.shift_remove("required")) == Some(Value::Bool(true)) {
            required.push(Value::from(name.as_str()));
        }
    }
    members.retain(|key, value| !(key == "required" && value.is_boolean()));
    if !required.is_empty() {
        let list = members.entry("required").or_insert_with(|| Value::Array(Vec::new()));
        list.as_array_mut().into_iter().for_each(|list| list.append(&mut required));
    }
    for (key, member) in members {
        match key.as_str() {
            "properties" | "patternProperties" | "definitions" | "dependencies" => {
                member.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(in_words_of_draft4);
            }
            "enum" | "default" | "required" => {}
            _ => in_words_of_draft4(member),
        }
    }
}

/// States `type` as draft 4 does: a name, a list of names, or `anyOf` where schemas are among them.
fn types(members: &mut Map<String, Value>) {
    let has_any = |types: &Value| types == "any" || types.as_array().is_some_and(|types| types.iter().any(|ty| ty == "any"));
    let has_schemas = |types: &Value| types.is_object() || types.as_array().is_some_and(|types| types.iter().any(Value::is_object));
    let Some(stated) = members.get("type") else { return };
    if has_any(stated) {
        members.shift_remove("type");
    } else if has_schemas(stated) {
        let stated = members.shift_remove("type").unwrap_or_default();
        let mut choice = of_types(stated);
        match choice.shift_remove("anyOf") {
            Some(alternatives) if !members.contains_key("anyOf") => {
                members.insert("anyOf".into(), alternatives);
            }
            Some(alternatives) => demand(members, vec![json!({ "anyOf": alternatives })]),
            None => demand(members, vec![Value::Object(choice)]),
        }
    }
}

/// Returns the schema of values that have one of the types, which are names or schemas.
fn of_types(types: Value) -> Map<String, Value> {
    let types = if let Value::Array(types) = types { types } else { vec![types] };
    let schema = |ty: Value| match ty {
        Value::Object(schema) => schema,
        name if name == "any" => Map::new(),
        name => Map::from_iter([("type".to_owned(), name)]),
    };
    let mut alternatives: Vec<Map<String, Value>> = types.into_iter().map(schema).collect();
    if alternatives.len() == 1
        && let Some(only) = alternatives.pop()
    {
        return only;
    }
    Map::from_iter([("anyOf".to_owned(), alternatives.into_iter().map(Value::Object).collect())])
}

/// Adds schemas that a value must fit as well.
fn demand(members: &mut Map<String, Value>, mut schemas: Vec<Value>) {
    match members.entry("allOf").or_insert_with(|| Value::Array(Vec::new())) {
        Value::Array(all) => all.append(&mut schemas),
        other => *other = Value::Array(schemas),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_tell_the_dialect() {
        for (text, expected) in [
            (r#"{"type": "object"}"#, None),
            (r#"{"definitions": {"a": {}}}"#, None),
            (r#"{"id": "a.json", "definitions": {"a": {}}}"#, Some(Dialect::Draft4)),
            (r#"{"id": "x", "properties": {"exclusiveMinimum": {"type": "boolean"}}}"#, None),
            (r#"{"properties": {"a": {"minimum": 1, "exclusiveMinimum": true}}}"#, Some(Dialect::Draft4)),
            (r#"{"properties": {"a": {"items": [{}]}}}"#, Some(Dialect::Draft7)),
            (r#"{"items": [{}], "$defs": {"a": {}}}"#, Some(Dialect::Draft2019)),
            (r#"{"items": [{}], "properties": {"a": {"prefixItems": []}}}"#, None),
            (r#"{"dependencies": {"a": ["b"]}}"#, Some(Dialect::Draft7)),
            (r#"{"enum": [{"items": [1]}], "default": {"required": true}}"#, None),
            (r#"{"properties": {"a": {"required": true}}}"#, Some(Dialect::Draft4)),
            (r##"{"properties": {"a": {"type": ["string", {"$ref": "#"}]}}}"##, Some(Dialect::Draft4)),
            (r#"{"properties": {"type": {"enum": ["string", {}]}}}"#, None),
            (r#"{"properties": {"a": {"required": true}, "b": {"const": 1}}}"#, None),
            (r#"{"properties": {"a": {"required": true}, "b": {"prefixItems": [{}]}}, "dependentRequired": {"b": ["a"]}}"#, None),
            (r#"{"properties": {"a": {"minimum": 1, "exclusiveMinimum": true}}, "$defs": {}}"#, None),
            (r#"{"id": "https://example.org/a", "properties": {"a": {"const": 1}}}"#, None),
        ] {
            let value = serde_json::from_str(text).expect("JSON");
            assert_eq!(dialect(&value).map(|(dialect, _)| dialect), expected, "{text}");
        }
    }

    #[test]
    fn a_dialect_is_written_as_validators_know_it() {
        let tuple = r#""properties": {"a": {"items": [{}]}}"#;
        for (named, rest, expected) in [
            // The newest dialect is that of the day on which somebody wrote so.
            ("http://json-schema.org/schema#", tuple, Dialect::Draft7.uri()),
            ("https://json-schema.org/schema", r#""type": "object""#, "https://json-schema.org/schema"),
            ("json-schema.org/draft-04/schema#", tuple, Dialect::Draft4.uri()),
            ("https://json-schema.org/draft-07/schema", tuple, "https://json-schema.org/draft-07/schema"),
        ] {
            let text = format!(r#"{{"$schema": "{named}", {rest}}}"#);
            let tree = crate::source::Tree::from_texts([("a.json", text.as_str())], &crate::source::Limits::default());
            let mut document = Document::parse(tree.files[0].clone(), &tree.limits).0.expect("JSON");
            let detected = DetectedDialect::detect(&mut document, None);
            assert_eq!(document.value["$schema"], expected, "{named}");
            assert!(detected.is_schema);
        }
    }

    #[test]
    fn draft_3_in_the_words_of_draft_4() {
        let lowered = |mut value: Value| {
            in_words_of_draft4(&mut value);
            value
        };
        assert_eq!(
            lowered(json!({"properties": {"required": {"type": "any", "required": true}, "b": {"required": false, "divisibleBy": 2}},
                "extends": {"properties": {"c": {"required": true}}}})),
            json!({"properties": {"required": {}, "b": {"multipleOf": 2}},
                "allOf": [{"properties": {"c": {}}, "required": ["c"]}], "required": ["required"]}),
        );
        for (text, expected) in [
            (json!({"type": ["string", "null"]}), json!({"type": ["string", "null"]})),
            (json!({"type": ["string", "any", {"$ref": "#"}]}), json!({})),
            (json!({"type": ["string", {"$ref": "#"}]}), json!({"anyOf": [{"type": "string"}, {"$ref": "#"}]})),
            (
                json!({"type": [{"type": [{"divisibleBy": 2}, "null"]}]}),
                json!({"allOf": [{"anyOf": [{"multipleOf": 2}, {"type": "null"}]}]}),
            ),
            (json!({"disallow": "string"}), json!({"not": {"type": "string"}})),
            (json!({"disallow": ["null", {"extends": {}}]}), json!({"not": {"anyOf": [{"type": "null"}, {"allOf": [{}]}]}})),
            (json!({"disallow": "any", "extends": [{}]}), json!({"allOf": [{}], "not": {}})),
            (json!({"dependencies": {"a": "b", "c": ["d"]}}), json!({"dependencies": {"a": ["b"], "c": ["d"]}})),
            (json!({"properties": {"type": {"enum": ["any", {}]}}}), json!({"properties": {"type": {"enum": ["any", {}]}}})),
        ] {
            assert_eq!(lowered(text.clone()), expected, "{text}");
        }
    }
}
