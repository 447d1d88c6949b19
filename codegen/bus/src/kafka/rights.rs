//! Rights in the protocol's bytes: CreateAcls, DescribeAcls and DeleteAcls, version 1, which every broker since Kafka 2.0 has.
//!
//! The client has calls for them that cannot be used (krafka 0.28.1): its numbers for the kinds of patterns are not those of the protocol, so
//! that it asks for `MATCH` where a whole name is meant, and has no number for beginnings of names.

use std::collections::{BTreeMap, BTreeSet};

use eventc_infra::kafka::{Acl, AclOperation, AclPattern, AclResource};

use super::live::Rights;

/// Version of all three requests.
pub(super) const VERSION: i16 = 1;

/// Stands for every resource, pattern, operation and permission in a filter.
const ANY: u8 = 1;

/// A right that allows.
const ALLOW: u8 = 3;

/// From everywhere.
const ANY_HOST: &str = "*";

const RESOURCES: [(AclResource, u8); 3] = [(AclResource::Topic, 2), (AclResource::Group, 3), (AclResource::TransactionalId, 5)];

const PATTERNS: [(AclPattern, u8); 2] = [(AclPattern::Literal, 3), (AclPattern::Prefixed, 4)];

const OPERATIONS: [(AclOperation, u8); 3] = [(AclOperation::Read, 3), (AclOperation::Write, 4), (AclOperation::Describe, 8)];

fn number<T: Copy + PartialEq>(of: &[(T, u8)], value: T) -> u8 {
    of.iter().find(|(known, _)| *known == value).map_or(0, |(_, number)| *number)
}

fn value<T: Copy>(of: &[(T, u8)], number: u8) -> Option<T> {
    of.iter().find(|(_, known)| *known == number).map(|(value, _)| *value)
}

/// What a broker says of a request or of an item in it: its code, and its message.
pub(super) type Verdict = (i16, String);

/// Writes the request that gives rights. One that takes them away has the same form, each right standing for what finds it alone.
pub(super) fn these(rights: &[Acl]) -> Vec<u8> {
    list(rights, |acl, bytes| {
        bytes.push(number(&RESOURCES, acl.resource));
        text(bytes, Some(&acl.name));
        bytes.push(number(&PATTERNS, acl.pattern));
        text(bytes, Some(&acl.principal));
        text(bytes, Some(ANY_HOST));
        bytes.extend([number(&OPERATIONS, acl.operation), ALLOW]);
    })
}

/// Writes the request for all rights.
pub(super) fn describe() -> Vec<u8> {
    let mut bytes = vec![ANY];
    text(&mut bytes, None);
    bytes.push(ANY);
    text(&mut bytes, None);
    text(&mut bytes, None);
    bytes.extend([ANY, ANY]);
    bytes
}

fn list(rights: &[Acl], write: impl Fn(&Acl, &mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = i32::try_from(rights.len()).unwrap_or(i32::MAX).to_be_bytes().to_vec();
    for acl in rights {
        write(acl, &mut bytes);
    }
    bytes
}

fn text(bytes: &mut Vec<u8>, text: Option<&str>) {
    let length = text.map_or(-1, |text| i16::try_from(text.len()).unwrap_or(i16::MAX));
    bytes.extend(length.to_be_bytes());
    bytes.extend(text.unwrap_or_default().bytes().take(i16::MAX as usize));
}

/// Reads what became of rights that were given, in their order; `None` where the answer is torn.
pub(super) fn created(answer: &[u8]) -> Option<Vec<Verdict>> {
    let mut answer = Answer(answer);
    answer.throttle()?;
    answer.list(Answer::verdict)
}

/// Reads what became of rights that were taken away, in their order.
pub(super) fn deleted(answer: &[u8]) -> Option<Vec<Verdict>> {
    let mut answer = Answer(answer);
    answer.throttle()?;
    answer.list(|answer| {
        let verdict = answer.verdict()?;
        let matching = answer.list(|answer| {
            let verdict = answer.verdict()?;
            answer.resource()?;
            answer.entry()?;
            Some(verdict)
        })?;
        Some(matching.into_iter().fold(verdict, |found, next| if found.0 == 0 { next } else { found }))
    })
}

/// Reads all rights, and what the broker says of the request.
pub(super) fn described(answer: &[u8]) -> Option<(Verdict, Rights)> {
    let mut answer = Answer(answer);
    answer.throttle()?;
    let verdict = answer.verdict()?;
    let (mut granted, mut others) = (BTreeSet::new(), BTreeMap::new());
    answer.list(|answer| {
        let (kind, name, pattern) = answer.resource()?;
        answer.list(|answer| {
            let (principal, host, operation, permission) = answer.entry()?;
            let words = (value(&RESOURCES, kind), value(&PATTERNS, pattern), value(&OPERATIONS, operation));
            match words {
                (Some(resource), Some(pattern), Some(operation)) if host == ANY_HOST && permission == ALLOW => {
                    granted.insert(Acl { principal, resource, name: name.clone(), pattern, operation });
                }
                _ => *others.entry(principal).or_default() += 1,
            }
            Some(())
        })
    })?;
    Some((verdict, Rights::On { granted, others }))
}

/// The rest of an answer.
struct Answer<'a>(&'a [u8]);

impl Answer<'_> {
    fn bytes<const COUNT: usize>(&mut self) -> Option<[u8; COUNT]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes().map(|[byte]| byte)
    }

    fn throttle(&mut self) -> Option<i32> {
        self.bytes().map(i32::from_be_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let length = i16::from_be_bytes(self.bytes()?);
        let (text, rest) = self.0.split_at_checked(usize::try_from(length).unwrap_or(0))?;
        self.0 = rest;
        Some(String::from_utf8_lossy(text).into_owned())
    }

    fn verdict(&mut self) -> Option<Verdict> {
        Some((i16::from_be_bytes(self.bytes()?), self.text()?))
    }

    /// A kind of resource, a name, and a kind of pattern.
    fn resource(&mut self) -> Option<(u8, String, u8)> {
        Some((self.byte()?, self.text()?, self.byte()?))
    }

    /// A user, a host, an operation and a permission.
    fn entry(&mut self) -> Option<(String, String, u8, u8)> {
        Some((self.text()?, self.text()?, self.byte()?, self.byte()?))
    }

    fn list<Item>(&mut self, mut read: impl FnMut(&mut Self) -> Option<Item>) -> Option<Vec<Item>> {
        let length = i32::from_be_bytes(self.bytes()?);
        (0..length).map(|_| read(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acl(name: &str, pattern: AclPattern) -> Acl {
        Acl { principal: "User:a".into(), resource: AclResource::Topic, name: name.into(), pattern, operation: AclOperation::Read }
    }

    #[test]
    fn requests_are_those_of_the_protocol() {
        let request = these(&[acl("t", AclPattern::Literal)]);
        assert_eq!(request, [&[0, 0, 0, 1, 2, 0, 1][..], b"t", &[3, 0, 6], b"User:a", &[0, 1], b"*", &[3, 3]].concat());
        assert_eq!(these(&[acl("t", AclPattern::Prefixed)])[8], 4);
        assert_eq!(describe(), [1, 255, 255, 1, 255, 255, 255, 255, 1, 1]);
    }

    #[test]
    fn answers_are_read_and_torn_ones_are_none() {
        let entry = |host: &[u8], permission: u8| {
            [&[0, 6][..], b"User:a", &[0, u8::try_from(host.len()).unwrap_or(0)], host, &[3, permission]].concat()
        };
        let head = [0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 1, 2, 0, 1];
        let answer = [&head[..], b"t", &[4, 0, 0, 0, 2], &entry(b"*", 3), &entry(b"host", 3)].concat();
        let (verdict, rights) = described(&answer).expect("an answer");
        assert_eq!(verdict, (0, String::new()));
        let granted = BTreeSet::from([acl("t", AclPattern::Prefixed)]);
        assert_eq!(rights, Rights::On { granted, others: BTreeMap::from([("User:a".to_owned(), 1)]) });
        for length in 0..answer.len() {
            assert_eq!(described(&answer[..length]), None, "{length}");
        }
        assert_eq!(created(&[0, 0, 0, 0, 0, 0, 0, 1, 0, 31, 0, 2, b'n', b'o']), Some(vec![(31, "no".to_owned())]));
    }
}
