//! Object Lock as requests speak of it: the bucket's configuration, retention and legal hold of a version.

use std::sync::Arc;

use rusqlite::params;
use s3s::S3ErrorCode;
use s3s::dto::{
    GetObjectLegalHoldInput, GetObjectLegalHoldOutput, GetObjectLockConfigurationInput,
    GetObjectLockConfigurationOutput, GetObjectRetentionInput, GetObjectRetentionOutput,
    ObjectLockConfiguration, ObjectLockEnabled, ObjectLockLegalHold, ObjectLockLegalHoldStatus,
    ObjectLockMode, ObjectLockRetention, ObjectLockRetentionMode, PutObjectLegalHoldInput,
    PutObjectLegalHoldOutput, PutObjectLockConfigurationInput, PutObjectLockConfigurationOutput,
    PutObjectRetentionInput, PutObjectRetentionOutput, Timestamp,
};

use crate::bucket::{Bucket, Versioning};
use crate::clock::{deadline, to_timestamp};
use crate::fail::{Fail, Outcome, refuse};
use crate::lock::{self, DefaultRetention, Lock, Mode, Period, Refusal, Retention};
use crate::settings::{self, Setting};
use crate::store::Inner;
use crate::version;

/// The longest default that S3 takes.
const MOST_YEARS: i32 = 100;
const MOST_DAYS: i32 = 36_500;

/// A broken rule of Object Lock, as S3 tells it.
pub(crate) fn refused(why: Refusal) -> Fail {
    match why {
        Refusal::Held => {
            refuse(S3ErrorCode::AccessDenied, "Access Denied because object protected by legal hold.")
        }
        Refusal::Compliance | Refusal::Governance => {
            refuse(S3ErrorCode::AccessDenied, "Access Denied because object protected by object lock.")
        }
        Refusal::NotInFuture => {
            refuse(S3ErrorCode::InvalidRequest, "The retain until date must be in the future!")
        }
        Refusal::BucketWithoutLock => {
            refuse(S3ErrorCode::InvalidRequest, "Bucket is missing Object Lock Configuration")
        }
    }
}

fn mode_named(name: &str) -> Outcome<Mode> {
    Mode::named(name).ok_or_else(|| S3ErrorCode::MalformedXML.into())
}

fn hold_named(name: &str) -> Outcome<bool> {
    match name {
        ObjectLockLegalHoldStatus::ON => Ok(true),
        ObjectLockLegalHoldStatus::OFF => Ok(false),
        _ => Err(S3ErrorCode::MalformedXML.into()),
    }
}

/// A legal hold as answers name it.
pub(crate) fn hold_status(on: bool) -> ObjectLockLegalHoldStatus {
    let name = if on { ObjectLockLegalHoldStatus::ON } else { ObjectLockLegalHoldStatus::OFF };
    ObjectLockLegalHoldStatus::from_static(name)
}

/// The lock that the headers of a request ask for.
///
/// # Errors
///
/// A mode without a date, a date without a mode, or a name that is none.
pub(crate) fn asked(
    mode: Option<&ObjectLockMode>,
    until: Option<Timestamp>,
    hold: Option<&ObjectLockLegalHoldStatus>,
) -> Outcome<Lock> {
    let retention = match (mode, until) {
        (None, None) => None,
        (Some(mode), Some(until)) => {
            let mode = Mode::named(mode.as_str())
                .ok_or_else(|| refuse(S3ErrorCode::InvalidArgument, "Unknown wormMode directive."))?;
            Some(Retention { mode, until: deadline(until) })
        }
        _ => {
            return Err(refuse(
                S3ErrorCode::InvalidArgument,
                "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
            ));
        }
    };
    Ok(Lock { retention, hold: hold.map(|status| hold_named(status.as_str())).transpose()? })
}

/// S3 takes a body under lock only with a checksum of the sender's own.
///
/// # Errors
///
/// `InvalidRequest` when there is none.
pub(crate) fn require_checksum(lock: Lock, protected: bool) -> Outcome<()> {
    if protected || lock == Lock::default() {
        return Ok(());
    }
    Err(refuse(
        S3ErrorCode::InvalidRequest,
        "Content-MD5 OR x-amz-checksum- HTTP header is required for Put requests with Object Lock parameters",
    ))
}

/// The default retention that a configuration gives to new versions.
///
/// # Errors
///
/// `MalformedXML` unless there is a known mode and either days or years, above zero and within S3's limits.
pub(crate) fn default_of(configuration: &ObjectLockConfiguration) -> Outcome<Option<DefaultRetention>> {
    let Some(rule) = &configuration.rule else { return Ok(None) };
    let given = rule.default_retention.as_ref().ok_or(S3ErrorCode::MalformedXML)?;
    let mode = mode_named(given.mode.as_ref().map_or("", ObjectLockRetentionMode::as_str))?;
    let period = match (given.days, given.years) {
        (Some(days @ 1..=MOST_DAYS), None) => Period::Days(days),
        (None, Some(years @ 1..=MOST_YEARS)) => Period::Years(years),
        _ => return Err(S3ErrorCode::MalformedXML.into()),
    };
    Ok(Some(DefaultRetention { mode, period }))
}

pub(crate) async fn put_configuration(
    store: &Arc<Inner>,
    input: PutObjectLockConfigurationInput,
) -> Outcome<PutObjectLockConfigurationOutput> {
    let wanted = input.object_lock_configuration.ok_or(S3ErrorCode::MalformedXML)?;
    let enabled = wanted.object_lock_enabled.as_ref().map(ObjectLockEnabled::as_str);
    if enabled != Some(ObjectLockEnabled::ENABLED) {
        return Err(S3ErrorCode::MalformedXML.into());
    }
    default_of(&wanted)?;
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            if bucket.versioning != Some(Versioning::Enabled) {
                return Err(refuse(
                    S3ErrorCode::InvalidBucketState,
                    "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
                ));
            }
            change.db.execute("UPDATE bucket SET object_lock = 1 WHERE name = ?1", params![bucket.name])?;
            settings::save(change, &bucket.name, Setting::ObjectLock, &wanted)?;
            Ok(PutObjectLockConfigurationOutput::default())
        })
        .await
}

pub(crate) async fn get_configuration(
    store: &Arc<Inner>,
    input: GetObjectLockConfigurationInput,
) -> Outcome<GetObjectLockConfigurationOutput> {
    store
        .read(move |db| {
            let bucket = Bucket::load(db, &input.bucket)?;
            if !bucket.object_lock {
                return Err(S3ErrorCode::ObjectLockConfigurationNotFoundError.into());
            }
            let kept = settings::load(db, &bucket.name, Setting::ObjectLock)?;
            let plain = || ObjectLockConfiguration {
                object_lock_enabled: Some(ObjectLockEnabled::from_static(ObjectLockEnabled::ENABLED)),
                rule: None,
            };
            let configuration = Some(kept.unwrap_or_else(plain));
            Ok(GetObjectLockConfigurationOutput { object_lock_configuration: configuration })
        })
        .await
}

fn load_with_lock(db: &rusqlite::Connection, name: &str) -> Outcome<Bucket> {
    let bucket = Bucket::load(db, name)?;
    if bucket.object_lock { Ok(bucket) } else { Err(refused(Refusal::BucketWithoutLock)) }
}

pub(crate) async fn put_retention(
    store: &Arc<Inner>,
    input: PutObjectRetentionInput,
) -> Outcome<PutObjectRetentionOutput> {
    let asked = input.retention.unwrap_or_default();
    let wanted = match (asked.mode, asked.retain_until_date) {
        (Some(mode), Some(until)) => {
            Some(Retention { mode: mode_named(mode.as_str())?, until: deadline(until) })
        }
        (None, None) => None,
        _ => return Err(S3ErrorCode::MalformedXML.into()),
    };
    let bypass = input.bypass_governance_retention.unwrap_or(false);
    store
        .write(move |change| {
            let bucket = load_with_lock(&change.db, &input.bucket)?;
            let mut found = version::find(&change.db, &bucket, &input.key, input.version_id.as_deref())?;
            lock::may_change(found.lock.retention, wanted, change.now, bypass).map_err(refused)?;
            found.lock.retention = wanted;
            version::set_lock(change, &found)?;
            Ok(PutObjectRetentionOutput::default())
        })
        .await
}

pub(crate) async fn get_retention(
    store: &Arc<Inner>,
    input: GetObjectRetentionInput,
) -> Outcome<GetObjectRetentionOutput> {
    store
        .read(move |db| {
            let bucket = load_with_lock(db, &input.bucket)?;
            let found = version::find(db, &bucket, &input.key, input.version_id.as_deref())?;
            let kept = found.lock.retention.ok_or(S3ErrorCode::NoSuchObjectLockConfiguration)?;
            let retention = ObjectLockRetention {
                mode: Some(ObjectLockRetentionMode::from_static(kept.mode.name())),
                retain_until_date: Some(to_timestamp(kept.until)),
            };
            Ok(GetObjectRetentionOutput { retention: Some(retention) })
        })
        .await
}

pub(crate) async fn put_hold(
    store: &Arc<Inner>,
    input: PutObjectLegalHoldInput,
) -> Outcome<PutObjectLegalHoldOutput> {
    let status = input.legal_hold.and_then(|hold| hold.status).ok_or(S3ErrorCode::MalformedXML)?;
    let on = hold_named(status.as_str())?;
    store
        .write(move |change| {
            let bucket = load_with_lock(&change.db, &input.bucket)?;
            let mut found = version::find(&change.db, &bucket, &input.key, input.version_id.as_deref())?;
            found.lock.hold = Some(on);
            version::set_lock(change, &found)?;
            Ok(PutObjectLegalHoldOutput::default())
        })
        .await
}

pub(crate) async fn get_hold(
    store: &Arc<Inner>,
    input: GetObjectLegalHoldInput,
) -> Outcome<GetObjectLegalHoldOutput> {
    store
        .read(move |db| {
            let bucket = load_with_lock(db, &input.bucket)?;
            let found = version::find(db, &bucket, &input.key, input.version_id.as_deref())?;
            let on = found.lock.hold.ok_or(S3ErrorCode::NoSuchObjectLockConfiguration)?;
            let legal_hold = ObjectLockLegalHold { status: Some(hold_status(on)) };
            Ok(GetObjectLegalHoldOutput { legal_hold: Some(legal_hold) })
        })
        .await
}
