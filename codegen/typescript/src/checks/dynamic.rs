//! Dynamic scope: references that mean another schema, depending on the schemas that validation came through.
//!
//! `$dynamicRef` (2020-12, section 8.2.3.2) and `$recursiveRef` (2019-09, section 8.2.4.2) mean the schema of that anchor in the
//! outermost resource that has it. Where only one resource has the anchor nothing here is needed. Else every function of a unit in
//! such a resource enters its scope before it judges, and a reference asks the runtime which schema is meant.

use eventc_model::{
    schema::{NodeId, Reference},
    types::TypeId,
};

use super::{
    super::text::{doc, string},
    CheckWriter, check_head, explain_head, typed,
};

impl CheckWriter<'_, '_> {
    /// Returns the target of a reference; and, where that depends on the scope, the expression of what is meant.
    pub(super) fn followed(&mut self, reference: &Reference) -> Option<(NodeId, Option<String>)> {
        match reference {
            Reference::To(target) => Some((*target, None)),
            Reference::Dynamic(target, anchor) => {
                let known = self.schemas.dynamic_anchors(self.schemas.resource(*target)).iter().any(|(name, _)| name == anchor);
                let unit = self.unit_of(*target).filter(|_| known);
                let anchored = unit.map(|unit| {
                    let (find, own) = (self.scope.runtime("anchored"), self.scope.dynamic(unit));
                    format!("{find}({}, {own})", string(anchor))
                });
                Some((*target, anchored))
            }
            Reference::Unresolved(_) => None,
        }
    }

    /// Returns whether a schema belongs to a resource that has dynamic anchors.
    pub(super) fn enters(&self, node: NodeId) -> bool {
        self.schemas.opens_scope(self.schemas.resource(node))
    }

    /// Writes the functions of a unit in such a resource: each enters the scope, and leaves the work to another.
    pub(super) fn entering(&mut self, name: &str, node: NodeId) {
        self.next += 2;
        let (check, explain) = (format!("${}", self.next - 1), format!("${}", self.next));
        let (subject, collector) = (self.subject.clone(), self.scope.runtime_type("Collector"));
        let checked = self.entered(node, format!("  return {check}(v, s);\n"));
        let explained = self.entered(node, format!("  {explain}(v, c);\n"));
        let (any, boolean, void) = (typed(&format!(": {subject}")), typed(": boolean"), typed(": void"));
        self.items.push(format!("{}(v{any}, s{boolean}){boolean} {{\n{checked}}}", check_head(name)));
        let c = typed(&format!(": {collector}"));
        self.items.push(format!("{}(v{any}, c{c}){void} {{\n{explained}}}", explain_head(name)));
        let written = self.check_function(&format!("function {check}"), node);
        self.items.push(written);
        self.drain();
        let written = self.explain_function(&format!("function {explain}"), node);
        self.items.push(written);
    }

    /// Returns the body of a function, run within the scope of the resource that a schema belongs to.
    pub(super) fn entered(&mut self, node: NodeId, body: String) -> String {
        let anchors = self.schemas.dynamic_anchors(self.schemas.resource(node));
        if anchors.is_empty() {
            return body;
        }
        let mut pairs = Vec::new();
        for (name, node) in anchors {
            let Some(unit) = self.unit_of(*node) else { continue };
            pairs.push(format!("[{}, {}]", string(name), self.scope.dynamic(unit)));
        }
        let within = self.scope.runtime("within");
        let body = body.lines().map(|line| format!("  {line}\n")).collect::<Vec<_>>().concat();
        format!("  return {within}([{}], () => {{\n{body}  }});\n", pairs.join(", "))
    }

    /// Writes what a dynamic anchor stands for, if the unit has one: its functions, as a value.
    pub(super) fn anchor(&mut self, unit: TypeId) {
        let ty = self.scope.cx.types().get(unit);
        let anchors = self.schemas.dynamic_anchors(self.schemas.resource(ty.node));
        if !anchors.iter().any(|(_, node)| *node == ty.node) {
            return;
        }
        let annotation = typed(&format!(": {}", self.scope.runtime_type("Anchored")));
        let (name, check, explain) = (self.scope.dynamic(unit), self.scope.check(unit), self.scope.explain(unit));
        let (keys, items) = (self.seen_helper(ty.node, true), self.seen_helper(ty.node, false));
        let comment = doc(&[format!("What the dynamic anchor of `{}` stands for.", ty.name)], 0);
        self.items.push(format!(
            "{comment}export const {name}{annotation} = {{ check: {check}, explain: {explain}, keys: {keys}, items: {items} }};"
        ));
    }
}
