//! Conditions on requests: on writing, decided inside the transaction, and on reading.

use s3s::S3ErrorCode;
use s3s::dto::{ETag, ETagCondition, Timestamp};
use time::OffsetDateTime;

use crate::fail::{Outcome, refuse};
use crate::version::Version;

/// What must hold for the current version of a key so that a new one may be written.
#[derive(Debug, Clone)]
pub(crate) enum WriteCondition {
    None,
    /// `If-None-Match: *`
    Absent,
    /// `If-Match`
    Matches(ETagCondition),
}

impl WriteCondition {
    /// # Errors
    ///
    /// S3 knows `If-None-Match` on writing with `*` only, and not both headers at once.
    pub(crate) fn read(
        if_match: Option<ETagCondition>,
        if_none_match: Option<ETagCondition>,
    ) -> Outcome<Self> {
        match (if_match, if_none_match) {
            (None, None) => Ok(Self::None),
            (Some(wanted), None) => Ok(Self::Matches(wanted)),
            (None, Some(ETagCondition::Any)) => Ok(Self::Absent),
            _ => Err(refuse(S3ErrorCode::NotImplemented, "This combination of conditions is not supported.")),
        }
    }

    /// # Errors
    ///
    /// `PreconditionFailed`, or `NoSuchKey` when something is to match and nothing is there.
    pub(crate) fn check(&self, current: Option<&Version>) -> Outcome<()> {
        let current = current.filter(|version| !version.marker);
        match (self, current) {
            (Self::None, _) | (Self::Absent, None) => Ok(()),
            (Self::Matches(_), None) => Err(S3ErrorCode::NoSuchKey.into()),
            (Self::Matches(wanted), Some(found)) if matches(wanted, &found.etag) => Ok(()),
            _ => Err(failed()),
        }
    }
}

/// What must hold for a version so that it is given out.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadCondition {
    pub(crate) if_match: Option<ETagCondition>,
    pub(crate) if_none_match: Option<ETagCondition>,
    pub(crate) if_modified_since: Option<Timestamp>,
    pub(crate) if_unmodified_since: Option<Timestamp>,
}

impl ReadCondition {
    /// An ETag outweighs a date, as HTTP has it. `unchanged` is what an unchanged object is answered with:
    /// `NotModified` to a reader, `PreconditionFailed` to a copy.
    pub(crate) fn check(&self, version: &Version, unchanged: &S3ErrorCode) -> Outcome<()> {
        let modified = version.modified.div_euclid(1000);
        let later_than = |at: &Timestamp| modified > OffsetDateTime::from(at.clone()).unix_timestamp();
        if let Some(wanted) = &self.if_match {
            if !matches(wanted, &version.etag) {
                return Err(failed());
            }
        } else if self.if_unmodified_since.as_ref().is_some_and(later_than) {
            return Err(failed());
        }
        if let Some(known) = &self.if_none_match {
            if matches(known, &version.etag) {
                return Err(unchanged.clone().into());
            }
        } else if self.if_modified_since.as_ref().is_some_and(|at| !later_than(at)) {
            return Err(unchanged.clone().into());
        }
        Ok(())
    }
}

fn failed() -> crate::fail::Fail {
    refuse(S3ErrorCode::PreconditionFailed, "At least one of the preconditions you specified did not hold.")
}

fn matches(wanted: &ETagCondition, etag: &str) -> bool {
    wanted.as_etag().map(ETag::value).is_none_or(|value| value == etag)
}
