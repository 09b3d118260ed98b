//! Putting, getting, versions and delete markers.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, MetadataDirective, ObjectIdentifier, Tag, Tagging};

use crate::bench::{BUCKET, Bench, code};

#[tokio::test]
async fn an_object_comes_back_with_everything_it_was_given() {
    let bench = Bench::plain().await;
    let put = bench
        .client
        .put_object()
        .bucket(BUCKET)
        .key("note.txt")
        .content_type("text/plain; charset=utf-8")
        .cache_control("no-store")
        .content_disposition("attachment")
        .metadata("kind", "note")
        .tagging("a=b&c=d%20e")
        .server_side_encryption(aws_sdk_s3::types::ServerSideEncryption::AwsKms)
        .ssekms_key_id("key-1")
        .body(ByteStream::from_static(b"hello"))
        .send()
        .await
        .unwrap();
    assert_eq!(put.e_tag(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    assert_eq!(put.version_id(), None);

    let got = bench.client.get_object().bucket(BUCKET).key("note.txt").send().await.unwrap();
    assert_eq!(got.content_type(), Some("text/plain; charset=utf-8"));
    assert_eq!(got.cache_control(), Some("no-store"));
    assert_eq!(got.content_disposition(), Some("attachment"));
    assert_eq!(got.metadata().unwrap()["kind"], "note");
    assert_eq!(got.tag_count(), Some(2));
    assert_eq!(got.ssekms_key_id(), Some("key-1"));
    assert_eq!(got.body.collect().await.unwrap().to_vec(), b"hello");

    let head = bench.client.head_object().bucket(BUCKET).key("note.txt").send().await.unwrap();
    assert_eq!(head.content_length(), Some(5));
    assert_eq!(head.e_tag(), put.e_tag());
}

#[tokio::test]
async fn an_overwritten_body_leaves_no_file_and_an_empty_one_is_a_body() {
    let bench = Bench::plain().await;
    bench.put("a", b"one").await;
    bench.put("a", b"").await;
    assert_eq!(bench.get("a").await, b"");
    assert_eq!(bench.body_files(), 1);
    bench.client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!(bench.body_files(), 0);
    assert_eq!(code(bench.client.get_object().bucket(BUCKET).key("a").send().await), "NoSuchKey");
}

#[tokio::test]
async fn ranges() {
    let bench = Bench::plain().await;
    bench.put("a", b"0123456789").await;
    let table = [
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=8-", "89", "bytes 8-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=0-99", "0123456789", "bytes 0-9/10"),
    ];
    for (range, expected, told) in table {
        let got = bench.client.get_object().bucket(BUCKET).key("a").range(range).send().await.unwrap();
        assert_eq!(got.content_range(), Some(told));
        assert_eq!(got.content_length(), i64::try_from(expected.len()).ok());
        assert_eq!(got.body.collect().await.unwrap().to_vec(), expected.as_bytes());
    }
    let beyond = bench.client.get_object().bucket(BUCKET).key("a").range("bytes=10-").send().await;
    assert_eq!(code(beyond), "InvalidRange");
}

#[tokio::test]
async fn a_large_body_survives_the_way_there_and_back() {
    let bench = Bench::plain().await;
    let body: Vec<u8> =
        (0..3_000_001_u32).map(|number| number.to_le_bytes()[0] ^ number.to_le_bytes()[1]).collect();
    let put = bench.client.put_object().bucket(BUCKET).key("a").body(body.clone().into());
    put.send().await.unwrap();
    assert!(bench.get("a").await == body);
}

#[tokio::test]
async fn keys_may_hold_anything() {
    let bench = Bench::plain().await;
    for key in ["a b", "ü/日本語", "a+b", "a//b", "/a", "a?b#c", "a%41", "..", "a/../b", "~'()!*"] {
        let made = bench.client.put_object().bucket(BUCKET).key(key).body(key.as_bytes().to_vec().into());
        made.send().await.unwrap();
        assert_eq!(bench.get(key).await, key.as_bytes(), "{key}");
    }
    let listed = bench.client.list_objects_v2().bucket(BUCKET).send().await.unwrap();
    let keys: Vec<&str> = listed.contents().iter().filter_map(|object| object.key()).collect();
    assert_eq!(keys.len(), 10);
    assert!(keys.is_sorted());
}

#[tokio::test]
async fn versions_stay_behind_overwrites_and_delete_markers() {
    let bench = Bench::versioned().await;
    let first = bench.put("a", b"one").await.unwrap();
    let second = bench.put("a", b"two").await.unwrap();
    assert_ne!(first, second);
    let deleted = bench.client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!(deleted.delete_marker(), Some(true));
    let marker = deleted.version_id().unwrap();

    assert_eq!(code(bench.client.get_object().bucket(BUCKET).key("a").send().await), "NoSuchKey");
    let of_marker = bench.client.get_object().bucket(BUCKET).key("a").version_id(marker).send().await;
    assert_eq!(code(of_marker), "MethodNotAllowed");
    let of_first = bench.client.get_object().bucket(BUCKET).key("a").version_id(&first).send().await.unwrap();
    assert_eq!(of_first.body.collect().await.unwrap().to_vec(), b"one");
    let unknown = bench.client.get_object().bucket(BUCKET).key("a").version_id("0").send().await;
    assert_eq!(code(unknown), "NoSuchVersion");

    let listed = bench.client.list_object_versions().bucket(BUCKET).send().await.unwrap();
    let ids: Vec<_> = listed.versions().iter().map(|version| version.version_id().unwrap()).collect();
    assert_eq!(ids, [&second, &first]);
    assert_eq!(listed.delete_markers()[0].is_latest(), Some(true));

    bench.client.delete_object().bucket(BUCKET).key("a").version_id(marker).send().await.unwrap();
    assert_eq!(bench.get("a").await, b"two");
    bench.client.delete_object().bucket(BUCKET).key("a").version_id(&second).send().await.unwrap();
    assert_eq!(bench.get("a").await, b"one");
    assert_eq!(bench.body_files(), 1);
}

#[tokio::test]
async fn suspended_versioning_keeps_old_versions_and_one_without_an_id() {
    use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
    let bench = Bench::versioned().await;
    let kept = bench.put("a", b"kept").await.unwrap();
    let off = VersioningConfiguration::builder().status(BucketVersioningStatus::Suspended).build();
    let suspend = bench.client.put_bucket_versioning().bucket(BUCKET).versioning_configuration(off);
    suspend.send().await.unwrap();
    assert_eq!(bench.put("a", b"one").await.as_deref(), Some("null"));
    assert_eq!(bench.put("a", b"two").await.as_deref(), Some("null"));
    assert_eq!(bench.get("a").await, b"two");
    let deleted = bench.client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!(deleted.version_id(), Some("null"));
    let old = bench.client.get_object().bucket(BUCKET).key("a").version_id(kept).send().await.unwrap();
    assert_eq!(old.body.collect().await.unwrap().to_vec(), b"kept");
    assert_eq!(bench.body_files(), 1);
}

#[tokio::test]
async fn many_keys_are_deleted_at_once() {
    let bench = Bench::plain().await;
    bench.put("a", b"1").await;
    bench.put("b", b"2").await;
    let keys = ["a", "b", "never-there"].map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let wanted = Delete::builder().set_objects(Some(keys.to_vec())).build().unwrap();
    let done = bench.client.delete_objects().bucket(BUCKET).delete(wanted).send().await.unwrap();
    assert_eq!(done.deleted().len(), 3);
    assert!(done.errors().is_empty());
    assert_eq!(bench.body_files(), 0);
}

#[tokio::test]
async fn copies_are_bodies_of_their_own() {
    let bench = Bench::versioned().await;
    let first = bench.put("a b", b"one").await.unwrap();
    bench.put("a b", b"two").await;
    let source = format!("{BUCKET}/a%20b");
    let copied =
        bench.client.copy_object().bucket(BUCKET).key("copy").copy_source(&source).send().await.unwrap();
    assert!(copied.version_id().is_some());
    assert_eq!(bench.get("copy").await, b"two");
    let old = format!("{source}?versionId={first}");
    bench
        .client
        .copy_object()
        .bucket(BUCKET)
        .key("old")
        .copy_source(old)
        .metadata_directive(MetadataDirective::Replace)
        .metadata("from", "old")
        .send()
        .await
        .unwrap();
    let got = bench.client.get_object().bucket(BUCKET).key("old").send().await.unwrap();
    assert_eq!(got.metadata().unwrap()["from"], "old");
    assert_eq!(got.body.collect().await.unwrap().to_vec(), b"one");
    assert_eq!(bench.body_files(), 4);
    let missing = bench.client.copy_object().bucket(BUCKET).key("x").copy_source(format!("{BUCKET}/none"));
    assert_eq!(code(missing.send().await), "NoSuchKey");
}

#[tokio::test]
async fn tags_are_replaced_and_removed() {
    let bench = Bench::plain().await;
    bench.put("a", b"1").await;
    let tag = Tag::builder().key("kind").value("日次").build().unwrap();
    let tagging = Tagging::builder().tag_set(tag).build().unwrap();
    bench.client.put_object_tagging().bucket(BUCKET).key("a").tagging(tagging).send().await.unwrap();
    let got = bench.client.get_object_tagging().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!(got.tag_set()[0].value(), "日次");
    bench.client.delete_object_tagging().bucket(BUCKET).key("a").send().await.unwrap();
    let got = bench.client.get_object_tagging().bucket(BUCKET).key("a").send().await.unwrap();
    assert!(got.tag_set().is_empty());
}
