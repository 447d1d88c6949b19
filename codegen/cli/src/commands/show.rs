//! `eventc show`

mod human;

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap_complete::engine::ArgValueCompleter;
use eventc_codegen::{
    bundle::bundle,
    project::Project,
    report::{diagnostic_json, pretty},
};
use eventc_model::{
    catalog::{Contract, ContractKind},
    diagnostic::{Diagnostic, Level},
    types::{Field, Shape, TypeRef, Types},
};
use serde_json::{Map, Value, json};

use super::{placed, plain::BriefFormat};
use crate::{
    completion,
    context::{CommandContext, found_nothing},
    status::Status,
};

/// Print everything that is known of one contract
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc show omninode.codegen.request.validate.v1
  eventc show omninode/codegen/request/validate.v1.json --format json
  eventc show agent.created --env local                what brokers hold for it")]
pub(crate) struct Args {
    /// A topic, or a path below the schema root
    #[arg(add = ArgValueCompleter::new(completion::topics))]
    key: String,

    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,

    /// Show what the brokers of this environment hold for it, too
    #[arg(long, value_name = "ENVIRONMENT", conflicts_with = "schemas")]
    env: Option<String>,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: BriefFormat,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let project = context.project(args.schemas.as_deref())?;
    if let Some(nothing) = found_nothing(&project, args.schemas.as_deref()) {
        context.console.error(&nothing);
        return Ok(Status::Findings);
    }
    let findings = project.lint(None);
    let contract = find(&project, &args.key)?;
    let state =
        args.env.as_ref().map(|environment| Ok::<_, anyhow::Error>((environment, placed::state(&project, environment)?))).transpose()?;
    let file = &project.catalog.schemas.file(contract.file).shown;
    let of_file: Vec<_> = findings.iter().filter(|finding| finding.place.file == *file).collect();
    if args.format == BriefFormat::Json {
        let mut document = document(&project, contract, &of_file);
        if let Some((environment, state)) = &state {
            document["contract"]["environments"] = json!({ environment.as_str(): placed::resources(state, contract) });
        }
        context.console.print(&pretty(&document))?;
    } else {
        let mut page = human::page(&project, contract, &of_file);
        if let Some((environment, state)) = &state {
            page.push_str(&placed::lines(state, environment, contract));
        }
        context.console.print_text(&page)?;
    }
    Ok(Status::Clean)
}

/// Returns the contract of a key.
pub(super) fn find<'a>(project: &'a Project, key: &str) -> Result<&'a Contract> {
    project.catalog.find(key).or_else(|| project.catalog.find(&format!("{key}.v1"))).ok_or_else(|| {
        let near = project.catalog.nearest_topic(key).map(|topic| format!("; did you mean {topic:?}?"));
        anyhow!("there is no contract {key:?}{}", near.unwrap_or_else(|| "; `eventc list` shows all of them".into()))
    })
}

/// Returns a list's entry for a contract.
pub(super) fn outline(project: &Project, contract: &Contract) -> Value {
    let catalog = &project.catalog;
    let kind = match contract.kind {
        ContractKind::Event => "event",
        ContractKind::Envelope => "envelope",
        ContractKind::DeadLetter => "dead-letter",
    };
    let description = catalog.schemas.keywords(contract.root).and_then(|keywords| keywords.description.clone());
    let consumers: Vec<_> = catalog
        .consumers(contract)
        .iter()
        .map(|consumer| {
            without_nulls(json!({
                "service": &*consumer.service,
                "function": consumer.function.as_deref(),
                "group": consumer.group,
                "queue": consumer.queue,
                "reads": &*consumer.reads,
            }))
        })
        .collect();
    without_nulls(json!({
        "topic": contract.topic,
        "kind": kind,
        "namespace": catalog.namespace(contract).name,
        "file": catalog.schemas.file(contract.file).path,
        "type": contract.type_name,
        "version": contract.version.to_string(),
        "owner": contract.metadata.owner,
        "description": description,
        "producers": contract.metadata.producers,
        "consumers": consumers,
        "deprecated": contract.metadata.deprecated.as_ref().and_then(|deprecated| serde_json::to_value(deprecated).ok()),
    }))
}

fn document(project: &Project, contract: &Contract, findings: &[&Diagnostic]) -> Value {
    let catalog = &project.catalog;
    let facts = catalog.facts(contract);
    let mut object = match outline(project, contract) {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    let more = without_nulls(json!({
        "broker": facts.broker,
        "stability": facts.stability,
        "key": facts.key,
        "reply": facts.reply,
        "tags": facts.tags,
        "settings": contract.settings,
        "dead_letter_topic": facts.dead_letter.map(|policy| policy.topic),
        "exchange": facts.exchange,
        "fields": fields(project, contract).iter().map(|field| field_json(project, field)).collect::<Vec<_>>(),
        "releases": project.history.of(catalog, contract).iter()
            .map(|release| json!({ "version": release.version.to_string(), "date": release.date, "topic": release.topic }))
            .collect::<Vec<_>>(),
        "schema": bundle(&catalog.schemas, contract.root),
    }));
    if let Value::Object(more) = more {
        object.extend(more);
    }
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let summary = json!({ "errors": count(Level::Error), "warnings": count(Level::Warning), "notes": count(Level::Note) });
    let diagnostics: Vec<_> = findings.iter().map(|finding| Value::Object(diagnostic_json(finding))).collect();
    json!({ "contract": object, "diagnostics": diagnostics, "summary": summary })
}

/// Returns the properties of the payload.
fn fields<'a>(project: &'a Project, contract: &Contract) -> &'a [Field] {
    let types = &project.types;
    let mut at = types.of_node(contract.root);
    // A root that is nothing but another type's name shows that type's properties.
    for _ in 0..16 {
        match at.map(TypeRef::split_null) {
            Some((TypeRef::Named(id), _)) => match &types.get(*id).shape {
                Shape::Object(object) => return &object.fields,
                Shape::Alias(next) => at = Some(next),
                Shape::Enum(_) | Shape::Union(_) => break,
            },
            _ => break,
        }
    }
    &[]
}

fn field_json(project: &Project, field: &Field) -> Value {
    let keywords = project.catalog.schemas.keywords(field.node);
    without_nulls(json!({
        "name": field.name,
        "type": type_label(&project.types, &field.ty),
        "required": field.required,
        "sensitive": field.sensitive.map(eventc_model::metadata::Sensitivity::as_str),
        "deprecated": field.deprecated.then_some(true),
        "description": keywords.and_then(|keywords| keywords.description.clone()),
    }))
}

/// Returns a type in a few words.
fn type_label(types: &Types, ty: &TypeRef) -> String {
    match ty {
        TypeRef::String(Some(format)) => format!("{} ({})", ty.word(), format.as_str()),
        TypeRef::Literal(values, _) => values.iter().map(Value::to_string).collect::<Vec<_>>().join(" or "),
        TypeRef::Array(inner) => format!("list of {}", type_label(types, inner)),
        TypeRef::Tuple { items, .. } => format!("[{}]", items.iter().map(|item| type_label(types, item)).collect::<Vec<_>>().join(", ")),
        TypeRef::Map(inner) => format!("map of {}", type_label(types, inner)),
        TypeRef::Named(id) => types.get(*id).name.clone(),
        TypeRef::Nullable(inner) => format!("{} or null", type_label(types, inner)),
        _ => ty.word().into(),
    }
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, value| !value.is_null());
    }
    value
}
