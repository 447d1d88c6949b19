//! A schema as statements that refuse a value.

use eventc_model::schema::{Keywords, Kind, Kinds, NodeId};

use super::{CheckWriter, body::Body, expression::in_parentheses, hints::MAX_PARTS, scalars::has_values};

impl CheckWriter<'_, '_> {
    /// Writes statements that return false unless `v` fits a schema.
    pub(super) fn statements(&mut self, node: NodeId, v: &str, body: &mut Body) {
        if let Some(expression) = self.leaf(node, v) {
            body.demand(&expression);
            return;
        }
        self.keyword_statements(node, v, body);
    }

    /// Writes the same for the keywords of a schema, one after the other.
    pub(super) fn keyword_statements(&mut self, node: NodeId, v: &str, body: &mut Body) {
        let Ok(keywords) = self.keywords(node) else { return };
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            let Some((target, anchored)) = self.followed(reference) else { continue };
            let name = anchored.map_or_else(|| self.helper(self.schemas.target(target)), |anchored| format!("{anchored}.check"));
            body.demand(&format!("{name}({v}, s)"));
        }
        if let Some(kinds) = keywords.types {
            let test = self.is_kinds(kinds, v);
            body.demand(&test);
        }
        if has_values(keywords) {
            let test = self.values_test(node, keywords, v);
            body.demand(&test);
        }
        self.scalar_bounds(keywords, v, body);
        self.structure(keywords, v, body);
        self.in_place(keywords, v, body);
        self.unevaluated(node, keywords, v, body);
    }

    fn scalar_bounds(&mut self, keywords: &Keywords, v: &str, body: &mut Body) {
        for (kind, bounds) in [(Kind::String, self.string_bounds(keywords, v)), (Kind::Number, self.number_bounds(keywords, v))] {
            let possible =
                keywords.types.is_none_or(|kinds| kinds.contains(kind) || (kind == Kind::Number && kinds.contains(Kind::Integer)));
            if !bounds.is_empty() && possible {
                let test = self.is_kind(kind, v);
                body.line(&format!("if (s && {test} && !({})) return false;", bounds.join(" && ")));
            }
        }
    }

    fn structure(&mut self, keywords: &Keywords, v: &str, body: &mut Body) {
        let alone = |kind: Kind| keywords.types.and_then(Kinds::single) == Some(kind);
        let possible = |kind: Kind| keywords.types.is_none_or(|kinds| kinds.contains(kind));
        if keywords.constrains_arrays() && possible(Kind::Array) {
            if alone(Kind::Array) {
                self.array(keywords, v, body);
            } else {
                let test = self.is_kind(Kind::Array, v);
                body.block(&format!("if ({test})"), |body| self.array(keywords, v, body));
            }
        }
        if keywords.constrains_objects() && possible(Kind::Object) {
            if alone(Kind::Object) {
                self.object(keywords, v, body);
            } else {
                let test = self.is_kind(Kind::Object, v);
                body.block(&format!("if ({test})"), |body| self.object(keywords, v, body));
            }
        }
    }

    fn in_place(&mut self, keywords: &Keywords, v: &str, body: &mut Body) {
        for node in &keywords.all_of {
            body.nested(|body| self.guarded("true", *node, v, body));
        }
        if !keywords.any_of.is_empty() {
            let any = self.any(&keywords.any_of, v);
            body.demand(&any);
        }
        if !keywords.one_of.is_empty() {
            let one = self.one(&keywords.one_of, v);
            body.demand(&one);
        }
        if let Some(node) = keywords.not {
            let condition = self.condition(node, v);
            if condition != "false" {
                body.line(&format!("if (s && {}) return false;", in_parentheses(&condition)));
            }
        }
        if let Some(test) = keywords.if_schema {
            self.conditional(keywords, test, v, body);
        }
    }

    fn conditional(&mut self, keywords: &Keywords, test: NodeId, v: &str, body: &mut Body) {
        let [then, otherwise] =
            [keywords.then_schema, keywords.else_schema].map(|node| node.map_or("true".to_owned(), |node| self.condition(node, v)));
        if then == "true" && otherwise == "true" {
            return;
        }
        let test = in_parentheses(&self.condition(test, v));
        if then == "true" || otherwise == "true" {
            body.line(&format!("if (s && !({test} ? {then} : {otherwise})) return false;"));
        } else {
            // Types may say what both sides have in common, so that a tolerant reader asks for one.
            body.line(&format!("if (!(s ? ({test} ? {then} : {otherwise}) : ({then} || {otherwise}))) return false;"));
        }
    }

    /// Returns an expression that at least one branch holds; those that are soon done go first.
    fn any(&mut self, branches: &[NodeId], v: &str) -> String {
        let mut branches = branches.to_vec();
        branches.sort_by_cached_key(|branch| self.weight(*branch, &mut { MAX_PARTS }));
        let conditions: Vec<String> = branches.iter().map(|branch| self.condition(*branch, v)).collect();
        match &conditions[..] {
            conditions if conditions.iter().any(|condition| condition == "true") => "true".into(),
            [only] => only.clone(),
            conditions => format!("({})", conditions.join(" || ")),
        }
    }

    /// Returns an expression that exactly one branch holds; for a tolerant reader, at least one.
    fn one(&mut self, branches: &[NodeId], v: &str) -> String {
        let any = self.any(branches, v);
        if branches.len() < 2 || self.exclusive(branches) {
            return any;
        }
        let count: Vec<String> = branches.iter().map(|branch| format!("({} ? 1 : 0)", self.condition(*branch, v))).collect();
        format!("(s ? {} === 1 : {any})", count.join(" + "))
    }
}
