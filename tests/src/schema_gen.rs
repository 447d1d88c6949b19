//! Schemas that nobody would write, and documents that have a chance with them.

use serde_json::{Map, Value, json};

use crate::random::Random;

/// The names of all properties, and of all definitions.
const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const DEFINITIONS: [&str; 3] = ["x", "y", "z"];
const TEXTS: [&str; 6] = ["", "a", "ab", "abc", "A-1", "ä"];
const PATTERNS: [&str; 4] = ["^a", "b$", "^[a-z]+$", "^[A-Z]-\\d$"];

/// Keywords in any combination that has a meaning, and references to definitions that may go in circles.
pub struct SchemaGenerator<'r> {
    /// The source of randomness.
    pub random: &'r mut Random,
}

impl SchemaGenerator<'_> {
    /// Returns an object's schema with definitions.
    pub fn schema(&mut self) -> Value {
        let mut root = self.object(3);
        let definitions = DEFINITIONS.iter().map(|name| ((*name).to_owned(), self.definition())).collect::<Map<_, _>>();
        root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        root["$defs"] = Value::Object(definitions);
        root
    }

    /// Returns a definition that is not merely another one: that would go in circles.
    fn definition(&mut self) -> Value {
        match self.random.below(4) {
            0 => self.text(),
            1 => self.list(1),
            _ => self.object(2),
        }
    }

    fn any(&mut self, depth: usize) -> Value {
        match self.random.below(if depth == 0 { 6 } else { 13 }) {
            0 => self.text(),
            1 => self.number(),
            2 => json!({"type": "boolean"}),
            3 => self.values(),
            4 => self.nullable(),
            5 => json!(true),
            6 | 7 => self.list(depth - 1),
            8 | 9 => self.object(depth - 1),
            10 => self.union(depth - 1),
            11 => self.together(depth - 1),
            _ => json!({"$ref": format!("#/$defs/{}", self.random.pick(&DEFINITIONS))}),
        }
    }

    /// Sets a keyword now and then.
    fn maybe(&mut self, schema: &mut Value, percent: usize, keyword: &str, value: Value) {
        if self.random.chance(percent) {
            schema[keyword] = value;
        }
    }

    fn text(&mut self) -> Value {
        let mut schema = json!({"type": "string"});
        let (least, most, pattern) = (self.random.below(3), 1 + self.random.below(3), *self.random.pick(&PATTERNS));
        self.maybe(&mut schema, 25, "minLength", json!(least));
        self.maybe(&mut schema, 25, "maxLength", json!(most));
        self.maybe(&mut schema, 20, "pattern", json!(pattern));
        self.maybe(&mut schema, 10, "not", json!({"const": "ab"}));
        schema
    }

    fn number(&mut self) -> Value {
        let mut schema = json!({"type": self.random.pick(&["integer", "number"])});
        let (least, most) = (self.random.below(3), 2 + self.random.below(3));
        self.maybe(&mut schema, 30, "minimum", json!(least));
        self.maybe(&mut schema, 20, "exclusiveMaximum", json!(most));
        self.maybe(&mut schema, 15, "multipleOf", json!(2));
        schema
    }

    fn values(&mut self) -> Value {
        let list = [json!(["a", "ab"]), json!(["a", null]), json!([1, 2]), json!([1, "a", null]), json!([true]), json!(["ab"])];
        let mut schema = json!({"enum": self.random.pick(&list)});
        self.maybe(&mut schema, 30, "type", json!(["string", "null", "integer"]));
        schema
    }

    fn nullable(&mut self) -> Value {
        match self.random.below(4) {
            0 => json!({"type": ["string", "null"], "minLength": 1}),
            1 => json!({"type": ["integer", "null"]}),
            2 => json!({"anyOf": [self.any(0), {"type": "null"}]}),
            _ => json!({"oneOf": [{"type": "null"}, self.any(0)]}),
        }
    }

    fn list(&mut self, depth: usize) -> Value {
        let mut schema = json!({"type": "array"});
        let (items, first, second) = (self.any(depth), self.any(0), self.any(0));
        if self.random.chance(25) {
            schema["prefixItems"] = json!([first, second]);
            self.maybe(&mut schema, 50, "minItems", json!(2));
            self.maybe(&mut schema, 60, "items", json!(false));
        } else {
            self.maybe(&mut schema, 85, "items", items);
            self.maybe(&mut schema, 25, "minItems", json!(1));
            self.maybe(&mut schema, 20, "maxItems", json!(2));
        }
        self.maybe(&mut schema, 15, "uniqueItems", json!(true));
        self.maybe(&mut schema, 10, "contains", json!({"type": "string"}));
        schema
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut schema = json!({"type": "object"});
        let count = self.random.below(NAMES.len());
        let properties: Map<String, Value> = NAMES[..count].iter().map(|name| ((*name).to_owned(), self.any(depth))).collect();
        let required: Vec<&str> = NAMES.into_iter().filter(|_| self.random.chance(35)).take(2).collect();
        let rest = if self.random.chance(60) { json!(false) } else { self.any(0) };
        if !properties.is_empty() {
            schema["properties"] = Value::Object(properties);
        }
        self.maybe(&mut schema, 60, "required", json!(required));
        self.maybe(&mut schema, 40, "additionalProperties", rest);
        self.maybe(&mut schema, 6, "minProperties", json!(1));
        self.maybe(&mut schema, 6, "propertyNames", json!({"maxLength": 1}));
        self.maybe(&mut schema, 6, "patternProperties", json!({"^[ad]": {"type": ["string", "integer"]}}));
        self.maybe(&mut schema, 6, "dependentRequired", json!({"a": ["b"]}));
        self.maybe(&mut schema, 5, "if", json!({"required": ["a"]}));
        self.maybe(&mut schema, 5, "then", json!({"required": ["b"]}));
        schema
    }

    fn union(&mut self, depth: usize) -> Value {
        let branches: Vec<Value> = (0..2 + self.random.below(2)).map(|_| self.any(depth)).collect();
        json!({*self.random.pick(&["anyOf", "oneOf"]): branches})
    }

    fn together(&mut self, depth: usize) -> Value {
        let more = match self.random.below(3) {
            0 => json!({"required": ["a"]}),
            1 => json!({"properties": {"a": {"enum": ["a", 1]}}}),
            _ => self.object(depth),
        };
        let first = if self.random.chance(50) { self.object(depth) } else { json!({"$ref": "#/$defs/x"}) };
        json!({"allOf": [first, more]})
    }

    /// Returns a document that keeps to what a schema says of types, and to more of it now and then.
    pub fn document(&mut self, root: &Value) -> Value {
        self.value(root, root, 0)
    }

    fn value(&mut self, root: &Value, schema: &Value, depth: usize) -> Value {
        let branches = ["anyOf", "oneOf", "allOf"].iter().find_map(|keyword| schema[*keyword].as_array());
        if depth > 8 || self.random.chance(3) {
            return self.random.pick(&[Value::Null, json!(1), json!("a"), json!({}), json!([])]).clone();
        }
        if let Some(target) = schema["$ref"].as_str().and_then(|reference| root.pointer(&reference[1..])) {
            return self.value(root, target, depth + 1);
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.random.pick(values).clone();
        }
        if let Some(branches) = branches {
            let mut value = self.value(root, self.random.clone().pick(branches), depth + 1);
            self.random.next();
            // What all of them say, if they are objects.
            for branch in schema["allOf"].as_array().into_iter().flatten() {
                if let (Value::Object(known), Value::Object(more)) = (&mut value, self.value(root, branch, depth + 1)) {
                    more.into_iter().for_each(|(name, member)| _ = known.entry(name).or_insert(member));
                }
            }
            return value;
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.random.pick(kinds).clone(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("string") => json!(self.random.pick(&TEXTS)),
            Some("integer") => self.random.pick(&[json!(0), json!(1), json!(2), json!(3.0), json!(-1)]).clone(),
            Some("number") => self.random.pick(&[json!(0), json!(1.5), json!(2), json!(-1)]).clone(),
            Some("boolean") => json!(self.random.chance(50)),
            Some("array") => self.items(root, schema, depth),
            Some("object") => self.members(root, schema, depth),
            _ => Value::Null,
        }
    }

    fn items(&mut self, root: &Value, schema: &Value, depth: usize) -> Value {
        let first = schema["prefixItems"].as_array().map_or(&[][..], Vec::as_slice);
        let count = if first.is_empty() { self.random.below(3) } else { first.len() };
        let items = (0..count).map(|index| self.value(root, first.get(index).unwrap_or(&schema["items"]), depth + 1));
        items.collect()
    }

    fn members(&mut self, root: &Value, schema: &Value, depth: usize) -> Value {
        let mut members = Map::new();
        for name in NAMES {
            let needed = schema["required"].as_array().is_some_and(|required| required.iter().any(|required| required == name));
            let declared = schema["properties"].get(name);
            let wanted = match declared {
                Some(_) => needed || self.random.chance(60),
                None => needed || (schema["additionalProperties"] != false && self.random.chance(20)),
            };
            if wanted {
                let value = self.value(root, declared.unwrap_or(&schema["additionalProperties"]), depth + 1);
                members.insert(name.to_owned(), value);
            }
        }
        Value::Object(members)
    }
}
