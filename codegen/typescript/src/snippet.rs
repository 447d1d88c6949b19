//! Snippets that send and read an event from TypeScript, for readers of the catalog.

use serde_json::json;

/// Returns the snippet of an event, by the name of its package and by its topic.
pub(super) fn snippet(package: &str, topic: &str, enveloped: bool) -> String {
    let (encode, decode) = if enveloped { ("encodeValidEvent", "decodeEvent") } else { ("encodeValid", "decode") };
    let (package, topic) = (json!(package), json!(topic));
    format!(
        "import {{ events }} from {package};\n\nconst contract = events[{topic}];\n\n// Send: validated, or an EncodeError with everything that is wrong with it.\nconst body = contract.{encode}(event);\n\n// Read: typed, or a DecodeError that says where.\nconst received = contract.{decode}(message);\n"
    )
}
