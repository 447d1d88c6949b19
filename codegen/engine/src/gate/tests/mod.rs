//! The gate on small trees with releases. The comparison is a stand-in that knows three kinds of change, so that these tests are about
//! what the gate makes of an answer, and not about the answer.

mod consumers;
mod settings;

use eventc_model::{
    catalog::Catalog,
    config::Config,
    diagnostic::{Diagnostic, Level, Place, Rule},
    source::{Limits, Tree},
};
use serde_json::{Value, json};

use super::{Compare, Gate};
use crate::{
    baseline::BaselineTree,
    compat::{Break, Bump, CompareMode, CompareOptions, Comparison, Direction, SchemaLocation, Side, Undecided, Verdict},
    date::Date,
    history::History,
    project::Project,
    report::SourceTexts,
};

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

/// The rule of the stand-in's breaks: one that the gate itself does not use here.
static BROKEN: &Rule = &crate::rules::gate::RELEASE_REMOVED;

/// Compares as the tests need it: `required` that grew is a break backward, one that shrank forward; a changed `pattern` is undecided; a
/// changed `description` needs a patch and anything else a minor.
fn stand_in(old: Side<'_>, new: Side<'_>, options: &CompareOptions) -> Comparison {
    let raw = |side: Side<'_>| side.schemas.raw(side.root).clone();
    let (old_raw, new_raw) = (raw(old), raw(new));
    let required = |raw: &Value| raw["required"].as_array().cloned().unwrap_or_default();
    let (before, after) = (required(&old_raw), required(&new_raw));
    let spot = |side: Side<'_>| {
        let document = side.schemas.file(side.schemas.node(side.root).file);
        Some(SchemaLocation { place: document.place("/required"), pointer: "/required".into() })
    };
    let found = |direction, name: &Value| Break {
        rule: BROKEN,
        direction,
        old: spot(old),
        new: spot(new),
        message: format!("{name} is demanded"),
        help: "do not demand it".into(),
        witness: json!({}),
        instance: format!("/{}", name.as_str().unwrap_or_default()),
        missing: None,
    };
    let mut breaks = Vec::new();
    for direction in options.mode.directions() {
        let (writer, reader) = if *direction == Direction::Backward { (&before, &after) } else { (&after, &before) };
        breaks.extend(reader.iter().filter(|name| !writer.contains(name)).map(|name| found(*direction, name)));
    }
    let open = old_raw["pattern"] != new_raw["pattern"];
    let undecided = open.then(|| Undecided {
        direction: options.mode.directions()[0],
        keyword: "pattern".into(),
        pointer: "/pattern".into(),
        place: None,
        reason: "too hard".into(),
    });
    let without_text = |mut raw: Value| {
        for key in ["description", "x-event", "x-release"] {
            raw.as_object_mut().map(|members| members.shift_remove(key));
        }
        raw
    };
    let required_bump = match (breaks.is_empty() && !open, without_text(old_raw) == without_text(new_raw)) {
        (false, _) => Bump::Major,
        (true, true) => Bump::Patch,
        (true, false) => Bump::Minor,
    };
    let verdict = match (breaks.is_empty(), open) {
        (false, _) => Verdict::Incompatible,
        (true, true) => Verdict::Undecided,
        (true, false) => Verdict::Compatible,
    };
    Comparison { verdict, required_bump, breaks, meaning: Vec::new(), undecided: undecided.into_iter().collect() }
}

const CONFIG: &str = "[[namespace]]\nname = \"shop\"\nroot = \".\"\n";

fn config(more: &str) -> Config {
    let (config, problems) = Config::parse("eventc.toml", &format!("{more}\n{CONFIG}"));
    assert!(problems.is_empty(), "{problems:?}");
    config
}

/// Returns a schema at a version; `more` are further members.
fn order(version: &str, more: &str) -> String {
    format!("{{\"x-event\": {{\"version\": \"{version}\"}},\n \"type\": \"object\"{more}}}")
}

/// A small project with a past.
struct Case {
    config: Config,
    /// The schemas of `order/created` at each release, oldest first.
    released: Vec<String>,
    /// The files of the tree now.
    files: Vec<(&'static str, String)>,
    today: &'static str,
    /// The files of a baseline.
    baseline: Option<Vec<(&'static str, String)>>,
    compare: Compare,
}

const FILE: &str = "order/created.v1.json";

impl Case {
    fn new(released: &[String], now: String) -> Self {
        Self {
            config: config(""),
            released: released.to_vec(),
            files: vec![(FILE, now)],
            today: "2026-11-21",
            baseline: None,
            compare: stand_in,
        }
    }

    fn with(mut self, more: &str) -> Self {
        self.config = config(more);
        self
    }

    fn history(&self) -> History {
        let mut files: Vec<(String, String)> = Vec::new();
        for text in &self.released {
            let tree = Tree::from_texts([(FILE, text.as_str())], &Limits::default());
            let catalog = Catalog::build(tree, self.config.clone());
            let plan = crate::release::plan_releases(&catalog, &History::default(), day("2026-01-01"));
            files.extend(plan.files.into_iter().chain(plan.settings).map(|file| (file.path, file.text)));
        }
        let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let (history, problems) = History::from_texts(texts, &Limits::default());
        assert!(problems.is_empty(), "{problems:?}");
        history
    }

    fn outcome(&self) -> super::GateOutcome {
        let tree = |files: &[(&'static str, String)]| {
            Tree::from_texts(files.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default())
        };
        let history = (self.history(), Vec::new());
        let project = Project::build("".into(), tree(&self.files), self.config.clone(), history, SourceTexts::default());
        let earlier = self.baseline.as_ref().map(|files| BaselineTree {
            name: "git:main".into(),
            catalog: Catalog::build(tree(files), self.config.clone()),
            releases: std::collections::BTreeMap::default(),
        });
        Gate::with(&project, earlier.as_ref(), Some(day(self.today)), self.compare).run()
    }

    /// Returns what the gate finds, but for what generated code calls otherwise: titles are the texts that change here.
    fn findings(&self) -> Vec<Diagnostic> {
        self.outcome().findings.into_iter().filter(|finding| !finding.rule.name.starts_with("identifier-")).collect()
    }

    /// Expects exactly these findings, as `code file:line:column`.
    #[track_caller]
    fn finds(&self, expected: &[&str]) {
        let findings = self.findings();
        let found: Vec<_> = findings.iter().map(|finding| format!("{} {}", finding.rule.code, finding.place)).collect();
        let text: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(found, expected, "{text:#?}");
    }
}

#[test]
fn what_did_not_change_is_not_compared() {
    fn never(_: Side<'_>, _: Side<'_>, _: &CompareOptions) -> Comparison {
        panic!("this was compared")
    }
    let case = Case::new(&[order("1.0.0", "")], order("1.0.0", ""));
    let tree = Tree::from_texts(case.files.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default());
    let project = Project::build("".into(), tree, config(""), (case.history(), Vec::new()), SourceTexts::default());
    let outcome = Gate::with(&project, None, None, never).run();
    assert!(outcome.findings.is_empty() && outcome.changes.is_empty(), "{outcome:?}");
}

#[test]
fn a_break_needs_a_new_major() {
    let case = Case::new(&[order("1.0.0", "")], order("1.1.0", ",\n \"required\": [\"id\"]"));
    case.finds(&["EV341 order/created.v1.json:1:14", "EV350 order/created.v1.json:3:14"]);
    let findings = case.findings();
    assert_eq!(findings[1].message, "\"id\" is demanded (against 1.0.0)");
    let evidence = findings[1].evidence.as_ref().expect("a break has evidence");
    assert_eq!((evidence.witness.as_ref(), evidence.instance.as_str()), (Some(&json!({})), "/id"));
    let related = evidence.related.as_ref().expect("the older side");
    assert_eq!((&*related.place.file, related.label.as_str()), ("shop/order/created/1.0.0.json", "1.0.0 as it was released on 2026-01-01"));
    let change = &case.outcome().changes[0];
    assert_eq!((change.from.as_str(), change.to.as_str(), change.verdict), ("1.0.0", "1.1.0", Some(Verdict::Incompatible)));
    // In a file of its own the next major owes nothing.
    let mut major = Case::new(&[order("1.0.0", "")], order("1.0.0", ""));
    major.files.push(("order/created.v2.json", order("2.0.0", ",\n \"required\": [\"id\"]")));
    major.finds(&[]);
}

#[test]
fn every_release_of_the_major_counts() {
    let released = [order("1.0.0", ", \"required\": [\"a\"]"), order("1.1.0", ""), order("1.2.0", ", \"title\": \"x\"")];
    let now = || order("1.3.0", ", \"required\": [\"a\"]");
    let case = Case::new(&released, now());
    case.finds(&["EV341 order/created.v1.json:1:14", "EV350 order/created.v1.json:2:32"]);
    assert_eq!(case.findings()[1].message, "\"a\" is demanded (against 1.1.0, 1.2.0)");
    // Only the newest counts where the namespace says so.
    let released = [order("1.0.0", ""), order("1.1.0", ", \"required\": [\"a\"]")];
    let mut newest = Case::new(&released, order("1.2.0", ", \"required\": [\"a\"], \"title\": \"x\""));
    newest.finds(&["EV341 order/created.v1.json:1:14", "EV350 order/created.v1.json:2:32"]);
    newest.config.namespace[0].transitive = false;
    newest.finds(&[]);
}

#[test]
fn the_namespace_decides_what_is_promised() {
    let grown = || Case::new(&[order("1.0.0", "")], order("1.1.0", ", \"required\": [\"a\"]"));
    let shrunk = || Case::new(&[order("1.0.0", ", \"required\": [\"a\"]")], order("1.1.0", ""));
    for (mode, grown_breaks, shrunk_breaks) in
        [("backward", true, false), ("forward", false, true), ("full", true, true), ("none", false, false)]
    {
        for (mut case, breaks) in [(grown(), grown_breaks), (shrunk(), shrunk_breaks)] {
            case.config.namespace[0].compatibility = serde_json::from_value(json!(mode)).expect("a mode");
            assert_eq!(case.findings().iter().any(|finding| finding.rule == BROKEN), breaks, "{mode}");
        }
    }
    let mut unstable = grown();
    unstable.released = vec![order("1.0.0\", \"stability\": \"unstable", "")];
    unstable.finds(&[]);
}

#[test]
fn the_version_says_what_changed() {
    let text = |version: &str| order(version, ", \"description\": \"new\"");
    let meaning = |version: &str| order(version, ", \"title\": \"new\"");
    let at = |now: String| Case::new(&[order("1.2.0", "")], now);
    at(text("1.2.1")).finds(&[]);
    at(meaning("1.3.0")).finds(&[]);
    at(meaning("1.2.1")).finds(&["EV342 order/created.v1.json:1:14"]);
    assert_eq!(at(meaning("1.2.1")).findings()[0].message, "1.2.1 is a patch after 1.2.0, and the change needs a minor");
    at(text("1.2.0")).finds(&["EV202 order/created.v1.json:1:14"]);
    assert!(at(text("1.2.0")).findings()[0].message.ends_with(": /description is new"));
    at(order("1.3.0", "")).finds(&["EV343 order/created.v1.json:1:14"]);
    at(order("1.1.0", "")).finds(&["EV344 order/created.v1.json:1:14"]);
    // What `x-event` says besides the version may be worth a release.
    at(order("1.2.1\", \"owner\": \"a", "")).finds(&[]);
}

#[test]
fn what_is_not_known_fails() {
    let case = Case::new(&[order("1.0.0", "")], order("1.1.0", ",\n \"pattern\": \"x\""));
    case.finds(&["EV348 order/created.v1.json:3:13"]);
    let allow = "\", \"allow\": [{\"rule\": \"undecided\", \"at\": \"/pattern\", \"reason\": \"looked at\"}], \"owner\": \"a";
    Case::new(&[order("1.0.0", "")], order(&format!("1.1.0{allow}"), ",\n \"pattern\": \"x\""))
        .finds(&["EV352 order/created.v1.json:3:13"]);
}

#[test]
fn a_break_is_accepted_at_its_place_by_those_who_may() {
    let approvals = "[approvals]\nbreaks = [\"platform\"]\n[owners.platform]\nhandles = [\"@shop/platform\"]\n";
    let allowed = |entry: &str| {
        let now =
            format!("{{\"x-event\": {{\"version\": \"1.1.0\",\n\"allow\": [{entry}]}},\n\"type\": \"object\", \"required\": [\"id\"]}}");
        Case::new(&[order("1.0.0", "")], now).with(approvals)
    };
    let good = allowed(r#"{"rule": "release-removed", "at": "/required", "reason": "nobody reads it", "by": "platform"}"#);
    good.finds(&["EV352 order/created.v1.json:3:31"]);
    assert_eq!(good.findings()[0].message, "release-removed is accepted by platform (nobody reads it): \"id\" is demanded (against 1.0.0)");
    assert_eq!((good.outcome().changes[0].findings, good.outcome().changes[0].accepted), (1, 1));
    allowed(r#"{"rule": "ev350", "at": "/required", "reason": "r", "by": "@shop/platform"}"#).finds(&["EV352 order/created.v1.json:3:31"]);
    let broken = ["EV341 order/created.v1.json:1:14", "EV350 order/created.v1.json:3:31"];
    allowed(r#"{"rule": "release-removed", "at": "/required", "reason": "r", "by": "me"}"#).finds(&[
        broken[0],
        "EV349 order/created.v1.json:2:79",
        broken[1],
    ]);
    allowed(r#"{"rule": "release-removed", "at": "", "reason": "r", "by": "platform"}"#).finds(&[
        broken[0],
        "EV162 order/created.v1.json:2:11",
        broken[1],
    ]);
    // An entry that is over accepts nothing; lint reports it.
    allowed(r#"{"rule": "release-removed", "at": "/required", "reason": "r", "by": "platform", "until": "2026-11-20"}"#).finds(&broken);
}

#[test]
fn one_entry_accepts_one_finding() {
    let now = r#"{"x-event": {"version": "1.1.0", "allow": [{"rule": "release-removed", "at": "/required", "reason": "r"}]}, "required": ["a", "b"], "type": "object"}"#;
    let codes: Vec<_> = Case::new(&[order("1.0.0", "")], now.into()).findings().iter().map(|finding| finding.rule.code).collect();
    assert_eq!(codes, ["EV341", "EV350", "EV352"]);
}

#[test]
fn those_who_read_the_place_are_named() {
    let services = "[services.all]\nconsumes = [{ topics = \"order.*\" }]\n\
                    [services.id]\nconsumes = [{ topics = \"order.created\", reads = [\"/id/part\"] }]\n\
                    [services.other]\nconsumes = [{ topics = \"order.created\", reads = [\"/name\"] }]\n\
                    [services.elsewhere]\nconsumes = [{ topics = \"bill.*\" }]\n";
    let case = Case::new(&[order("1.0.0", "")], order("1.1.0", ",\n \"required\": [\"id\"]")).with(services);
    let findings = case.findings();
    let evidence = findings.iter().find_map(|finding| finding.evidence.as_ref()).expect("evidence");
    assert_eq!(evidence.consumers, ["all", "id"]);
}

#[test]
fn contracts_leave_after_their_sunset() {
    let gone = |event: &str, today: &'static str| {
        let mut case = Case::new(&[order(&format!("1.0.0{event}"), "")], String::new());
        (case.files, case.today) = (Vec::new(), today);
        case
    };
    let deprecated = "\", \"deprecated\": {\"since\": \"2026-01-01\", \"sunset\": \"2026-11-20\"}, \"owner\": \"a";
    gone("", "2026-11-21").finds(&["EV345 shop/order/created/1.0.0.json"]);
    gone(deprecated, "2026-11-21").finds(&[]);
    gone(deprecated, "2026-11-20").finds(&["EV345 shop/order/created/1.0.0.json"]);
    gone("\", \"stability\": \"unstable", "2026-11-21").finds(&[]);
    let sooner = order("1.0.0\", \"deprecated\": {\"since\": \"2026-01-01\", \"sunset\": \"2026-10-20\"}, \"owner\": \"a", "");
    Case::new(&[order(&format!("1.0.0{deprecated}"), "")], sooner).finds(&["EV346 order/created.v1.json:1:82"]);
}

#[test]
fn stable_contracts_stand_on_stable_ground() {
    let mut case = Case::new(&[], order("1.0.0", ", \"properties\": {\"a\": {\"$ref\": \"_t.json#/$defs/x\"}}"));
    case.files.push(("order/_t.json", r#"{"$defs": {"x": {"$ref": "draft.v1.json"}, "y": {}}}"#.into()));
    case.files.push(("order/draft.v1.json", order("1.0.0\", \"stability\": \"unstable", "")));
    // Nothing is released, and somebody should know.
    case.finds(&["EV355 eventc.toml:1:1", "EV347 order/_t.json:1:26"]);
    case.files[0].1 = order("1.0.0\", \"reply\": \"order.draft", "");
    case.finds(&["EV355 eventc.toml:1:1", "EV347 order/created.v1.json:1:43"]);
    // Nobody is lured into relying on something that may break.
    Case::new(&[order("1.0.0", "")], order("1.1.0\", \"stability\": \"unstable", ", \"required\": [\"id\"]"))
        .finds(&["EV351 order/created.v1.json:1:47"]);
}

#[test]
fn a_baseline_counts_beside_the_releases() {
    let mut case = Case::new(&[order("1.0.0", "")], order("1.1.0", ", \"required\": [\"a\"], \"title\": \"x\""));
    case.baseline = Some(vec![(FILE, order("1.1.0", ", \"title\": \"x\""))]);
    case.finds(&["EV341 order/created.v1.json:1:14", "EV350 order/created.v1.json:2:32"]);
    assert_eq!(case.findings()[1].message, "\"a\" is demanded (against 1.0.0, git:main)");
    // Without releases, what the baseline has is what may be relied on.
    let mut unreleased = Case::new(&[], order("1.0.0", ", \"title\": \"x\""));
    unreleased.baseline = Some(vec![(FILE, order("1.0.0", "")), ("order/paid.v1.json", order("1.0.0", ""))]);
    unreleased.finds(&["EV342 order/created.v1.json:1:14", "EV345 order/paid.v1.json"]);
}

#[test]
fn levels_of_the_configuration_hold() {
    let rules = "[rules]\nbreak-without-major = \"warning\"\n";
    let case = Case::new(&[order("1.0.0", "")], order("1.1.0", ",\n \"required\": [\"id\"]")).with(rules);
    assert_eq!(case.findings()[0].level, Level::Warning);
    assert_eq!(case.findings()[0].place, Place { file: FILE.into(), line: 1, column: 14 });
}

#[test]
fn modes_ask_their_directions() {
    assert_eq!(CompareMode::Full.directions(), [Direction::Backward, Direction::Forward]);
}

#[test]
fn every_rule_documents_itself() {
    for rule in crate::rules::gate::RULES {
        let mut rest = rule.docs;
        for heading in ["### What it finds\n", "### Why it is bad\n", "### Example\n", "### What to do\n"] {
            let at = rest.find(heading).unwrap_or_else(|| panic!("{} has no {heading:?}, or not in this order", rule.name));
            rest = &rest[at + heading.len()..];
        }
        assert!(("EV341".."EV370").contains(&rule.code), "{}", rule.code);
    }
}

#[test]
fn a_shared_definition_breaks_each_contract_that_uses_it() {
    let file =
        |path: &'static str| (path, r#"{"x-event": {"version": "1.0.0"}, "properties": {"id": {"$ref": "_t.json#/$defs/id"}}}"#.to_owned());
    let files = |id: &str| {
        vec![file("order/a.v1.json"), file("order/b.v1.json"), ("order/_t.json", format!(r#"{{"$defs": {{"id": {{"type": "{id}"}}}}}}"#))]
    };
    let mut case = Case::new(&[], String::new());
    case.files = files("integer");
    case.baseline = Some(files("string"));
    let tree =
        |files: &[(&'static str, String)]| Tree::from_texts(files.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default());
    let project = Project::build("".into(), tree(&case.files), config(""), (History::default(), Vec::new()), SourceTexts::default());
    let catalog = Catalog::build(tree(case.baseline.as_deref().expect("a baseline")), config(""));
    let earlier = BaselineTree { name: "git:main".into(), catalog, releases: std::collections::BTreeMap::default() };
    let findings = Gate::new(&project, Some(&earlier), None).run().findings;
    let breaks: Vec<_> = findings.iter().filter(|finding| finding.rule.code == "EV301").collect();
    let messages: Vec<_> = breaks.iter().map(|finding| finding.message.rsplit_once(" (").expect("a version").1).collect();
    assert_eq!(messages, ["against git:main of order.a)", "against git:main of order.b)"]);
    assert!(breaks.iter().all(|finding| &*finding.place.file == "order/_t.json"));
    assert_ne!(breaks[0].fingerprint(), breaks[1].fingerprint());
}

#[test]
fn identifiers_that_vanish_or_stand_for_something_else_are_told() {
    let with = |version: &str, properties: &str| order(version, &format!(",\n \"properties\": {{{properties}}}"));
    let told = |old: &str, new: &str| -> Vec<String> {
        let case = Case::new(&[with("1.0.0", old)], with("1.1.0", new));
        let about = |finding: &Diagnostic| finding.rule.name.starts_with("identifier-");
        let line = |finding: Diagnostic| format!("{} {}: {}", finding.rule.code, finding.pointer, finding.message);
        case.outcome().findings.into_iter().filter(about).map(line).collect()
    };
    let text = r#"{"type": "string"}"#;
    assert_eq!(told(&format!(r#""fooBar": {text}"#), &format!(r#""fooBar": {text}, "other": {text}"#)), [""; 0]);
    assert_eq!(
        told(&format!(r#""fooBar": {text}"#), &format!(r#""fooBar": {text}, "foo-bar": {text}"#)),
        ["EV354 /properties/fooBar: in rust, python: foo_bar of the contract of 1.0.0 is called mixed_foo_bar_ now",]
    );
    assert_eq!(
        told(&format!(r#""fooBar": {text}"#), &format!(r#""foo_bar": {text}"#)),
        [
            "EV353 /properties/foo_bar: in rust, python: foo_bar of the contract stood for \"fooBar\" in 1.0.0, and stands for \"foo_bar\" now",
        ]
    );
    let zones = |values: &str| format!(r#""zone": {{"title": "Zone", "enum": [{values}]}}"#);
    let found = told(&zones(r#""Etc/GMT-1", "Etc/GMT+2""#), &zones(r#""Etc/GMT-1", "Etc/GMT+2", "Etc/GMT+1""#));
    assert_eq!(
        found,
        [
            "EV354 /properties/zone: in python: ETC_GMT_1 of zone of 1.0.0 is called ETC_SLASH_GMT_MINUS_1_ now",
            "EV354 /properties/zone: in rust: EtcGmt1 of zone of 1.0.0 is called EtcSlashGmtMinus1_ now",
        ]
    );
}
