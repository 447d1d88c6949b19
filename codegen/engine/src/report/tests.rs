#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use eventc_model::diagnostic::{self, Evidence, Place, Related};

use super::*;

fn place(file: &str, line: u32, column: u32) -> Place {
    Place { file: file.into(), line, column }
}

fn with_report<T>(check: impl FnOnce(&Report<'_>) -> T) -> T {
    let mut sources = SourceTexts::default();
    sources.insert("a,b/c.json".into(), "{\n  \"type\": \"obj\\\"ect\",\r\n  \"x\": 1\n}\n".into());
    let diagnostics = [
        Diagnostic::new(&diagnostic::SYNTAX, place("a,b/c.json", 2, 11), "50% <bad> \u{1b}[31m&\nnews").help("mend: it").topic("a.b"),
        Diagnostic::new(&diagnostic::NOT_A_SCHEMA, place("z.json", 0, 0), "whole file"),
    ];
    check(&Report { diagnostics: &diagnostics, sources: &sources, facts: &[("contracts", 2)] })
}

#[test]
fn human_shows_the_place_and_the_way_out() {
    let text = with_report(|report| report.render(ReportFormat::Human, Style::default()));
    insta::assert_snapshot!(text, @r#"
    error[EV006 syntax]: 50% <bad> ␛[31m&
                         news
     --> a,b/c.json:2:11
      |
    2 |   "type": "obj\"ect",
      |           ^^^^^^^^^^
      |
      = help: mend: it

    note[EV008 not-a-schema]: whole file
    --> z.json

    1 error, 1 note in 2 contracts
    "#);
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let mut sources = SourceTexts::default();
    let line = format!("{}\"here\"{}", "é".repeat(100_000), "x".repeat(100_000));
    sources.insert("a.json".into(), line.as_str().into());
    let diagnostics = [Diagnostic::new(&diagnostic::SYNTAX, place("a.json", 1, 100_001), "m")];
    let text = Report { diagnostics: &diagnostics, sources: &sources, facts: &[] }.render(ReportFormat::Human, Style::default());
    assert!(text.len() < 2000 && text.contains("a.json:1:100001") && text.contains("\"here\"") && text.contains("^^^^^^"), "{text}");
}

#[test]
fn places_outside_the_text_are_survived() {
    let mut sources = SourceTexts::default();
    sources.insert("a.json".into(), "{}".into());
    for (line, column) in [(1, 0), (1, 3), (1, 99), (2, 1), (u32::MAX, u32::MAX), (0, 0)] {
        let diagnostics = [Diagnostic::new(&diagnostic::SYNTAX, place("a.json", line, column), "m")];
        let text = Report { diagnostics: &diagnostics, sources: &sources, facts: &[] }.render(ReportFormat::Human, Style::default());
        assert!(text.contains("EV006"), "{text}");
    }
}

#[test]
fn json_has_the_shape_that_scripts_rely_on() {
    let text = with_report(|report| report.render(ReportFormat::Json, Style::default()));
    insta::assert_snapshot!(text, @r#"
    {
      "diagnostics": [
        {
          "code": "EV006",
          "rule": "syntax",
          "level": "error",
          "message": "50% <bad> \u001b[31m&\nnews",
          "file": "a,b/c.json",
          "line": 2,
          "column": 11,
          "help": "mend: it",
          "topic": "a.b",
          "fingerprint": "503f43d82f411d02"
        },
        {
          "code": "EV008",
          "rule": "not-a-schema",
          "level": "note",
          "message": "whole file",
          "file": "z.json",
          "line": 0,
          "column": 0,
          "fingerprint": "16d43c25c5273491"
        }
      ],
      "summary": {
        "errors": 1,
        "warnings": 0,
        "notes": 1,
        "contracts": 2
      }
    }
    "#);
}

#[test]
fn sarif_names_rules_and_places() {
    let text = with_report(|report| report.render(ReportFormat::Sarif, Style::default()));
    let value: Value = serde_json::from_str(&text).unwrap();
    let run = &value["runs"][0];
    assert_eq!(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%2Cb/c.json");
    assert_eq!(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
    assert!(run["results"][1]["locations"][0]["physicalLocation"].get("region").is_none());
    for result in run["results"].as_array().unwrap() {
        let index: usize = result["ruleIndex"].to_string().parse().unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[test]
fn github_escapes_what_ends_a_command() {
    let text = with_report(|report| report.render(ReportFormat::Github, Style::default()));
    assert_eq!(
        text,
        "::error file=a%2Cb/c.json,line=2,col=11,title=EV006 syntax::50%25 <bad> \u{fffd}[31m&%0Anews%0Ahelp: mend: it\n\
         ::notice file=z.json,title=EV008 not-a-schema::whole file\n"
    );
}

#[test]
fn junit_fails_for_errors_only() {
    let text = with_report(|report| report.render(ReportFormat::Junit, Style::default()));
    insta::assert_snapshot!(text, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="eventc" tests="2" failures="1">
      <testsuite name="a,b/c.json" tests="1" failures="1">
        <testcase name="EV006 syntax at a,b/c.json:2:11" classname="a,b/c.json">
          <failure message="50% &lt;bad&gt; �[31m&amp;&#10;news" type="EV006">a,b/c.json:2:11: 50% &lt;bad&gt; �[31m&amp;&#10;news&#10;help: mend: it</failure>
        </testcase>
      </testsuite>
      <testsuite name="z.json" tests="1" failures="0">
        <testcase name="EV008 not-a-schema at z.json" classname="z.json">
          <system-out>note: z.json: whole file</system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
    let none = Report { diagnostics: &[], sources: &SourceTexts::default(), facts: &[] }.render(ReportFormat::Junit, Style::default());
    assert!(none.contains("<testcase name=\"nothing found\""), "{none}");
}

#[test]
fn gitlab_fingerprints_are_unique() {
    let same = || Diagnostic::new(&diagnostic::SYNTAX, place("a.json", 0, 0), "m");
    let diagnostics = [same(), same()];
    let text =
        Report { diagnostics: &diagnostics, sources: &SourceTexts::default(), facts: &[] }.render(ReportFormat::Gitlab, Style::default());
    let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_ne!(issues[0]["fingerprint"], issues[1]["fingerprint"]);
    assert_eq!(issues[0]["location"]["lines"]["begin"], 1);
}

/// Returns a break, with the older side and what proves it.
fn with_break<T>(check: impl FnOnce(&Report<'_>) -> T) -> T {
    let mut sources = SourceTexts::default();
    sources.insert("events/order.json".into(), "{\n  \"maximum\": 5\n}\n".into());
    sources.insert("releases/1.0.0.json".into(), "{\"maximum\": 9}\n".into());
    let related =
        Related { place: place("releases/1.0.0.json", 1, 13), pointer: "/maximum".into(), label: "1.0.0 as it was released".into() };
    let evidence = Evidence {
        witness: Some(serde_json::json!({"total": 7, "note": "``` | <b>"})),
        instance: "/total".into(),
        consumers: vec!["billing".into(), "ship|ping".into()],
        related: Some(related),
        identity: "same".into(),
    };
    let finding = Diagnostic::new(&diagnostic::SYNTAX, place("events/order.json", 2, 14), "the maximum fell from 9 to 5 (against 1.0.0)")
        .pointer("/maximum")
        .help("keep 9")
        .topic("order.created")
        .evidence(evidence);
    check(&Report { diagnostics: &[finding], sources: &sources, facts: &[] })
}

#[test]
fn human_shows_both_sides_and_the_proof() {
    let text = with_break(|report| report.render(ReportFormat::Human, Style::default()));
    insta::assert_snapshot!(text, @r#"
    error[EV006 syntax]: the maximum fell from 9 to 5 (against 1.0.0)
     --> events/order.json:2:14
      |
    2 |   "maximum": 5
      |              ^
      |
     ::: releases/1.0.0.json:1:13
      |
    1 | {"maximum": 9}
      |             - 1.0.0 as it was released
      |
      = note: shown by {"total":7,"note":"``` | <b>"}, at /total
      = note: concerns billing, ship|ping
      = note: stands at /maximum
      = help: keep 9

    1 error
    "#);
}

#[test]
fn json_has_the_proof() {
    let text = with_break(|report| report.render(ReportFormat::Json, Style::default()));
    let finding = serde_json::from_str::<Value>(&text).unwrap()["diagnostics"][0].clone();
    assert_eq!(finding["witness"], serde_json::json!({"total": 7, "note": "``` | <b>"}));
    assert_eq!((&finding["instance_pointer"], &finding["consumers"]), (&"/total".into(), &serde_json::json!(["billing", "ship|ping"])));
    assert_eq!(finding["related"]["pointer"], "/maximum");
    assert_eq!(finding["related"]["file"], "releases/1.0.0.json");
}

#[test]
fn sarif_relates_both_sides() {
    let text = with_break(|report| report.render(ReportFormat::Sarif, Style::default()));
    let result = serde_json::from_str::<Value>(&text).unwrap()["runs"][0]["results"][0].clone();
    let related = &result["relatedLocations"][0];
    assert_eq!(related["physicalLocation"]["artifactLocation"]["uri"], "releases/1.0.0.json");
    assert_eq!(related["message"]["text"], "1.0.0 as it was released");
    assert_eq!(result["properties"]["instancePointer"], "/total");
}

#[test]
fn markdown_sums_up_for_a_reviewer() {
    let change = |verdict, findings, accepted| Change {
        topic: "order.created".into(),
        file: "events/order.json".into(),
        from: "1.0.0".into(),
        to: "1.1.0".into(),
        verdict,
        required_bump: if findings > 0 { Bump::Major } else { Bump::Minor },
        findings,
        accepted,
        consumers: vec!["billing".into(), "ship|ping".into()],
    };
    let changes = [change(Some(Verdict::Incompatible), 2, 1), change(Some(Verdict::Compatible), 0, 0)];
    let text = with_break(|report| markdown(report, &changes));
    insta::assert_snapshot!(text, @r#"
    ## Event contracts: 1 error

    | Contract | Version | Verdict | Needs | Findings | Concerns |
    |---|---|---|---|---|---|
    | `order.created` | 1.0.0 → 1.1.0 | **incompatible** | major | 2, 1 accepted | billing, ship\|ping |
    | `order.created` | 1.0.0 → 1.1.0 | compatible | minor |  | billing, ship\|ping |

    ### What broke

    **error EV006 syntax** at `events/order.json:2:14`: the maximum fell from 9 to 5 (against 1.0.0). *keep 9*

    <details><summary>An event that shows it</summary>

    ````json
    {
      "total": 7,
      "note": "``` | <b>"
    }
    ````

    Refused at `/total`.
    Before: `releases/1.0.0.json:1:13`, 1.0.0 as it was released.
    Concerns billing, ship\|ping.
    An `allow` for it says `rule` `syntax` and `at` `/maximum`.

    </details>
    "#);
    let other = with_report(|report| report.render(ReportFormat::Markdown, Style::default()));
    assert!(other.contains("50% &lt;bad&gt;") && !other.contains('\u{1b}'), "{other}");
}
