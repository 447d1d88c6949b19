//! `eventc check` against releases, commits and other checkouts.

use crate::common::{self, Folder, ORDER};
use eventc_model::{
    source::{Limits, SourceFile, SourceFormat},
    syntax::Document,
};
use serde_json::json;

const FILE: &str = "schemas/events/order/created.json";

/// A shop in a repository, with its first release committed on `main`.
fn repository() -> Folder {
    let folder = Folder::shop();
    folder.run(&["release", "--today", "2026-01-01"]).ends(0);
    folder.run(&["generate"]).ends(0);
    git(&folder, "init --quiet --initial-branch main && git config user.email a@b.c && git config user.name a");
    commit(&folder, "first");
    folder
}

#[track_caller]
fn git(folder: &Folder, line: &str) {
    folder.shell(&format!("git {line}")).ends(0);
}

#[track_caller]
fn commit(folder: &Folder, message: &str) {
    git(folder, &format!("add -A && git commit --quiet --allow-empty -m {message}"));
}

fn codes(folder: &Folder, args: &[&str]) -> Vec<String> {
    let run = folder.run(&[args, &["--format", "json", "--today", "2026-11-21"]].concat());
    run.findings()
        .into_iter()
        .filter(|finding| finding.starts_with("EV2") || finding.starts_with("EV3") || finding.starts_with("EV16"))
        .collect()
}

#[test]
fn what_is_unchanged_passes_every_baseline() {
    let folder = repository();
    for against in ["git:HEAD", "git:main", "dir:."] {
        folder.run(&["check", "--against", against]).ends(0);
    }
    folder.write("copy/created.json", ORDER);
    folder.shell("cp -r schemas eventc.toml copy/ && \"$EVENTC\" check --against dir:copy").ends(0);
}

#[test]
fn a_release_that_vanishes_is_missed() {
    let folder = repository();
    folder.shell("rm schemas/releases/shop/order/created/1.0.0.json").ends(0);
    assert_eq!(codes(&folder, &["check"]), Vec::<String>::new());
    assert_eq!(codes(&folder, &["check", "--against", "git:main"]), ["EV350 schemas/releases/shop/order/created/1.0.0.json:0:0"]);
}

#[test]
fn a_file_that_vanishes_is_missed() {
    let folder = repository();
    folder.shell("rm schemas/events/order/created.json").ends(0);
    assert_eq!(codes(&folder, &["check"]), ["EV345 schemas/releases/shop/order/created/1.0.0.json:0:0"]);
    // What cannot be read is not gone.
    folder.write("schemas/events/order/created.json", "{oops");
    assert_eq!(codes(&folder, &["check"]), Vec::<String>::new());
}

#[test]
fn a_branch_is_compared_with_where_it_left() {
    let folder = repository();
    git(&folder, "checkout --quiet -b work");
    git(&folder, "checkout --quiet main");
    // What happens on main afterwards is no change of the branch.
    folder.write("schemas/releases/shop/order/created/9.0.0.json", "{}");
    commit(&folder, "later");
    git(&folder, "tag later && git checkout --quiet work");
    assert_eq!(codes(&folder, &["check", "--against", "git:main"]), Vec::<String>::new());
    assert_eq!(codes(&folder, &["check", "--against", "git:later"]), ["EV350 schemas/releases/shop/order/created/9.0.0.json:0:0"]);
    let sub = folder.shell("cd schemas && \"$EVENTC\" check --against git:later --format json");
    assert!(sub.findings().contains(&"EV350 schemas/releases/shop/order/created/9.0.0.json:0:0".to_owned()), "{sub:#?}");
}

#[test]
fn references_that_lead_nowhere_say_what_to_do() {
    let folder = repository();
    for odd in ["--upload-pack=x", "-h", "no/such", "HEAD:eventc.toml", "a..b", "HEAD^{tree}", "@{-1}", ":/first nothing", "\u{7f}"] {
        folder.run(&["check", "--against", &format!("git:{odd}")]).ends(2).says("names no commit").says("git fetch origin main");
    }
    folder.run(&["check", "--against", "main"]).ends(2).says("git:REF or dir:PATH");
    folder.run(&["check", "--against", "dir:gone"]).ends(2).says("cannot read gone");
    let outside = Folder::shop();
    outside.run(&["check", "--against", "git:main"]).ends(2).says("no git repository");
}

/// Where a command runs changes nothing for the code host, and what is told is taken back.
#[test]
fn paths_are_those_of_the_repository_and_are_taken_back() {
    let folder = repository();
    folder.write("schemas/events/order/created.json", ORDER.replace("[\"id\"]", "[\"id\", \"total\"]"));
    let check =
        |folder: &Folder, to: &str, format: &str| folder.shell(&format!("cd {to} && \"$EVENTC\" check --only gate --format {format}"));
    for format in ["github", "gitlab", "sarif"] {
        let run = check(&folder, "schemas/events", format);
        run.ends(1).says("schemas/events/order/created.json");
        assert!(!run.out.contains("../"), "{format}: {}", run.out);
    }
    for told in ["schemas/events/order/created.json", "./schemas/events/order/created.json", "order/created.json", "order/created"] {
        folder.run(&["show", told]).ends(0).says("order.created");
    }
    folder.shell("cd schemas && \"$EVENTC\" show ../schemas/events/order/created.json").ends(0).says("order.created");
}

/// What services rely on beside the schema is released too.
#[test]
fn settings_are_released_and_kept() {
    const FILE: &str = "schemas/events/order/created.json";
    const SETTINGS: &str = "schemas/releases/shop/order/created/settings.jsonl";
    let folder = Folder::shop();
    let with = |topic: &str, allow: &str| {
        let event = format!("{{\"version\": \"1.0.0\", \"key\": \"/id\", \"producers\": [\"shop\"], \"topic\": {topic}{allow}}}");
        ORDER.replace("{\"version\": \"1.0.0\", \"producers\": [\"shop\"]}", &event)
    };
    let long = "{\"partitions\": 3, \"retention\": \"30d\"}";
    let short = "{\"partitions\": 3, \"retention\": \"7d\"}";
    folder.write(FILE, with(long, ""));
    folder.run(&["release", "--today", "2026-01-01"]).ends(0).says(SETTINGS).says("settings in");
    let first = folder.read(SETTINGS);
    assert!(first.starts_with("{\"date\":\"2026-01-01\",\"major\":1,\"key\":\"/id\",\"partitions\":3,\"retention\":\"30d\","), "{first}");
    folder.run(&["release"]).ends(0).says("0 releases written\n");
    folder.write(FILE, with(short, ""));
    folder.run(&["check", "--only", "gate"]).ends(1).says("EV358").says("events are kept for 7d, and were for 30d");
    folder.run(&["release"]).ends(1).says("nothing was released");
    assert_eq!(folder.read(SETTINGS), first);
    let allow = ", \"allow\": [{\"rule\": \"retention-lowered\", \"at\": \"/x-event/topic/retention\", \"reason\": \"all caught up\", \"by\": \"ann\"}]";
    folder.write(FILE, with(short, allow));
    folder.run(&["check", "--only", "gate"]).ends(0).says("EV352");
    folder.run(&["release", "--today", "2026-02-01"]).ends(0).says("settings in 1 file");
    let second = folder.read(SETTINGS);
    assert_eq!(second.strip_prefix(&first).map(|added| added.lines().count()), Some(1), "{second}");
    folder.write(FILE, with(short, ""));
    folder.run(&["check", "--only", "gate"]).ends(0);
    // Records are added, and never edited.
    folder.shell("git init --quiet && git add -A && git -c user.email=a@b.c -c user.name=a commit --quiet -m first").ends(0);
    folder.write(SETTINGS, second.replace("7d", "1d"));
    folder.run(&["check", "--only", "gate", "--against", "git:HEAD"]).ends(1).says("EV350");
}

/// What was left out is not fetched, and a gate that cannot read does not pass.
#[test]
fn a_partial_clone_says_how_to_complete_it() {
    let folder = Folder::shop();
    folder.shell("git init --quiet --initial-branch main && git config uploadpack.allowFilter true").ends(0);
    folder.shell("git add -A && git -c user.email=a@b.c -c user.name=a commit --quiet -m first").ends(0);
    folder.write("schemas/events/order/created.json", ORDER.replace("[\"id\"]", "[\"id\", \"total\"]"));
    folder.shell("git checkout --quiet -b feature && git -c user.email=a@b.c -c user.name=a commit --quiet -am second").ends(0);
    let check = "check --only gate --against git:origin/main";
    for filter in ["blob:none", "tree:0"] {
        folder.shell("rm -rf part").ends(0);
        folder.shell(&format!("git clone --quiet --filter={filter} --branch feature \"file://$PWD\" part")).ends(0);
        // Neither by itself, nor because the clone says so.
        folder.shell("cd part && git config protocol.file.allow always && git config protocol.allow always").ends(0);
        let run = folder.shell(&format!("cd part && \"$EVENTC\" {check}"));
        run.ends(2).says("this clone is partial").says("git fetch --refetch --no-filter origin");
    }
    folder.shell("cd part && git fetch --quiet --refetch --no-filter origin").ends(0);
    folder.shell(&format!("cd part && \"$EVENTC\" {check}")).ends(1).says("EV341");
}

#[test]
fn a_shallow_clone_says_how_to_deepen_it() {
    let folder = repository();
    commit(&folder, "second");
    git(&folder, "tag old HEAD~1");
    folder.shell("git clone --quiet --depth 1 --no-tags \"file://$PWD\" shallow").ends(0);
    let run = folder.shell("cd shallow && \"$EVENTC\" check --against git:old");
    run.ends(2).says("shallow").says("git fetch --unshallow").says("fetch-depth: 0");
}

#[test]
fn hooks_and_lazy_fetches_are_never_run() {
    let folder = repository();
    folder.write("evil.sh", "#!/bin/sh\ntouch \"$(dirname \"$0\")/pwned\"\n");
    folder.shell("chmod +x evil.sh && git config core.fsmonitor \"$PWD/evil.sh\" && git config core.hooksPath \"$PWD\"").ends(0);
    folder.run(&["check", "--against", "git:main"]);
    assert!(!folder.path("pwned").exists());
}

#[test]
fn owners_are_told_to_the_code_host() {
    let folder = repository();
    let config = format!(
        "{}\n[owners.sales]\nhandles = [\"@shop/sales\"]\n[owners.platform]\nhandles = [\"@shop/platform\"]\n[approvals]\nbreaks = [\"platform\"]\n",
        common::CONFIG
    );
    folder.write("eventc.toml", config);
    folder.write("schemas/events/order/created.json", ORDER.replace("\"producers\"", "\"owner\": \"sales\", \"producers\""));
    folder.run(&["codeowners"]).ends(0).says("/schemas/events/order/ @shop/sales").says("/eventc.toml @shop/platform");
    folder.run(&["codeowners", "--check"]).ends(1).says("eventc codeowners --write");
    folder.write(".github/CODEOWNERS", "* @shop/everybody\n");
    folder.run(&["codeowners", "--write"]).ends(0);
    folder.run(&["codeowners", "--check"]).ends(0);
    assert!(folder.read(".github/CODEOWNERS").starts_with("* @shop/everybody\n\n# eventc:"));
    // Accepting a finding of the gate changes the lines, so that somebody who may has to look.
    let accepted = "\"allow\": [{\"rule\": \"undecided\", \"at\": \"/x\", \"reason\": \"r\", \"by\": \"platform\"}], \"owner\"";
    folder.write("schemas/events/order/created.json", ORDER.replace("\"producers\"", &format!("{accepted}: \"sales\", \"producers\"")));
    folder.run(&["codeowners", "--check"]).ends(1);
    folder.run(&["codeowners"]).ends(0).says("/schemas/events/order/created.json @shop/platform");
    // Below the top of the repository the patterns say the whole path.
    folder.write("part/eventc.toml", folder.read("eventc.toml"));
    folder.write("part/schemas/events/order/created.json", ORDER.replace("\"producers\"", "\"owner\": \"sales\", \"producers\""));
    folder.write("part/schemas/events/_envelope.json", common::ENVELOPE);
    folder.shell("cd part && \"$EVENTC\" codeowners").ends(0).says("/part/schemas/events/order/ @shop/sales");
    folder.write("eventc.toml", folder.read("eventc.toml").replace("[\"platform\"]", "[\"plattform\"]"));
    folder.run(&["codeowners"]).ends(2).says("did you mean \"platform\"?");
}

#[test]
fn a_break_is_shown_by_an_event_in_every_format() {
    let folder = repository();
    let services = "\n[services.billing]\nconsumes = [{ topics = \"order.*\", reads = [\"/total\"] }]\n[services.mail]\nconsumes = [{ topics = \"order.created\", reads = [\"/id\"] }]\n";
    folder.write("eventc.toml", format!("{}{services}", common::CONFIG));
    folder.write(FILE, ORDER.replace("{\"type\": \"integer\"}", "{\"type\": \"integer\", \"maximum\": 9}").replace("1.0.0", "1.1.0"));
    assert_eq!(
        codes(&folder, &["check"]),
        ["EV341 schemas/events/order/created.json:3:15", "EV303 schemas/events/order/created.json:5:73"]
    );
    let json = folder.run(&["check", "--format", "json"]).ends(1).json();
    let found = json["diagnostics"].as_array().unwrap().iter().find(|one| one["code"] == "EV303").unwrap().clone();
    assert_eq!((&found["witness"], &found["instance_pointer"]), (&json!({"id": "", "total": 10}), &json!("/total")));
    assert_eq!(found["consumers"], json!(["billing"]));
    assert_eq!(found["related"]["file"], "schemas/releases/shop/order/created/1.0.0.json");
    folder
        .run(&["check"])
        .ends(1)
        .says("schemas/releases/shop/order/created/1.0.0.json:")
        .says("1.0.0 as it was released on 2026-01-01")
        .says("shown by {\"id\":\"\",\"total\":10}, at /total")
        .says("concerns billing")
        .says("eventc bump order.created");
    folder
        .run(&["check", "--format", "markdown"])
        .ends(1)
        .says("| `order.created` | 1.0.0 → 1.1.0 | **incompatible** | major |")
        .says("\"total\": 10");
    folder
        .run(&["check", "--format", "github"])
        .ends(1)
        .says("::error file=schemas/events/order/created.json,line=5,col=73")
        .says("%0Ashown by");
    folder.run(&["check", "--format", "junit"]).ends(1).says("shown by {&quot;id&quot;");
    folder.run(&["check", "--format", "gitlab"]).ends(1).says("concerns billing");
    folder.run(&["check", "--format", "sarif"]).ends(1).says("relatedLocations");
    folder.run(&["release"]).ends(1).says("EV341").says("nothing was released");
}

#[test]
fn what_two_steps_hide_is_found_over_three_versions() {
    let folder = repository();
    // 1.1.0 drops `total`, which is optional; 1.2.0 takes the name for something else.
    let dropped = ORDER.replace(", \"total\": {\"type\": \"integer\"}", "").replace("1.0.0", "1.1.0");
    folder.write(FILE, &dropped);
    folder.run(&["check", "--format", "markdown", "--today", "2026-02-01"]).says("1.0.0 → 1.1.0 | compatible");
    folder.run(&["release", "--today", "2026-02-01"]).ends(0);
    let retyped = ORDER.replace("\"integer\"", "\"string\"").replace("1.0.0", "1.2.0");
    folder.write(FILE, &retyped);
    assert_eq!(
        codes(&folder, &["check"]),
        ["EV341 schemas/events/order/created.json:3:15", "EV301 schemas/events/order/created.json:5:54"]
    );
    folder.run(&["check"]).ends(1).says("(against 1.0.0)").says("1.2.0 breaks what 1.0.0 promised");
    folder.write("eventc.toml", common::CONFIG.replace("root = \".\"\n", "root = \".\"\ntransitive = false\n"));
    assert_eq!(codes(&folder, &["check"]), Vec::<String>::new());
}

#[test]
fn settings_of_the_namespace_reach_the_comparison() {
    let with = |settings: &str| common::CONFIG.replace("root = \".\"\n", &format!("root = \".\"\n{settings}\n"));
    let folder = repository();
    folder.write(
        FILE,
        ORDER.replace("{\"type\": \"integer\"}", "{\"type\": \"integer\"}, \"note\": {\"type\": \"string\"}").replace("1.0.0", "1.1.0"),
    );
    for (settings, breaks) in
        [("", false), ("content_model = \"strict\"", true), ("content_model = \"strict\"\ncompatibility = \"none\"", false)]
    {
        folder.write("eventc.toml", with(settings));
        assert_eq!(!codes(&folder, &["check"]).is_empty(), breaks, "{settings}");
    }
    let level = |values: &str| ORDER.replace("{\"type\": \"integer\"}", &format!("{{\"enum\": {values}}}"));
    let folder = Folder::shop();
    folder.write(FILE, level("[\"a\", \"b\"]"));
    folder.run(&["release", "--today", "2026-01-01"]).ends(0);
    folder.write(FILE, level("[\"a\"]").replace("1.0.0", "1.1.0"));
    for (settings, breaks) in
        [("", true), ("tolerance = \"open-enums\"", false), ("ignore_stamps = [\"/total\"]", false), ("compatibility = \"forward\"", false)]
    {
        folder.write("eventc.toml", with(settings));
        assert_eq!(!codes(&folder, &["check"]).is_empty(), breaks, "{settings}");
    }
    folder.write("eventc.toml", with("ignore_stamps = [\"total\"]"));
    folder.run(&["check"]).ends(2).says("is no JSON Pointer");
}

#[test]
fn a_break_is_accepted_for_a_while() {
    let folder = repository();
    let config = format!("{}\n[owners.platform]\n[approvals]\nbreaks = [\"platform\"]\n", common::CONFIG);
    folder.write("eventc.toml", config);
    let allow = "\"version\": \"1.1.0\", \"allow\": [{\"rule\": \"property-required\", \"at\": \"AT\", \"reason\": \"nobody sends it without\", \"by\": \"platform\", \"until\": \"2026-12-31\"}]";
    let broken = ORDER.replace("[\"id\"]", "[\"id\", \"total\"]").replace("\"version\": \"1.0.0\"", allow);
    folder.write(FILE, broken.replace("AT", "/wrong"));
    let run = folder.run(&["check", "--today", "2026-11-21"]);
    run.ends(1).says("EV162").says("EV308");
    let at = run.out.split("set `at` to \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    folder.write(FILE, broken.replace("AT", &at));
    folder.run(&["generate"]).ends(0);
    folder.run(&["check", "--today", "2026-12-31"]).ends(0).says("EV352").says("by platform until 2026-12-31 (nobody sends it without)");
    assert!(folder.read("generated/catalog/events/order/created.md").contains("nobody sends it without"));
    folder.run(&["check", "--today", "2027-01-01"]).ends(1).says("EV163").says("EV308").says("EV341");
    folder.run(&["lint"]).ends(0);
}

#[test]
fn an_unreleased_state_may_be_the_baseline() {
    let folder = repository();
    folder.write(
        FILE,
        ORDER.replace("{\"type\": \"integer\"}", "{\"type\": \"integer\"}, \"note\": {\"type\": \"string\"}").replace("1.0.0", "1.1.0"),
    );
    commit(&folder, "unreleased");
    folder.write(
        FILE,
        ORDER.replace("{\"type\": \"integer\"}", "{\"type\": \"integer\"}, \"note\": {\"type\": \"boolean\"}").replace("1.0.0", "1.1.0"),
    );
    assert_eq!(codes(&folder, &["check"]), Vec::<String>::new());
    let found = codes(&folder, &["check", "--against", "git:main"]);
    assert_eq!(found, ["EV341 schemas/events/order/created.json:3:15", "EV301 schemas/events/order/created.json:5:83"]);
    folder.run(&["check", "--against", "git:main"]).ends(1).says("(against git:main)").says("main:schemas/events/order/created.json:5:");
}

/// A reference out of the tree leads to the file as it was in the commit, to the present one otherwise.
#[test]
fn what_lies_around_the_tree_is_read_as_it_was_then() {
    let folder = repository();
    let money = |ty: &str| format!(r#"{{"type": "object", "properties": {{"amount": {{"type": "{ty}"}}}}, "required": ["amount"]}}"#);
    let note =
        |version: &str| ORDER.replace("{\"type\": \"integer\"}", "{\"$ref\": \"../../../shared/money.json\"}").replace("1.0.0", version);
    folder.write("eventc.toml", format!("{}\n[rules]\nloose-ref = \"warning\"\n", common::CONFIG));
    folder.write("schemas/events/order/paid.json", note("1.0.0"));
    folder.write("shared/money.json", money("integer"));
    folder.write("shared/deeper/money.json", money("integer"));
    commit(&folder, "around");
    assert_eq!(codes(&folder, &["check", "--against", "git:HEAD"]), Vec::<String>::new());
    folder.write("schemas/events/order/paid.json", note("1.1.0"));
    folder.write("shared/money.json", money("string"));
    let found = codes(&folder, &["check", "--against", "git:HEAD"]);
    assert!(found.contains(&"EV301 shared/money.json:1:46".to_owned()), "{found:?}");
    folder.run(&["check", "--against", "git:HEAD"]).ends(1).says("HEAD:shared/money.json:1:");
    // A file that is gone since was there then.
    folder.shell("rm -r shared").ends(0);
    folder.write("schemas/events/order/paid.json", ORDER.replace("1.0.0", "1.1.0").replace("\"integer\"", "\"boolean\""));
    let found = codes(&folder, &["check", "--against", "git:HEAD"]);
    assert!(found.contains(&"EV301 schemas/events/order/paid.json:5:54".to_owned()), "{found:?}");
    // A link is not followed.
    folder.shell("mkdir shared && ln -s ../eventc.toml shared/money.json").ends(0);
    folder.write("schemas/events/order/paid.json", note("1.0.0"));
    commit(&folder, "link");
    folder.run(&["check", "--against", "git:HEAD"]).ends(1);
}

/// The shell of the step of that name in action.yml, at the root of this repository.
fn step(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../action.yml");
    let file = SourceFile::read(&path, SourceFormat::Yaml).unwrap();
    let (document, problems) = Document::parse(file, &Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    let action = document.unwrap().value;
    let step = action["runs"]["steps"].as_array().unwrap().iter().find(|step| step["name"] == name).unwrap().clone();
    // An expression in the script would paste what somebody wrote into it.
    assert!(!step["run"].as_str().unwrap().contains("${{"));
    step["run"].as_str().unwrap().to_owned()
}

#[test]
fn the_action_annotates_and_sums_up() {
    let folder = repository();
    folder.write("step.sh", step("Check event contracts"));
    folder.write("bin/eventc", "#!/bin/sh\nexec \"$EVENTC\" \"$@\"\n");
    let run = |variables: &str| {
        folder.write("summary.md", "");
        folder.shell(&format!(
            "chmod +x bin/eventc && env PATH=\"$PWD/bin:$PATH\" GITHUB_STEP_SUMMARY=summary.md AGAINST= CONFIG= SARIF= ARGS= BASE_REF= {variables} bash -e step.sh"
        ))
    };
    run("AGAINST=git:main").ends(0);
    assert!(folder.read("summary.md").starts_with("## Event contracts: ") && !folder.read("summary.md").contains("error"));
    folder.write(FILE, ORDER.replace("[\"id\"]", "[\"id\", \"total\"]"));
    run("SARIF=out.sarif ARGS='--only gate --today 2026-11-21'").ends(1).says("::error file=schemas/events/order/created.json");
    assert!(folder.read("summary.md").contains("**incompatible**") && folder.read("out.sarif").contains("relatedLocations"));
    run("AGAINST='git:--help; touch pwned' CONFIG='$(touch pwned)'").ends(2);
    assert!(!folder.path("pwned").exists());
}

#[test]
fn the_readme_shows_what_is_printed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = Folder::new(&[]);
    folder.shell(&format!("cp -r '{0}/schemas' '{0}/eventc.toml' .", root.display())).ends(0);
    let file = "schemas/events/cauldron/operations/inventory/level/changed.v1.json";
    let text = folder
        .read(file)
        .replace("booked in.\",\n      \"type\": \"number\"", "booked in.\",\n      \"type\": \"number\",\n      \"minimum\": 0");
    folder.write(file, text.replace("\"version\": \"1.0.0\"", "\"version\": \"1.1.0\""));
    let run = folder.run(&["check", "--only", "gate"]);
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let shown = run.ends(1).out.rsplit_once("\n\n").unwrap().0;
    assert!(readme.contains(shown), "README.md does not show what is printed:\n{shown}");
}
