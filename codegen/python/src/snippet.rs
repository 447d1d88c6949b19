//! How to send and to read an event from Python, for readers of the catalog.

/// The snippet of an event, by the name of its module.
pub(super) fn snippet(module: &str, enveloped: bool) -> String {
    let (validate, decode) = if enveloped { ("validate_event", "decode_event") } else { ("validate", "decode") };
    format!(
        "from {module} import TOPIC, {decode}, encode, {validate}\n\n# Send: everything that is wrong with it at once.\nviolations = {validate}(event)\nif violations:\n    raise ValueError(violations)\ntopic, body = TOPIC.name, encode(event)\n\n# Read: typed, or a DecodeError that says where.\nreceived = {decode}(message)\n"
    )
}
