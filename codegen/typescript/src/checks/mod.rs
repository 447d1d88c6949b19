//! Checks: code that judges a value, for each schema that has a name.
//!
//! Every unit has two functions. `checkX(v, s)` answers yes or no and allocates nothing: with `s` exactly as the schema says,
//! without as a tolerant reader sees it (shape only; listed strings may be others where enums are open). `explainX(v, c)`
//! runs when the first said no, and collects everything that is wrong.
//!
//! A relaxed check accepts whatever the exact one accepts: what is dropped only ever refused (bounds, patterns, `not`,
//! conditions), and `oneOf` becomes `anyOf`.

mod arrays;
mod body;
mod dynamic;
mod evaluated;
mod explain;
mod expression;
mod hints;
mod objects;
mod scalars;
mod statements;

use std::collections::{BTreeMap, HashMap, VecDeque};

use eventc_model::{
    schema::{Keywords, NodeId, Schema, Schemas},
    types::TypeId,
};

use self::{body::Body, expression::strip};
use super::{
    forms::typed,
    scope::ModuleScope,
    text::{doc, string},
};

/// The maximum depth of blocks in one function; what lies below is a function of its own.
const MAX_DEPTH: usize = 6;

/// The checks of one module.
pub(super) struct CheckWriter<'s, 'a> {
    scope: &'s mut ModuleScope<'a>,
    schemas: &'a Schemas,
    /// Constants of the module by what they are made of.
    constants: HashMap<String, String>,
    /// The number of constants of each kind.
    counts: BTreeMap<&'static str, usize>,
    items: Vec<String>,
    helpers: HashMap<NodeId, String>,
    explainers: HashMap<NodeId, String>,
    seen_helpers: HashMap<(NodeId, bool), String>,
    pending: VecDeque<Pending>,
    next: usize,
    subject: String,
}

/// A helper that is named but not written yet.
enum Pending {
    Check(NodeId, String),
    Explain(NodeId, String),
    Evaluated(NodeId, String, bool),
}

impl<'s, 'a> CheckWriter<'s, 'a> {
    pub(super) fn new(scope: &'s mut ModuleScope<'a>) -> Self {
        let schemas = scope.cx.schemas();
        let subject = scope.runtime_type("Subject");
        Self {
            scope,
            schemas,
            constants: HashMap::new(),
            counts: BTreeMap::new(),
            items: Vec::new(),
            helpers: HashMap::new(),
            explainers: HashMap::new(),
            seen_helpers: HashMap::new(),
            pending: VecDeque::new(),
            next: 0,
            subject,
        }
    }

    /// Writes the functions of a unit, and whatever they need.
    pub(super) fn unit(&mut self, id: TypeId) {
        let ty = self.scope.cx.types().get(id);
        if self.enters(ty.node) {
            self.entering(&ty.name, ty.node);
        } else {
            let check = self.check_function(&check_head(&ty.name), ty.node);
            self.items.push(check);
            self.drain();
            let explain = self.explain_function(&explain_head(&ty.name), ty.node);
            self.items.push(explain);
        }
        self.drain();
        self.anchor(id);
        self.drain();
    }

    /// Returns all items: constants first.
    pub(super) fn finish(self) -> Vec<String> {
        let mut constants: Vec<(String, String)> = self.constants.into_iter().map(|(value, name)| (name, value)).collect();
        constants.sort_by_key(|(name, _)| (name.chars().nth(1), name.len(), name.clone()));
        let block: Vec<String> = constants.iter().map(|(name, value)| format!("const {name} = {value};")).collect();
        let block = (!block.is_empty()).then(|| block.join("\n"));
        block.into_iter().chain(self.items).collect()
    }

    fn drain(&mut self) {
        while let Some(pending) = self.pending.pop_front() {
            let item = match pending {
                Pending::Check(node, name) => self.check_function(&format!("function {name}"), node),
                Pending::Explain(node, name) => self.explain_function(&format!("function {name}"), node),
                Pending::Evaluated(node, name, objects) => self.evaluated_function(node, &name, objects),
            };
            self.items.push(item);
        }
    }

    fn check_function(&mut self, head: &str, node: NodeId) -> String {
        let mut body = Body::new();
        if self.schemas.opens_scope(node) {
            // The function that enters the scope calls this one.
            self.keyword_statements(node, "v", &mut body);
            body.line("return true;");
        } else if let Some(expression) = self.leaf(node, "v") {
            body.line(&format!("return {};", strip(&expression)));
        } else {
            self.statements(node, "v", &mut body);
            body.line("return true;");
        }
        let annotation = typed(&format!(": {}", self.subject));
        format!("{head}(v{annotation}, s{}){} {{\n{}}}", typed(": boolean"), typed(": boolean"), body.text())
    }

    fn explain_function(&mut self, head: &str, node: NodeId) -> String {
        let collector = self.scope.runtime_type("Collector");
        let lines = if self.schemas.opens_scope(node) { self.explain_keywords(node, 1) } else { self.explain(node, 1) };
        let text = lines_of(&lines);
        format!("{head}(v{}, c{}){} {{\n{text}}}", typed(&format!(": {}", self.subject)), typed(&format!(": {collector}")), typed(": void"))
    }

    fn keywords(&self, node: NodeId) -> Result<&'a Keywords, bool> {
        match &self.schemas.node(node).schema {
            Schema::Bool(accepts) => Err(*accepts),
            Schema::Keywords(keywords) => Ok(keywords),
        }
    }

    /// Returns the unit that a schema stands for or only passes on to.
    fn unit_of(&self, node: NodeId) -> Option<TypeId> {
        let target = self.schemas.target(node);
        self.scope.cx.types().unit_of(target)
    }

    /// Returns a constant of the module.
    fn constant(&mut self, prefix: &'static str, value: String) -> String {
        if let Some(name) = self.constants.get(&value) {
            return name.clone();
        }
        let number = self.counts.entry(prefix).or_default();
        *number += 1;
        let name = format!("${prefix}{number}");
        self.constants.insert(value, name.clone());
        name
    }

    /// Returns the compiled form of a pattern.
    fn regex(&mut self, pattern: &str) -> String {
        let make = self.scope.runtime("regex");
        self.constant("r", format!("{make}({})", string(pattern)))
    }

    /// Returns a set of strings.
    fn set<T: AsRef<str>>(&mut self, texts: &[T]) -> String {
        let make = self.scope.runtime("set");
        let texts: Vec<String> = texts.iter().map(|text| string(text.as_ref())).collect();
        self.constant("s", format!("{make}({})", texts.join(", ")))
    }

    /// Returns a value that is no scalar, or a list of values.
    fn value(&mut self, value: &serde_json::Value) -> String {
        let make = self.scope.runtime("constant");
        self.constant("c", format!("{make}({})", string(&value.to_string())))
    }

    /// Returns a condition on a value: an expression, or a call of a helper.
    fn condition(&mut self, node: NodeId, v: &str) -> String {
        if let Some(expression) = self.leaf(node, v) {
            return expression;
        }
        let name = self.helper(node);
        format!("{name}({v}, s)")
    }

    /// Returns the name of a function that checks a schema.
    fn helper(&mut self, node: NodeId) -> String {
        if let Some(unit) = self.unit_of(node) {
            return self.scope.check(unit);
        }
        if let Some(name) = self.helpers.get(&node) {
            return name.clone();
        }
        self.next += 1;
        let name = format!("${}", self.next);
        self.helpers.insert(node, name.clone());
        self.pending.push_back(Pending::Check(node, name.clone()));
        name
    }
}

/// Returns statements as the lines of a function.
fn lines_of(statements: &[String]) -> String {
    statements.iter().flat_map(|statement| statement.lines()).map(|line| format!("  {line}\n")).collect::<Vec<_>>().concat()
}

/// Returns the beginning of an exported check, with its comment.
fn check_head(name: &str) -> String {
    let comment = doc(&[format!("Checks a value against `{name}`: exactly where `s`, as a tolerant reader sees it otherwise.")], 0);
    format!("{comment}export function check{name}")
}

/// Returns the beginning of an exported explanation, with its comment.
fn explain_head(name: &str) -> String {
    let comment = doc(&[format!("Collects all that keeps a value from being `{name}`.")], 0);
    format!("{comment}export function explain{name}")
}
