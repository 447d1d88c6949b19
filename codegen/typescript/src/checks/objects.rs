//! Objects: properties by name, by pattern, and the rest.

use eventc_model::schema::{Keywords, NodeId, Schema};

use super::{
    super::text::{Access, member, string},
    CheckWriter,
    body::Body,
    expression::in_parentheses,
};

impl CheckWriter<'_, '_> {
    /// Returns the expression for a property of a value.
    pub(super) fn property(&mut self, v: &str, name: &str) -> String {
        match member(v, name) {
            Access::Direct(expression) => expression,
            Access::Own(arguments) => format!("{}{arguments}", self.scope.runtime("own")),
        }
    }

    /// Writes the checks of an object; `v` is known to be one.
    pub(super) fn object(&mut self, keywords: &Keywords, v: &str, body: &mut Body) {
        // Properties that must have one value go first: they tell alternatives apart.
        let mut properties: Vec<&(String, NodeId)> = keywords.properties.iter().collect();
        properties.sort_by_key(|(_, node)| !self.keywords(*node).is_ok_and(|keywords| keywords.const_value.is_some()));
        let count = self.closes(keywords).then(|| body.name("n"));
        if let Some(count) = &count {
            let required = keywords.properties.iter().filter(|(name, _)| keywords.required.contains(name)).count();
            body.line(&format!("let {count} = {required};"));
        }
        for (name, node) in properties {
            self.known_property(keywords, name, *node, v, count.as_deref(), body);
        }
        for name in &keywords.required {
            if !keywords.properties.iter().any(|(property, _)| property == name) {
                let value = self.property(v, name);
                body.line(&format!("if ({value} === undefined) return false;"));
            }
        }
        match count {
            Some(count) => self.nothing_else(keywords, v, &count, body),
            None => self.other_properties(keywords, v, body),
        }
        self.exact_object(keywords, v, body);
    }

    fn known_property(&mut self, keywords: &Keywords, name: &String, node: NodeId, v: &str, count: Option<&str>, body: &mut Body) {
        let required = keywords.required.contains(name);
        let local = body.name("v");
        let leaf = self.leaf_or_call(node, &local, body);
        let value = self.property(v, name);
        let counted = count.filter(|_| !required).map(|count| format!("{count}++;"));
        if leaf.as_deref() == Some("true") && counted.is_none() {
            if required {
                body.line(&format!("if ({value} === undefined) return false;"));
            }
            return;
        }
        body.line(&format!("const {local} = {value};"));
        match leaf {
            Some(leaf) => {
                if let Some(counted) = counted {
                    body.block(&format!("if ({local} !== undefined)"), |body| {
                        body.demand(&leaf);
                        body.line(&counted);
                    });
                } else if required && self.refuses_undefined(node) {
                    body.demand(&leaf);
                } else if required {
                    body.line(&format!("if ({local} === undefined || !{}) return false;", in_parentheses(&leaf)));
                } else {
                    body.line(&format!("if ({local} !== undefined && !{}) return false;", in_parentheses(&leaf)));
                }
            }
            None if required => {
                if !self.refuses_undefined(node) {
                    body.line(&format!("if ({local} === undefined) return false;"));
                }
                self.statements(node, &local, body);
            }
            None => body.block(&format!("if ({local} !== undefined)"), |body| {
                self.statements(node, &local, body);
                if let Some(counted) = counted {
                    body.line(&counted);
                }
            }),
        }
    }

    /// Returns the expression that judges a schema, or a call where blocks would nest too deep.
    pub(super) fn leaf_or_call(&mut self, node: NodeId, v: &str, body: &Body) -> Option<String> {
        let leaf = self.leaf(node, v);
        if leaf.is_none() && body.depth() >= super::MAX_DEPTH {
            return Some(self.condition(node, v));
        }
        leaf
    }

    /// Returns whether an object holds nothing but properties with names: told by counting them.
    fn closes(&self, keywords: &Keywords) -> bool {
        let closed = keywords.additional_properties.is_some_and(|id| matches!(self.schemas.node(id).schema, Schema::Bool(false)));
        closed && keywords.pattern_properties.is_empty()
    }

    fn nothing_else(&mut self, keywords: &Keywords, v: &str, count: &str, body: &mut Body) {
        let names: Vec<&str> = keywords.properties.iter().map(|(name, _)| name.as_str()).collect();
        let (keys, other, known) = (self.scope.runtime("countKeys"), self.scope.runtime("hasOther"), self.set(&names));
        body.line(&format!("if ({keys}({v}) !== {count} && {other}({v}, {known})) return false;"));
    }

    /// Writes the checks of properties by pattern, and of those that nothing names.
    fn other_properties(&mut self, keywords: &Keywords, v: &str, body: &mut Body) {
        let rest = keywords.additional_properties.filter(|id| !matches!(self.schemas.node(*id).schema, Schema::Bool(true)));
        if keywords.pattern_properties.is_empty() && rest.is_none() {
            return;
        }
        let (key, value) = (body.name("k"), body.name("v"));
        body.block(&format!("for (const {key} in {v})"), |body| {
            body.line(&format!("const {value} = {v}[{key}];"));
            body.line(&format!("if ({value} === undefined) continue;"));
            for (pattern, node) in &keywords.pattern_properties {
                let regex = self.regex(pattern);
                self.guarded(&format!("{regex}.test({key})"), *node, &value, body);
            }
            if let Some(rest) = rest {
                let named = self.is_named(keywords, &key);
                self.guarded(&named.map_or("true".into(), |named| format!("!({named})")), rest, &value, body);
            }
        });
    }

    /// Judges a value by a schema where a condition holds.
    pub(super) fn guarded(&mut self, condition: &str, node: NodeId, v: &str, body: &mut Body) {
        match self.leaf_or_call(node, v, body) {
            Some(leaf) if leaf == "true" => {}
            Some(leaf) if condition == "true" => body.demand(&leaf),
            Some(leaf) if leaf == "false" => body.line(&format!("if ({condition}) return false;")),
            Some(leaf) => body.line(&format!("if ({condition} && !{}) return false;", in_parentheses(&leaf))),
            None if condition == "true" => self.statements(node, v, body),
            None => body.block(&format!("if ({condition})"), |body| self.statements(node, v, body)),
        }
    }

    /// Returns whether `properties` or `patternProperties` name a key; `None` where they name nothing.
    pub(super) fn is_named(&mut self, keywords: &Keywords, key: &str) -> Option<String> {
        let mut tests = Vec::new();
        let names: Vec<&str> = keywords.properties.iter().map(|(name, _)| name.as_str()).collect();
        if names.len() > 4 {
            tests.push(format!("{}.has({key})", self.set(&names)));
        } else {
            tests.extend(names.iter().map(|name| format!("{key} === {}", string(name))));
        }
        for (pattern, _) in &keywords.pattern_properties {
            tests.push(format!("{}.test({key})", self.regex(pattern)));
        }
        (!tests.is_empty()).then(|| tests.join(" || "))
    }

    /// Writes what only the exact check asks of an object.
    fn exact_object(&mut self, keywords: &Keywords, v: &str, body: &mut Body) {
        body.block("if (s)", |body| {
            if keywords.min_properties.is_some_and(|least| least > 0) || keywords.max_properties.is_some() {
                let count = format!("{}({v})", self.scope.runtime("countProperties"));
                for (bound, operator) in [(keywords.min_properties, "<"), (keywords.max_properties, ">")] {
                    if let Some(bound) = bound {
                        body.line(&format!("if ({count} {operator} {bound}) return false;"));
                    }
                }
            }
            if let Some(names) = keywords.property_names {
                let key = body.name("k");
                let condition = self.condition(names, &key);
                if condition != "true" {
                    body.block(&format!("for (const {key} in {v})"), |body| {
                        body.line(&format!("if ({v}[{key}] !== undefined && !{}) return false;", in_parentheses(&condition)));
                    });
                }
            }
            for (name, others) in &keywords.dependent_required {
                let value = self.property(v, name);
                let missing: Vec<String> = others.iter().map(|other| format!("{} === undefined", self.property(v, other))).collect();
                if !missing.is_empty() {
                    body.line(&format!("if ({value} !== undefined && ({})) return false;", missing.join(" || ")));
                }
            }
            for (name, node) in &keywords.dependent_schemas {
                let value = self.property(v, name);
                let condition = self.condition(*node, v);
                if condition != "true" {
                    body.line(&format!("if ({value} !== undefined && !{}) return false;", in_parentheses(&condition)));
                }
            }
        });
    }
}
