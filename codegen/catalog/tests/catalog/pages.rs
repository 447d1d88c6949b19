//! Catalog pages: every link holds, and no text from a schema can change what a page is made of.

use std::collections::{BTreeMap, HashSet};

use eventc_catalog::CatalogPages;
use eventc_emit::Target;
use eventc_model::{
    catalog::Catalog,
    config::Config,
    history::History,
    source::{Limits, Tree},
};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};

use crate::trees::{NASTY, Pages, emit, everything, random, real, small};

fn parse(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES)
}

/// Returns the targets of all links of a page, and the anchors that it offers.
fn links(text: &str) -> (Vec<String>, HashSet<String>) {
    let (mut targets, mut anchors) = (Vec::new(), HashSet::new());
    for event in parse(text) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => targets.push(dest_url.to_string()),
            Event::Html(html) | Event::InlineHtml(html) => {
                anchors.extend(html.trim().strip_prefix("<a id=\"").and_then(|rest| rest.split('"').next()).map(str::to_owned));
            }
            _ => {}
        }
    }
    (targets, anchors)
}

pub(crate) fn check_links(pages: &Pages) -> usize {
    let mut checked = 0;
    for (path, text) in pages {
        for target in links(text).0 {
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let mut parts: Vec<&str> = path.split('/').collect();
            if !file.is_empty() {
                parts.pop();
                for part in file.split('/') {
                    if part == ".." {
                        parts.pop();
                    } else {
                        parts.push(part);
                    }
                }
            }
            let page = pages.get(&parts.join("/")).unwrap_or_else(|| panic!("{path}: {target} leads nowhere"));
            assert!(anchor.is_empty() || links(page).1.contains(anchor), "{path}: {target} has no such anchor");
            checked += 1;
        }
    }
    checked
}

#[test]
fn every_link_of_the_real_catalog_holds() {
    let (catalog, history) = real();
    let pages = emit(&catalog, &history, &catalog.diagnostics, None);
    assert!(check_links(&pages) > 2000);
    for contract in &catalog.contracts {
        let path = catalog.schemas.file(contract.file).path.replace(".json", ".md");
        assert!(pages[&format!("events/{path}")].contains(&format!("`{}`", contract.topic)));
    }
    assert_eq!(pages, emit(&catalog, &history, &catalog.diagnostics, None), "two runs differ");
}

#[test]
fn a_selection_links_only_to_its_own_pages() {
    let (catalog, history) = real();
    let pages = emit(&catalog, &history, &catalog.diagnostics, Some("codegen.request"));
    assert!(check_links(&pages) > 50);
    assert!(!pages.contains_key("events/daa/agent/created.v1.md"));
}

#[test]
fn whole_events_in_the_pages_are_valid() {
    let (catalog, history) = real();
    let pages = emit(&catalog, &history, &[], None);
    for contract in catalog.events() {
        let page = &pages[&format!("events/{}", catalog.schemas.file(contract.file).path.replace(".json", ".md"))];
        let block = page.split("### In its envelope").nth(1).and_then(|rest| rest.split("```json").nth(1)).expect("an example");
        let event: Value = serde_json::from_str(block.split("```").next().expect("its end")).expect("JSON");
        let schema = eventc_model::bundle::bundle_event(&catalog, contract);
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
        let problems: Vec<String> = validator.iter_errors(&event).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{}: {problems:?}", contract.topic);
    }
}

fn small_pages(text: &str) -> Pages {
    let (catalog, findings) = small(text);
    emit(&catalog, &History::default(), &findings, None)
}

/// Returns what a page is made of, without its texts.
fn structure(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for event in parse(text) {
        let word = match &event {
            Event::InlineHtml(html) if **html == *"<code>" => {
                in_code = true;
                "code".to_owned()
            }
            Event::InlineHtml(html) if **html == *"</code>" => {
                in_code = false;
                continue;
            }
            Event::Text(_) | Event::SoftBreak if in_code => continue,
            Event::Code(_) => "code".to_owned(),
            Event::Text(_) => "text".to_owned(),
            Event::Start(tag) => format!("{tag:?}"),
            Event::End(tag) => format!("end {tag:?}"),
            other => format!("{other:?}"),
        };
        if word != "text" || !out.ends_with("text\n") {
            out.push_str(&word);
            out.push('\n');
        }
    }
    assert!(!in_code, "an unclosed <code>");
    out
}

#[test]
fn no_text_changes_what_a_page_is_made_of() {
    let expected: BTreeMap<String, String> = small_pages("harmless").iter().map(|(path, text)| (path.clone(), structure(text))).collect();
    // Blank lines part paragraphs on purpose, and long runs of spaces at the ends are cut.
    let generated = random(300).into_iter().filter(|text| !text.replace('\r', "\n").split('\n').any(|line| line.trim().is_empty()));
    for hostile in NASTY.iter().map(ToString::to_string).chain(generated) {
        let pages = small_pages(&hostile);
        check_links(&pages);
        for (path, text) in &pages {
            // The contract of the same title as another keeps its page; only structure is compared.
            let found = structure(text);
            let differs = found.lines().zip(expected[path].lines()).position(|(a, b)| a != b);
            let near = |text: &str| text.lines().skip(differs.unwrap_or(0).saturating_sub(8)).take(12).collect::<Vec<_>>().join(" ");
            assert!(found == expected[path], "{path} with {hostile:?}:\n{}\n{}\n{text}", near(&found), near(&expected[path]));
            assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}'))));
        }
    }
}

#[test]
fn table_rows_have_as_many_cells_as_their_head() {
    for hostile in NASTY {
        for (path, text) in small_pages(hostile) {
            let mut head = 0;
            for line in text.lines() {
                // What GitHub's row scanner takes for the end of a cell.
                let cells = line.strip_prefix('|').map_or(0, |rest| {
                    let (mut escaped, mut ends) = (false, 0);
                    for c in rest.chars() {
                        ends += usize::from(c == '|' && !escaped);
                        escaped = c == '\\' && !escaped;
                    }
                    ends
                });
                assert!(cells == 0 || head == 0 || cells == head, "{path}: {line}");
                head = cells;
            }
        }
    }
}

#[test]
fn a_small_event_page() {
    let (catalog, findings) = small("Placed at the till.");
    let pages = emit(&catalog, &History::default(), &findings, None);
    insta::assert_snapshot!(pages["events/order/created.v1.md"]);
    insta::assert_snapshot!(pages["findings.md"]);
    insta::assert_snapshot!(pages["README.md"]);
    insta::assert_snapshot!(pages["services/books.md"]);
}

#[test]
fn an_unknown_option_is_an_error() {
    let (config, _) = Config::parse("eventc.toml", "[targets.catalog]\nfolder = \"x\"\n");
    let problems = CatalogPages.configure(&config).err().expect("an error");
    assert_eq!(problems[0].rule.name, "bad-config");
}

/// Every type is described once, and every place that holds one says where.
fn check_holds(listing: &Value) {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let contracts = list(listing, "contracts");
    let types: Vec<Value> = contracts.iter().flat_map(|contract| list(contract, "types")).chain(list(listing, "types")).collect();
    let mut known = HashSet::new();
    for at in types.iter().map(|ty| &ty["at"]).chain(contracts.iter().map(|contract| &contract["page"])) {
        assert!(known.insert(at), "{at} is described twice");
    }
    for held in contracts.iter().chain(&types).flat_map(|holder| list(holder, "holds")) {
        assert!(known.contains(&held["type"]), "{held} leads nowhere");
    }
}

/// Returns `catalog.json` of these files, after its published schema has validated it.
pub(crate) fn listing(files: &Pages) -> Value {
    let listing: Value = serde_json::from_str(&files["catalog.json"]).expect("JSON");
    let validator = jsonschema::validator_for(&eventc_catalog::listing::schema()).expect("a schema");
    let problems: Vec<String> = validator.iter_errors(&listing).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    check_holds(&listing);
    for contract in listing["contracts"].as_array().expect("contracts") {
        let page = contract["page"].as_str().expect("a page");
        assert!(files.contains_key(page), "{page} is there");
        assert_eq!(
            files["catalog.json"].lines().filter(|line| line.contains(&format!("\"page\":\"{page}\""))).count(),
            1,
            "a line for each"
        );
    }
    listing
}

#[test]
fn programs_find_the_whole_catalog_in_one_file() {
    let (catalog, history) = real();
    let files = everything(&catalog, &history, &[], None);
    let listing = listing(&files);
    let contracts = listing["contracts"].as_array().expect("contracts");
    assert_eq!(contracts.len(), catalog.contracts.len());
    let find = |topic: &str| contracts.iter().find(|contract| contract["topic"] == topic).expect("a contract");
    let assessed = find("omninode.intelligence.event.quality_assessed.v1");
    assert_eq!(assessed["consumers"][1]["service"], "archon-search");
    assert_eq!(assessed["consumers"][1]["reads"], json!(["/entity_id", "/quality_score"]));
    let field = |contract: &Value, pointer: &str| {
        contract["fields"].as_array().into_iter().flatten().find(|field| field["pointer"] == pointer).expect("a field").clone()
    };
    assert_eq!(field(assessed, "/quality_score")["types"], json!(["number"]));
    let request = find("omninode.codegen.request.validate.v1");
    assert_eq!(field(request, "/code_content")["sensitive"], "confidential");
    assert_eq!(field(request, "/node_type")["types"], json!(["string"]));
    assert_eq!(
        (&request["deprecated"]["use"], &request["releases"][0]["version"]),
        (&json!("omninode.codegen.request.validate.v2"), &json!("1.0.0"))
    );
    assert_eq!(listing["services"]["archon-search"]["reads"].as_array().map(Vec::len), Some(5));
    let text = "<b> \u{202e} \"quoted\" \\ \n end";
    let (catalog, findings) = small(text);
    let strange = self::listing(&everything(&catalog, &History::default(), &findings, None));
    assert_eq!(strange["contracts"].as_array().expect("contracts").iter().filter(|contract| contract["description"] == text).count(), 1);
}

#[test]
fn language_models_are_led_to_the_pages() {
    let (catalog, history) = real();
    let files = emit(&catalog, &history, &[], None);
    let text = &files["llms.txt"];
    assert!(text.starts_with("# Event catalog\n\n> "));
    for contract in &catalog.contracts {
        assert!(
            text.contains(&format!("- [{}](", contract.topic.replace('_', "\\_"))) || text.contains(&format!("- [{}](", contract.topic)),
            "{}",
            contract.topic
        );
    }
    let sections: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(sections, ["omninode", "cauldron", "daa", "Services", "Environments", "Optional"]);
    let many = (0..600).map(|number| (format!("d{}/e{number}.json", number % 3), "{\"type\": \"object\"}".to_owned())).collect::<Vec<_>>();
    let tree = Tree::from_texts(many.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    let files = emit(&Catalog::build(tree, Config::without_conventions()), &History::default(), &[], None);
    assert!(files["llms.txt"].contains("- [d2](domains/events/d2.md): 200 events\n") && !files["llms.txt"].contains("e599"));
    check_links(&files);
}
