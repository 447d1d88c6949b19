//! Texts in the wide encodings of Unicode, of which no parser here reads anything.

/// Returns the name of the encoding of a text that is in UTF-16 or UTF-32, and the text, as far as it can be told; nothing for any other.
/// Without a byte order mark the first sign tells it, which is ASCII in JSON and nearly always in YAML.
pub(super) fn other(bytes: &[u8]) -> Option<(&'static str, String)> {
    type Unit = fn(&[u8]) -> u32;
    let wide: [(&str, usize, Unit); 4] = [
        ("UTF-32", 4, |unit| u32::from_le_bytes([unit[0], unit[1], unit[2], unit[3]])),
        ("UTF-32", 4, |unit| u32::from_be_bytes([unit[0], unit[1], unit[2], unit[3]])),
        ("UTF-16", 2, |unit| u32::from(u16::from_le_bytes([unit[0], unit[1]]))),
        ("UTF-16", 2, |unit| u32::from(u16::from_be_bytes([unit[0], unit[1]]))),
    ];
    let begins = |unit: u32| unit == 0xfeff || matches!(unit, 0x09 | 0x0a | 0x0d | 0x20..0x7f);
    wide.into_iter().find_map(|(name, width, unit)| {
        let units = || bytes.chunks_exact(width).map(unit);
        units().next().filter(|first| begins(*first))?;
        let text = if width == 2 {
            #[expect(clippy::cast_possible_truncation, reason = "each is of 16 bits")]
            char::decode_utf16(units().map(|unit| unit as u16)).map(|sign| sign.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        } else {
            units().map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>()
        };
        Some((name, text.trim_start_matches('\u{feff}').to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_texts_are_told_from_utf_8() {
        let bytes = |units: &[u16], order: fn(u16) -> [u8; 2]| units.iter().copied().flat_map(order).collect::<Vec<u8>>();
        let text: Vec<u16> = "{\"a\"}".encode_utf16().collect();
        let marked: Vec<u16> = [0xfeff].into_iter().chain(text.iter().copied()).collect();
        for wide in [
            bytes(&text, u16::to_le_bytes),
            bytes(&text, u16::to_be_bytes),
            bytes(&marked, u16::to_le_bytes),
            bytes(&marked, u16::to_be_bytes),
        ] {
            assert_eq!(other(&wide), Some(("UTF-16", "{\"a\"}".to_owned())), "{wide:?}");
        }
        let wider: Vec<u8> = "{}".chars().flat_map(|sign| u32::from(sign).to_le_bytes()).collect();
        assert_eq!(other(&wider), Some(("UTF-32", "{}".to_owned())));
        for text in ["", "{", "{}", "{\"a\": 1}", "\u{feff}{}", "type: object", "\u{0}\u{0}", "é"] {
            assert_eq!(other(text.as_bytes()), None, "{text:?}");
        }
    }
}
