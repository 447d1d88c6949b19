//! Arrays: items by place, the rest, and what must be among them.

use eventc_model::schema::{Keywords, NodeId, Schema};

use super::{CheckWriter, body::Body, expression::in_parentheses};

impl CheckWriter<'_, '_> {
    /// Writes the checks of an array; `v` is known to be one.
    pub(super) fn array(&mut self, keywords: &Keywords, v: &str, body: &mut Body) {
        let mut lengths = Vec::new();
        lengths.extend(keywords.min_items.filter(|least| *least > 0).map(|least| format!("{v}.length < {least}")));
        lengths.extend(keywords.max_items.map(|most| format!("{v}.length > {most}")));
        match &lengths[..] {
            [] => {}
            [only] => body.line(&format!("if (s && {only}) return false;")),
            both => body.line(&format!("if (s && ({})) return false;", both.join(" || "))),
        }
        for (index, node) in keywords.prefix_items.iter().enumerate() {
            self.first_item(index, *node, v, body);
        }
        if let Some(items) = keywords.items {
            self.all_items(items, keywords.prefix_items.len(), v, body);
        }
        if keywords.unique_items {
            let unique = self.scope.runtime("unique");
            body.line(&format!("if (s && !{unique}({v})) return false;"));
        }
        if let Some(contains) = keywords.contains {
            self.contains(keywords, contains, v, body);
        }
    }

    fn first_item(&mut self, index: usize, node: NodeId, v: &str, body: &mut Body) {
        let item = body.name("v");
        let leaf = self.leaf_or_call(node, &item, body);
        if leaf.as_deref() == Some("true") {
            return;
        }
        body.block(&format!("if ({v}.length > {index})"), |body| {
            body.line(&format!("const {item} = {v}[{index}];"));
            match leaf {
                Some(leaf) => body.demand(&leaf),
                None => self.statements(node, &item, body),
            }
        });
    }

    fn all_items(&mut self, node: NodeId, from: usize, v: &str, body: &mut Body) {
        if matches!(self.schemas.node(node).schema, Schema::Bool(false)) {
            body.line(&format!("if ({v}.length > {from}) return false;"));
            return;
        }
        let (index, item) = (body.name("i"), body.name("v"));
        let leaf = self.leaf_or_call(node, &item, body);
        if leaf.as_deref() == Some("true") {
            return;
        }
        body.block(&format!("for (let {index} = {from}; {index} < {v}.length; {index}++)"), |body| {
            body.line(&format!("const {item} = {v}[{index}];"));
            match leaf {
                Some(leaf) => body.demand(&leaf),
                None => self.statements(node, &item, body),
            }
        });
    }

    fn contains(&mut self, keywords: &Keywords, node: NodeId, v: &str, body: &mut Body) {
        let (least, most) = (keywords.min_contains.unwrap_or(1), keywords.max_contains);
        if least == 0 && most.is_none() {
            return;
        }
        let (count, index, item) = (body.name("n"), body.name("i"), body.name("v"));
        let condition = self.condition(node, &item);
        body.block("if (s)", |body| {
            body.line(&format!("let {count} = 0;"));
            body.block(&format!("for (let {index} = 0; {index} < {v}.length; {index}++)"), |body| {
                body.line(&format!("const {item} = {v}[{index}];"));
                body.line(&format!("if ({}) {count}++;", super::strip(&in_parentheses(&condition))));
            });
            let above = most.map(|most| format!(" || {count} > {most}")).unwrap_or_default();
            body.line(&format!("if ({count} < {least}{above}) return false;"));
        });
    }
}
