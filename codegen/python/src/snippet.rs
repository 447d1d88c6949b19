//! Snippets that send and read an event from Python, for readers of the catalog.

/// Returns the snippet of an event, by the name of its module.
pub(super) fn snippet(module: &str, enveloped: bool) -> String {
    let (encode, decode) = if enveloped { ("encode_valid_event", "decode_event") } else { ("encode_valid", "decode") };
    format!(
        "from {module} import TOPIC, {decode}, {encode}\n\n# Send: validated, or a ValidationError with everything that is wrong with it.\ntopic, body = TOPIC.name, {encode}(event)\n\n# Read: typed, or a DecodeError that says where.\nreceived = {decode}(message)\n"
    )
}
