//! Messages between the programs of a desk in finance: a hundred and fifty files in draft 7 that refer to each other by relative paths, across
//! folders, and to a schema that another package has, which any value stands in for.

use eventc_codegen::project::Project;
use eventc_model::diagnostic::ABSENT_URL;
use eventc_tests::{mutate::mutants, tools::node_modules};
use serde_json::{Value, json};

use super::{Document, hold, opened, page};
use crate::BATCH;

pub(super) fn open() -> Project {
    opened(node_modules().join("@finos/fdc3-schema/dist/schemas"), &[&ABSENT_URL])
}

#[test]
fn fdc3_messages_compile_in_every_language() {
    let project = BATCH.project("fdc3");
    let mut documents = Vec::new();
    for (name, value) in messages() {
        let path = format!("{name}.schema.json");
        let root = project.catalog.find(&path).unwrap_or_else(|| panic!("{path} is no contract")).root;
        let variants = mutants(&project.catalog.schemas, root, &value);
        documents.extend([value].into_iter().chain(variants).map(|value| Document { path: path.clone(), value }));
    }
    let outcome = hold("fdc3", &documents);
    assert!(outcome.valid > 50 && outcome.invalid > 500, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("fdc3", &outcome);
}

fn messages() -> Vec<(&'static str, Value)> {
    let app = json!({"appId": "chart@example.com", "instanceId": "1"});
    let instrument = json!({"type": "fdc3.instrument", "id": {"ticker": "ABC"}});
    let request = json!({"requestUuid": "r", "timestamp": "2026-01-02T03:04:05Z"});
    let response = json!({"requestUuid": "r", "responseUuid": "s", "timestamp": "2026-01-02T03:04:05Z"});
    let features = json!({"OriginatingAppMetadata": true, "UserChannelMembershipAPIs": false, "DesktopAgentBridging": true});
    let agent = json!({"fdc3Version": "2.2", "provider": "Example", "providerVersion": "5", "optionalFeatures": features});
    let with = |object: &Value, name: &str, value: Value| {
        let mut object = object.clone();
        object[name] = value;
        object
    };
    let intent = json!({"appIntent": {"intent": {"name": "ViewChart", "displayName": "View a chart"}, "apps": [
        {"appId": "chart@example.com", "title": "Charts", "icons": [{"src": "https://example.com/i.png", "size": "32x32"}], "resultType": null}]}});
    let state = json!({"red": [instrument]});
    vec![
        (
            "api/WCP1Hello",
            json!({"type": "WCP1Hello", "meta": {"connectionAttemptUuid": "c", "timestamp": "2026-01-02T03:04:05Z"}, "payload": {
                "identityUrl": "https://example.com/app", "actualUrl": "https://example.com/app?a", "fdc3Version": "2.2", "intentResolver": true}}),
        ),
        (
            "api/broadcastRequest",
            json!({"type": "broadcastRequest", "payload": {"channelId": "red", "context": instrument}, "meta": with(&request, "source", app.clone())}),
        ),
        ("api/findIntentResponse", json!({"type": "findIntentResponse", "payload": intent, "meta": response})),
        ("api/findIntentResponse", json!({"type": "findIntentResponse", "payload": {"error": "NoAppsFound"}, "meta": response})),
        (
            "api/getInfoResponse",
            json!({"type": "getInfoResponse", "payload": {"implementationMetadata": with(&agent, "appMetadata", app.clone())}, "meta": response}),
        ),
        (
            "api/raiseIntentResultResponse",
            json!({"type": "raiseIntentResultResponse", "payload": {"intentResult": {"channel": {"id": "red", "type": "user",
                "displayMetadata": {"color": "0xFF0000"}}}}, "meta": response}),
        ),
        (
            "bridging/findIntentBridgeResponse",
            json!({"type": "findIntentResponse", "payload": intent, "meta": with(&response, "sources", json!([{"desktopAgent": "a"}]))}),
        ),
        (
            "bridging/broadcastAgentRequest",
            json!({"type": "broadcastRequest", "payload": {"channelId": "red", "context": instrument}, "meta": with(&request, "source", app)}),
        ),
        (
            "bridging/connectionStep3Handshake",
            json!({"type": "handshake", "meta": request, "payload": {"implementationMetadata": agent, "requestedName": "a", "channelsState": state}}),
        ),
        (
            "bridging/connectionStep6ConnectedAgentsUpdate",
            json!({"type": "connectedAgentsUpdate", "meta": response, "payload": {"addAgent": "a",
                "allAgents": [with(&agent, "desktopAgent", json!("a"))], "channelsState": state}}),
        ),
    ]
}
