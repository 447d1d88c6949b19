//! The files of a new project.

use std::path::PathBuf;

use anyhow::Result;
use eventc_codegen::{published, report::pretty};
use eventc_model::text::path_text;
use minijinja::{Environment, Value, context};
use serde_json::json;

use super::{
    answers::{Answers, Language},
    public,
};

/// A file to write, and what to do where there is one already.
pub(super) struct Start {
    /// The folder that it belongs into: of the project, or the top of the repository.
    pub(super) folder: PathBuf,
    pub(super) path: String,
    pub(super) text: String,
    pub(super) otherwise: String,
}

/// Returns the files, in the order in which they are told.
///
/// # Errors
/// Where a template is wrong, which a test excludes.
pub(super) fn files(answers: &Answers) -> Result<Vec<Start>> {
    let below = answers.folder.strip_prefix(&answers.top).map(path_text).unwrap_or_default();
    // Releases among the schemas would be schemas themselves.
    let releases = if answers.schemas == "schemas" || answers.schemas == "." { "releases" } else { "schemas/releases" };
    let context = context! {
        name => answers.name.as_str(),
        schemas => answers.schemas.as_str(),
        releases => releases,
        broker => answers.broker.as_str(),
        path_case => answers.path_case,
        property_case => answers.property_case,
        example => !answers.is_grown,
        languages => answers.languages.iter().map(|language| package(*language, &answers.name)).collect::<Vec<_>>(),
        below => below.as_str(),
        published => public::source()?,
    };
    // A template loses its last line end.
    let filled = |template: &str| -> Result<String> { Ok(Environment::new().render_str(template, &context)? + "\n") };
    let own = |path: &str, text: String, otherwise: String| Start { folder: PathBuf::new(), path: path.into(), text, otherwise };
    let attributes = filled(include_str!("gitattributes"))?;
    let mut files = vec![own("eventc.toml", filled(include_str!("eventc.toml"))?, String::new())];
    if !answers.is_grown {
        files.push(own("schemas/events/order/created.v1.json", include_str!("created.v1.json").into(), String::new()));
    }
    files.push(own(
        ".gitattributes",
        attributes.clone(),
        format!("so that generated files keep their line ends, add to it:\n{attributes}"),
    ));
    if answers.languages.contains(&Language::Rust) {
        let otherwise = "for `cargo generate`, add to it:\n  [alias]\n  generate = \"eventc generate\"\n";
        files.push(own(".cargo/config.toml", include_str!("config.toml").into(), otherwise.into()));
    }
    let settings = filled(include_str!("settings.json"))?;
    files.push(own(".vscode/settings.json", settings.clone(), format!("for completion, add to it:\n{settings}")));
    files.push(own(".vscode/eventc-config.schema.json", pretty(&published::config()), String::new()));
    files.push(own(".vscode/eventc-contract.schema.json", pretty(&contract()), String::new()));
    // Code hosts read them at the top of the repository alone.
    for (path, template) in
        [(".github/workflows/eventc.yml", include_str!("github.yml")), (".gitlab/eventc.yml", include_str!("gitlab.yml"))]
    {
        let folder = if below.is_empty() { PathBuf::new() } else { answers.top.clone() };
        files.push(Start { folder, path: path.into(), text: filled(template)?, otherwise: String::new() });
    }
    Ok(files)
}

/// Returns a target with a name for its package that nobody else's has: not that of a module of Node.js or Python.
fn package(language: Language, name: &str) -> Value {
    match language {
        Language::Rust => context! { name => "rust", package => format!("{name}-events") },
        Language::TypeScript => context! { name => "typescript", package => format!("{name}-events") },
        Language::Python => context! { name => "python", package => format!("{name}_events") },
    }
}

/// Returns a JSON Schema of schemas that have `x-event`.
fn contract() -> serde_json::Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A contract of eventc",
        "type": ["object", "boolean"],
        "properties": { "x-event": published::x_event() }
    })
}
