//! The kinds of breaks, each with its page, and which of them a refusal is.

use eventc_model::diagnostic::{Level, Rule};

macro_rules! rules {
    ($($id:ident = $code:literal $name:literal $summary:literal $docs:literal;)*) => {
        $(#[doc = concat!("The rule `", $name, "`: ", $summary, ".")]
        pub static $id: Rule =
            Rule { code: $code, name: $name, level: Level::Error, summary: $summary, docs: $docs };)*
        /// Every kind of break between two versions of a schema.
        pub static BREAKS: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    TYPE_CHANGED = "EV301" "type-changed" "a value may have a type that the reader refuses"
        "The writer's schema allows a type that the reader's does not: a string became a number, `null` is no longer accepted, `number` \
         was narrowed to `integer`.\n\n```json\n\"quantity\": { \"type\": \"string\" }   // old\n\"quantity\": { \"type\": \"integer\" }  // new: \
         refuses \"3\"\n```\n\nAdd the new type beside the old one (`\"type\": [\"string\", \"integer\"]`), add a property of a new name, or make a \
         new major.";
    VALUE_REMOVED = "EV302" "value-removed" "a value is not among those that the reader knows"
        "`enum` or `const` of the reader's schema does not have a value that the writer's schema allows. Backward, a value was removed, or an \
         `enum` is new; forward, a value was added that old readers do not know.\n\nKeep the value and document that it is no longer sent; or let \
         readers survive unknown values: `tolerance = \"open-enums\"` in the namespace makes that a promise which the gate and the generated code \
         both keep.";
    BOUND_CHANGED = "EV303" "bound-changed" "a number may lie outside the reader's bounds"
        "`minimum`, `maximum`, `exclusiveMinimum` or `exclusiveMaximum` of the reader's schema refuses numbers that the writer's allows.\n\n\
         ```json\n\"score\": { \"type\": \"number\", \"maximum\": 100 }  // old\n\"score\": { \"type\": \"number\", \"maximum\": 1 }    // new: refuses 70\n```\n\n\
         Keep the wider bound, or make a new major.";
    MULTIPLE_CHANGED = "EV304" "multiple-changed" "a number may be no multiple of what the reader asks for"
        "`multipleOf` of the reader's schema refuses numbers that the writer's allows. A divisor of the old one accepts all that the old one \
         did.\n\nKeep the old divisor, take one that divides it, or make a new major.";
    LENGTH_CHANGED = "EV305" "length-changed" "a string may be shorter or longer than the reader accepts"
        "`minLength` or `maxLength` of the reader's schema refuses strings that the writer's allows. Length counts code points (2020-12 \
         validation, section 6.3).\n\nKeep the wider bound, or make a new major.";
    PATTERN_CHANGED = "EV306" "pattern-changed" "a string may not match the reader's pattern"
        "`pattern` of the reader's schema finds nothing in some string that the writer's schema allows. Patterns are compared as the sets \
         of strings that they match, with ECMA-262 meaning: they search anywhere, `\\\\d` and `\\\\w` are ASCII, `$` stands only at the end.\n\n\
         Widen the pattern so that it matches all that the old one did, or make a new major.";
    FORMAT_CHANGED = "EV307" "format-changed" "a string may break the format that the reader states"
        "The reader's schema states a `format` that strings of the writer need not have. For compatibility a format counts as a demand on both \
         sides, since a reader may assert it.\n\nDrop the format, make a new major, or say with `formats = \"annotation\"` that nobody asserts it.";
    PROPERTY_REQUIRED = "EV308" "property-required" "an object may lack a property that the reader requires"
        "Backward, a property became required, or a new one is required from the start: old events lack it. Forward, a property is no longer \
         required that old readers need. A `default` changes nothing: nobody writes it into events.\n\n```json\n\"required\": [\"id\"]              // old\n\
         \"required\": [\"id\", \"currency\"]  // new: refuses {\"id\": \"1\"}\n```\n\nMake the property optional and let the reader supply what is missing, or \
         make a new major.";
    PROPERTY_REMOVED = "EV309" "property-removed" "the reader's closed object refuses a property that the writer declares"
        "The reader's schema closes the object (`additionalProperties: false` or `unevaluatedProperties: false`) and does not name a \
         property that the writer may send.\n\nKeep the property and mark it `\"deprecated\": true`; open the object; or make a new major.";
    OBJECT_CLOSED = "EV310" "object-closed" "the reader restricts properties that the writer's object leaves open"
        "The writer's object is a map, or open under the strict content model, and may hold properties of any name; the reader's schema refuses or \
         types some of them.\n\nLeave the object open, or make a new major.";
    PROPERTY_COUNT_CHANGED = "EV311" "property-count-changed" "an object may have more or fewer properties than the reader accepts"
        "`minProperties` or `maxProperties` of the reader's schema refuses objects that the writer's allows.\n\nKeep the wider bound, or make a \
         new major.";
    PROPERTY_NAMES_CHANGED = "EV312" "property-names-changed" "a property may have a name that the reader refuses"
        "`propertyNames` of the reader's schema refuses a name that the writer may use.\n\nWiden it, or make a new major.";
    DEPENDENCY_CHANGED = "EV313" "dependency-changed" "an object may lack what the reader asks for beside another property"
        "`dependentRequired`, `dependentSchemas` or `dependencies` of the reader's schema asks for more where some property is \
         present.\n\nDrop the dependency, or make a new major.";
    ITEM_COUNT_CHANGED = "EV314" "item-count-changed" "an array may have more or fewer items than the reader accepts"
        "`minItems` or `maxItems` of the reader's schema refuses arrays that the writer's allows.\n\nKeep the wider bound, or make a new major.";
    ITEMS_UNIQUE = "EV315" "items-unique" "an array may repeat an item"
        "`uniqueItems` of the reader's schema refuses arrays in which the writer may repeat an item.\n\nDrop it, or make a new major.";
    ITEM_REMOVED = "EV316" "item-removed" "the reader's tuple refuses an item that the writer may send"
        "The reader's schema allows no item at an index where the writer may send one.\n\nLet the tuple be open, or make a new major.";
    CONTAINS_CHANGED = "EV317" "contains-changed" "an array may have too many or too few items of a kind"
        "`contains`, `minContains` or `maxContains` of the reader's schema refuses arrays that the writer's allows.\n\nKeep the wider \
         demand, or make a new major.";
    BRANCH_REMOVED = "EV318" "branch-removed" "a value may fit no branch of the reader's union"
        "`anyOf` or `oneOf` of the reader's schema has no branch that accepts some value of the writer: a branch was removed, or each one \
         narrowed.\n\nKeep the branch, or make a new major.";
    BRANCH_OVERLAP = "EV319" "branch-overlap" "a value may fit several branches of the reader's `oneOf`"
        "`oneOf` accepts a value that fits exactly one branch. With a new or wider branch, some value of the writer fits two and is refused. \
         Registries that compare branch by branch miss this.\n\nUse `anyOf`, or keep branches apart by a constant (a discriminator).";
    EXCLUSION_CHANGED = "EV320" "exclusion-changed" "a value may be one that the reader excludes"
        "`not` of the reader's schema refuses values that the writer's allows.\n\nNarrow what is excluded, or make a new major.";
    NOTHING_ACCEPTED = "EV321" "nothing-accepted" "the reader accepts nothing where the writer may send a value"
        "The reader's schema at the place is `false`.\n\nLeave the place open, or make a new major.";
    NAME_CHANGED = "EV322" "name-changed" "an Avro type has a name that the reader does not know"
        "Records, enums and fixed types match by their unqualified names (Avro 1.12, \"Schema Resolution\"). The reader's type has another name \
         than the writer's, and no alias for it.\n\nAdd the former name to `aliases` of the type.";
    MEANING_CHANGED = "EV323" "meaning-changed" "the same data mean something else to the reader"
        "The bytes are read without an error, and are taken for something else: the scale of a decimal, or a logical type such as \
         `timestamp-millis` changed. 12.50 read with another scale is 125.0.\n\n```json\n{ \"type\": \"bytes\", \"logicalType\": \"decimal\", \
         \"precision\": 10, \"scale\": 2 }  // old\n{ \"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 10, \"scale\": 1 }  // new\n\
         ```\n\nAdd a field for the new meaning, or make a new major.";
}

/// The breaks that decoding into types tells, without validation.
pub(crate) static STRUCTURAL: &[&Rule] = &[
    &TYPE_CHANGED,
    &VALUE_REMOVED,
    &PROPERTY_REQUIRED,
    &PROPERTY_REMOVED,
    &OBJECT_CLOSED,
    &BRANCH_REMOVED,
    &NOTHING_ACCEPTED,
    &NAME_CHANGED,
    &MEANING_CHANGED,
];

/// Returns the kind of break that a keyword's refusal is; `declared`: the writer's schemas name the property; `fits`: some
/// branch accepts.
pub(super) fn of_keyword(keyword: &str, declared: bool, fits: bool) -> &'static Rule {
    match keyword {
        "type" => &TYPE_CHANGED,
        "enum" | "const" => &VALUE_REMOVED,
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => &BOUND_CHANGED,
        "multipleOf" => &MULTIPLE_CHANGED,
        "minLength" | "maxLength" => &LENGTH_CHANGED,
        "pattern" => &PATTERN_CHANGED,
        "format" | "contentEncoding" | "contentMediaType" => &FORMAT_CHANGED,
        "required" => &PROPERTY_REQUIRED,
        "properties" | "patternProperties" | "additionalProperties" | "unevaluatedProperties" if declared => &PROPERTY_REMOVED,
        "properties" | "patternProperties" | "additionalProperties" | "unevaluatedProperties" => &OBJECT_CLOSED,
        "minProperties" | "maxProperties" => &PROPERTY_COUNT_CHANGED,
        "propertyNames" => &PROPERTY_NAMES_CHANGED,
        "dependentRequired" | "dependentSchemas" => &DEPENDENCY_CHANGED,
        "minItems" | "maxItems" => &ITEM_COUNT_CHANGED,
        "uniqueItems" => &ITEMS_UNIQUE,
        "items" | "prefixItems" | "unevaluatedItems" => &ITEM_REMOVED,
        "contains" => &CONTAINS_CHANGED,
        "oneOf" if fits => &BRANCH_OVERLAP,
        "anyOf" | "oneOf" => &BRANCH_REMOVED,
        "not" => &EXCLUSION_CHANGED,
        _ => &NOTHING_ACCEPTED,
    }
}
