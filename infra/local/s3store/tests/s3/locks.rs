//! Object Lock through the API.

use std::time::Duration;

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{
    DefaultRetention, Delete, ObjectIdentifier, ObjectLockConfiguration, ObjectLockEnabled,
    ObjectLockLegalHold, ObjectLockLegalHoldStatus, ObjectLockMode, ObjectLockRetention,
    ObjectLockRetentionMode, ObjectLockRule,
};

use crate::bench::{BUCKET, Bench, DAY, bare, code, outcome};

pub fn rule(days: Option<i32>, years: Option<i32>) -> ObjectLockConfiguration {
    let given = DefaultRetention::builder()
        .mode(ObjectLockRetentionMode::Compliance)
        .set_days(days)
        .set_years(years)
        .build();
    ObjectLockConfiguration::builder()
        .object_lock_enabled(ObjectLockEnabled::Enabled)
        .rule(ObjectLockRule::builder().default_retention(given).build())
        .build()
}

pub async fn default_retention(bench: &Bench, days: i32) {
    let request = bench.client.put_object_lock_configuration().bucket(BUCKET);
    request.object_lock_configuration(rule(Some(days), None)).send().await.unwrap();
}

fn put(bench: &Bench, key: &str) -> PutObjectFluentBuilder {
    bench.client.put_object().bucket(BUCKET).key(key).body(ByteStream::from_static(b"kept"))
}

async fn put_locked(bench: &Bench, key: &str, mode: ObjectLockMode, until: DateTime) -> String {
    let request = put(bench, key).object_lock_mode(mode).object_lock_retain_until_date(until);
    request.send().await.unwrap().version_id.unwrap()
}

async fn delete(bench: &Bench, key: &str, id: &str, bypass: bool) -> String {
    let request = bench.client.delete_object().bucket(BUCKET).key(key).version_id(id);
    outcome(&request.set_bypass_governance_retention(bypass.then_some(true)).send().await)
}

async fn retain(
    bench: &Bench,
    key: &str,
    mode: ObjectLockRetentionMode,
    until: DateTime,
    bypass: bool,
) -> String {
    let wanted = ObjectLockRetention::builder().mode(mode).retain_until_date(until).build();
    let request = bench.client.put_object_retention().bucket(BUCKET).key(key).retention(wanted);
    outcome(&request.set_bypass_governance_retention(bypass.then_some(true)).send().await)
}

async fn retained_until(bench: &Bench, key: &str) -> DateTime {
    let kept = bench.client.get_object_retention().bucket(BUCKET).key(key).send().await.unwrap();
    *kept.retention().unwrap().retain_until_date().unwrap()
}

async fn hold(bench: &Bench, key: &str, status: ObjectLockLegalHoldStatus) {
    let wanted = ObjectLockLegalHold::builder().status(status).build();
    bench.client.put_object_legal_hold().bucket(BUCKET).key(key).legal_hold(wanted).send().await.unwrap();
}

#[tokio::test]
async fn compliance_yields_to_nobody_until_its_date() {
    let bench = Bench::locked().await;
    let until = bench.after(10 * DAY);
    let id = put_locked(&bench, "a", ObjectLockMode::Compliance, until).await;
    let head = bench.client.head_object().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!(head.object_lock_mode(), Some(&ObjectLockMode::Compliance));
    assert_eq!(head.object_lock_retain_until_date(), Some(&until));
    assert_eq!(retained_until(&bench, "a").await, until);

    assert_eq!(delete(&bench, "a", &id, false).await, "AccessDenied");
    assert_eq!(delete(&bench, "a", &id, true).await, "AccessDenied");
    let compliance = || ObjectLockRetentionMode::Compliance;
    let governance = || ObjectLockRetentionMode::Governance;
    let (shorter, longer) = (bench.after(9 * DAY), bench.after(11 * DAY));
    assert_eq!(retain(&bench, "a", compliance(), shorter, false).await, "AccessDenied");
    assert_eq!(retain(&bench, "a", compliance(), shorter, true).await, "AccessDenied");
    assert_eq!(retain(&bench, "a", governance(), longer, true).await, "AccessDenied");
    let empty = bench.client.put_object_retention().bucket(BUCKET).key("a");
    let empty = empty.retention(ObjectLockRetention::builder().build()).bypass_governance_retention(true);
    assert_eq!(code(empty.send().await), "AccessDenied");
    assert_eq!(retained_until(&bench, "a").await, until);

    assert_eq!(retain(&bench, "a", compliance(), until, false).await, "OK");
    assert_eq!(retain(&bench, "a", compliance(), longer, false).await, "OK");
    assert_eq!(retained_until(&bench, "a").await, longer);

    bench.advance(10 * DAY);
    assert_eq!(delete(&bench, "a", &id, false).await, "AccessDenied");
    bench.advance(DAY);
    assert_eq!(delete(&bench, "a", &id, false).await, "OK");
    assert_eq!(bench.body_files(), 0);
}

#[tokio::test]
async fn governance_yields_to_the_bypass_alone() {
    let bench = Bench::locked().await;
    let until = bench.after(10 * DAY);
    let id = put_locked(&bench, "a", ObjectLockMode::Governance, until).await;
    let governance = || ObjectLockRetentionMode::Governance;
    assert_eq!(delete(&bench, "a", &id, false).await, "AccessDenied");
    assert_eq!(retain(&bench, "a", governance(), bench.after(DAY), false).await, "AccessDenied");
    assert_eq!(retain(&bench, "a", governance(), bench.after(DAY), true).await, "OK");
    assert_eq!(retain(&bench, "a", ObjectLockRetentionMode::Compliance, until, false).await, "OK");
    assert_eq!(delete(&bench, "a", &id, true).await, "AccessDenied");

    let other = put_locked(&bench, "b", ObjectLockMode::Governance, until).await;
    assert_eq!(delete(&bench, "b", &other, true).await, "OK");
}

#[tokio::test]
async fn a_legal_hold_outlasts_every_date_and_yields_to_nothing() {
    let bench = Bench::locked().await;
    let id = put_locked(&bench, "a", ObjectLockMode::Governance, bench.after(DAY)).await;
    let never_held = bench.client.get_object_legal_hold().bucket(BUCKET).key("a").send().await;
    assert_eq!(code(never_held), "NoSuchObjectLockConfiguration");
    hold(&bench, "a", ObjectLockLegalHoldStatus::On).await;
    bench.advance(2 * DAY);
    assert_eq!(delete(&bench, "a", &id, false).await, "AccessDenied");
    assert_eq!(delete(&bench, "a", &id, true).await, "AccessDenied");
    let held = bench.client.get_object_legal_hold().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!(held.legal_hold().unwrap().status(), Some(&ObjectLockLegalHoldStatus::On));
    hold(&bench, "a", ObjectLockLegalHoldStatus::Off).await;
    assert_eq!(delete(&bench, "a", &id, false).await, "OK");

    let held = put(&bench, "b").object_lock_legal_hold_status(ObjectLockLegalHoldStatus::On);
    let id = held.send().await.unwrap().version_id.unwrap();
    assert_eq!(delete(&bench, "b", &id, true).await, "AccessDenied");
}

#[tokio::test]
async fn the_buckets_default_is_given_to_what_brings_none() {
    let bench = Bench::locked().await;
    let request = bench.client.put_object_lock_configuration().bucket(BUCKET);
    request.object_lock_configuration(rule(None, Some(5))).send().await.unwrap();
    let kept = bench.client.get_object_lock_configuration().bucket(BUCKET).send().await.unwrap();
    assert_eq!(kept.object_lock_configuration(), Some(&rule(None, Some(5))));

    put(&bench, "a").send().await.unwrap();
    let until = retained_until(&bench, "a").await;
    let away = until.secs() - bench.after(Duration::ZERO).secs();
    assert!((5 * 365 * 86_400 - 600..=(5 * 365 + 2) * 86_400).contains(&away), "{away}");

    let own = bench.after(DAY);
    put_locked(&bench, "b", ObjectLockMode::Governance, own).await;
    assert_eq!(retained_until(&bench, "b").await, own);
    bench
        .client
        .copy_object()
        .bucket(BUCKET)
        .key("c")
        .copy_source(format!("{BUCKET}/b"))
        .send()
        .await
        .unwrap();
    assert!(retained_until(&bench, "c").await.secs() >= until.secs());
}

#[tokio::test]
async fn deleting_many_reports_each_locked_version() {
    let bench = Bench::locked().await;
    let locked = put_locked(&bench, "locked", ObjectLockMode::Compliance, bench.after(DAY)).await;
    let free = put(&bench, "free").send().await.unwrap().version_id.unwrap();
    let objects = [("locked", &locked), ("free", &free)]
        .map(|(key, id)| ObjectIdentifier::builder().key(key).version_id(id).build().unwrap());
    let wanted = Delete::builder().set_objects(Some(objects.to_vec())).build().unwrap();
    let request =
        bench.client.delete_objects().bucket(BUCKET).delete(wanted).bypass_governance_retention(true);
    let done = request.send().await.unwrap();
    assert_eq!(done.deleted().len(), 1);
    assert_eq!(done.deleted()[0].key(), Some("free"));
    assert_eq!(done.errors().len(), 1);
    assert_eq!(done.errors()[0].code(), Some("AccessDenied"));
    assert_eq!(done.errors()[0].version_id(), Some(locked.as_str()));
    assert_eq!(bench.get("locked").await, b"kept");
}

#[tokio::test]
async fn a_marker_may_hide_what_is_locked() {
    let bench = Bench::locked().await;
    let id = put_locked(&bench, "a", ObjectLockMode::Compliance, bench.after(DAY)).await;
    let hidden = bench.client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!(hidden.delete_marker(), Some(true));
    let marker = hidden.version_id().unwrap();
    assert_eq!(delete(&bench, "a", &id, false).await, "AccessDenied");
    let of_marker =
        bench.client.get_object_retention().bucket(BUCKET).key("a").version_id(marker).send().await;
    assert_eq!(code(of_marker), "MethodNotAllowed");
    assert_eq!(delete(&bench, "a", marker, false).await, "OK");
    assert_eq!(bench.get("a").await, b"kept");
}

#[tokio::test]
async fn locks_that_cannot_be_given_are_refused() {
    let bench = Bench::locked().await;
    let past = put(&bench, "a").object_lock_mode(ObjectLockMode::Compliance);
    let past = past.object_lock_retain_until_date(DateTime::from_secs(1_000_000_000));
    assert_eq!(code(past.send().await), "InvalidRequest");
    let half = put(&bench, "a").object_lock_mode(ObjectLockMode::Compliance);
    assert_eq!(code(half.send().await), "InvalidArgument");
    for (days, years) in
        [(None, None), (Some(1), Some(1)), (Some(0), None), (None, Some(-1)), (None, Some(101))]
    {
        let request = bench.client.put_object_lock_configuration().bucket(BUCKET);
        let request = request.object_lock_configuration(rule(days, years));
        assert_eq!(code(request.send().await), "MalformedXML", "{days:?} {years:?}");
    }
    let never = bench.client.get_object_retention().bucket(BUCKET).key("a").send().await;
    assert_eq!(code(never), "NoSuchKey");
    put(&bench, "a").send().await.unwrap();
    let none = bench.client.get_object_retention().bucket(BUCKET).key("a").send().await;
    assert_eq!(code(none), "NoSuchObjectLockConfiguration");
    assert_eq!(bench.body_files(), 1);
}

#[tokio::test]
async fn a_bucket_without_the_lock_knows_none_until_it_is_given_one() {
    let bench = Bench::plain().await;
    let until = bench.after(DAY);
    let locked = put(&bench, "a").object_lock_mode(ObjectLockMode::Compliance);
    assert_eq!(code(locked.object_lock_retain_until_date(until).send().await), "InvalidRequest");
    let missing = bench.client.get_object_lock_configuration().bucket(BUCKET).send().await;
    assert_eq!(code(missing), "ObjectLockConfigurationNotFoundError");
    let configure = bench.client.put_object_lock_configuration().bucket(BUCKET);
    let configure = configure.object_lock_configuration(rule(Some(1), None));
    assert_eq!(code(configure.send().await), "InvalidBucketState");
    bench.put("a", b"x").await;
    let retention = retain(&bench, "a", ObjectLockRetentionMode::Compliance, until, false).await;
    assert_eq!(retention, "InvalidRequest");

    let bench = Bench::versioned().await;
    default_retention(&bench, 1).await;
    let id = bench.put("a", b"x").await.unwrap();
    assert_eq!(delete(&bench, "a", &id, true).await, "AccessDenied");
}

#[tokio::test]
async fn a_body_under_lock_needs_a_checksum_of_its_sender() {
    use aws_sdk_s3::presigning::PresigningConfig;
    let bench = Bench::locked().await;
    default_retention(&bench, 1).await;
    let soon = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let presigned = bench.client.put_object().bucket(BUCKET).key("a").presigned(soon).await.unwrap();
    let path = presigned.uri().split_once(&bench.address.to_string()).unwrap().1.to_owned();
    let answer = bare(bench.address, "PUT", &path, &[], b"x").await;
    assert!(answer.status == 400 && answer.text().contains("InvalidRequest"), "{}", answer.text());
    assert_eq!(bench.body_files(), 0);
}
