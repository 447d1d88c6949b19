//! One module: types, checks, and the event type.

use eventc_model::{
    catalog::{Contract, ContractKind},
    types::{ModuleId, Resolution, TypeId},
};

use super::{
    checks::CheckWriter,
    context::EmitContext,
    docs,
    forms::typed,
    info::info,
    meant,
    scope::ModuleScope,
    text::{data, doc, string},
    types::Declarations,
};

/// The parts of a module, for its template.
pub(super) struct ModuleParts {
    pub(super) source: String,
    pub(super) imports: Vec<String>,
    pub(super) items: Vec<String>,
}

/// Returns the parts of a module.
pub(super) fn parts(cx: &EmitContext<'_>, id: ModuleId) -> ModuleParts {
    let module = cx.types().module(id);
    let contract = module.contract.map(|index| &cx.catalog().contracts[index]);
    let mut scope = ModuleScope::new(cx, id);
    let mut items = Vec::new();
    let mut declarations = Declarations::new(&mut scope);
    for ty in &module.types {
        let extra = contract.filter(|_| module.root == Some(*ty)).map(remarks).unwrap_or_default();
        items.extend(declarations.declare(*ty, &extra));
    }
    let mut checks = CheckWriter::new(&mut scope);
    for ty in module.types.iter().filter(|ty| cx.types().is_unit(**ty)) {
        checks.unit(*ty);
    }
    items.extend(checks.finish());
    for ty in &module.types {
        items.extend(meant::function(&mut scope, *ty));
    }
    if let (Some(contract), Some(root)) = (contract, module.root) {
        items.push(event_type(&mut scope, contract, root));
    }
    let source = one_line(&cx.schemas().file(module.file).path);
    ModuleParts { source, imports: scope.imports(), items }
}

/// Returns a path for a comment of one line.
fn one_line(path: &str) -> String {
    string(path).trim_matches('"').to_owned()
}

/// Returns what a contract's metadata add to the comment of its root type.
fn remarks(contract: &Contract) -> Vec<String> {
    let mut lines = Vec::new();
    if contract.kind == ContractKind::Event {
        lines.push(format!("Topic `{}`, version {}.", contract.topic, contract.version));
    }
    if let Some(deprecated) = &contract.metadata.deprecated {
        lines.push(docs::deprecated(deprecated));
    }
    lines
}

/// Returns the value that stands for a contract: its checks, its topic, and its envelope.
fn event_type(scope: &mut ModuleScope<'_>, contract: &Contract, root: TypeId) -> String {
    let cx = scope.cx;
    let name = scope.type_name(root);
    let payload = if cx.types().get(root).generic { format!("{name}<unknown>") } else { name.clone() };
    let mut fields = vec![
        format!("type: {}", string(&name)),
        format!("info: {}", info_of(scope, contract)),
        format!("check: {}", scope.check(root)),
        format!("explain: {}", scope.explain(root)),
    ];
    if let Some(steps) = Resolution::of(cx.types(), root) {
        fields.push(format!("resolution: {}({})", scope.runtime("constant"), string(&steps.to_json())));
    }
    let mut whole = payload.clone();
    let envelope = (contract.kind == ContractKind::Event).then(|| cx.envelope(contract)).flatten();
    if let Some((_, envelope)) = envelope {
        let outer = scope.type_name(envelope);
        whole = if cx.types().get(envelope).generic { format!("{outer}<{payload}>") } else { outer };
        let roles = scope.envelope(&cx.envelope_constant(contract.namespace));
        let (check, explain) = (scope.check(envelope), scope.explain(envelope));
        fields.push(format!("envelope: {{ check: {check}, explain: {explain}, roles: {roles} }}"));
    }
    let (ty, define) = (scope.runtime_type("EventType"), scope.runtime("define"));
    let deprecated = contract.metadata.deprecated.as_ref().map(docs::deprecated);
    let comment = doc(&[Some(summary(contract)), deprecated].into_iter().flatten().collect::<Vec<_>>(), 0);
    let annotation = typed(&format!(": {ty}<{payload}, {whole}, {}>", string(&contract.topic)));
    format!("{comment}export const {name}{annotation} = {define}({{\n  {},\n}});", fields.join(",\n  "))
}

/// Returns the `TopicInfo` of a contract: the constant of its topic, or the value where it has none.
fn info_of(scope: &mut ModuleScope<'_>, contract: &Contract) -> String {
    match scope.cx.listing.constant(contract) {
        Some(name) => scope.topic(name),
        None => data(&info(scope.cx.catalog(), contract), 2),
    }
}

fn summary(contract: &Contract) -> String {
    match contract.kind {
        ContractKind::Event => format!("The event type of `{}`.", contract.topic),
        ContractKind::Envelope => "The envelope around the events of its namespace.".to_owned(),
        ContractKind::DeadLetter => "The record of an event that could not be processed.".to_owned(),
    }
}
