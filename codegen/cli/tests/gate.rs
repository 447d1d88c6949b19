//! `eventc check` against releases, commits and other checkouts.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Folder, ORDER};

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
