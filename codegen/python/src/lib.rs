//! Python: a typed package of pydantic models (or msgspec structs), with validation, topics and a registry.
//!
//! `layout` says where each module stands, `types` and `module` write it, `plans` makes the schemas that it validates by,
//! with their patterns translated by `pattern`. Text that comes from schemas passes through `text` and `names`.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod aliases;
mod layout;
mod module;
mod names;
mod notes;
mod nulls;
mod options;
mod page;
mod pattern;
mod plans;
mod scope;
mod snippet;
#[cfg(test)]
mod tests;
mod text;
mod topics;
mod types;
mod untyped;

use std::collections::{BTreeSet, HashSet};

use eventc_emit::{
    Emitted, Input, Output, Snippets, Target,
    footprint::Facts,
    identifiers::{self, Identifier, Spelling},
    parts::{MadeModule, Modular},
    unenforced,
};
use eventc_model::{
    GeneratedFile,
    catalog::Contract,
    config::Config,
    diagnostic::{self, Diagnostic, Rule},
    types::ModuleId,
    violations,
};
use minijinja::{Environment, Template, UndefinedBehavior, context, syntax::SyntaxConfig};
use schemars::{Schema, SchemaGenerator};

use self::{aliases::Aliases, layout::Layout, plans::Plans, topics::Topics};
pub use self::{
    notes::{PYTHON_PATTERN, PYTHON_TYPE, RULES},
    options::{Models, Numbers, PythonOptions, Typed},
};

const MODULE: &str = include_str!("../templates/module.py.j2");
const TOPICS: &str = include_str!("../templates/topics.py.j2");
const REGISTRY: &str = include_str!("../templates/_registry.py.j2");
const ROOT: &str = include_str!("../templates/__init__.py.j2");
const SENTENCES: &str = include_str!("../templates/_sentences.py.j2");
const ENVELOPES: &str = include_str!("../templates/_envelopes.py.j2");
const PATTERNS: &str = include_str!("../templates/_patterns.py.j2");
const PROJECT: &str = include_str!("../templates/pyproject.toml.j2");
const RUNTIME: &str = include_str!("../templates/_runtime.py");
const VALIDATOR: &str = include_str!("../templates/_validator.py");
const KEYWORDS: &str = include_str!("../templates/_keywords.py");
const VALUES: &str = include_str!("../templates/_values.py");
const RESOLUTION: &str = include_str!("../templates/_resolution.py");
const FORMATS: &str = include_str!("../templates/_formats.py");
const NATIVE: &str = include_str!("../templates/_numbers_native.py");
const DECIMAL: &str = include_str!("../templates/_numbers_decimal.py");
const PYDANTIC: &str = include_str!("../templates/_models_pydantic.py");
const MSGSPEC: &str = include_str!("../templates/_models_msgspec.py");
const GUARD: &str = include_str!("../templates/_guard_msgspec.py");

/// The target for Python.
pub struct Python;

impl Target for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn summary(&self) -> &'static str {
        "a typed Python package: pydantic models or msgspec structs, validation, topics, registry"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        RULES
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<PythonOptions>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        Ok(Box::new(PythonPackage { options: PythonOptions::read(config)? }))
    }
}

/// The package that the options describe.
struct PythonPackage {
    options: PythonOptions,
}

impl Output for PythonPackage {
    fn emit(&self, input: &Input<'_>) -> Emitted {
        let layout = Layout::new(&self.options.package, input);
        let plans = Plans::new(input, &layout);
        let cx = PackageContext { input, options: &self.options, layout: &layout, topics: Topics::new(input), plans };
        let mut emitted = Emitted::default();
        let rendered = environment().and_then(|templates| {
            let resolves = modules(&cx, &templates, &mut emitted)?;
            shared(&cx, &templates, resolves, &mut emitted)
        });
        rendered.expect("the templates are part of the program, and a test renders each");
        emitted.files.sort_by(|a, b| a.path.cmp(&b.path));
        emitted.notes.extend(unenforced::formats(input));
        diagnostic::sort(&mut emitted.notes);
        emitted
    }

    fn identifiers(&self, input: &Input<'_>) -> Vec<Identifier> {
        let spelling = Spelling {
            ty: &|ty| Some(names::ty(&ty.name)),
            fields: &|object| names::fields(object.fields.iter().map(|field| field.ident.as_str())),
            members: &|strings| names::members(&strings.members.iter().map(|member| member.value.as_str()).collect::<Vec<_>>()),
            variants: &|_| Vec::new(),
        };
        identifiers::collect(input, &spelling)
    }

    fn snippets<'a>(&'a self, input: &'a Input<'a>) -> Option<Snippets<'a>> {
        let layout = Layout::new(&self.options.package, input);
        let of = move |contract: &Contract| {
            let module = input.types.module_of(contract.file).filter(|_| input.selects(contract))?;
            Some(snippet::snippet(&format!("{}.{}", self.options.package, layout.dotted(module)), input.envelope(contract).is_some()))
        };
        Some(Snippets { language: "Python", of: Box::new(of) })
    }
}

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    for (name, source) in [
        ("module", MODULE),
        ("topics", TOPICS),
        ("registry", REGISTRY),
        ("root", ROOT),
        ("sentences", SENTENCES),
        ("envelopes", ENVELOPES),
        ("patterns", PATTERNS),
        ("project", PROJECT),
    ] {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// Everything that the whole run knows.
struct PackageContext<'a> {
    input: &'a Input<'a>,
    options: &'a PythonOptions,
    layout: &'a Layout,
    topics: Topics<'a>,
    plans: Plans<'a>,
}

/// Makes the modules of types. Returns whether a reader of some contract puts something in place of what a document lacks.
fn modules(cx: &PackageContext<'_>, templates: &Environment<'_>, emitted: &mut Emitted) -> Result<bool, minijinja::Error> {
    let made = cx.input.each_module(cx.input.modules, &ModuleFiles { cx, template: templates.get_template("module")? });
    emitted.files.extend(made.files);
    emitted.notes.extend(made.notes);
    emitted.standing.extend(made.standing);
    emitted.parts.extend(made.parts);
    Ok(made.said.iter().any(|said| said == RESOLVES))
}

/// What is said of a module whose readers put something in place of what a document lacks.
const RESOLVES: &str = "resolves";

/// The files of the modules.
struct ModuleFiles<'a> {
    cx: &'a PackageContext<'a>,
    template: Template<'a, 'a>,
}

impl Modular for ModuleFiles<'_> {
    fn reads(&self, module: ModuleId, facts: &mut Facts) {
        let layout = self.cx.layout;
        facts.value(&layout.path(module));
        facts.text(&layout.file(module));
        facts.optional(layout.circle(module));
    }

    fn reads_for_own(&self, module: ModuleId, facts: &mut Facts) {
        let contract = self.cx.input.types.module(module).contract.map(|index| &self.cx.input.catalog.contracts[index]);
        facts.optional(contract.and_then(|contract| self.cx.topics.constant(contract)));
    }

    fn make(&self, module: ModuleId) -> MadeModule {
        let (page, notes) = module::page(self.cx, module);
        let said = if page.resolves() { RESOLVES } else { "" };
        let rendered = self.template.render(page.into_value(self.cx.options.models));
        let mut text = rendered.expect("the template is part of the program, and a test renders it");
        text.shrink_to_fit();
        MadeModule { files: vec![GeneratedFile { path: self.cx.layout.file(module), text }], said: said.to_owned(), notes }
    }
}

fn shared(cx: &PackageContext<'_>, templates: &Environment<'_>, resolves: bool, emitted: &mut Emitted) -> Result<(), minijinja::Error> {
    let PackageContext { input, options, layout, topics, plans } = cx;
    let mut add = |path: &str, text: String| emitted.files.push(GeneratedFile { path: path.to_owned(), text });
    let package = &options.package;
    let mut aliases = Aliases::new(input, layout, options.models);
    let (entries, classes) = entries(input, layout, topics, &mut aliases);
    let uses_deprecated = input.modules.iter().any(|id| module::uses_deprecated(input, *id));
    let context = context! { package, entries, classes, imported => aliases.imported(), uses_deprecated, name => options.distribution(), version => options.version.clone(),
    msgspec => options.models == Models::Msgspec, formats => !options.formats.is_empty() };
    for (template, path) in [("topics", "topics.py"), ("registry", "_registry.py"), ("root", "__init__.py")] {
        add(&format!("{package}/{path}"), templates.get_template(template)?.render(context.clone())?);
    }
    let lines = violations::sentences().map(|(key, sentence)| context! { key => text::literal(key), text => text::literal(sentence) });
    let sentences = context! { sentences => lines.collect::<Vec<_>>(), max_listed => violations::MAX_LISTED_MEMBERS,
    max_literal_length => violations::MAX_LITERAL_LENGTH, max_found_length => violations::MAX_FOUND_LENGTH };
    add(&format!("{package}/_sentences.py"), templates.get_template("sentences")?.render(sentences)?);
    let spelled = plans.translated().map(|(text, python)| context! { text => text::literal(text), python => text::literal(python) });
    let patterns = context! { patterns => spelled.collect::<Vec<_>>() };
    add(&format!("{package}/_patterns.py"), templates.get_template("patterns")?.render(patterns)?);
    let envelopes = envelopes(input, layout);
    if !envelopes.is_empty() {
        add(&format!("{package}/_envelopes.py"), templates.get_template("envelopes")?.render(context! { envelopes })?);
    }
    add("pyproject.toml", templates.get_template("project")?.render(context)?);
    let models = if options.models == Models::Msgspec { MSGSPEC } else { PYDANTIC };
    for (path, text) in [
        ("_runtime.py", RUNTIME),
        ("_validator.py", VALIDATOR),
        ("_keywords.py", KEYWORDS),
        ("_values.py", VALUES),
        ("_numbers.py", if options.numbers == Numbers::Decimal { DECIMAL } else { NATIVE }),
        ("_models.py", models),
        ("py.typed", ""),
    ] {
        add(&format!("{package}/{path}"), text.to_owned());
    }
    if options.models == Models::Msgspec {
        add(&format!("{package}/_guard.py"), GUARD.to_owned());
    }
    if resolves {
        add(&format!("{package}/_resolution.py"), RESOLUTION.to_owned());
    }
    if !options.formats.is_empty() {
        add(&format!("{package}/_formats.py"), FORMATS.to_owned());
    }
    let filled: HashSet<String> = input.modules.iter().map(|id| layout.file(*id)).collect();
    for folder in &layout.folders {
        let path = format!("{package}/{}/__init__.py", folder.join("/"));
        if !filled.contains(&path) {
            add(&path, String::new());
        }
    }
    Ok(())
}

/// Returns the roles of each namespace's envelope.
fn envelopes(input: &Input<'_>, layout: &Layout) -> Vec<minijinja::Value> {
    let used: BTreeSet<usize> =
        input.events().filter(|contract| input.envelope(contract).is_some()).map(|contract| contract.namespace).collect();
    let envelope = |index: usize| {
        let roles = input.catalog.config.namespace[index].envelope.as_ref()?;
        let places = std::iter::once(("payload", roles.payload.as_str())).chain(roles.places());
        let roles: Vec<_> = places.map(|(name, place)| context! { name, place => text::literal(place) }).collect();
        Some(context! { name => layout.envelope(index), roles })
    };
    used.into_iter().filter_map(envelope).collect()
}

/// Returns all events by topic, and the classes of the runtime that their topics need.
fn entries(
    input: &Input<'_>,
    layout: &Layout,
    topics: &Topics<'_>,
    aliases: &mut Aliases<'_>,
) -> (Vec<minijinja::Value>, BTreeSet<String>) {
    let (values, classes) = topics.values(input.catalog);
    let entry = |(entry, value): (&topics::TopicEntry<'_>, String)| {
        let contract = entry.contract;
        let module = input.types.module_of(contract.file).map(|id| layout.dotted(id)).unwrap_or_default();
        let (payload, event) = aliases.types(contract).unwrap_or_else(|| ("Any".to_owned(), "Any".to_owned()));
        let constant = &entry.constant;
        context! { topic => text::literal(&contract.topic), module => text::literal(&module), constant, value, payload, event }
    };
    (topics.entries.iter().zip(values).map(entry).collect(), classes)
}
