//! How to send and to read an event from TypeScript, for readers of the catalog.

use serde_json::json;

/// The snippet of an event, by the name of its package and by its topic.
pub(super) fn snippet(package: &str, topic: &str, enveloped: bool) -> String {
    let (validate, encode, decode) =
        if enveloped { ("validateEvent", "encodeEvent", "decodeEvent") } else { ("validate", "encode", "decode") };
    let (package, topic) = (json!(package), json!(topic));
    format!(
        "import {{ events }} from {package};\n\nconst contract = events[{topic}];\n\n// Send: everything that is wrong with it at once.\nconst checked = contract.{validate}(event);\nif (!checked.ok) throw new Error(checked.issues.map((issue) => issue.message).join(\"; \"));\nconst body = contract.{encode}(checked.value);\n\n// Read: typed, or a DecodeError that says where.\nconst received = contract.{decode}(message);\n"
    )
}
