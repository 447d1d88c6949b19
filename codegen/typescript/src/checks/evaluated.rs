//! `unevaluatedProperties` and `unevaluatedItems`: what has been seen by the schemas that apply to the same place.
//!
//! What they have seen is known at generation, up to which branches hold: so the generated code asks the branches once more
//! instead of collecting names while it runs.

use eventc_model::schema::{Dialect, Keywords, NodeId};

use super::{CheckWriter, Pending, body::Body, expression::in_parentheses, typed};

/// The maximum amount of evidence that is written out at one place; what comes after is asked of functions.
const MAX_INLINE_EVIDENCE: usize = 64;

/// The properties or items that a schema and those in it have evaluated.
#[derive(Debug, Clone)]
enum Evaluated {
    /// Everything.
    All,
    /// Those for which an expression over the key (or the index and item) holds.
    Test(String),
}

/// Properties or items that count as evaluated where a condition on the whole value holds.
struct EvaluationEvidence {
    condition: Option<String>,
    evaluated: Evaluated,
}

/// The properties or items that are looked at.
#[derive(Clone, Copy)]
struct EvaluatedSubject<'n> {
    v: &'n str,
    /// Name of the key or index.
    step: &'n str,
    /// Name of the item.
    item: &'n str,
    objects: bool,
}

impl CheckWriter<'_, '_> {
    /// Writes the statements for both keywords.
    pub(super) fn unevaluated(&mut self, node: NodeId, keywords: &Keywords, v: &str, body: &mut Body) {
        if let Some(schema) = keywords.unevaluated_properties {
            let (key, value) = (body.name("k"), body.name("v"));
            let Some((conditions, evaluated)) = self.evaluated(node, EvaluatedSubject { v, step: &key, item: "", objects: true }, body)
            else {
                return;
            };
            let test = self.is_kind(eventc_model::schema::Kind::Object, v);
            body.block(&format!("if ({test})"), |body| {
                for line in &conditions {
                    body.line(line);
                }
                body.block(&format!("for (const {key} in {v})"), |body| {
                    body.line(&format!("const {value} = {v}[{key}];"));
                    body.line(&format!("if ({value} === undefined{}) continue;", or(&evaluated)));
                    self.guarded("true", schema, &value, body);
                });
            });
        }
        if let Some(schema) = keywords.unevaluated_items {
            let (index, item) = (body.name("i"), body.name("v"));
            let Some((conditions, evaluated)) =
                self.evaluated(node, EvaluatedSubject { v, step: &index, item: &item, objects: false }, body)
            else {
                return;
            };
            let test = self.is_kind(eventc_model::schema::Kind::Array, v);
            body.block(&format!("if ({test})"), |body| {
                for line in &conditions {
                    body.line(line);
                }
                body.block(&format!("for (let {index} = 0; {index} < {v}.length; {index}++)"), |body| {
                    body.line(&format!("const {item} = {v}[{index}];"));
                    if !evaluated.is_empty() {
                        body.line(&format!("if ({}) continue;", evaluated.join(" || ")));
                    }
                    self.guarded("true", schema, &item, body);
                });
            });
        }
    }

    /// Writes lines that settle which branches hold, and returns expressions that say what was evaluated; `None` where
    /// everything was.
    fn evaluated(&mut self, node: NodeId, subject: EvaluatedSubject<'_>, body: &mut Body) -> Option<(Vec<String>, Vec<String>)> {
        let evidence = self.evidence(node, subject);
        let (mut lines, mut tests, mut known): (Vec<String>, Vec<String>, Vec<(String, String)>) = Default::default();
        for EvaluationEvidence { condition, evaluated } in evidence {
            let test = match (&condition, &evaluated) {
                (None, Evaluated::All) => return None,
                (None, Evaluated::Test(test)) => test.clone(),
                (Some(condition), evaluated) => {
                    let name = if let Some((_, name)) = known.iter().find(|(known, _)| known == condition) {
                        name.clone()
                    } else {
                        let name = body.name("b");
                        lines.push(format!("const {name} = {condition};"));
                        known.push((condition.clone(), name.clone()));
                        name
                    };
                    match evaluated {
                        Evaluated::All => name,
                        Evaluated::Test(test) => format!("({name} && {})", in_parentheses(test)),
                    }
                }
            };
            if !tests.contains(&test) {
                tests.push(test);
            }
        }
        Some((lines, tests))
    }

    /// Returns the arguments of the collector's method: lines before it, and the test. `None` where everything was seen.
    pub(super) fn seen_test(&mut self, node: NodeId, v: &str, objects: bool) -> Option<(Vec<String>, String)> {
        let mut names = Body::new();
        let subject = EvaluatedSubject { v, step: if objects { "k" } else { "i" }, item: "x", objects };
        let (lines, tests) = self.evaluated(node, subject, &mut names)?;
        Some((lines, if tests.is_empty() { "false".into() } else { tests.join(" || ") }))
    }

    /// Returns what is evaluated below a schema that states an `unevaluated…` keyword: all but that keyword itself.
    fn evidence(&mut self, node: NodeId, subject: EvaluatedSubject<'_>) -> Vec<EvaluationEvidence> {
        let mut evidence = Vec::new();
        let mut path = vec![node];
        if let Ok(keywords) = self.keywords(node) {
            self.own_evidence(node, keywords, subject, None, &mut evidence);
            self.evidence_in_place(keywords, subject, None, &mut path, &mut evidence);
        }
        evidence
    }

    fn evidence_of(
        &mut self,
        node: NodeId,
        subject: EvaluatedSubject<'_>,
        condition: Option<&str>,
        path: &mut Vec<NodeId>,
        out: &mut Vec<EvaluationEvidence>,
    ) {
        let Ok(keywords) = self.keywords(node) else { return };
        // A schema that applies itself to the same place sees nothing new the second time.
        if path.contains(&node) {
            return;
        }
        path.push(node);
        let all = if subject.objects { keywords.unevaluated_properties } else { keywords.unevaluated_items };
        if all.is_some() {
            out.push(EvaluationEvidence { condition: condition.map(str::to_owned), evaluated: Evaluated::All });
        } else if out.len() >= MAX_INLINE_EVIDENCE {
            // Schemas that share parts in many ways would be written out once for each way.
            let call = self.evaluated_call(node, subject);
            out.push(EvaluationEvidence { condition: condition.map(str::to_owned), evaluated: Evaluated::Test(call) });
        } else {
            self.own_evidence(node, keywords, subject, condition, out);
            self.evidence_in_place(keywords, subject, condition, path, out);
        }
        path.pop();
    }

    /// Returns a call of the function that says what a schema has seen, where that schema holds.
    fn evaluated_call(&mut self, node: NodeId, subject: EvaluatedSubject<'_>) -> String {
        let name = self.seen_helper(node, subject.objects);
        let EvaluatedSubject { v, step, item, objects } = subject;
        if objects { format!("{name}({v}, {step}, undefined, s)") } else { format!("{name}({v}, {step}, {item}, s)") }
    }

    /// Returns the name of that function.
    pub(super) fn seen_helper(&mut self, node: NodeId, objects: bool) -> String {
        if let Some(name) = self.seen_helpers.get(&(node, objects)) {
            return name.clone();
        }
        self.next += 1;
        let name = format!("${}", self.next);
        self.seen_helpers.insert((node, objects), name.clone());
        self.pending.push_back(Pending::Evaluated(node, name.clone(), objects));
        name
    }

    /// Returns that function: of the value, the key or index, the item, and strictness.
    pub(super) fn evaluated_function(&mut self, node: NodeId, name: &str, objects: bool) -> String {
        let mut body = Body::new();
        let subject = EvaluatedSubject { v: "v", step: "k", item: "x", objects };
        let result = match self.evaluated(node, subject, &mut body) {
            None => "true".to_owned(),
            Some((lines, tests)) => {
                for line in &lines {
                    body.line(line);
                }
                if tests.is_empty() { "false".to_owned() } else { tests.join(" || ") }
            }
        };
        body.line(&format!("return {result};"));
        let text = self.entered(node, body.text());
        let any = typed(&format!(": {}", self.subject));
        format!("function {name}(v{any}, k{any}, x{any}, s{}){} {{\n{}}}", typed(": boolean"), typed(": boolean"), text)
    }

    /// Collects what the keywords of one schema evaluate by themselves.
    fn own_evidence(
        &mut self,
        node: NodeId,
        keywords: &Keywords,
        subject: EvaluatedSubject<'_>,
        condition: Option<&str>,
        out: &mut Vec<EvaluationEvidence>,
    ) {
        let mut push = |evaluated| out.push(EvaluationEvidence { condition: condition.map(str::to_owned), evaluated });
        if subject.objects {
            if keywords.additional_properties.is_some() {
                push(Evaluated::All);
            } else if let Some(named) = self.is_named(keywords, subject.step) {
                push(Evaluated::Test(named));
            }
            return;
        }
        if keywords.items.is_some() {
            push(Evaluated::All);
        } else if !keywords.prefix_items.is_empty() {
            push(Evaluated::Test(format!("{} < {}", subject.step, keywords.prefix_items.len())));
        }
        // Since 2020-12 (section 10.3.1.3) what `contains` finds is seen.
        if self.schemas.node(node).dialect >= Dialect::Draft2020
            && let Some(contains) = keywords.contains
        {
            match self.condition(contains, subject.item).as_str() {
                "true" => push(Evaluated::All),
                "false" => {}
                test => push(Evaluated::Test(test.to_owned())),
            }
        }
    }

    fn evidence_in_place(
        &mut self,
        keywords: &Keywords,
        subject: EvaluatedSubject<'_>,
        condition: Option<&str>,
        path: &mut Vec<NodeId>,
        out: &mut Vec<EvaluationEvidence>,
    ) {
        let and = |test: String| match (condition, test.as_str()) {
            (_, "false") => None,
            (None, "true") => Some(None),
            (Some(condition), "true") => Some(Some(condition.to_owned())),
            (None, _) => Some(Some(in_parentheses(&test))),
            (Some(condition), _) => Some(Some(format!("{condition} && {}", in_parentheses(&test)))),
        };
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            let Some((target, anchored)) = self.followed(reference) else { continue };
            let evaluated = match anchored {
                Some(anchored) if subject.objects => format!("{anchored}.keys({}, {}, undefined, s)", subject.v, subject.step),
                Some(anchored) => format!("{anchored}.items({}, {}, {}, s)", subject.v, subject.step, subject.item),
                None if self.enters(target) => self.evaluated_call(target, subject),
                None => {
                    self.evidence_of(target, subject, condition, path, out);
                    continue;
                }
            };
            out.push(EvaluationEvidence { condition: condition.map(str::to_owned), evaluated: Evaluated::Test(evaluated) });
        }
        for node in &keywords.all_of {
            self.evidence_of(*node, subject, condition, path, out);
        }
        for node in keywords.any_of.iter().chain(&keywords.one_of) {
            let test = self.condition(*node, subject.v);
            if let Some(condition) = and(test) {
                self.evidence_of(*node, subject, condition.as_deref(), path, out);
            }
        }
        for (name, node) in &keywords.dependent_schemas {
            if subject.objects {
                let test = format!("{} !== undefined", self.property(subject.v, name));
                if let Some(condition) = and(test) {
                    self.evidence_of(*node, subject, condition.as_deref(), path, out);
                }
            }
        }
        if let Some(test) = keywords.if_schema {
            let holds = self.condition(test, subject.v);
            let fails = format!("!{}", in_parentheses(&holds));
            if let Some(condition) = and(holds) {
                self.evidence_of(test, subject, condition.as_deref(), path, out);
                if let Some(then) = keywords.then_schema {
                    self.evidence_of(then, subject, condition.as_deref(), path, out);
                }
            }
            if let (Some(otherwise), Some(condition)) = (keywords.else_schema, and(fails)) {
                self.evidence_of(otherwise, subject, condition.as_deref(), path, out);
            }
        }
    }
}

fn or(tests: &[String]) -> String {
    tests.iter().map(|test| format!(" || {test}")).collect::<Vec<_>>().concat()
}
