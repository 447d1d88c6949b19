//! The validator agrees with an independent one on schemas and documents that a program makes up.

use eventc::{DecodeError, Schema};
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

/// Names that references may have.
const DEFINITIONS: [&str; 3] = ["A", "B", "C"];

/// A small generator of pseudo-random numbers (xorshift): the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => self.pick(&[json!(null), json!(true), json!(false)]),
            1 => json!(self.below(4)),
            2 => self.number(),
            3 | 4 => json!(self.pick(&["", "a", "b", "ab", "abc", "x1", "\u{1F600}"])),
            5 => Value::Array((0..self.below(4)).map(|_| self.value(depth - 1)).collect()),
            _ => Value::Object((0..self.below(5)).map(|_| (self.name(), self.value(depth - 1))).collect()),
        }
    }

    fn number(&mut self) -> Value {
        serde_json::from_str(self.pick(&["0", "1.0", "-1", "0.5", "2.50", "3e0", "1e2", "0.1", "7", "12345678901234567890"]))
            .expect("a number")
    }

    fn name(&mut self) -> String {
        self.pick(&["a", "b", "c", "x1", "x2"]).to_owned()
    }

    fn names(&mut self) -> Value {
        let mut names: Vec<String> = (0..self.below(3)).map(|_| self.name()).collect();
        names.sort();
        names.dedup();
        json!(names)
    }

    fn schemas(&mut self, depth: usize) -> Value {
        Value::Array((0..=self.below(2)).map(|_| self.schema(depth)).collect())
    }

    fn schema(&mut self, depth: usize) -> Value {
        if depth == 0 || self.one_in(12) {
            return self.pick(&[json!(true), json!(false), json!({"type": "string"}), json!({"type": ["integer", "object"]}), json!({})]);
        }
        let mut keywords = Map::new();
        for _ in 0..=self.below(4) {
            let (keyword, value) = self.keyword(depth - 1);
            keywords.insert(keyword.to_owned(), value);
        }
        Value::Object(keywords)
    }

    fn keyword(&mut self, depth: usize) -> (&'static str, Value) {
        match self.below(34) {
            0 => ("type", json!(self.pick(&["null", "boolean", "integer", "number", "string", "array", "object"]))),
            1 => ("type", json!(["object", "array", "string"])),
            2 => ("const", self.value(1)),
            3 => ("enum", json!([self.value(0), self.value(1), "a"])),
            4 => (self.pick(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]), self.number()),
            5 => ("multipleOf", self.pick(&[json!(2), json!(1), serde_json::from_str("0.5").expect("a number")])),
            6 => (self.pick(&["minLength", "maxLength"]), json!(self.below(3))),
            7 => ("pattern", json!(self.pick(&["^a", "b$", "^[a-c]+$", "x\\d"]))),
            8 => (self.pick(&["minItems", "maxItems", "minContains", "maxContains"]), json!(self.below(3))),
            9 => ("uniqueItems", json!(true)),
            10 => ("prefixItems", self.schemas(depth)),
            11 => ("items", self.schema(depth)),
            12 | 13 => ("contains", self.schema(depth)),
            14 | 15 => ("unevaluatedItems", self.schema(depth)),
            16 => (self.pick(&["minProperties", "maxProperties"]), json!(self.below(3))),
            17 => ("required", self.names()),
            18 | 19 => ("properties", self.map(depth)),
            20 => ("patternProperties", json!({"^x": self.schema(depth), "[ab]": self.schema(depth)})),
            21 => ("additionalProperties", self.schema(depth)),
            22 => ("propertyNames", self.schema(depth)),
            23 => ("dependentRequired", json!({self.name(): self.names()})),
            24 => ("dependentSchemas", self.map(depth)),
            25 | 26 => ("unevaluatedProperties", self.schema(depth)),
            27 => ("allOf", self.schemas(depth)),
            28 => ("anyOf", self.schemas(depth)),
            29 => ("oneOf", self.schemas(depth)),
            30 => ("not", self.schema(depth)),
            31 => ("if", self.schema(depth)),
            32 => (self.pick(&["then", "else"]), self.schema(depth)),
            _ => ("$ref", json!(self.pick(&DEFINITIONS))),
        }
    }

    fn map(&mut self, depth: usize) -> Value {
        Value::Object((0..=self.below(2)).map(|_| (self.name(), self.schema(depth))).collect())
    }
}

/// Returns the same schema for a validator that wants pointers where plans have names.
fn with_pointers(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let mapped = members.iter().map(|(key, value)| match value {
                Value::String(name) if key == "$ref" => (key.clone(), json!(format!("#/$defs/{name}"))),
                value => (key.clone(), with_pointers(value)),
            });
            Value::Object(mapped.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(with_pointers).collect()),
        value => value.clone(),
    }
}

fn leak(plan: &Value, refs: &'static [(&'static str, &'static Schema)]) -> &'static Schema {
    Box::leak(Box::new(Schema::new(Box::leak(plan.to_string().into()), refs)))
}

#[test]
fn made_up_schemas_are_judged_alike() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut accepted, mut refused) = (0, 0);
    for round in 0..3000 {
        // Without references among them: a loop that consumes nothing has no meaning.
        let definitions: Vec<Value> = DEFINITIONS.iter().map(|_| without_references(random.schema(2))).collect();
        let schema = random.schema(4);
        let mut reference = with_pointers(&schema);
        if let Value::Object(members) = &mut reference {
            members.insert(
                "$defs".to_owned(),
                DEFINITIONS.into_iter().zip(&definitions).map(|(name, plan)| (name.to_owned(), plan.clone())).collect(),
            );
        }
        let reference = jsonschema::draft202012::new(&reference).unwrap_or_else(|error| panic!("{schema}: {error}"));
        let refs: Vec<(&str, &Schema)> = DEFINITIONS.into_iter().zip(&definitions).map(|(name, plan)| (name, leak(plan, &[]))).collect();
        let ours = leak(&schema, refs.leak());
        for _ in 0..12 {
            let value = random.value(3);
            let expected = reference.is_valid(&value);
            let result = ours.validate(&value);
            assert_eq!(result.is_ok(), expected, "round {round}: {schema} with {definitions:?} and {value}: {result:?}");
            if let Err(errors) = &result {
                assert!(errors.iter().all(|violation| value.pointer(&violation.pointer).is_some()), "{schema} and {value}: {errors:?}");
            }
            let text = value.to_string();
            match ours.decode::<Value>(text.as_bytes()) {
                Ok(decoded) => assert!(expected && decoded == value, "round {round}: {schema} with {definitions:?} and {value}: decoded"),
                Err(DecodeError::Invalid(errors)) => assert_eq!(Err(errors), result),
                Err(error) => panic!("{schema} and {value}: {error}"),
            }
            assert_eq!(ours.decode::<IgnoredAny>(text.as_bytes()).is_ok(), expected, "{schema} and {value}");
            *if expected { &mut accepted } else { &mut refused } += 1;
        }
    }
    assert!(accepted > 5000 && refused > 5000, "{accepted} accepted, {refused} refused");
}

fn without_references(schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(key, value)| !(key == "$ref" && value.is_string()));
            Value::Object(kept.map(|(key, value)| (key, without_references(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_references).collect()),
        value => value,
    }
}
