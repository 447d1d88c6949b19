//! Resources for Strimzi through its own classes: no key that they do not know, and no value that is lost.

use std::{fs, path::PathBuf, process::Command};

use eventc_codegen::project::{Project, Selection};
use eventc_tests::tools::{run, scratch, strimzi, workspace};

/// Returns what Strimzi's classes say of files; `None` where they cannot be asked.
fn ask(files: &[PathBuf]) -> Option<String> {
    let Some(classes) = strimzi() else {
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"passed over: Strimzi's classes need Java 17 and Maven (apt-get install default-jre-headless maven)\n",
        );
        return None;
    };
    let mut java = Command::new("java");
    java.arg("-cp").arg(classes.join("*")).arg(workspace().join("tests/runners/Strimzi.java")).args(files);
    Some(run(&mut java))
}

/// A tree with everything that a resource can say, under names that Kubernetes does not take.
const CONFIG: &str = r#"
schemas = "s"
[[namespace]]
name = "shop"
consumer_group = "{service}-{function}"
topic = { partitions = 3, replication = 3, retention = "7d", cleanup_policy = "compact,delete", compression = "zstd" }
domain.order = { max_message_bytes = 2000000, min_insync_replicas = 2, dead_letter = { topic = "{topic}.dlq" } }
[services.billing]
consumes = [{ topics = "*", function = "invoicing" }]
quota = { producer_byte_rate = 1048576, consumer_byte_rate = 2097152, request_percentage = 50 }
[services.cart]
quota = { producer_byte_rate = 9999999999 }
[environments.production.brokers.main]
kind = "kafka"
servers = ["kafka:9092"]
[environments.production.namespaces.shop]
topic.settings = { "segment.ms" = 3600000, "min.cleanable.dirty.ratio" = 0.5, "preallocate" = true }
[environments.production.principals]
billing = "User:billing"
cart = "User:cart.1"
[targets.strimzi]
namespace = "kafka"
"#;

#[test]
fn strimzi_knows_every_key_and_loses_no_value() {
    let schema = r#"{"x-event": {"version": "1.0.0", "key": "/id", "producers": ["cart", "billing"]},
        "type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}"#;
    let files = ["s/order/line_added.json", "s/order/Made.json", "s/stock/moved.json"].map(|path| (path, schema));
    let texts: Vec<_> = std::iter::once(("eventc.toml", CONFIG)).chain(files).collect();
    let project = Project::from_texts(&texts).expect("a project");
    let findings = project.problems();
    assert!(findings.is_empty(), "{findings:#?}");
    let (folder, findings) = (scratch("strimzi"), project.lint(None));
    assert!(!findings.has_errors(), "{findings:#?}");
    let generated = project.generate(&Selection { targets: vec!["strimzi".into()], ..Selection::default() }, &findings).expect("files");
    let mut paths = Vec::new();
    for made in &generated.targets {
        for file in &made.files {
            let path = folder.join(file.path.replace('/', "-"));
            fs::write(&path, &file.text).expect("a file");
            paths.push(path);
        }
    }
    assert_eq!(paths.len(), 2, "{paths:?}");
    // Of one user the quota is too large for a resource.
    let notes: Vec<_> = generated.notes.iter().filter(|note| note.rule.code == "EV721").map(|note| note.pointer.as_str()).collect();
    assert_eq!(notes, ["/environments/production/principals/cart"]);
    paths.extend(["topics", "users"].map(|kind| workspace().join(format!("generated/strimzi/production/kafka/{kind}.yaml"))));
    let Some(said) = ask(&paths) else { return };
    let documents = paths.iter().map(|path| fs::read_to_string(path).expect("a file").matches("---\n").count()).sum::<usize>();
    assert_eq!(said, format!("{documents} documents\n"));
}

#[test]
fn what_strimzi_does_not_know_is_told() {
    let path = scratch("strimzi").join("wrong.yaml");
    let wrong = "---\napiVersion: kafka.strimzi.io/v1\nkind: KafkaUser\nmetadata:\n  name: a\nspec:\n  authorization:\n    type: simple\n    acls:\n\
                 \x20     - resource: {type: topic, name: a, patternType: litteral}\n        operations: [Write, Descrbe]\n        hosts: \"*\"\n";
    fs::write(&path, wrong).expect("a file");
    let Some(said) = ask(&[path]) else { return };
    for part in ["unknown {hosts=*}", "patternType is \"litteral\" and reads as null", "operations/1 is \"Descrbe\" and reads as null"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
