//! The trace context of an event: its place in a distributed trace.

use std::{fmt, str::FromStr};

/// A W3C trace context of version 00 (Trace Context, section 3.2): `00-<trace id>-<parent id>-<flags>` in lower-case hexadecimal.
///
/// ```
/// use eventc::TraceContext;
///
/// let context: TraceContext = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().unwrap();
/// assert_eq!(context.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
/// assert_eq!(context.child("53995c3f42cd8ad8").unwrap().parent_id(), "53995c3f42cd8ad8");
/// assert!("00-0-0-01".parse::<TraceContext>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TraceContext {
    text: String,
}

/// A text is no W3C trace context of version 00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoTraceContext;

impl fmt::Display for NoTraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a trace context has the form 00-<32 hexadecimal digits>-<16>-<2>, in lower case, and neither id is all zeros")
    }
}

impl std::error::Error for NoTraceContext {}

impl TraceContext {
    /// Returns the trace that all its spans share: 32 hexadecimal digits.
    pub fn trace_id(&self) -> &str {
        &self.text[3..35]
    }

    /// Returns the span that the event was sent in: 16 hexadecimal digits.
    pub fn parent_id(&self) -> &str {
        &self.text[36..52]
    }

    /// Returns whether the sender records the trace.
    pub fn is_sampled(&self) -> bool {
        self.text[53..].chars().last().and_then(|digit| digit.to_digit(16)).is_some_and(|flags| flags & 1 == 1)
    }

    /// Returns the same trace, in another span.
    ///
    /// # Errors
    /// Where the span is not 16 hexadecimal digits in lower case.
    pub fn child(&self, span: &str) -> Result<Self, NoTraceContext> {
        format!("00-{}-{span}-{}", self.trace_id(), &self.text[53..]).parse()
    }
}

impl FromStr for TraceContext {
    type Err = NoTraceContext;

    fn from_str(text: &str) -> Result<Self, NoTraceContext> {
        let parts: Vec<&str> = text.split('-').collect();
        let [version, trace, parent, flags] = parts[..] else { return Err(NoTraceContext) };
        let hex = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let id = |part: &str, digits: usize| hex(part, digits) && part.bytes().any(|byte| byte != b'0');
        let valid = version == "00" && id(trace, 32) && id(parent, 16) && hex(flags, 2);
        if valid { Ok(Self { text: text.to_owned() }) } else { Err(NoTraceContext) }
    }
}

/// Formats the context as `traceparent` spells it.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
