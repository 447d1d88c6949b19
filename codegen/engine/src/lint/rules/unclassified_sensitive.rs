//! EV151: a property that looks like personal data or a secret and is not classified.

use std::collections::HashSet;

use eventc_model::{
    diagnostic::{Level, Rule},
    metadata::Sensitivity,
    names,
    schema::{Keywords, Kind, NodeId},
    syntax::escape_pointer,
};

use crate::lint::{
    LintContext, RuleReport,
    context::Relation,
    paths::judging,
};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV151",
    name: "unclassified-sensitive",
    level: Level::Warning,
    summary: "a property looks like personal data or a secret and is not classified",
    docs: "\
### What it finds
A property whose name, word by word, says personal data (`customer_email`, `phone`, `date_of_birth`, `ip_address`) or a secret (`password`,
`api_key`, `access_token`), or whose format is `email`, and that carries no `x-sensitive`: neither itself, nor the schema that it refers
to, nor a property around it. Numbers, booleans and enumerations are left alone: `token_count` is no secret.

### Why it is bad
`x-sensitive` keeps values out of logs and debug output, marks them in the catalog, and tells whoever answers for data protection where
they are. What is not classified is logged.

### Example
```json
{ \"properties\": { \"customer_email\": { \"type\": \"string\" } } }
```

### What to do
Add `\"x-sensitive\": \"pii\"`, `\"secret\"` or `\"confidential\"`; or accept the finding with an `allow` and its reason.",
};

/// Endings of names, as words, that say what a text is.
const ENDINGS: &[(&str, Sensitivity)] = {
    use Sensitivity::{Pii, Secret};
    &[
        ("email", Pii),
        ("e mail", Pii),
        ("email address", Pii),
        ("mail address", Pii),
        ("phone", Pii),
        ("phone number", Pii),
        ("telephone", Pii),
        ("mobile number", Pii),
        ("fax number", Pii),
        ("ssn", Pii),
        ("social security number", Pii),
        ("national id", Pii),
        ("passport number", Pii),
        ("tax id", Pii),
        ("first name", Pii),
        ("last name", Pii),
        ("given name", Pii),
        ("family name", Pii),
        ("middle name", Pii),
        ("maiden name", Pii),
        ("surname", Pii),
        ("full name", Pii),
        ("birthday", Pii),
        ("birth date", Pii),
        ("birthdate", Pii),
        ("date of birth", Pii),
        ("dob", Pii),
        ("home address", Pii),
        ("street address", Pii),
        ("postal address", Pii),
        ("billing address", Pii),
        ("shipping address", Pii),
        ("ip", Pii),
        ("ip address", Pii),
        ("ip addr", Pii),
        ("client ip", Pii),
        ("mac address", Pii),
        ("iban", Pii),
        ("card number", Pii),
        ("account number", Pii),
        ("cvv", Secret),
        ("cvc", Secret),
        ("password", Secret),
        ("passwd", Secret),
        ("passphrase", Secret),
        ("password hash", Secret),
        ("pin code", Secret),
        ("secret", Secret),
        ("secret key", Secret),
        ("token", Secret),
        ("api key", Secret),
        ("apikey", Secret),
        ("access key", Secret),
        ("private key", Secret),
        ("signing key", Secret),
        ("encryption key", Secret),
        ("credential", Secret),
        ("connection string", Secret),
    ]
};

/// Names that end like a secret and are none.
const INNOCENT: &[&str] =
    &["page token", "next token", "continuation token", "cursor token", "sync token", "first token", "last token", "next page token", "stop token"];

/// Finds such properties.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for (id, keywords) in cx.nodes().filter(|(_, keywords)| !keywords.properties.is_empty()) {
        for (name, property) in &keywords.properties {
            let Some((class, reason)) = suspect(cx, name, *property) else { continue };
            if is_classified(cx, *property) {
                continue;
            }
            let message = format!("the property {name:?} {reason} and is not classified");
            report.member(cx, id, &format!("properties/{}", escape_pointer(name)), message, format!("add \"x-sensitive\": \"{}\"", class.as_str()));
        }
    }
}

/// Returns what the property seems to be, and why.
fn suspect(cx: &LintContext<'_>, name: &str, id: NodeId) -> Option<(Sensitivity, String)> {
    let is_email = [Some(id), cx.schemas().keywords(cx.schemas().target(id)).and_then(|keywords| keywords.items)].into_iter().flatten().any(|id| {
        let keywords = cx.schemas().keywords(cx.schemas().target(id));
        keywords.and_then(|keywords| keywords.format.as_deref()).is_some_and(|format| matches!(format, "email" | "idn-email"))
    });
    let found = if is_email { (Sensitivity::Pii, "is an e-mail address".to_owned()) } else { by_name(name)? };
    may_be_text(cx, id).then_some(found)
}

/// Returns what a name says, by its last words.
fn by_name(name: &str) -> Option<(Sensitivity, String)> {
    let words = names::snake(name).replace('_', " ");
    let ends = |ending: &str| {
        let rest = words.strip_suffix(ending).or_else(|| words.strip_suffix('s')?.strip_suffix(ending));
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
    };
    if INNOCENT.iter().any(|innocent| ends(innocent)) {
        return None;
    }
    let (ending, class) = ENDINGS.iter().filter(|(ending, _)| ends(ending)).max_by_key(|(ending, _)| ending.len())?;
    let what = if *class == Sensitivity::Secret { "a secret" } else { "personal data" };
    Some((*class, format!("looks like {what} ({ending})")))
}

/// Returns whether values may be free text, or lists of it: numbers, flags and enumerated words give nobody away.
fn may_be_text(cx: &LintContext<'_>, id: NodeId) -> bool {
    let free = |judging: &[&Keywords], kinds: &[Kind]| {
        let mut typed = judging.iter().filter_map(|keywords| keywords.types).peekable();
        let textual = typed.peek().is_none() || typed.any(|types| kinds.iter().any(|kind| types.contains(*kind)));
        textual && !judging.iter().any(|keywords| keywords.enum_values.is_some() || keywords.const_value.is_some())
    };
    let own = judging(cx, id);
    let items: Vec<_> = own.iter().filter_map(|keywords| keywords.items).flat_map(|items| judging(cx, items)).collect();
    !own.is_empty() && free(&own, &[Kind::String, Kind::Array]) && free(&items, &[Kind::String])
}

/// Returns whether the property, what it refers to, its items, or something around it says how sensitive it is.
fn is_classified(cx: &LintContext<'_>, id: NodeId) -> bool {
    let own = |id: NodeId| judging(cx, id).iter().any(|keywords| keywords.sensitive.is_some());
    own(id) || judging(cx, id).iter().filter_map(|keywords| keywords.items).any(own) || is_around(cx, id, &mut HashSet::new())
}

/// Returns whether a schema around this one is classified: the one that holds it, or every one that refers to it.
fn is_around(cx: &LintContext<'_>, id: NodeId, seen: &mut HashSet<NodeId>) -> bool {
    if !seen.insert(id) {
        return false;
    }
    let mut around = |id: NodeId| cx.schemas().keywords(id).is_some_and(|keywords| keywords.sensitive.is_some()) || is_around(cx, id, seen);
    let held = cx.parent(id).filter(|(_, step)| *step != Relation::Definition);
    held.is_some_and(|(parent, _)| around(parent)) || (!cx.referrers(id).is_empty() && cx.referrers(id).iter().all(|id| around(*id)))
}
