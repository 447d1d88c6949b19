//! The published dialects and what differs between them.

/// A dialect of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// draft-zyp-json-schema-04
    Draft4,
    /// draft-wright-json-schema-01
    Draft6,
    /// draft-handrews-json-schema-01
    Draft7,
    /// draft-bhutton-json-schema-2019-09
    Draft2019,
    /// draft-bhutton-json-schema-2020-12: where no `$schema` says otherwise.
    Draft2020,
}

impl Dialect {
    /// The dialect whose meta-schema has this URI.
    ///
    /// ```
    /// use eventc_model::schema::Dialect;
    /// assert_eq!(Dialect::of("http://json-schema.org/draft-07/schema#"), Some(Dialect::Draft7));
    /// ```
    pub fn of(uri: &str) -> Option<Self> {
        match uri.trim_end_matches('#').trim_start_matches("https://").trim_start_matches("http://") {
            "json-schema.org/draft-04/schema" => Some(Self::Draft4),
            "json-schema.org/draft-06/schema" => Some(Self::Draft6),
            "json-schema.org/draft-07/schema" => Some(Self::Draft7),
            "json-schema.org/draft/2019-09/schema" => Some(Self::Draft2019),
            "json-schema.org/draft/2020-12/schema" | "json-schema.org/schema" => Some(Self::Draft2020),
            _ => None,
        }
    }

    /// The URI of the dialect's meta-schema.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Draft4 => "http://json-schema.org/draft-04/schema#",
            Self::Draft6 => "http://json-schema.org/draft-06/schema#",
            Self::Draft7 => "http://json-schema.org/draft-07/schema#",
            Self::Draft2019 => "https://json-schema.org/draft/2019-09/schema",
            Self::Draft2020 => "https://json-schema.org/draft/2020-12/schema",
        }
    }

    /// The keyword that names a schema.
    pub fn id_keyword(self) -> &'static str {
        if self == Self::Draft4 { "id" } else { "$id" }
    }

    /// Whether a `$ref` hides the keywords beside it (draft 7, section 8.3, and before).
    pub fn ref_hides_siblings(self) -> bool {
        self <= Self::Draft7
    }
}
