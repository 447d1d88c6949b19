//! Schemas at random, and documents at random: what the reference validator says of them, generated Rust, TypeScript and Python say, and
//! what is valid comes back equal; in Python with pydantic's models and with msgspec's structs. The judge in Rust also holds the reading
//! that validates to validation.
//!
//! `EVENTC_SEED` chooses other schemas, and `EVENTC_SCHEMAS` how many.

use std::{env, path::Path};

use eventc_codegen::{
    instance::{Formats, Validators},
    output,
    project::{Project, Selection},
};
use eventc_model::{
    diagnostic::{Diagnostic, Level},
    source::{Limits, Tree},
};
use eventc_tests::{
    imagine::Imagination,
    judges::{Case, equal, judges, unchecked_python},
    mutate::mutants,
    random::Random,
    tools::scratch,
};
use serde_json::{Value, json};

/// Documents for each schema, before each is changed at a few places.
const DOCUMENTS: usize = 30;

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable).ok().map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

fn write(project: &Project, targets: &[&str], folder: &Path) {
    let targets = targets.iter().map(|target| (*target).to_owned()).collect();
    for target in project.generate(&Selection { targets, topics: Vec::new() }).expect("files").targets {
        output::write(&folder.join(target.name), &target.files).expect("written files");
    }
}

#[test]
fn whatever_is_imagined_is_judged_alike() {
    let mut random = Random(number("EVENTC_SEED", 1));
    let schemas: Vec<Value> = (0..number("EVENTC_SCHEMAS", 60)).map(|_| Imagination { random: &mut random }.schema()).collect();
    let files: Vec<(String, String)> =
        schemas.iter().enumerate().map(|(index, schema)| (format!("s{index}.v1.json"), schema.to_string())).collect();
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    let mut project = Project::from_tree(tree);
    project.lint(None);
    // Some accept nothing, which is as good as anything here.
    let is_wrong = |finding: &&Diagnostic| finding.level == Level::Error && finding.rule.name != "unsatisfiable";
    let wrong: Vec<&Diagnostic> = project.findings.iter().filter(is_wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");

    let (folder, msgspec) = (scratch("imagined"), scratch("imagined-msgspec"));
    write(&project, &["rust", "typescript", "python"], &folder);
    let options = json!({"models": "msgspec"});
    project.catalog.config.overrides.insert("python".to_owned(), options.as_object().expect("options").clone());
    write(&project, &["python"], &msgspec);

    let validators = Validators::new(&project.catalog);
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for ((path, _), schema) in files.iter().zip(&schemas) {
        let contract = project.catalog.find(path).unwrap_or_else(|| panic!("{path} is a contract"));
        let validator = validators.payload(contract, Formats::Annotated).expect("a valid schema");
        for _ in 0..DOCUMENTS {
            let document = Imagination { random: &mut random }.document(schema);
            let changed = mutants(&project.catalog.schemas, contract.root, &document);
            let some: Vec<Value> = changed.into_iter().filter(|_| random.chance(15)).collect();
            for document in std::iter::once(document).chain(some) {
                expected.push((validator.accepts(&document), document.clone()));
                cases.push(Case { topic: contract.topic.clone(), doc: document.to_string() });
            }
        }
    }
    let valid = expected.iter().filter(|(valid, _)| *valid).count();
    assert!(valid * 10 > cases.len() && valid * 10 < cases.len() * 9, "{valid} of {} documents are valid", cases.len());

    let mut wrong = Vec::new();
    let judges = judges(&folder, "imagined", "events").into_iter().chain([unchecked_python(&msgspec, "events")]);
    for judge in judges {
        for ((case, (valid, document)), verdict) in cases.iter().zip(&expected).zip(judge.ask(&cases)) {
            let complaint = match &verdict.again {
                _ if verdict.valid != *valid => "is judged wrong",
                None if *valid => "is valid and does not decode",
                Some(again) if *valid && !equal(again, document) => "does not come back equal",
                _ => continue,
            };
            wrong.push(format!("{}: {}: {} {complaint}: {}", judge.language, case.topic, case.doc, verdict.said));
        }
    }
    let shown: Vec<&str> = wrong.iter().take(10).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {} answers\n{}", wrong.len(), cases.len() * 4, shown.join("\n"));
}
