//! The catalog's site: every link holds, no text from a schema can change what a page is made of, and a change stays where it is.

#[path = "../../../catalog/tests/catalog/trees.rs"]
mod catalog;

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
};

use eventc_codegen::{
    history::History,
    model::{
        catalog::Catalog,
        source::{Limits, Tree},
    },
    project::{Findings, Project, ProjectRoot, Selection},
};
use serde_json::{Value, json};

use self::catalog::{NASTY, Pages, random, small};

/// The site of a project; its paths are below the site's folder.
fn site(project: &mut Project, findings: &Findings) -> Pages {
    project.catalog.config.overrides.entry("catalog".into()).or_default().insert("site".into(), Value::Bool(true));
    let selection = Selection { targets: vec!["catalog".into()], ..Selection::default() };
    let generated = project.generate(&selection, findings).expect("a catalog").targets.remove(0);
    let below = |file: eventc_codegen::model::GeneratedFile| Some((file.path.strip_prefix("site/")?.to_owned(), file.text));
    generated.files.into_iter().filter_map(below).collect()
}

fn repository() -> Project {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../eventc.toml");
    Project::open(&ProjectRoot::Config(config)).expect("this repository")
}

/// A project of another catalog.
fn project(catalog: Catalog, history: History) -> Project {
    let mut project = Project::from_tree(Tree::default());
    project.types = eventc_codegen::model::types::Types::derive(&catalog);
    (project.catalog, project.history) = (catalog, history);
    project
}

/// A start or end of an element, with the names of its attributes and the values of some.
struct Element<'t> {
    name: &'t str,
    attributes: Vec<(&'t str, &'t str)>,
}

/// The elements of a page, strictly: all that follows `<` must be one of ours, with values in double quotes.
fn elements<'t>(path: &str, text: &'t str) -> Vec<Element<'t>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| c == '>' || c.is_whitespace()).unwrap_or_else(|| panic!("{path}: an open tag"));
        let name = &rest[..end];
        assert!(name.trim_start_matches(['/', '!']).chars().all(|c| c.is_ascii_alphanumeric()), "{path}: <{name}");
        rest = &rest[end..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
                rest = after;
                break;
            }
            let end = rest.find(['=', '>', ' ']).unwrap_or_else(|| panic!("{path}: <{name} does not end"));
            let attribute = &rest[..end];
            assert!(
                !attribute.is_empty() && attribute.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == ':'),
                "{path}: {attribute:?} in <{name}"
            );
            rest = &rest[end..];
            let value = match rest.strip_prefix("=\"") {
                Some(value) => {
                    let end = value.find('"').unwrap_or_else(|| panic!("{path}: {attribute} does not end"));
                    rest = &value[end + 1..];
                    &value[..end]
                }
                None => "",
            };
            attributes.push((attribute, value));
        }
        // The one script that stands in a page.
        if name == "script" {
            let end = rest.find("</script>").unwrap_or_else(|| panic!("{path}: a script does not end"));
            rest = &rest[end..];
        }
        found.push(Element { name, attributes });
    }
    found
}

/// The pages that a link can lead to and from.
fn html(pages: &Pages) -> impl Iterator<Item = (&String, &String)> {
    pages.iter().filter(|(path, _)| path.rsplit('.').next() == Some("html"))
}

fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        if part == ".." {
            assert!(parts.pop().is_some(), "{from}: {target} leaves the folder");
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// Every link leads to a file, and to a place in it that is there. Every place has a name of its own.
fn check_links(pages: &Pages) -> usize {
    let mut anchors: BTreeMap<&str, HashSet<&str>> = BTreeMap::new();
    for (path, text) in html(pages) {
        let places = anchors.entry(path).or_default();
        for (name, value) in elements(path, text).into_iter().flat_map(|element| element.attributes) {
            assert!(name != "id" || places.insert(value), "{path}: two places are called {value}");
        }
    }
    let mut checked = 0;
    for (path, text) in html(pages) {
        for (_, target) in elements(path, text)
            .into_iter()
            .flat_map(|element| element.attributes)
            .filter(|(name, _)| ["href", "src", "action"].contains(name))
        {
            // Only a way to reach an owner, and a file on the code host, are elsewhere.
            if target.starts_with("mailto:") || target.starts_with("https://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = file.split('?').next().unwrap_or_default();
            let file = if file.is_empty() { path.clone() } else { resolve(path, file) };
            assert!(pages.contains_key(&file), "{path}: {target} leads nowhere");
            assert!(anchor.is_empty() || anchors[file.as_str()].contains(anchor), "{path}: {target} has no such place");
            checked += 1;
        }
    }
    checked
}

#[test]
fn every_link_of_the_repository_holds_and_its_pages_are_small() {
    let mut project = repository();
    let findings = project.lint(None);
    let pages = site(&mut project, &findings);
    assert!(check_links(&pages) > 5000);
    assert_eq!(pages, site(&mut project, &findings), "two runs differ");
    let style = &pages["assets/site.css"];
    assert!(!style.contains("url(") && !style.contains("@import"), "the style loads nothing");
    let shared: usize = ["assets/site.css", "assets/site.js", "assets/icon.svg"].iter().map(|path| pages[*path].len()).sum();
    for contract in &project.catalog.contracts {
        let path = project.catalog.schemas.file(contract.file).path.replace(".json", ".html");
        let page = &pages[&format!("events/{path}")];
        assert!(page.replace("<wbr>", "").contains(&contract.topic));
        assert!(page.len() + shared <= 150_000, "{path}: {} bytes", page.len() + shared);
    }
    for (path, text) in html(&pages) {
        assert_eq!(elements(path, text).iter().filter(|element| element.name == "main").count(), 1, "{path}");
    }
}

#[test]
fn a_change_of_one_schema_stays_on_its_pages() {
    let repository = repository();
    let catalog = |word: &str| {
        let text = |path: &str, text: &str| {
            if path.ends_with("quality_assessed.v1.json") { text.replace("What was assessed.", word) } else { text.to_owned() }
        };
        let files = repository.catalog.schemas.files.iter().map(|file| (file.path.clone(), text(&file.path, &file.text)));
        let files: Vec<(String, String)> = files.collect();
        let tree = Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
        Catalog::build(tree, repository.catalog.config.clone())
    };
    let site_of = |word: &str| site(&mut project(catalog(word), repository.history.clone()), &Findings::default());
    let (before, after) = (site_of("What was assessed."), site_of("What somebody judged."));
    let changed: Vec<&String> = after.iter().filter(|(path, text)| before.get(*path) != Some(text)).map(|(path, _)| path).collect();
    assert_eq!(changed, ["events/omninode/intelligence/event/quality_assessed.v1.html"]);
}

/// What a page is made of, without its texts. Prose has code and paragraphs where its author wrote them, and who reads a field hangs on
/// how a pointer is spelled.
fn structure(path: &str, text: &str) -> Vec<String> {
    let is_prose = |name: &str| ["code", "p", "wbr"].contains(&name.trim_start_matches('/'));
    let mut shown = Vec::new();
    let mut in_readers = false;
    for element in elements(path, text) {
        let was_in_readers = in_readers;
        in_readers = if in_readers { element.name != "/span" } else { element.attributes.contains(&("class", "readers")) };
        if !in_readers && !was_in_readers && !is_prose(element.name) {
            let names: Vec<&str> = element.attributes.iter().map(|(name, _)| *name).collect();
            shown.push(format!("{} {}", element.name, names.join(" ")));
        }
    }
    shown
}

fn small_site(text: &str) -> Pages {
    let (catalog, findings) = small(text);
    site(&mut project(catalog, History::default()), &findings.into())
}

#[test]
fn no_text_changes_what_a_page_is_made_of() {
    let expected: BTreeMap<String, Vec<String>> =
        html(&small_site("harmless")).map(|(path, text)| (path.clone(), structure(path, text))).collect();
    // Lists name fields by their own names, of which an empty line is none.
    for hostile in NASTY.iter().map(ToString::to_string).chain(random(60)) {
        let pages = small_site(&hostile);
        check_links(&pages);
        for (path, text) in html(&pages) {
            let found = structure(path, text);
            let differs = found.iter().zip(&expected[path]).position(|(a, b)| a != b);
            let near =
                |list: &[String]| list.iter().skip(differs.unwrap_or(0).saturating_sub(4)).take(8).cloned().collect::<Vec<_>>().join(" ");
            assert!(found == expected[path], "{path} with {hostile:?}:\n{}\n{}\n{text}", near(&found), near(&expected[path]));
            assert!(
                !text
                    .chars()
                    .any(|c| c != '\n' && c != '\t' && (c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}')))
            );
        }
        for (path, text) in pages.iter().filter(|(path, _)| path.starts_with("search/")) {
            let data = text
                .strip_prefix("catalogIndex(\"")
                .and_then(|rest| rest.split_once("\","))
                .and_then(|(_, rest)| rest.strip_suffix(");\n"));
            let data = data.unwrap_or_else(|| panic!("{path} is no call"));
            serde_json::from_str::<Value>(data).unwrap_or_else(|error| panic!("{path} with {hostile:?}: {error}"));
        }
    }
}

/// Releases of one contract: an optional field comes, a bound comes, and the next major.
fn releases() -> Vec<(String, String)> {
    let schema = |version: &str, properties: Value, required: &[&str]| {
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Order created",
            "x-release": { "topic": if version.starts_with('2') { "order.created.v2" } else { "order.created" }, "version": version, "date": format!("2026-0{}-01", version.len() + usize::from(version.as_bytes()[2] - b'0')) },
            "x-event": { "version": version }, "type": "object", "properties": properties, "required": required,
        })
        .to_string()
    };
    let id = json!({ "type": "string" });
    [
        ("1.0.0", schema("1.0.0", json!({ "id": id, "total": { "type": "integer" } }), &["id"])),
        ("1.1.0", schema("1.1.0", json!({ "id": id, "total": { "type": "integer" }, "note": { "type": "string" } }), &["id"])),
        (
            "1.2.0",
            schema("1.2.0", json!({ "id": id, "total": { "type": "integer", "minimum": 0 }, "note": { "type": "string" } }), &["id"]),
        ),
        ("2.0.0", schema("2.0.0", json!({ "id": id, "amount": { "type": "integer" } }), &["id", "amount"])),
    ]
    .map(|(version, text)| (format!("order/created/{version}.json"), text))
    .into()
}

#[test]
fn every_two_releases_have_a_page_with_their_verdict() {
    let releases = releases();
    let (history, problems) = History::from_texts(releases.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    let files = [("order/created.v1.json", releases[2].1.as_str()), ("order/created.v2.json", releases[3].1.as_str())];
    let config = json!({
        "namespace": [{ "name": "", "root": "." }],
        "services": { "books": { "consumes": [{ "topics": "order.created", "reads": ["/total"] }] }, "post": { "consumes": [{ "topics": "order.created", "reads": ["/note"] }] } },
    });
    let config = serde_json::from_value(config).expect("a configuration");
    let catalog = Catalog::build(Tree::from_texts(files, &Limits::default()), config);
    let pages = site(&mut project(catalog, history), &Findings::default());
    check_links(&pages);
    let verdict = |old: &str, new: &str| {
        let page = &pages[&format!("diff/order/created/{old}-to-{new}.html")];
        ["badge compatible", "badge incompatible", "badge undecided"].into_iter().find(|badge| page.contains(badge)).expect("a verdict")
    };
    assert_eq!(verdict("1.0.0", "1.1.0"), "badge compatible");
    for (old, new) in [("1.0.0", "1.2.0"), ("1.1.0", "1.2.0"), ("1.0.0", "2.0.0"), ("1.1.0", "2.0.0"), ("1.2.0", "2.0.0")] {
        assert_eq!(verdict(old, new), "badge incompatible", "{old} to {new}");
    }
    let bound = &pages["diff/order/created/1.1.0-to-1.2.0.html"];
    // The witness, and only the service that reads the place.
    assert!(bound.contains("<u>-1</u>") && bound.contains(">books</a>") && !bound.contains(">post</a>"), "{bound}");
    let event = &pages["events/order/created.v1.html"];
    assert!(event.contains("../../diff/order/created/1.0.0-to-1.2.0.html"), "any two versions can be reached");
    let feed = &pages["feed.xml"];
    assert_eq!(feed.matches("<entry>").count(), 4);
    assert!(feed.contains("order.created 1.2.0: incompatible") && feed.contains("<updated>2026-0"), "{feed}");
}

/// The site of one contract with these releases, each on a day of its own.
fn released_site(versions: &[(&str, Value)]) -> Pages {
    let text = |(day, (version, properties)): (usize, &(&str, Value))| {
        let schema = json!({
            "x-release": { "topic": "order.created", "version": version, "date": format!("2026-01-{:02}", day + 1) },
            "x-event": { "version": version }, "type": "object", "properties": properties,
        });
        (format!("order/created/{version}.json"), schema.to_string())
    };
    let texts: Vec<(String, String)> = versions.iter().enumerate().map(text).collect();
    let (history, problems) = History::from_texts(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    let newest = &texts[texts.len() - 1].1;
    let config = serde_json::from_value(json!({ "namespace": [{ "name": "", "root": "." }] })).expect("a configuration");
    let catalog = Catalog::build(Tree::from_texts([("order/created.v1.json", newest.as_str())], &Limits::default()), config);
    site(&mut project(catalog, history), &Findings::default())
}

#[test]
fn renamed_fields_are_paired() {
    let text = |words: &str| json!({ "type": "string", "description": words });
    let number = |words: &str| json!({ "type": "integer", "minimum": 3, "maximum": 7, "description": words });
    let held = |name: &str| json!({ "type": "object", "description": "Whose it is.", "properties": { name: text("How they are called."), "since": text("") } });
    let pages = released_site(&[
        (
            "1.0.0",
            json!({ "buyer": held("full_name"), "grade": number("How good."), "plain": text(""), "first": text("Same."), "second": text("Same.") }),
        ),
        ("1.1.0", json!({ "customer": held("name"), "score": number("Another word."), "other": text(""), "third": text("Same.") })),
    ]);
    let page = pages["diff/order/created/1.0.0-to-1.1.0.html"].replace("<wbr>", "");
    let rows: Vec<&str> = page.split("<tr><td>").skip(1).collect();
    let row = |field: &str| rows.iter().find(|row| row.starts_with(&format!("<code>{field}</code>"))).copied().unwrap_or_default();
    for (now, before) in [("customer", "buyer"), ("customer.name", "buyer.full_name"), ("score", "grade")] {
        assert!(row(now).contains(&format!("renamed</span> from <code>{before}</code>")), "{now}: {page}");
        assert!(row(before).is_empty(), "{before} is told with {now}: {page}");
    }
    // What moved along says nothing, and what fits several or nothing in particular is paired with nobody.
    assert!(row("customer.since").is_empty(), "{page}");
    for (field, what) in [("plain", "removed"), ("other", "added"), ("first", "removed"), ("second", "removed"), ("third", "added")] {
        assert!(row(field).contains(&format!(">{what}</span>")), "{field}: {page}");
    }
}

#[test]
fn the_newest_change_comes_first() {
    let field = |name: &str| json!({ name: { "type": "string" } });
    let pages = released_site(&[("1.0.0", field("a")), ("1.1.0", field("b")), ("1.2.0", field("c")), ("1.10.0", field("d"))]);
    for (page, expected) in [("index.html", &["1.10.0", "1.2.0", "1.1.0"][..]), ("changes.html", &["1.10.0", "1.2.0", "1.1.0", "1.0.0"])] {
        let places: Vec<usize> = expected
            .iter()
            .map(|version| {
                pages[page]
                    .find(&format!("</a> {version} "))
                    .or_else(|| pages[page].find(&format!("<small>{version}</small>")))
                    .unwrap_or_else(|| panic!("{version} on {page}:\n{}", pages[page]))
            })
            .collect();
        assert!(places.is_sorted(), "{page}: {places:?}");
    }
}

#[test]
fn the_page_of_a_large_schema_is_bounded() {
    let properties: serde_json::Map<String, Value> = (0..2000)
        .map(|index| (format!("field_{index}"), json!({ "type": "string", "description": "x".repeat(100), "examples": ["y"] })))
        .collect();
    let schema = json!({ "type": "object", "properties": properties, "examples": [{ "field_1": "z".repeat(60_000) }] }).to_string();
    let tree = Tree::from_texts([("large.json", schema.as_str())], &Limits::default());
    let pages = site(&mut Project::from_tree(tree), &Findings::default());
    check_links(&pages);
    assert!(pages["events/large.html"].len() < 110_000, "{}", pages["events/large.html"].len());
    assert!(pages["events/large.html"].contains("The table ends here"));
}

/// A contract whose lines are held twice and hold a type of another file; `books` reads one field of the lines, `post` all of one list.
fn nested_site() -> Pages {
    let line = json!({
        "title": "Line", "type": "object",
        "properties": {
            "sku": { "type": "string" }, "note": { "type": "string", "x-sensitive": "pii" }, "price": { "$ref": "_money.json#/$defs/money" },
        },
    });
    let lines = json!({ "type": "array", "items": { "$ref": "#/$defs/line" } });
    let order = json!({
        "type": "object", "$defs": { "line": line },
        "properties": {
            "id": { "type": "string" }, "sold": lines, "returned": lines,
            "a": { "type": "object", "properties": { "b": { "type": "object", "properties": { "c": {
                "type": "object", "properties": { "buried": { "type": "string" } },
            } } } } },
        },
    });
    let money = json!({ "$defs": { "money": { "title": "Money", "type": "object", "properties": {
        "amount": { "type": "integer" }, "iban": { "type": "string", "x-sensitive": "confidential" },
    } } } });
    let config = json!({
        "namespace": [{ "name": "", "root": "." }],
        "services": {
            "books": { "consumes": [{ "topics": "order", "reads": ["/sold/*/sku"] }] },
            "post": { "consumes": [{ "topics": "order", "reads": ["/returned"] }] },
        },
    });
    let config = serde_json::from_value(config).expect("a configuration");
    let files = [("order.json", order.to_string()), ("_money.json", money.to_string())];
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default());
    let pages = site(&mut project(Catalog::build(tree, config), History::default()), &Findings::default());
    check_links(&pages);
    pages
}

#[test]
fn nested_types_stand_once_with_all_that_is_known_of_them() {
    let pages = nested_site();
    let page = &pages["events/order.html"];
    let row = |anchor: &str| {
        let row = page.split_once(&format!("<tr id=\"f-{anchor}\"")).unwrap_or_else(|| panic!("{anchor} in {page}")).1;
        row.split_once("</tr>").expect("its end").0
    };
    let readers =
        |anchor: &str| ["books", "post"].into_iter().filter(|name| row(anchor).contains(&format!(">{name}</a>"))).collect::<Vec<_>>();
    for (anchor, expected) in [
        ("id", &[][..]),
        ("sold", &["books"]),
        ("returned", &["post"]),
        ("Line.sku", &["books", "post"]),
        ("Line.note", &["post"]),
        ("Line.price", &["post"]),
        ("a.b.c", &[]),
    ] {
        assert_eq!(readers(anchor), expected, "{anchor}");
    }
    assert_eq!(page.matches("<h3 id=\"type-").count(), 2, "the line, and what is nested four levels deep: {page}");
    assert!(row("Line.price").contains("types/events/Money.html\">Money</a>") && !page.contains("f-Line.price.amount"));
    let findings = pages["findings.html"].replace("<wbr>", "");
    for place in ["Line.note", "Line.price"] {
        assert!(findings.contains(&format!("<code>{place}</code>")), "{place} in {findings}");
    }
    let found = |term: &str| pages.iter().any(|(path, text)| path.starts_with("search/t-") && text.contains(&format!("[\"{term}\",")));
    assert!(["buried", "iban", "sku"].into_iter().all(found), "search finds nested fields");
}
