//! Versions that paths tell apart: which are compiled, which follow which, and which break what their numbers promise.

use std::collections::BTreeSet;

use eventc_codegen::{
    project::{Inputs, Project, ProjectRoot},
    steps::VersionSteps,
};
use eventc_model::diagnostic::Level;
use eventc_tests::tools::{put, scratch};
use serde_json::{Value, json};

/// A tree, the topics that are made of it, and what its steps say.
struct Tree {
    name: &'static str,
    files: &'static [(&'static str, Kind)],
    topics: &'static [&'static str],
    summary: Option<&'static str>,
}

/// A schema with one property.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    /// A text, and a constant that repeats this version.
    Stamped(&'static str),
    /// As [`Kind::Text`], in YAML.
    Yaml,
    /// As [`Kind::Text`], beside a property of the schema with this name that is nowhere.
    Absent(&'static str),
    /// As [`Kind::Number`], beside such a property.
    AbsentNumber(&'static str),
    /// This text.
    Written(&'static str),
}

impl Kind {
    fn text(self) -> String {
        let schema = |properties: Value| json!({ "type": "object", "properties": properties, "required": ["id"] });
        match self {
            Self::Text => schema(json!({ "id": { "type": "string" } })).to_string(),
            Self::Number => schema(json!({ "id": { "type": "integer" } })).to_string(),
            Self::Stamped(version) => {
                let meta = json!({ "properties": { "schema": { "const": format!("vendor/event/{version}") } } });
                schema(json!({ "id": { "type": "string" }, "meta": meta })).to_string()
            }
            Self::Absent(name) => {
                schema(json!({ "id": { "type": "string" }, "more": { "$ref": format!("https://nowhere.example.com/{name}") } })).to_string()
            }
            Self::AbsentNumber(name) => {
                schema(json!({ "id": { "type": "integer" }, "more": { "$ref": format!("https://nowhere.example.com/{name}") } }))
                    .to_string()
            }
            Self::Written(text) => text.to_owned(),
            Self::Yaml => "type: object\nproperties:\n  id: {type: string}\nrequired: [id]\n".to_owned(),
        }
    }
}

use Kind::{Absent, AbsentNumber, Number, Stamped, Text, Written, Yaml};

const TREES: &[Tree] = &[
    Tree {
        name: "files of versions",
        files: &[("Done/1.0.0.json", Text), ("Done/1.1.0.json", Text), ("Done/1.2.0.json", Number), ("Done/2.0.0.json", Text)],
        topics: &["Done", "Done.v2"],
        summary: Some("3 steps between versions, 1 breaks what a minor or patch version promises"),
    },
    Tree {
        name: "schemas that are nowhere",
        files: &[
            ("Same/1.0.0.json", Absent("one.json")),
            ("Same/1.1.0.json", Absent("one.json")),
            ("Other/1.0.0.json", Absent("one.json")),
            ("Other/1.1.0.json", Absent("two.json")),
            ("Elsewhere/1.0.0.json", Absent("one.json")),
            ("Elsewhere/1.1.0.json", AbsentNumber("one.json")),
            ("Both/1.0.0.json", Absent("one.json")),
            ("Both/1.1.0.json", AbsentNumber("two.json")),
        ],
        topics: &["Both", "Elsewhere", "Other", "Same"],
        summary: Some("4 steps between versions, 2 break what a minor or patch version promises, 1 undecided"),
    },
    Tree {
        name: "a vendor's registry",
        files: &[
            ("com.acme/click/jsonschema/1-0-0", Text),
            ("com.acme/click/jsonschema/1-0-1", Number),
            ("com.acme/view/jsonschema/2-0-0", Text),
        ],
        topics: &["com.acme.click", "com.acme.view.v2"],
        summary: Some("1 step between versions, 1 breaks what an addition promises"),
    },
    Tree {
        name: "a revision may break",
        files: &[("a/x/1-0-0.json", Text), ("a/x/1-1-0.json", Number)],
        topics: &["a.x"],
        summary: Some("1 step between versions, none promises that nothing breaks"),
    },
    Tree {
        name: "the newest once more",
        files: &[
            ("page/change/1.0.0.yaml", Yaml),
            ("page/change/1.0.0", Yaml),
            ("page/change/1.1.0.yaml", Yaml),
            ("page/change/current.yaml", Yaml),
            ("page/change/latest", Yaml),
            ("page/change/latest.yaml", Yaml),
        ],
        topics: &["page.change"],
        summary: Some("1 step between versions, none breaks what a minor or patch version promises"),
    },
    Tree {
        name: "only the newest",
        files: &[("page/change/current.yaml", Yaml), ("page/change/current.json", Text)],
        topics: &["page.change"],
        summary: None,
    },
    Tree {
        name: "folders of versions",
        files: &[("v1/order/made.json", Text), ("v2/order/made.json", Number), ("v1/order/paid.json", Text)],
        topics: &["order.made", "order.made.v2", "order.paid"],
        summary: Some("1 step between versions, none promises that nothing breaks"),
    },
    Tree {
        name: "versions behind names",
        files: &[("order/made-1.0.0.json", Text), ("order/made-1.0.1.json", Number), ("order/made.v2.json", Text)],
        topics: &["order.made", "order.made.v2"],
        summary: Some("2 steps between versions, 1 breaks what a minor or patch version promises"),
    },
    Tree {
        name: "before the first major",
        files: &[("x/y/0.1.0.json", Text), ("x/y/0.2.0.json", Number), ("x/y/0.2.1.json", Text)],
        topics: &["x.y.v0"],
        summary: Some("2 steps between versions, 1 breaks what a minor or patch version promises"),
    },
    Tree {
        name: "stamps",
        files: &[("x/y/1-0-0.json", Stamped("1-0-0")), ("x/y/1-0-1.json", Stamped("1-0-1"))],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, none breaks what an addition promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a stamp that two properties share",
        files: &[
            (
                "x/y/1.0.0.json",
                Written(
                    r##"{"$defs": {"v": {"const": "1.0.0"}}, "properties": {"a": {"$ref": "#/$defs/v"}, "b": {"$ref": "#/$defs/v"}}}"##,
                ),
            ),
            (
                "x/y/1.1.0.json",
                Written(
                    r##"{"$defs": {"v": {"const": "1.1.0"}}, "properties": {"a": {"$ref": "#/$defs/v"}, "b": {"$ref": "#/$defs/v"}}}"##,
                ),
            ),
        ],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, none breaks what a minor or patch version promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a stamp in each branch",
        files: &[
            (
                "x/y/1.0.0.json",
                Written(
                    r##"{"oneOf": [{"properties": {"v": {"const": "1.0.0"}, "kind": {"const": "a"}}}, {"properties": {"v": {"const": "1.0.0"}, "kind": {"const": "b"}}}]}"##,
                ),
            ),
            (
                "x/y/1.1.0.json",
                Written(
                    r##"{"oneOf": [{"properties": {"v": {"const": "1.1.0"}, "kind": {"const": "a"}}}, {"properties": {"v": {"const": "1.1.0"}, "kind": {"const": "b"}}}]}"##,
                ),
            ),
        ],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, none breaks what a minor or patch version promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a stamp that may be null",
        files: &[
            ("x/y/1.0.0.json", Written(r##"{"properties": {"v": {"anyOf": [{"const": "1.0.0"}, {"type": "null"}]}}}"##)),
            ("x/y/1.1.0.json", Written(r##"{"properties": {"v": {"anyOf": [{"const": "1.1.0"}, {"type": "null"}]}}}"##)),
        ],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, none breaks what a minor or patch version promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a stamp in a URL",
        files: &[
            ("x/y/1.0.0.json", Written(r##"{"properties": {"schema": {"const": "https://x.example/s/1.0.0.json"}}}"##)),
            ("x/y/1.1.0.json", Written(r##"{"properties": {"schema": {"const": "https://x.example/s/1.1.0.json"}}}"##)),
        ],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, none breaks what a minor or patch version promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a stamp in a pattern",
        files: &[
            (
                "x/y/1.0.0.json",
                Written(
                    r##"{"properties": {"v": {"type": "string", "pattern": "^1\\.0\\.0$"}, "w": {"type": "string", "pattern": "^1.0.0$"}}}"##,
                ),
            ),
            (
                "x/y/1.1.0.json",
                Written(
                    r##"{"properties": {"v": {"type": "string", "pattern": "^1\\.1\\.0$"}, "w": {"type": "string", "pattern": "^1.1.0$"}}}"##,
                ),
            ),
        ],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, none breaks what a minor or patch version promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a stamp as a number",
        files: &[
            ("x/y/1.0.0.json", Written(r##"{"properties": {"v": {"const": 1.0}}}"##)),
            ("x/y/1.1.0.json", Written(r##"{"properties": {"v": {"const": 1.1}}}"##)),
        ],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, none breaks what a minor or patch version promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a short stamp",
        files: &[
            ("x/y/1.0.0.json", Written(r##"{"properties": {"v": {"enum": ["v1.0"]}}}"##)),
            ("x/y/1.1.0.json", Written(r##"{"properties": {"v": {"enum": ["v1.1"]}}}"##)),
        ],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, none breaks what a minor or patch version promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a break beside a stamp",
        files: &[
            ("x/y/1.0.0.json", Written(r##"{"properties": {"v": {"const": "1.0.0"}, "kind": {"const": "a"}}}"##)),
            ("x/y/1.1.0.json", Written(r##"{"properties": {"v": {"const": "1.1.0"}, "kind": {"const": "b"}}}"##)),
        ],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, 1 breaks what a minor or patch version promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a constant that holds the version and changes besides",
        files: &[
            ("x/y/1.0.0.json", Written(r##"{"properties": {"v": {"const": "https://x.example/a/1.0.0.json"}}}"##)),
            ("x/y/1.1.0.json", Written(r##"{"properties": {"v": {"const": "https://x.example/b/1.1.0.json"}}}"##)),
        ],
        topics: &["x.y"],
        summary: Some("1 step between versions, 1 breaks what a minor or patch version promises"),
    },
    Tree {
        name: "a break in a branch beside a stamp",
        files: &[
            ("x/y/1.0.0.json", Written(r##"{"properties": {"v": {"anyOf": [{"const": "1.0.0"}, {"type": "null"}]}}}"##)),
            ("x/y/1.1.0.json", Written(r##"{"properties": {"v": {"anyOf": [{"const": "1.1.0"}, {"type": "integer"}]}}}"##)),
        ],
        topics: &["x.y"],
        summary: Some(
            "1 step between versions, 1 breaks what a minor or patch version promises; a constant that repeats the version was left out of 1",
        ),
    },
    Tree {
        name: "a torn version",
        files: &[
            ("x/y/1.0.0.json", Text),
            ("x/y/1.1.0.json", Written(r#"{"properties": {"id": {"type": "integer"}}"#)),
            ("x/y/1.2.0.json", Text),
        ],
        topics: &["x.y"],
        summary: Some("2 steps between versions, none breaks what a minor or patch version promises, 2 could not be compared"),
    },
    Tree {
        name: "no version at all",
        files: &[("order/made.json", Text), ("order/paid.json", Text), ("utf-8/x.json", Text)],
        topics: &["order.made", "order.paid", "utf-8.x"],
        summary: None,
    },
];

impl Tree {
    fn inputs(&self) -> Inputs {
        let folder = scratch(&format!("layouts/{}", self.name.replace([' ', '\''], "-")));
        for (path, kind) in self.files {
            put(&folder.join(path), &kind.text());
        }
        Inputs::read(&ProjectRoot::Schemas(folder)).expect("a folder")
    }
}

fn topics(project: &Project) -> Vec<&str> {
    let mut topics: Vec<&str> = project.catalog.events().map(|contract| contract.topic.as_str()).collect();
    topics.sort_unstable();
    topics
}

#[test]
fn the_newest_version_of_each_major_is_made_and_steps_are_judged() {
    for tree in TREES {
        let project = tree.inputs().open();
        let steps = VersionSteps::of(&project);
        assert_eq!((topics(&project), steps.summary().as_deref()), (tree.topics.to_vec(), tree.summary), "{}", tree.name);
        assert_eq!(
            steps.findings.is_empty(),
            steps.broken + steps.undecided + steps.uncompared == 0,
            "{}: {:#?}",
            tree.name,
            steps.findings
        );
    }
}

#[test]
fn a_version_that_cannot_be_read_is_named_for_each_step() {
    let torn = TREES.iter().find(|tree| tree.name == "a torn version").expect("a tree");
    let findings = VersionSteps::of(&torn.inputs().open()).findings;
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    for (message, step) in messages.iter().zip(["1.0.0 to 1.1.0", "1.1.0 to 1.2.0"]) {
        assert!(message.starts_with(&format!("the step from {step} could not be compared: ")), "{message}");
        assert!(message.contains("x/y/1.1.0.json could not be read: not valid JSON"), "{message}");
    }
}

#[test]
fn identifiers_that_stand_for_something_else_are_warnings() {
    let tree = Tree {
        name: "another meaning",
        files: &[
            ("x/y/1.0.0.json", Written(r#"{"properties": {"fooBar": {"type": "string"}}}"#)),
            ("x/y/1.1.0.json", Written(r#"{"properties": {"foo_bar": {"type": "string"}}}"#)),
        ],
        topics: &["x.y"],
        summary: Some("1 step between versions, none breaks what a minor or patch version promises"),
    };
    let steps = VersionSteps::of(&tree.inputs().open());
    assert_eq!(steps.summary().as_deref(), tree.summary);
    let [moved] = steps.findings.as_slice() else { panic!("{:#?}", steps.findings) };
    assert_eq!((moved.rule.code, moved.level), ("EV353", Level::Warning));
}

#[test]
fn all_versions_are_made_where_somebody_asks_for_them() {
    let mut inputs = TREES[0].inputs();
    inputs.make_all_versions();
    let project = inputs.open();
    assert_eq!(topics(&project), ["Done", "Done.v1.0.0", "Done.v1.1.0", "Done.v2"]);
    let modules: BTreeSet<String> = project.types.modules().map(|(_, module)| module.path.join("/")).collect();
    assert_eq!(modules.iter().map(String::as_str).collect::<Vec<_>>(), ["done/v1", "done/v1_0_0", "done/v1_1_0", "done/v2"]);
}

#[test]
fn versions_of_an_event_may_share_its_title() {
    let config = "[[namespace]]\nname = \"shop\"\nlayout = \"{version}/{path}.{ext}\"\n";
    let text = r#"{"title": "Made", "type": "object"}"#;
    let files = [("eventc.toml", config), ("schemas/events/1.0.0/order/made.json", text), ("schemas/events/1.1.0/order/made.json", text)];
    let mut inputs = Inputs::from_texts(&files).expect("a configuration");
    inputs.make_all_versions();
    let found = inputs.open().lint(None);
    assert!(found.iter().all(|finding| finding.rule.name != "duplicate-type-name"), "{found:#?}");
}

#[test]
fn a_namespace_states_its_layout() {
    let config = "[[namespace]]\nname = \"shop\"\nlayout = \"{path}/versions/{version}.{ext}\"\n";
    let files = [
        ("eventc.toml", config.to_owned()),
        ("schemas/events/order/made/versions/1.0.0.json", Text.text()),
        ("schemas/events/order/made/versions/1.1.0.json", Number.text()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let project = Project::from_texts(&files).expect("a configuration");
    assert_eq!(topics(&project), ["order.made"]);
    assert_eq!(VersionSteps::of(&project).broken, 1);
    let wrong = config.replace("{path}", "{name}");
    let error = Project::from_texts(&[("eventc.toml", &wrong)]).expect_err("a wrong layout");
    let eventc_codegen::project::OpenError::Config { diagnostics, .. } = error else { panic!("{error}") };
    assert_eq!(diagnostics[0].place.to_string(), "eventc.toml:3:1");
    assert!(diagnostics[0].message.contains("{name}") && diagnostics[0].help.is_some(), "{diagnostics:#?}");
}
