//! Conventions, people, life and care: small trees for each rule.

use super::{Case, check};

type Files = &'static [(&'static str, &'static str)];

const SHOP: &str = "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n";
const SNAKE: &str = "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\npath_case = \"snake\"\nproperty_case = \"snake\"\n";
const NATIVE: &str = "[[namespace]]\nname = \"shop\"\nroot = \"shop/\"\npatterns = \"native\"\n";
const TOPICS: &str = "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\ntopics = [\"{namespace}.{domain}.{kind:request|response}.{name}.v{major}\", \"{domain}.{entity+}.{action:*ed}\"]\n";
const ENVELOPE: &str = "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\nproperty_case = \"snake\"\n[namespace.envelope]\nfile = \"shop/_envelope.json\"\npayload = \"/data\"\n";
const TEAMS: &str = "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n[owners.sales]\n[services.till]\nowner = \"sales\"\nconsumes = [{ topics = \"order.*\" }]\n";
const READER: &str =
    "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n[services.till]\nconsumes = [{ topics = \"*\", reads = [\"/id\"] }]\n";

const fn case(rule: &'static str, config: &'static str, files: Files) -> Case {
    Case { rule, files, config: Some(config), today: None }
}

const fn on(rule: &'static str, today: &'static str, files: Files) -> Case {
    Case { rule, files, config: Some(SHOP), today: Some(today) }
}

pub(super) const CASES: &[Case] = &[
    case("topic-convention", TOPICS, &[("shop/a/order.json", "§{}")]),
    case("topic-convention", TOPICS, &[("shop/a/b/order.json", "\n §{\"type\": \"object\"}")]),
    case("topic-convention", TOPICS, &[("shop/a/request/check.v1.json", "{}"), ("shop/a/b/c/placed.json", "{}")]),
    case("topic-convention", TOPICS, &[("shop/_types.json", "{}"), ("other/x.json", "{}")]),
    case("topic-convention", TOPICS, &[("shop/order.json", r#"{"x-event": {"allow": [{"rule": "EV101", "reason": "theirs"}]}}"#)]),
    case("slow-pattern", NATIVE, &[("shop/a.json", r#"{"pattern": §"^(a+)+\\1$", "patternProperties": {"^(a|a)*$": §{}}}"#)]),
    case("path-case", SNAKE, &[("shop/orderItem/added.json", "§{}"), ("shop/order_item/added.v2.json", "{}")]),
    case("path-case", SNAKE, &[("shop/order-item/Added.json", "§§{}")]),
    case("path-case", SNAKE, &[("shop/order_item/added_2.v1.json", "{}")]),
    case("property-case", SNAKE, &[("shop/a.json", "{\"properties\": {\n  §\"orderId\": {}, \"order_id\": {}}}")]),
    case(
        "property-case",
        SNAKE,
        &[
            ("shop/a.json", r#"{"items": {"$ref": "_t.json#/$defs/x"}}"#),
            ("shop/_t.json", r#"{"$defs": {"x": {"properties": {§"aB": {}}}, "y": {"properties": {"cD": {}}}}}"#),
        ],
    ),
    case(
        "property-case",
        SNAKE,
        &[(
            "shop/a.json",
            r#"{"x-event": {"allow": [{"rule": "property-case", "at": "/properties/aB", "reason": "theirs"}]}, "properties": {"aB": {}, §"aBc": {}}}"#,
        )],
    ),
    case("property-case", ENVELOPE, &[("shop/_envelope.json", r#"{"properties": {"eventId": {}, "data": {}}}"#)]),
    case("duplicate-topic", SHOP, &[("shop/a.json", "{}"), ("shop/a.v1.json", "§{}"), ("shop/a.v2.json", "{}")]),
    case("duplicate-topic", SHOP, &[("shop/a.json", "{}"), ("shop/b.json", "{}")]),
    Case { rule: "duplicate-topic", files: &[("a.json", "{}"), ("a.yaml", "§type: object")], config: None, today: None },
    case(
        "duplicate-type-name",
        SHOP,
        &[
            ("shop/a/x.json", r#"{"type": "object", "title": "Order placed"}"#),
            ("shop/b/x.json", r#"{"type": "object", "title": §"order placed"}"#),
        ],
    ),
    case(
        "duplicate-type-name",
        SHOP,
        &[
            ("shop/a.v1.json", r#"{"type": "object", "title": "A"}"#),
            ("shop/a.v2.json", r#"{"type": "object", "title": "A"}"#),
            ("shop/b.json", r#"{"type": "object", "title": "B"}"#),
        ],
    ),
    case("no-namespace", SHOP, &[("shop/a.json", "{}"), ("shpo/b.json", "§{}")]),
    case("no-namespace", SHOP, &[("shop/a.json", r#"{"$ref": "../common/b.json"}"#), ("common/b.json", "{}")]),
    case("missing-owner", TEAMS, &[("shop/a.json", r#"{"x-event": §{}}"#), ("shop/b.json", r#"§{"type": "object"}"#)]),
    case("missing-owner", TEAMS, &[("shop/a.json", r#"{"x-event": {"owner": "sales"}}"#)]),
    case("missing-owner", ENVELOPE, &[("shop/_envelope.json", r#"{"properties": {"data": {}}}"#), ("shop/_types.json", "{}")]),
    case("lost-envelope", ENVELOPE, &[("shop/_envelope.json", r#"{"properties": {"data": {}}}"#), ("shop/a.json", "{}")]),
    case(
        "lost-envelope",
        "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n§dead_letter = \"shop/_dead.json\"\n[namespace.envelope]\n§file = \"shop/_envelop.json\"\npayload = \"/data\"\n",
        &[("shop/_envelope.json", "{}"), ("shop/a.json", "{}")],
    ),
    case(
        "lost-envelope",
        "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n[namespace.envelope]\nfile = \"shop/_envelope.json\"\n§payload = \"/body\"\nid = \"/meta/id\"\n§type = \"/kind\"\n",
        &[("shop/_envelope.json", r#"{"properties": {"data": {}, "meta": {"type": "object"}}}"#), ("shop/a.json", "{}")],
    ),
    case("unknown-owner", TEAMS, &[("shop/a.json", r#"{"x-event": {"owner": §"slaes"}}"#)]),
    case("unknown-owner", TEAMS, &[("shop/a.json", r#"{"x-event": {"owner": "sales"}}"#)]),
    case("unknown-owner", "[[namespace]]\nname = \"shop\"\n[services.till]\n§owner = \"slaes\"\n", &[("shop/a.json", "{}")]),
    case("unknown-producer", TEAMS, &[("shop/a.json", r#"{"x-event": {"producers": ["till", §"tilll"]}}"#)]),
    case("unknown-producer", TEAMS, &[("shop/a.json", r#"{"x-event": {"producers": ["till"]}}"#)]),
    case(
        "unknown-consumer",
        "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n[services.till]\nconsumes = [{ §topics = \"order.x\" }, { topics = [\"order.*\", §\"bill.*\"] }]\n",
        &[("shop/order/placed.json", "{}")],
    ),
    case(
        "unknown-consumer",
        "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n[services.till]\nconsumes = [{ topics = \"*\", reads = [\"/id\", §\"/no\", \"/lines/0/sku\", §\"/lines/0/x\", \"/map/any/thing\", §\"id\"] }]\n",
        &[(
            "shop/a.json",
            r##"{"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"id": {"type": "string"}, "map": {"additionalProperties": {}},
              "lines": {"items": {"anyOf": [{"properties": {"sku": {}}}, {"properties": {"gtin": {}}}]}}}}}}"##,
        )],
    ),
    case("unknown-consumer", TEAMS, &[("shop/order/placed.json", "{}")]),
    case("no-producer", TEAMS, &[("shop/order/placed.json", r#"{"x-event": §{}}"#)]),
    case("no-producer", TEAMS, &[("shop/order/placed.json", r#"{"x-event": {"producers": ["till"]}}"#), ("shop/bill.json", "{}")]),
    case("no-consumer", TEAMS, &[("shop/bill.json", r#"{"x-event": §{"producers": ["till"]}}"#), ("shop/x.json", "§{}")]),
    case("no-consumer", TEAMS, &[("shop/order/placed.json", "{}")]),
    case("no-consumer", SHOP, &[("shop/bill.json", "{}")]),
    case(
        "no-consumer",
        TEAMS,
        &[("shop/defs.json", r#"{"$defs": {"a": {}}}"#), ("shop/b.json", r#"§{"$defs": {"a": {}}, "type": "object"}"#)],
    ),
    case("no-consumer", TEAMS, &[("shop/defs.json", r#"{"$defs": {"a": {}}, "x-event": §{}}"#)]),
    case("no-producer", READER, &[("shop/defs.json", r#"{"$defs": {"a": {}}}"#)]),
    case("unknown-consumer", READER, &[("shop/defs.json", r#"{"$defs": {"a": {}}}"#), ("shop/a.json", r#"{"properties": {"id": {}}}"#)]),
    case("missing-owner", SHOP, &[("shop/defs.json", r#"{"definitions": {"a": {}}}"#), ("shop/a.json", "§{}")]),
    case("missing-description", SHOP, &[("shop/defs.json", r#"{"definitions": {"a": {}}}"#), ("shop/a.json", "§{}")]),
    case("version", SHOP, &[("shop/defs.json", r#"{"definitions": {"a": {}}}"#), ("shop/a.json", "§{}")]),
    case("request-without-response", TOPICS, &[("shop/a/request/check.json", "§{}"), ("shop/request/x/asked.json", "{}")]),
    case("request-without-response", TOPICS, &[("shop/a/request/check.json", r#"{"x-event": {"reply": §"shop.a.response.chek.v1"}}"#)]),
    case(
        "request-without-response",
        TOPICS,
        &[
            ("shop/a/request/check.json", "{}"),
            ("shop/a/response/check.json", "{}"),
            ("shop/a/request/other.json", r#"{"x-event": {"reply": "shop.a.response.check.v1"}}"#),
        ],
    ),
    case("response-without-request", TOPICS, &[("shop/a/response/check.json", r#"{"x-event": §{}}"#)]),
    case(
        "response-without-request",
        TOPICS,
        &[
            ("shop/a/response/check.json", "{}"),
            ("shop/a/request/other.json", r#"{"x-event": {"reply": "shop.a.response.check.v1"}}"#),
            ("shop/a/response/twin.json", "{}"),
            ("shop/a/request/twin.v2.json", "{}"),
        ],
    ),
    case("version", SHOP, &[("shop/a.json", "§{}"), ("shop/b.json", r#"{"x-event": §{}}"#)]),
    case("version", SHOP, &[("shop/a.json", r#"{"x-event": {"version": "1.0"}}"#)]),
    case("version", SHOP, &[("shop/a.v2.json", r#"{"x-event": {"version": §"1.4.0"}}"#)]),
    case("version", SHOP, &[("shop/a.v2.json", r#"{"x-event": {"version": "2.0.0-rc.1"}}"#), ("shop/_t.json", "{}")]),
    case(
        "deprecated-without-successor",
        SHOP,
        &[
            ("shop/a.json", r#"{"x-event": {§"deprecated": {"since": "2026-01-01"}}}"#),
            ("shop/b.json", r#"{"x-event": {"deprecated": {"since": "2026-01-01", "use": §"c"}}}"#),
            ("shop/d.json", r#"{"x-event": {"deprecated": {"since": "2026-01-01", "use": §"d"}}}"#),
        ],
    ),
    case(
        "deprecated-without-successor",
        SHOP,
        &[("shop/a.json", r#"{"x-event": {"deprecated": {"since": "2026-01-01", "use": "b"}}}"#), ("shop/b.json", "{}")],
    ),
    case("short-sunset", SHOP, &[("shop/a.json", r#"{"x-event": {"deprecated": {"since": "2026-01-01", "sunset": §"2026-06-29"}}}"#)]),
    case("short-sunset", SHOP, &[("shop/a.json", r#"{"x-event": {"deprecated": {"since": "2026-01-01", "sunset": "2026-06-30"}}}"#)]),
    on(
        "sunset-passed",
        "2026-07-01",
        &[("shop/a.json", r#"{"x-event": {"deprecated": {"since": "2026-01-01", "sunset": §"2026-06-30"}}}"#)],
    ),
    on(
        "sunset-passed",
        "2026-06-30",
        &[("shop/a.json", r#"{"x-event": {"deprecated": {"since": "2026-01-01", "sunset": "2026-06-30"}}}"#)],
    ),
    case("sunset-passed", SHOP, &[("shop/a.json", r#"{"x-event": {"deprecated": {"since": "1999-01-01", "sunset": "2000-01-01"}}}"#)]),
    case(
        "unclassified-sensitive",
        SHOP,
        &[(
            "shop/a.json",
            r#"{"properties": {§"customerEmail": {"type": "string"}, §"ip_address": {"type": ["string", "null"]}, §"api_keys": {"items": {"type": "string"}},
              §"contact": {"format": "email"}, "sub": {"properties": {§"date_of_birth": {"format": "date"}, §"Password": {}}},
              §"phone_number": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}"#,
        )],
    ),
    case(
        "unclassified-sensitive",
        SHOP,
        &[(
            "shop/a.json",
            r##"{"properties": {"email": {"x-sensitive": "pii"}, "token_count": {"type": "integer"}, "email_verified": {"type": "boolean"},
              "token": {"type": "integer"}, "password_policy": {"type": "string"}, "secret": {"enum": ["a", "b"]}, "file_name": {"type": "string"},
              "phone": {"$ref": "#/$defs/phone"}, "person": {"x-sensitive": "pii", "properties": {"first_name": {}}}, "ship": {"type": "string"},
              "who": {"x-sensitive": "pii", "$ref": "#/$defs/who"}, "page_token": {"type": "string"}, "emails": {"items": {"x-sensitive": "pii"}}},
              "$defs": {"phone": {"x-sensitive": "pii"}, "who": {"properties": {"last_name": {}}}}}"##,
        )],
    ),
    case(
        "bad-key",
        SHOP,
        &[
            ("shop/a.json", r#"{"x-event": {"key": §"id"}, "properties": {"id": {}}, "required": ["id"]}"#),
            ("shop/b.json", r#"{"x-event": {"key": §"/idd"}, "properties": {"id": {}}, "required": ["id"]}"#),
            ("shop/c.json", r#"{"x-event": {"key": §"/id"}, "properties": {"id": {}}}"#),
            ("shop/d.json", r#"{"x-event": {"key": §"/a/id"}, "properties": {"a": {"properties": {"id": {}}}}, "required": ["a"]}"#),
        ],
    ),
    case(
        "bad-key",
        SHOP,
        &[(
            "shop/a.json",
            r##"{"x-event": {"key": "/a/id"}, "allOf": [{"$ref": "#/$defs/a"}], "required": ["a"],
              "$defs": {"a": {"properties": {"a": {"properties": {"id": {}}, "required": ["id"]}}}}}"##,
        )],
    ),
    case(
        "allow-without-reason",
        SHOP,
        &[("shop/a.json", r#"{"x-event": {"allow": [§{"rule": "version"}, {"rule": §"versoin", "reason": "x"}]}}"#)],
    ),
    case(
        "allow-without-reason",
        SHOP,
        &[("shop/a.json", r#"{"x-event": {"allow": [{"rule": "EV141", "reason": "x", "until": "2027-01-01"}]}}"#)],
    ),
    case(
        "unused-allow",
        SHOP,
        &[(
            "shop/a.json",
            r#"{"x-event": {"version": "1.0.0", "allow": [§{"rule": "version", "reason": "x"}, §{"rule": "useless-keyword", "reason": "x"}]}}"#,
        )],
    ),
    case(
        "unused-allow",
        "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n[rules]\nno-consumer = \"off\"\n",
        &[(
            "shop/a.json",
            r#"{"x-event": {"allow": [{"rule": "version", "reason": "x"}, {"rule": "no-consumer", "reason": "is off"}, {"rule": "sunset-passed", "reason": "needs a day"},
              {"rule": "no-such-rule", "reason": "said elsewhere"}]}}"#,
        )],
    ),
    case(
        "unused-allow",
        SHOP,
        &[(
            "shop/_t.json",
            r#"{"x-event": {"allow": [{"rule": "unclassified-sensitive", "at": "/$defs/a", "reason": "x"}]}, "$defs": {"a": {"properties": {"email": {"type": "string"}}}}}"#,
        )],
    ),
    on(
        "expired-allow",
        "2026-07-02",
        &[("shop/a.json", r#"{"x-event": {"allow": [§{"rule": "version", "reason": "x", "until": "2026-07-01"}]}}"#)],
    ),
    on(
        "expired-allow",
        "2026-07-01",
        &[("shop/a.json", r#"{"x-event": {"allow": [{"rule": "version", "reason": "x", "until": "2026-07-01"}]}}"#)],
    ),
    on(
        "version",
        "2026-07-02",
        &[("shop/a.json", r#"{"x-event": §{"allow": [{"rule": "version", "reason": "x", "until": "2026-07-01"}]}}"#)],
    ),
    on(
        "unused-allow",
        "2026-07-02",
        &[("shop/a.json", r#"{"x-event": {"allow": [{"rule": "version", "reason": "x", "until": "2026-07-01"}]}}"#)],
    ),
    on(
        "version",
        "2026-07-01",
        &[("shop/a.json", r#"{"x-event": {"allow": [{"rule": "version", "reason": "x", "until": "2026-07-01"}]}}"#)],
    ),
];

#[test]
fn each_case_is_found_exactly() {
    CASES.iter().for_each(check);
}
