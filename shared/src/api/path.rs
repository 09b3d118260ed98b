//! Paths: one template, filled by the client and read by the server.

use crate::{
    book::NoteNumber,
    id::{
        AccountId, AttachmentId, BundleId, CaseId, EventId, FactorId, GenerationId, InvitationId, OutputId,
        PatientId, SessionRef,
    },
    portal::PageName,
};

/// The arguments of a path, in the order of the template's `{…}`.
pub trait PathArgs: Sized + Send {
    /// How many.
    const COUNT: usize;
    /// As path segments.
    fn segments(&self) -> Vec<String>;
    /// From path segments; `None` if one is not what it must be.
    fn from_segments(segments: &[&str]) -> Option<Self>;
}

impl PathArgs for () {
    const COUNT: usize = 0;
    fn segments(&self) -> Vec<String> {
        Vec::new()
    }
    fn from_segments(segments: &[&str]) -> Option<Self> {
        segments.is_empty().then_some(())
    }
}

macro_rules! one {
    ($($id:ty),+) => {$(
        impl PathArgs for $id {
            const COUNT: usize = 1;
            fn segments(&self) -> Vec<String> {
                vec![self.to_string()]
            }
            fn from_segments(segments: &[&str]) -> Option<Self> {
                match segments { [one] => one.parse().ok(), _ => None }
            }
        }
    )+};
}
one!(BundleId, PatientId, GenerationId, EventId, FactorId, SessionRef, CaseId, PageName);

macro_rules! two {
    ($($first:ty, $second:ty;)+) => {$(
        impl PathArgs for ($first, $second) {
            const COUNT: usize = 2;
            fn segments(&self) -> Vec<String> {
                vec![self.0.to_string(), self.1.to_string()]
            }
            fn from_segments(segments: &[&str]) -> Option<Self> {
                match segments { [a, b] => Some((a.parse().ok()?, b.parse().ok()?)), _ => None }
            }
        }
    )+};
}
two! {
    PatientId, NoteNumber; PatientId, AttachmentId; PatientId, InvitationId; PatientId, AccountId; PageName, u32;
    CaseId, OutputId; CaseId, AttachmentId;
}

fn is_argument(segment: &str) -> bool {
    segment.starts_with('{')
}

/// The template with its arguments filled in.
pub fn fill<P: PathArgs>(template: &str, args: &P) -> String {
    let mut values = args.segments().into_iter();
    let filled = template
        .split('/')
        .map(|s| if is_argument(s) { values.next().unwrap_or_default() } else { s.to_owned() });
    filled.collect::<Vec<_>>().join("/")
}

/// The argument segments of a path that matches the template; `None` if it does not match.
pub fn matches<'p>(template: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let mut found = Vec::new();
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(found),
            (Some(w), Some(g)) if is_argument(w) && !g.is_empty() => found.push(g),
            (Some(w), Some(g)) if w == g => {}
            _ => return None,
        }
    }
}

/// The template without the names of its arguments.
pub fn shape(template: &str) -> String {
    template.split('/').map(|s| if is_argument(s) { "{}" } else { s }).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let args = (PatientId::from_parts(1, 2), NoteNumber(7));
        let template = "/api/patients/{patient}/notes/{number}";
        let path = fill(template, &args);
        assert_eq!(<(PatientId, NoteNumber)>::from_segments(&matches(template, &path).unwrap()), Some(args));
        for other in
            ["/api/patients", "/api/patients//notes/7", "/api/patients/x/notes/7/", "/api/patients/x/files/7"]
        {
            assert_eq!(matches(template, other), None, "{other}");
        }
    }
}
