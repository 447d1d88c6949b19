use eventc_model::source::Tree;

use super::*;

const AVRO: &str = r#"{"fields":[{"type":["null",{"symbols":["A","B"],"name":"k","type":"enum"}],"default":null,"name":"kind"}],"name":"Sold","type":"record"}"#;

fn formatted_text(path: &str, text: &str) -> Result<String, Unformatted> {
    let (schemas, _) = Schemas::load(Tree::from_texts([(path, text)], &Limits::default()));
    let file = schemas.file_ids().next().expect("a file");
    formatted(&schemas, file)
}

/// Formats a text, and shows that doing so again changes nothing.
fn once(path: &str, text: &str) -> String {
    let made = formatted_text(path, text).expect("a text that can be laid out");
    assert_eq!(formatted_text(path, &made).as_ref(), Ok(&made), "a second time");
    made
}

#[test]
fn json_takes_the_order_of_schemas_and_keeps_that_of_data() {
    let text = r#"{"properties": {"b": {"pattern":"\u00e9","type": "string"}, "a": {"type": ["number", "null"], "description": "x", "minimum": 1.50}},
        "x-event": {"tags": [], "version": "1.0.0"}, "examples": [{"type": 1, "description": {"type": 2, "title": 3}}], "$defs": {}, "type": "object", "title": "t"}"#;
    assert_eq!(
        once("a.json", text),
        r#"{
  "title": "t",
  "x-event": {
    "version": "1.0.0",
    "tags": []
  },
  "type": "object",
  "properties": {
    "b": {
      "type": "string",
      "pattern": "\u00e9"
    },
    "a": {
      "description": "x",
      "type": ["number", "null"],
      "minimum": 1.50
    }
  },
  "examples": [
    {
      "type": 1,
      "description": {
        "type": 2,
        "title": 3
      }
    }
  ],
  "$defs": {}
}
"#
    );
}

#[test]
fn comments_go_where_their_members_go() {
    let text = "// head\n{\n  // says what\n  \"type\": \"object\", // always\n  /* its\n     name */\n  \"title\": \"t\" // short\n  // last\n}\n// foot";
    assert_eq!(
        once("a.json", text),
        "// head\n{\n  /* its\n     name */\n  \"title\": \"t\", // short\n  // says what\n  \"type\": \"object\" // always\n  // last\n}\n// foot\n"
    );
    assert_eq!(formatted_text("a.json", "{\"type\": /* which */ \"object\"}"), Err(Unformatted::Comments));
    assert_eq!(
        once("a.json", "{\"type\": \"object\", \"required\": [\n// none\n],}"),
        "{\n  \"type\": \"object\",\n  \"required\": [\n    // none\n  ]\n}\n"
    );
}

#[test]
fn long_lists_are_broken_and_line_ends_are_kept() {
    let words = format!("[{}]", ["\"a word\""; 14].join(","));
    let made = once("a.json", &format!("{{\"type\": \"string\",\r\n\"examples\": {words}}}"));
    assert_eq!(made.matches("\r\n").count(), made.matches('\n').count());
    assert!(made.contains("\r\n    \"a word\",\r\n"), "{made}");
    let short = format!("[{}]", ["\"a word\""; 8].join(","));
    assert!(once("a.json", &format!("{{\"type\": \"string\", \"examples\": {short}}}")).contains("[\"a word\", \"a word\", "));
}

#[test]
fn avro_has_an_order_of_its_own() {
    assert_eq!(
        once("a.avsc", AVRO),
        r#"{
  "type": "record",
  "name": "Sold",
  "fields": [
    {
      "name": "kind",
      "type": [
        "null",
        {
          "type": "enum",
          "name": "k",
          "symbols": ["A", "B"]
        }
      ],
      "default": null
    }
  ]
}
"#
    );
}

#[test]
fn yaml_keeps_its_comments_beside_their_entries() {
    let text = "\
# yaml-language-server: $schema=x

type: object
# what it is
title: Sold  # short
properties:
    order_id:
        # as stored
        type: string
        description: |
            The id.

            It never changes.
    lines:
        type: array
        items:
            anyOf:
            - type: string
              description: a name
            # by number
            - minimum: 1
              # whole
              type: integer
";
    assert_eq!(
        once("a.yaml", text),
        "\
# yaml-language-server: $schema=x

# what it is
title: Sold # short
type: object
properties:
  order_id:
    description: |
      The id.

      It never changes.
    # as stored
    type: string
  lines:
    type: array
    items:
      anyOf:
        - description: a name
          type: string
        # by number
        - # whole
          type: integer
          minimum: 1
"
    );
}

#[test]
fn an_anchor_stays_before_its_aliases() {
    let text = "type: object\nproperties: &both\n  a: {type: string}\ntitle: t\n$defs:\n  b:\n    properties: *both\n";
    let made = once("a.yaml", text);
    assert!(made.find("&both") < made.find("*both"), "{made}");
    let bound = "examples: [*name]\ntype: string\n".replace("*name", "a");
    assert!(once("a.yaml", &bound).starts_with("type"), "{bound}");
}

#[test]
fn what_cannot_be_read_stays() {
    assert!(matches!(formatted_text("a.json", "{\"type\": \"object\", \"properties\": {"), Err(Unformatted::Unreadable(_))));
    assert!(matches!(formatted_text("a.yaml", "type: object\nproperties: ["), Err(Unformatted::Unreadable(_))));
}
