//! Trees as people have them, below `tests/trees/`: what is generated of each with no configuration, what is told, and that it compiles.

use std::{fs, path::Path, sync::LazyLock};

use eventc_codegen::project::{Inputs, Project, ProjectRoot, Sound};
use eventc_model::{diagnostic::READING, types::TypeRef};
use eventc_tests::{
    runners::{Case, Subject},
    tools::{scratch, workspace},
};

use crate::BATCH;

/// A tree, and what is right.
struct Tree {
    name: &'static str,
    /// The folder of schemas below the tree's own.
    schemas: &'static str,
    /// The topics that are generated.
    made: &'static [&'static str],
    /// The files of contracts that are left out.
    left: &'static [&'static str],
    /// What reading tells: level, rule, and place.
    told: &'static [&'static str],
}

const TREES: &[Tree] = &[
    Tree {
        name: "partial",
        schemas: "",
        made: &["ticket.sold"],
        left: &["ticket/booked.json", "ticket/mended.json", "ticket/taxed.yaml", "ticket/torn.json"],
        told: &["error unresolved-ref _money.yaml:3:16", "error syntax ticket/torn.json:4:3"],
    },
    Tree {
        name: "duplicate-key",
        schemas: "",
        made: &["a", "b"],
        left: &[],
        told: &["warning duplicate-key a.json:5:3", "warning duplicate-key b.yaml:3:1"],
    },
    Tree {
        name: "comments",
        schemas: "",
        made: &["counted", "deep.weighed"],
        left: &[],
        told: &["warning json-comment counted.jsonc:1:1", "warning json-comment deep/weighed.json:2:3"],
    },
    Tree { name: "not-schemas", schemas: "", made: &["order.placed"], left: &[], told: &["note not-a-schema compose.yaml"] },
    Tree {
        name: "refs-from-above",
        schemas: "events",
        made: &["shared.fare", "shared.place", "trip.ended"],
        left: &[],
        told: &[
            "warning loose-ref trip/ended.yaml:4:16",
            "warning loose-ref trip/ended.yaml:6:16",
            "warning loose-ref trip/ended.yaml:7:15",
        ],
    },
    Tree {
        name: "refs-by-url",
        schemas: "",
        made: &["signup.done", "user"],
        left: &[],
        told: &["warning loose-ref signup/done.json:5:23"],
    },
    Tree {
        name: "ambiguous",
        schemas: "",
        made: &["a.shared.unit", "b.shared.unit"],
        left: &["measured.json"],
        told: &["error ambiguous-ref measured.json:1:76"],
    },
    Tree {
        name: "refs-outside",
        schemas: "events",
        made: &["moved"],
        left: &[],
        told: &["warning loose-ref moved.yaml:4:14", "warning loose-ref moved.yaml:5:14"],
    },
    Tree {
        name: "twins",
        schemas: "",
        made: &["copies.one", "copies.two", "page.v2", "shown", "sorted"],
        left: &[],
        told: &["warning duplicate-id copies/two.yaml:1:6", "warning duplicate-id page/current.json:1:10"],
    },
    Tree {
        name: "no-dialect",
        schemas: "",
        made: &["four", "newest", "seven", "three"],
        left: &[],
        told: &["note told-dialect four.yaml:1:1", "note told-dialect three.json:1:1"],
    },
    Tree {
        name: "own-dialect",
        schemas: "",
        made: &["a", "b", "c"],
        left: &[],
        told: &["note told-dialect a.json:1:1", "note unknown-dialect a.json:1:14", "note told-dialect c.json:1:1"],
    },
    Tree { name: "self-by-folder", schemas: "", made: &["tree"], left: &[], told: &["warning loose-ref tree.yaml:6:16"] },
    Tree {
        name: "avro-names",
        schemas: "",
        made: &["refund"],
        left: &[],
        told: &["warning avro-name refund.avsc:4:16", "warning avro-name refund.avsc:7:87"],
    },
    Tree { name: "avro-two-files", schemas: "", made: &["made", "types.kind", "types.person"], left: &[], told: &[] },
    Tree { name: "merge-keys", schemas: "", made: &["e"], left: &[], told: &[] },
    Tree { name: "yaml-flow", schemas: "", made: &["created"], left: &[], told: &["warning flow-indent created.yaml:10:3"] },
    Tree {
        name: "absent-url",
        schemas: "",
        made: &["ship"],
        left: &[],
        told: &["error absent-url ship.json:6:23", "error absent-url ship.json:8:23"],
    },
    Tree {
        name: "absent-folder",
        schemas: "",
        made: &["call.id", "call.raised"],
        left: &["call/closed.json"],
        told: &["error unresolved-ref call/closed.json:6:21", "error absent-url call/raised.json:7:26"],
    },
    Tree { name: "third", schemas: "", made: &["rule"], left: &[], told: &["note told-dialect rule.json:1:1"] },
    Tree { name: "own-meta", schemas: "", made: &["form", "schema"], left: &[], told: &[] },
    Tree {
        name: "map",
        schemas: "events",
        made: &["paid"],
        left: &[],
        told: &["error absent-url paid.json:1:71", "error absent-url paid.json:1:150"],
    },
];

/// The trees, each in a repository of its own.
static COPIES: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
    let copies = scratch("trees");
    fs::remove_dir_all(&copies).expect("a folder of our own");
    copy(&workspace().join("tests/trees"), &copies);
    for tree in TREES {
        fs::create_dir(copies.join(tree.name).join(".git")).expect("a repository");
    }
    copies
});

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

impl Tree {
    fn folder(&self) -> std::path::PathBuf {
        COPIES.join(self.name).join(self.schemas)
    }

    fn project(&self) -> Project {
        Inputs::read(&ProjectRoot::Schemas(self.folder())).expect("a folder").with_broken().open()
    }
}

pub(crate) fn subjects() -> Vec<Subject> {
    let subject = |tree: &'static Tree| Subject::new(format!("tree-{}", tree.name), || tree.project()).as_far_as_sound();
    TREES.iter().map(subject).collect()
}

#[test]
fn every_tree_gives_what_is_sound_and_tells_the_rest_once() {
    for tree in TREES {
        let project = tree.project();
        let findings = project.lint(None);
        let (catalog, sound) = (&project.catalog, Sound::of(&project, &findings));
        let file = |index: usize| catalog.schemas.file(catalog.contracts[index].file).path.as_str();
        let mut left: Vec<&str> = sound.left_out.iter().map(|index| file(*index)).collect();
        left.sort_unstable();
        let made = catalog.contracts.iter().enumerate().filter(|(index, _)| !sound.left_out.contains(index));
        let mut made: Vec<&str> = made.map(|(_, contract)| contract.topic.as_str()).collect();
        made.sort_unstable();
        let below = format!("{}/", tree.folder().to_string_lossy().trim_end_matches('/'));
        let reading = findings.iter().filter(|finding| READING.contains(&finding.rule));
        let told: Vec<String> =
            reading.map(|found| format!("{} {} {}", found.level, found.rule.name, found.place).replace(&below, "")).collect();
        assert_eq!(
            (made, left, told),
            (tree.made.to_vec(), tree.left.to_vec(), tree.told.iter().map(ToString::to_string).collect()),
            "{}",
            tree.name
        );
        let errors = findings.errors().count();
        assert_eq!(errors, tree.told.iter().filter(|told| told.starts_with("error")).count(), "{}: {findings:#?}", tree.name);
    }
}

/// A tree, a document of one of its topics, and whether it is valid.
const DOCUMENTS: &[(&str, &str, &str, bool)] = &[
    ("partial", "ticket.sold", r#"{"price": {"cents": 3}}"#, true),
    ("partial", "ticket.sold", r#"{"price": {"cents": "3"}}"#, false),
    ("duplicate-key", "a", r#"{"v": 1, "at": "x"}"#, true),
    ("duplicate-key", "a", r#"{"v": "1"}"#, false),
    ("comments", "deep.weighed", r#"{"kg": 1.5, "url": "https://example.org/,]"}"#, true),
    ("comments", "deep.weighed", r#"{"url": "https://example.org/"}"#, false),
    ("refs-from-above", "trip.ended", r#"{"from": {"name": "a"}, "to": "b", "fare": 1, "tip": 2}"#, true),
    ("refs-from-above", "trip.ended", r#"{"tip": "2"}"#, false),
    ("refs-by-url", "signup.done", r#"{"user": {"name": "a"}, "id": "b", "by": "c"}"#, true),
    ("refs-by-url", "signup.done", r#"{"by": 3}"#, false),
    ("refs-outside", "moved", r#"{"to": "PT", "by": {"name": "x"}}"#, true),
    ("refs-outside", "moved", r#"{"to": "XX"}"#, false),
    ("twins", "shown", r#"{"page": {"url": "a"}}"#, true),
    ("twins", "shown", r#"{"page": {"url": 1}}"#, false),
    ("twins", "sorted", r#"{"kind": "c"}"#, false),
    ("no-dialect", "four", r#"{"n": 0}"#, false),
    ("no-dialect", "four", r#"{"n": 0.1}"#, true),
    ("no-dialect", "seven", r#"{"pair": ["a", "b"]}"#, false),
    ("no-dialect", "three", r#"{"note": 3}"#, false),
    ("no-dialect", "three", r#"{"id": "a", "note": 3}"#, true),
    ("own-dialect", "a", r#"{"n": 1}"#, false),
    ("own-dialect", "c", "{}", false),
    ("self-by-folder", "tree", r#"{"left": {"name": 3}}"#, false),
    ("self-by-folder", "tree", r#"{"right": {"name": "a"}, "all": [{}]}"#, true),
    ("avro-names", "refund", r#"{"id": "a", "state": "IN-DOUBT"}"#, true),
    (
        "avro-two-files",
        "made",
        r#"{"by": {"name": "a", "boss": null, "likes": ["A"]}, "also": {"name": "b", "boss": null, "likes": []}, "kind": "B"}"#,
        true,
    ),
    // A union's value stands without the name of its branch: docs/avro.md.
    (
        "avro-two-files",
        "made",
        r#"{"by": {"name": "a", "likes": ["A"]}, "also": {"acme.people.Person": {"name": "b", "likes": []}}, "kind": "B"}"#,
        false,
    ),
    ("avro-two-files", "made", r#"{"by": {"name": "a", "boss": null, "likes": ["C"]}, "also": null, "kind": "B"}"#, false),
    ("merge-keys", "e", r#"{"seen": {"by": "a"}, "both": {"by": "b"}}"#, true),
    ("merge-keys", "e", r#"{"seen": {}}"#, false),
    ("merge-keys", "e", r#"{"both": {"by": "b", "c": 1}}"#, false),
    ("yaml-flow", "created", r#"{"kind": "a", "labels": {"x": "y"}}"#, true),
    ("yaml-flow", "created", r#"{"kind": "c"}"#, false),
    ("absent-url", "ship", r#"{"masts": 2, "port": ["anything"]}"#, true),
    ("absent-url", "ship", r#"{"masts": -1}"#, false),
    ("absent-folder", "call.raised", r#"{"id": "1234", "subject": 3, "related": [null]}"#, true),
    ("absent-folder", "call.raised", r#"{"id": "1", "subject": 3}"#, false),
    ("third", "rule", r#"{"name": "a"}"#, true),
    ("third", "rule", r#"{}"#, false),
    ("third", "rule", r#"{"name": "a", "type": "string"}"#, true),
    ("third", "rule", r#"{"name": "a", "type": ["string", {"name": "b"}]}"#, true),
    ("third", "rule", r#"{"name": "a", "type": ["string", {}]}"#, false),
    ("third", "rule", r#"{"name": "a", "type": [3]}"#, false),
    ("third", "rule", r#"{"name": "a", "type": ["s", "s"]}"#, false),
    ("third", "rule", r#"{"name": "a", "items": {"name": "b"}, "additionalItems": true}"#, true),
    ("third", "rule", r#"{"name": "a", "items": [{"name": "b"}], "additionalItems": {"name": "c"}}"#, true),
    ("third", "rule", r#"{"name": "a", "items": "b"}"#, false),
    ("third", "rule", r#"{"name": "a", "items": [3]}"#, false),
    ("third", "rule", r#"{"name": "a", "additionalItems": 1}"#, false),
    ("third", "rule", r#"{"name": "a", "step": 1.5, "value": []}"#, true),
    ("third", "rule", r#"{"name": "a", "step": 1.5}"#, false),
    ("third", "rule", r#"{"name": "a", "step": 0, "value": 1}"#, false),
    ("third", "rule", r#"{"name": "a", "step": 0.3, "value": 1}"#, false),
    ("third", "rule", r#"{"name": "a", "value": null}"#, false),
    ("third", "rule", r#"{"name": "a", "value": {"secret": 1}}"#, false),
    ("third", "rule", r#"{"name": "a", "value": {"open": 1}}"#, true),
    ("third", "rule", r#"{"name": "a", "base": {"name": "b", "step": 1, "value": 2}}"#, true),
    ("third", "rule", r#"{"name": "a", "base": {"step": 1, "value": 2}}"#, false),
    ("third", "rule", r#"{"name": "a", "base": {"name": "b"}}"#, false),
    ("third", "rule", r#"{"name": "a", "bases": [{"name": "b"}]}"#, true),
    ("third", "rule", r#"{"name": "a", "bases": []}"#, false),
    ("third", "rule", r#"{"name": "a", "bases": [{}]}"#, false),
    ("third", "rule", r#"{"name": "a", "dependencies": {"b": "c", "d": ["e"], "f": {"name": "g"}}}"#, true),
    ("third", "rule", r#"{"name": "a", "dependencies": {"b": 1}}"#, false),
    ("third", "rule", r#"{"name": "a", "anything": [null]}"#, true),
    ("own-meta", "schema", r#"{"$defs": {"a": {"title": "a"}}}"#, true),
    ("own-meta", "schema", r#"{"$defs": {"a": {"title": 1}}}"#, false),
    ("own-meta", "form", r#"{"schema": {"$defs": {"a": {"title": 1}}}}"#, false),
];

#[test]
fn what_is_generated_judges_documents_as_the_tree_means_it() {
    for (tree, topic, doc, valid) in DOCUMENTS {
        let case = Case { topic: (*topic).to_owned(), doc: (*doc).to_owned() };
        for runner in BATCH.runners(&format!("tree-{tree}")) {
            let verdict = runner.ask(std::slice::from_ref(&case)).remove(0);
            assert_eq!(verdict.valid, *valid, "{tree}, {topic}, {}: {doc}: {}", runner.language.name(), verdict.said);
        }
    }
}

#[test]
fn an_absent_url_leaves_the_rest_of_a_contract_typed() {
    let project = BATCH.project("tree-absent-url");
    let ship = project.catalog.contracts[0].root;
    let Some(TypeRef::Named(id)) = project.types.of_node(ship) else { panic!("a type of its own") };
    let eventc_model::types::Shape::Object(object) = &project.types.get(*id).shape else { panic!("an object") };
    let types: Vec<_> = object.fields.iter().map(|field| (field.name.as_str(), field.required, matches!(field.ty, TypeRef::Any))).collect();
    assert_eq!(types, [("port", false, true), ("masts", true, false)]);
}
