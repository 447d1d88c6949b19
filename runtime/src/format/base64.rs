//! Bytes in base64 (RFC 4648, section 4); padding may be missing.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{Format, Formatted};

const ENGINE: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// The text of bytes in base64 (`byte`, or `contentEncoding`).
pub type Byte = Formatted<Vec<u8>>;

impl Format for Vec<u8> {
    const EXPECTED: &'static str = "base64";

    fn parse(text: &str) -> Option<Self> {
        ENGINE.decode(text).ok()
    }

    fn to_text(&self) -> String {
        ENGINE.encode(self)
    }
}
