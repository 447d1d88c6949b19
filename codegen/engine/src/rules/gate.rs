//! The rules of the gate. Kinds of breaks have rules of their own, in [`crate::compat`].

use eventc_model::diagnostic::{Level, Rule};

use crate::compat::rules::BREAKS;

/// Returns the rule of a code or name under which the gate reports: its own, or a kind of break.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    BREAKS.iter().chain(RULES).copied().find(|rule| rule.is_called(code_or_name))
}

macro_rules! rules {
    ($($id:ident = $code:literal $name:literal $level:ident $summary:literal $docs:literal;)*) => {
        $(
            /// See [`Rule::docs`].
            pub static $id: Rule = Rule { code: $code, name: $name, level: Level::$level, summary: $summary, docs: $docs };
        )*
        /// Every rule of the gate, by code.
        pub static RULES: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    BREAK_WITHOUT_MAJOR = "EV341" "break-without-major" Error "a contract breaks what its major promised" "\
### What it finds
A contract whose documents one side no longer understands: a release of the same major, or the baseline of `--against`, and the tree
are not compatible in the mode of the namespace; or, whatever the mode, a service that is known to read the event would refuse new
events. The findings beside it say what broke, each with a document that proves it and the services that it concerns.

### Why it is bad
Services at the older version are still running, and events of the older version are still stored. A new major is a new file and a new
topic, so that both can live side by side until the last reader has moved.

### Example
```json
{ \"x-event\": { \"version\": \"1.1.0\" }, \"required\": [\"id\", \"currency\"] }
```
where 1.0.0 did not require `currency`.

### What to do
Undo the break (make the property optional, widen the bound), or let `eventc bump KEY` copy the file to the next major and deprecate the
old one. A break that nobody feels is accepted by an `allow` for each finding, by somebody whom `[approvals]` names.
";
    MISSING_BUMP = "EV342" "missing-bump" Error "the version says less than what changed" "\
### What it finds
A version in `x-event` that steps less far from the newest release than the change needs: new meaning (documents are accepted that were
not, or the reverse) asks for a new minor, changed annotations for a new patch.

### Why it is bad
Readers take a patch without looking. A minor tells them that there is something new to see.

### Example
An optional property was added, and `version` went from `1.2.0` to `1.2.1`.

### What to do
`eventc bump KEY` writes the right version.
";
    EMPTY_BUMP = "EV343" "empty-bump" Note "a new version says the same as the one before" "\
### What it finds
A version in `x-event` above the newest release, although neither the schema nor `x-event` changed.

### Why it is bad
Readers look for a change that is not there.

### Example
`version` went from `1.2.0` to `1.3.0`, and nothing else did.

### What to do
Set `version` back, or leave it where the change is about to follow.
";
    VERSION_BEHIND = "EV344" "version-behind" Error "a contract is older than its newest release" "\
### What it finds
A version in `x-event` below a release of the same major.

### Why it is bad
The newest release is what producers use. Whoever generates code from the tree would go back without knowing it.

### Example
`version` says `1.1.0`, and `1.2.0` is released. Often two branches were merged.

### What to do
Take the newest release as the base of the change, and set a version above it: `eventc bump KEY`.
";
    DELETED_BEFORE_SUNSET = "EV345" "deleted-before-sunset" Error "a released contract is gone before its sunset" "\
### What it finds
Releases of a contract (or a contract of the baseline, in a repository without releases) whose file is gone, although the newest of
them is not deprecated, or its `sunset` is not over on the day of `--today`. Contracts that were unstable may go at any time.

### Why it is bad
Somebody may still send or read the event, and nobody would check it any more.

### Example
`order/created.v1.json` is removed while its last release has no `deprecated`.

### What to do
Restore the file, deprecate it (`\"deprecated\": {\"since\": ..., \"sunset\": ..., \"use\": ...}`), release that as a patch, and remove the
file after the sunset.
";
    SUNSET_MOVED_UP = "EV346" "sunset-moved-up" Error "a sunset comes sooner than it was announced" "\
### What it finds
A `deprecated.sunset` in `x-event` that lies before the one in a release, or in the baseline. That the window between `since` and
`sunset` is long enough is the rule `short-sunset`.

### Why it is bad
Readers planned their move by the announced day.

### Example
The release says `\"sunset\": \"2027-06-30\"`, the tree says `\"sunset\": \"2027-03-31\"`.

### What to do
Keep the announced day, or a later one.
";
    STABLE_ON_UNSTABLE = "EV347" "stable-on-unstable" Error "a stable contract refers to an unstable one" "\
### What it finds
A contract with `stability: stable` (the default) that refers by `$ref`, or by `reply`, to a file whose `x-event` says `unstable`.

### Why it is bad
The unstable one may break at any time, and with it the stable one.

### Example
```json
{ \"properties\": { \"draft\": { \"$ref\": \"draft.v1.json\" } } }
```
where `draft.v1.json` is unstable.

### What to do
Make the other one stable, move what both share into a file that begins with `_`, or mark this one as unstable too.
";
    UNDECIDED = "EV348" "undecided" Error "whether a change is compatible is not known" "\
### What it finds
A change that eventc can neither prove to be compatible nor refute with a document. The message names the keyword and why.

### Why it is bad
It may be a break. A gate that lets through what it does not know is none.

### Example
A changed regular expression with a look-behind.

### What to do
Say the same in simpler words, split the change, or look at it yourself and accept the finding with an `allow`.
";
    UNAUTHORIZED_APPROVAL = "EV349" "unauthorized-approval" Error "somebody accepts a break who may not" "\
### What it finds
An `allow` for a finding of the gate whose `by` is none of those that `[approvals]` in eventc.toml names, neither by name nor by handle.
It accepts nothing.

### Why it is bad
Whom a break hurts is not for its author to decide.

### Example
```toml
[approvals]
breaks = [\"platform-team\"]
```
```json
{ \"allow\": [{ \"rule\": \"EV341\", \"at\": \"/x-event/version\", \"reason\": \"nobody reads it\", \"by\": \"me\" }] }
```

### What to do
Ask one of those who may. `eventc codeowners` lets the code host ask them.
";
    RELEASE_REMOVED = "EV350" "release-removed" Error "a release that the baseline has is gone or changed" "\
### What it finds
With `--against`: a file in the releases folder of the baseline that is gone, or that has another text now.

### Why it is bad
Releases are what everybody compares with. Where one may vanish, so may the promise.

### Example
`schemas/releases/shop/order/created/1.0.0.json` was removed together with the property that it required.

### What to do
Restore the file from version control.
";
    STABILITY_WITHDRAWN = "EV351" "stability-withdrawn" Error "a stable contract becomes unstable" "\
### What it finds
A contract with `stability: unstable` whose newest release of the same major was stable.

### Why it is bad
Readers were told that they may rely on it. An unstable contract may break at any time.

### Example
`\"stability\": \"unstable\"` in a change that also removes a property.

### What to do
Keep it stable. What is to be tried out belongs into a new major: `order/created.v2.json` may be unstable.
";
    ACCEPTED = "EV352" "accepted-break" Note "a finding of the gate is accepted" "\
### What it finds
A finding of the gate that an `allow` in `x-event` accepts, with who accepted it, why and until when.

### Why it is bad
It is not; it is shown so that nobody forgets it.

### Example
```json
{ \"allow\": [{ \"rule\": \"EV341\", \"at\": \"/x-event/version\", \"reason\": \"nobody reads it\", \"by\": \"platform-team\" }] }
```

### What to do
Nothing, or mend it and remove the entry.
";
    IDENTIFIER_MOVED = "EV353" "identifier-moved" Error "an identifier of generated code stands for something else" "\
### What it finds
An identifier that an output makes of the contract (a type, a field, a member of an enum, an alternative) and that stood for something else in
the newest release.

### Why it is bad
Code that was written for the release still compiles, and means something else.

### Example
The property `fooBar` was removed and `foo_bar` was added: both are `foo_bar` in Rust.

### What to do
Call the new one otherwise, or give its schema another `title`.
";
    IDENTIFIER_VANISHED = "EV354" "identifier-vanished" Warning "generated code calls something otherwise" "\
### What it finds
Something that the newest release has as well, under another identifier in generated code: several names fold to one identifier now, which none of
them keeps, or a `title` changed.

### Why it is bad
Code that was written for the release does not compile with the next package. Events are not concerned.

### Example
Beside the property `fooBar` there is `foo-bar` now: the field `foo_bar` is called `mixed_foo_bar_`, and the other `foo_minus_bar_`.

### What to do
Call the new one otherwise, or tell those who use the package.
";
    NOTHING_RELEASED = "EV355" "nothing-released" Note "no contract was ever released" "\
### What it finds
A tree with contracts and without a release, where no baseline is compared with either.

### Why it is bad
The gate has nothing to compare with: whatever changes, it finds nothing.

### Example
A project that `eventc init` has just made.

### What to do
Run `eventc release` and commit what it writes, whenever a change is merged. Until then, `--against git:origin/main` compares with
the branch that a change goes into.
";
    KEY_CHANGED = "EV356" "key-changed" Error "a stable contract has another partition key than when it was released" "\
### What it finds
Another `key` in `x-event` than the last record in `settings.jsonl` beside the releases has, on a stable contract.

### Why it is bad
Events of one thing are in one partition, in their order, because they have one key. With another key they are read in another order,
by another consumer, and compaction keeps others.

### Example
`\"key\": \"/customer_id\"` became `\"key\": \"/order_id\"`.

### What to do
Undo the change. Where each reader copes with it, accept the finding by an `allow` in `x-event` with its reason; a new version accepts
nothing here, and the next release records what holds from then on.
";
    PARTITIONS_CHANGED = "EV357" "partitions-changed" Error "a keyed topic has another number of partitions than when it was released" "\
### What it finds
Another number of `partitions` than the last record in `settings.jsonl` has, on a stable contract with a `key` on Kafka.

### Why it is bad
The partition is the key's hash by the number of partitions. From the change on, new events of a key are in another partition than
its old ones, and may be read before them.

### Example
`partitions = 3` in the namespace became `partitions = 6`.

### What to do
Undo the change. Where each reader copes with it, accept the finding by an `allow` in `x-event` with its reason; a new version accepts
nothing here, and the next release records what holds from then on.
";
    RETENTION_LOWERED = "EV358" "retention-lowered" Error "events are kept for a shorter time than was released" "\
### What it finds
A shorter `retention` than the last record in `settings.jsonl` has, on a stable contract.

### Why it is bad
The broker deletes what is older as soon as it hears of it. A consumer that was away, or that reads from the beginning, loses events.

### Example
`retention = \"30d\"` became `retention = \"7d\"`.

### What to do
Undo the change. Where each reader copes with it, accept the finding by an `allow` in `x-event` with its reason; a new version accepts
nothing here, and the next release records what holds from then on.
";
    PRODUCER_REMOVED = "EV359" "producer-removed" Error "a service no longer sends an event that somebody reads" "\
### What it finds
A service that the last record in `settings.jsonl` names among the `producers` of a stable contract and `x-event` does not, while some
service consumes the event.

### Why it is bad
The readers wait for what never comes.

### Example
`\"producers\": [\"web\", \"app\"]` became `\"producers\": [\"web\"]`, and billing reads the event.

### What to do
Undo the change. Where each reader copes with it, accept the finding by an `allow` in `x-event` with its reason; a new version accepts
nothing here, and the next release records what holds from then on.
";
    ENVELOPE_CHANGED = "EV360" "envelope-changed" Error "a stable contract travels in another envelope than when it was released" "\
### What it finds
Another envelope, or another place of the payload in it, than the last record in `settings.jsonl` has, on a stable contract. A change of
the envelope's own schema is judged like that of any contract.

### Why it is bad
Whoever unwraps events finds them no more.

### Example
`payload = \"/data\"` under `[namespace.envelope]` became `payload = \"/body\"`.

### What to do
Undo the change. Where each reader copes with it, accept the finding by an `allow` in `x-event` with its reason; a new version accepts
nothing here, and the next release records what holds from then on.
";
    SENSITIVITY_LOWERED = "EV361" "sensitivity-lowered" Error "data are classified as less sensitive than when they were released" "\
### What it finds
A place in the data of a stable contract of which the last record in `settings.jsonl` names a class of `x-sensitive`, and that has none
now, or one that asks for less care: `secret`, then `pii`, then `confidential`.

### Why it is bad
Logs, debug output and exports leave out what is classified. With the class goes the protection, of events that are stored too.

### Example
`\"x-sensitive\": \"pii\"` was removed from `email`.

### What to do
Undo the change. Where each reader copes with it, accept the finding by an `allow` in `x-event` with its reason; a new version accepts
nothing here, and the next release records what holds from then on.
";
    CLEANUP_CHANGED = "EV363" "cleanup-changed" Error "old events of a topic become something else than was released" "\
### What it finds
Another `cleanup_policy` than the last record in `settings.jsonl` has, on a stable contract on Kafka.

### Why it is bad
A topic that becomes compacted loses all but the newest event of each key, and one that is compacted no longer loses what was to stay for
ever, as soon as the broker hears of it.

### Example
`cleanup_policy = \"delete\"` became `cleanup_policy = \"compact\"`.

### What to do
Undo the change. Where each reader copes with it, accept the finding by an `allow` in `x-event` with its reason; a new version accepts
nothing here, and the next release records what holds from then on.
";
    ROUTE_CHANGED = "EV364" "route-changed" Error "an exchange or queue is of another type than when it was released" "\
### What it finds
Another `exchange_type` or `queue_type` than the last record in `settings.jsonl` has, on a stable contract on RabbitMQ.

### Why it is bad
No broker changes the type of what is there: the exchange or queue has to be deleted, with what waits in it, and made again; until then
producers and consumers that declare it are refused.

### Example
`queue_type = \"classic\"` became `queue_type = \"quorum\"`.

### What to do
Undo the change, or make the new one under another name beside it. Where the queue may be emptied first, accept the finding by an `allow` in
`x-event` with its reason.
";
    TTL_LOWERED = "EV365" "ttl-lowered" Error "messages wait for a shorter time than was released" "\
### What it finds
A shorter `ttl` than the last record in `settings.jsonl` has, or one where the record has none, on a stable contract on RabbitMQ.

### Why it is bad
What waits for longer is dead at once, and a consumer that is away for as long as it used to be loses events.

### Example
`ttl = \"24h\"` became `ttl = \"1h\"`.

### What to do
Undo the change. Where each reader copes with it, accept the finding by an `allow` in `x-event` with its reason; a new version accepts
nothing here, and the next release records what holds from then on.
";
    PRIORITY_CHANGED = "EV366" "priority-changed" Error "a queue has another range of priorities than when it was released" "\
### What it finds
Another `priority` than the last record in `settings.jsonl` has, or one where the record has none, on a stable contract on RabbitMQ.

### Why it is bad
The range is an argument of the queue: the queue has to be deleted, with what waits in it, and made again.

### Example
`priority = 9` became `priority = 5`.

### What to do
Undo the change. Where the queue may be emptied first, accept the finding by an `allow` in
`x-event` with its reason.
";
}
