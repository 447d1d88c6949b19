//! Explanations: calls of the collector's methods, one for each keyword.

use eventc_model::schema::{Keywords, NodeId};
use serde_json::Value;

use super::{super::text::string, CheckWriter, Pending, scalars::has_values};

/// The maximum length of a call on one line.
const MAX_CALL_LENGTH: usize = 110;

impl CheckWriter<'_, '_> {
    /// Returns the statements that explain what is wrong with `v` under a schema.
    pub(super) fn explain(&mut self, node: NodeId, depth: usize) -> Vec<String> {
        match self.unit_of(node).filter(|_| self.schemas.opens_scope(node)) {
            Some(unit) => vec![format!("{}(v, c);", self.scope.explain(unit))],
            None => self.explain_keywords(node, depth),
        }
    }

    /// Returns the same of the keywords of a schema, one after the other.
    pub(super) fn explain_keywords(&mut self, node: NodeId, depth: usize) -> Vec<String> {
        let keywords = match self.keywords(node) {
            Err(true) => return Vec::new(),
            Err(false) => return vec!["c.never(v);".into()],
            Ok(keywords) => keywords,
        };
        let mut lines = Vec::new();
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            let Some((target, anchored)) = self.followed(reference) else { continue };
            match anchored {
                Some(anchored) => lines.push(format!("{anchored}.explain(v, c);")),
                None => lines.extend(self.explain_target(target, depth)),
            }
        }
        self.explain_values(node, keywords, &mut lines);
        self.explain_bounds(keywords, &mut lines);
        self.explain_array(keywords, depth, &mut lines);
        self.explain_object(keywords, depth, &mut lines);
        self.explain_in_place(keywords, depth, &mut lines);
        self.explain_unevaluated(node, keywords, depth, &mut lines);
        if keywords.sensitive.is_some() && !lines.is_empty() {
            lines.insert(0, "c.hide();".into());
            lines.push("c.show();".into());
        }
        lines
    }

    fn explain_target(&mut self, target: NodeId, depth: usize) -> Vec<String> {
        match self.unit_of(target) {
            Some(unit) => vec![format!("{}(v, c);", self.scope.explain(unit))],
            None => self.explain(self.schemas.target(target), depth + 1),
        }
    }

    /// Returns a function that explains a schema.
    fn explainer(&mut self, node: NodeId, depth: usize) -> String {
        self.complaint(node, depth).unwrap_or_else(|| self.scope.runtime("anything"))
    }

    /// Returns a function that explains a schema which can refuse something.
    fn complaint(&mut self, node: NodeId, depth: usize) -> Option<String> {
        match self.keywords(node) {
            Err(true) => return None,
            Err(false) => return Some(self.scope.runtime("never")),
            Ok(keywords) if keywords.plain_reference().is_some() && keywords.sensitive.is_none() => {
                if let Some(unit) = self.unit_of(node) {
                    return Some(self.scope.explain(unit));
                }
            }
            Ok(_) => {}
        }
        if depth > super::MAX_DEPTH {
            return Some(self.named_explainer(node));
        }
        let lines = self.explain(node, depth + 1);
        Some(match &lines[..] {
            [] => return None,
            [only] if !only.contains('\n') => format!("(v, c) => {}", only.trim_end_matches(';')),
            lines => {
                let body = super::lines_of(lines);
                format!("(v, c) => {{\n{body}}}")
            }
        })
    }

    fn named_explainer(&mut self, node: NodeId) -> String {
        if let Some(name) = self.explainers.get(&node) {
            return name.clone();
        }
        self.next += 1;
        let name = format!("${}", self.next);
        self.explainers.insert(node, name.clone());
        self.pending.push_back(Pending::Explain(node, name.clone()));
        name
    }

    fn explain_values(&mut self, node: NodeId, keywords: &Keywords, lines: &mut Vec<String>) {
        if let Some(kinds) = keywords.types {
            let words: Vec<String> = kinds.iter().map(|kind| format!(", \"{}\"", kind.as_str())).collect();
            lines.push(format!("c.type(v{});", words.concat()));
        }
        if !has_values(keywords) {
            return;
        }
        if let Some(value) = &keywords.const_value {
            lines.push(format!("c.constant(v, {});", self.constant_value(value)));
        }
        if let Some(values) = &keywords.enum_values {
            let open = self.is_open_enum(node);
            let scalars = values.iter().all(|value| !value.is_array() && !value.is_object());
            let list = if scalars {
                let values: Vec<String> = values.iter().map(|value| self.constant_value(value)).collect();
                format!("[{}]", values.join(", "))
            } else {
                self.value(&Value::Array(values.clone()))
            };
            lines.push(format!("c.enumeration(v, {list}, {open});"));
        }
    }

    fn constant_value(&mut self, value: &Value) -> String {
        match value {
            Value::String(text) => string(text),
            Value::Number(value) => self.bound_literal(value),
            Value::Array(_) | Value::Object(_) => self.value(value),
            scalar => scalar.to_string(),
        }
    }

    fn explain_bounds(&mut self, keywords: &Keywords, lines: &mut Vec<String>) {
        let numbers = [
            ("minimum", &keywords.minimum),
            ("maximum", &keywords.maximum),
            ("exclusiveMinimum", &keywords.exclusive_minimum),
            ("exclusiveMaximum", &keywords.exclusive_maximum),
        ];
        for (keyword, bound) in numbers {
            lines.extend(bound.as_ref().map(|bound| format!("c.{keyword}(v, {});", self.bound_literal(bound))));
        }
        if let Some(by) = &keywords.multiple_of {
            let divisor = self.divisor(by);
            lines.push(format!("c.multipleOf(v, {divisor});"));
        }
        let counts = [
            ("minLength", keywords.min_length),
            ("maxLength", keywords.max_length),
            ("minItems", keywords.min_items),
            ("maxItems", keywords.max_items),
            ("minProperties", keywords.min_properties),
            ("maxProperties", keywords.max_properties),
        ];
        for (keyword, count) in counts {
            lines.extend(count.map(|count| format!("c.{keyword}(v, {count});")));
        }
        if let Some(pattern) = &keywords.pattern {
            let regex = self.regex(pattern);
            let most = keywords.max_length.map(|most| most.to_string());
            let written = keywords.written_pattern.as_deref().map(string);
            let more = match (most, written) {
                (most, Some(written)) => format!(", {}, {written}", most.unwrap_or_else(|| "undefined".to_owned())),
                (Some(most), None) => format!(", {most}"),
                (None, None) => String::new(),
            };
            lines.push(format!("c.pattern(v, {regex}{more});"));
        }
    }

    fn explain_array(&mut self, keywords: &Keywords, depth: usize, lines: &mut Vec<String>) {
        if !keywords.prefix_items.is_empty() {
            let items: Vec<String> = keywords.prefix_items.iter().map(|node| format!(", {}", self.explainer(*node, depth))).collect();
            lines.push(format!("c.prefixItems(v{});", items.concat()));
        }
        if let Some(explainer) = keywords.items.and_then(|items| self.complaint(items, depth)) {
            lines.push(format!("c.items(v, {}, {explainer});", keywords.prefix_items.len()));
        }
        if keywords.unique_items {
            lines.push("c.uniqueItems(v);".into());
        }
        if let Some(contains) = keywords.contains {
            let check = self.checker(contains);
            let most = keywords.max_contains.map_or("1e999".to_owned(), |most| most.to_string());
            lines.push(format!("c.contains(v, {check}, {}, {most});", keywords.min_contains.unwrap_or(1)));
        }
    }

    fn explain_object(&mut self, keywords: &Keywords, depth: usize, lines: &mut Vec<String>) {
        let list = |names: &[String]| names.iter().map(|name| format!(", {}", string(name))).collect::<Vec<_>>().concat();
        if !keywords.required.is_empty() {
            lines.push(format!("c.required(v{});", list(&keywords.required)));
        }
        for (name, node) in &keywords.properties {
            if let Some(explainer) = self.complaint(*node, depth) {
                lines.push(format!("c.property(v, {}, {explainer});", string(name)));
            }
        }
        for (pattern, node) in &keywords.pattern_properties {
            let (regex, explainer) = (self.regex(pattern), self.explainer(*node, depth));
            lines.push(format!("c.patternProperty(v, {regex}, {explainer});"));
        }
        if let Some(explainer) = keywords.additional_properties.and_then(|node| self.complaint(node, depth)) {
            let names: Vec<&str> = keywords.properties.iter().map(|(name, _)| name.as_str()).collect();
            let known = self.set(&names);
            let patterns: Vec<String> = keywords.pattern_properties.iter().map(|(pattern, _)| self.regex(pattern)).collect();
            lines.push(format!("c.additional(v, {known}, [{}], {explainer});", patterns.join(", ")));
        }
        if let Some(node) = keywords.property_names {
            let explainer = self.explainer(node, depth);
            lines.push(format!("c.propertyNames(v, {explainer});"));
        }
        for (name, others) in &keywords.dependent_required {
            lines.push(format!("c.dependentRequired(v, {}{});", string(name), list(others)));
        }
        for (name, node) in &keywords.dependent_schemas {
            let explainer = self.explainer(*node, depth);
            lines.push(format!("c.dependentSchema(v, {}, {explainer});", string(name)));
        }
    }

    fn explain_in_place(&mut self, keywords: &Keywords, depth: usize, lines: &mut Vec<String>) {
        for node in &keywords.all_of {
            if depth > super::MAX_DEPTH {
                let explainer = self.explainer(*node, depth);
                lines.push(format!("{explainer}(v, c);"));
            } else {
                lines.extend(self.explain(*node, depth + 1));
            }
        }
        for (keyword, branches) in [("anyOf", &keywords.any_of), ("oneOf", &keywords.one_of)] {
            if !branches.is_empty() {
                let branches: Vec<String> = branches.iter().map(|branch| self.branch(*branch, depth)).collect();
                let line = format!("c.{keyword}(v, {});", branches.join(", "));
                let broken =
                    || format!("c.{keyword}(\n  v,\n{}\n);", branches.iter().map(|branch| indented(branch)).collect::<Vec<_>>().join("\n"));
                lines.push(if line.contains('\n') || line.len() > MAX_CALL_LENGTH { broken() } else { line });
            }
        }
        if let Some(node) = keywords.not {
            let check = self.checker(node);
            lines.push(format!("c.not(v, {check});"));
        }
        let branches = [keywords.then_schema, keywords.else_schema];
        if let Some(test) = keywords.if_schema.filter(|_| branches.iter().any(Option::is_some)) {
            let check = self.checker(test);
            let [then, otherwise] = branches.map(|node| match node {
                Some(node) => self.explainer(node, depth),
                None => self.scope.runtime("anything"),
            });
            lines.push(format!("c.when(v, {check}, {then}, {otherwise});"));
        }
    }

    fn branch(&mut self, node: NodeId, depth: usize) -> String {
        let (check, explainer) = (self.checker(node), self.explainer(node, depth));
        let meant = self.meant(node).map(|meant| format!(", {meant}")).unwrap_or_default();
        format!("[{check}, {explainer}{meant}]")
    }

    /// Returns a function that checks a schema.
    fn checker(&mut self, node: NodeId) -> String {
        if let Some(unit) = self.unit_of(node) {
            return self.scope.check(unit);
        }
        match self.leaf(node, "v") {
            Some(expression) => format!("(v, s) => {expression}"),
            None => self.helper(node),
        }
    }

    fn explain_unevaluated(&mut self, node: NodeId, keywords: &Keywords, depth: usize, lines: &mut Vec<String>) {
        if let Some(schema) = keywords.unevaluated_properties
            && let Some((conditions, test)) = self.seen_test(node, "v", true)
            && let Some(explainer) = self.complaint(schema, depth)
        {
            lines.push(block(conditions, &format!("c.unevaluatedProperties(v, (k) => {test}, {explainer});")));
        }
        if let Some(schema) = keywords.unevaluated_items
            && let Some((conditions, test)) = self.seen_test(node, "v", false)
            && let Some(explainer) = self.complaint(schema, depth)
        {
            lines.push(block(conditions, &format!("c.unevaluatedItems(v, (x, i) => {test}, {explainer});")));
        }
    }
}

/// Returns an argument on lines of its own.
fn indented(argument: &str) -> String {
    format!("{},", argument.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n"))
}

/// Returns a block of statements with names of their own, under the strictness of the collector.
fn block(conditions: Vec<String>, call: &str) -> String {
    let mut lines = vec!["const s = c.strict;".to_owned()];
    lines.extend(conditions);
    lines.extend(call.lines().map(str::to_owned));
    format!("{{\n{}\n}}", lines.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n"))
}
