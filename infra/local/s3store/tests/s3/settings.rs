//! Buckets and the settings they only keep.

use aws_sdk_s3::types::{
    BucketLifecycleConfiguration, BucketLocationConstraint, BucketVersioningStatus,
    CreateBucketConfiguration, ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleFilter,
    PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};

use crate::bench::{BUCKET, Bench, bare, code};

#[tokio::test]
async fn a_bucket_is_made_found_and_removed() {
    let bench = Bench::empty().await;
    let region = BucketLocationConstraint::ApNortheast1;
    let place = CreateBucketConfiguration::builder().location_constraint(region.clone()).build();
    let create =
        || bench.client.create_bucket().bucket(BUCKET).create_bucket_configuration(place.clone()).send();
    create().await.unwrap();
    assert_eq!(code(create().await), "BucketAlreadyOwnedByYou");
    bench.client.head_bucket().bucket(BUCKET).send().await.unwrap();
    let location = bench.client.get_bucket_location().bucket(BUCKET).send().await.unwrap();
    assert_eq!(location.location_constraint(), Some(&region));
    let listed = bench.client.list_buckets().send().await.unwrap();
    assert_eq!(listed.buckets()[0].name(), Some(BUCKET));

    bench.put("a", b"x").await;
    assert_eq!(code(bench.client.delete_bucket().bucket(BUCKET).send().await), "BucketNotEmpty");
    bench.client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    bench.client.delete_bucket().bucket(BUCKET).send().await.unwrap();
    assert_eq!(code(bench.client.list_objects_v2().bucket(BUCKET).send().await), "NoSuchBucket");
    let put = bench.client.put_object().bucket(BUCKET).key("a").send().await;
    assert_eq!(code(put), "NoSuchBucket");
}

#[tokio::test]
async fn versioning_is_off_until_it_is_switched_and_stays_on_under_object_lock() {
    let bench = Bench::plain().await;
    let state = bench.client.get_bucket_versioning().bucket(BUCKET).send().await.unwrap();
    assert_eq!(state.status(), None);
    let bench = Bench::locked().await;
    let state = bench.client.get_bucket_versioning().bucket(BUCKET).send().await.unwrap();
    assert_eq!(state.status(), Some(&BucketVersioningStatus::Enabled));
    let off = VersioningConfiguration::builder().status(BucketVersioningStatus::Suspended).build();
    let suspend = bench.client.put_bucket_versioning().bucket(BUCKET).versioning_configuration(off);
    assert_eq!(code(suspend.send().await), "InvalidBucketState");
}

#[tokio::test]
async fn settings_come_back_as_they_were_given() {
    let bench = Bench::plain().await;
    let client = &bench.client;

    let missing = client.get_bucket_lifecycle_configuration().bucket(BUCKET).send().await;
    assert_eq!(code(missing), "NoSuchLifecycleConfiguration");
    let rule = LifecycleRule::builder()
        .id("old")
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().prefix("tmp/").build())
        .expiration(LifecycleExpiration::builder().days(3).build())
        .build()
        .unwrap();
    let rules = BucketLifecycleConfiguration::builder().rules(rule.clone()).build().unwrap();
    let put = client.put_bucket_lifecycle_configuration().bucket(BUCKET).lifecycle_configuration(rules);
    put.send().await.unwrap();
    let got = client.get_bucket_lifecycle_configuration().bucket(BUCKET).send().await.unwrap();
    assert_eq!(got.rules(), [rule]);

    let missing = client.get_bucket_encryption().bucket(BUCKET).send().await;
    assert_eq!(code(missing), "ServerSideEncryptionConfigurationNotFoundError");
    let kms = ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::AwsKms);
    let kms = kms.kms_master_key_id("key-1").build().unwrap();
    let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(kms).build();
    let rules = ServerSideEncryptionConfiguration::builder().rules(rule).build().unwrap();
    let put =
        client.put_bucket_encryption().bucket(BUCKET).server_side_encryption_configuration(rules.clone());
    put.send().await.unwrap();
    let got = client.get_bucket_encryption().bucket(BUCKET).send().await.unwrap();
    assert_eq!(got.server_side_encryption_configuration(), Some(&rules));

    let missing = client.get_public_access_block().bucket(BUCKET).send().await;
    assert_eq!(code(missing), "NoSuchPublicAccessBlockConfiguration");
    let block =
        PublicAccessBlockConfiguration::builder().block_public_acls(true).block_public_policy(true).build();
    let put = client.put_public_access_block().bucket(BUCKET).public_access_block_configuration(block);
    put.send().await.unwrap();
    let got = client.get_public_access_block().bucket(BUCKET).send().await.unwrap();
    assert_eq!(got.public_access_block_configuration().unwrap().block_public_acls(), Some(true));
}

#[tokio::test]
async fn nobody_gets_in_without_the_key() {
    let bench = Bench::plain().await;
    bench.put("a", b"x").await;
    let answer = bare(bench.address, "GET", &format!("/{BUCKET}/a"), &[], b"").await;
    assert!(answer.status == 403 && answer.text().contains("AccessDenied"), "{}", answer.text());
}
