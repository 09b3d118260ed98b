//! Listings in pages, with prefixes folded.

use crate::bench::{BUCKET, Bench};

async fn filled() -> Bench {
    let bench = Bench::versioned().await;
    for key in ["a/1", "a/2", "a/3", "b", "c/1", "c/2", "d"] {
        bench.put(key, b"x").await;
    }
    bench.put("gone", b"x").await;
    bench.client.delete_object().bucket(BUCKET).key("gone").send().await.unwrap();
    bench
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let bench = filled().await;
    for page_size in 1..=8 {
        let (mut seen, mut token) = (Vec::new(), None);
        loop {
            let request = bench.client.list_objects_v2().bucket(BUCKET).delimiter("/").max_keys(page_size);
            let page = request.set_continuation_token(token).send().await.unwrap();
            assert!(page.key_count().unwrap() <= page_size);
            seen.extend(page.contents().iter().map(|object| object.key().unwrap().to_owned()));
            seen.extend(page.common_prefixes().iter().map(|prefix| prefix.prefix().unwrap().to_owned()));
            token = page.next_continuation_token;
            if page.is_truncated != Some(true) {
                break;
            }
        }
        seen.sort();
        assert_eq!(seen, ["a/", "b", "c/", "d"], "pages of {page_size}");
    }
}

#[tokio::test]
async fn a_prefix_and_a_start_narrow_the_listing() {
    let bench = filled().await;
    let keys = |page: aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output| -> Vec<String> {
        page.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
    };
    let list = || bench.client.list_objects_v2().bucket(BUCKET);
    assert_eq!(keys(list().prefix("a/").send().await.unwrap()), ["a/1", "a/2", "a/3"]);
    assert_eq!(keys(list().prefix("a/").delimiter("/").send().await.unwrap()), ["a/1", "a/2", "a/3"]);
    assert_eq!(keys(list().start_after("b").send().await.unwrap()), ["c/1", "c/2", "d"]);
    assert_eq!(keys(list().prefix("none").send().await.unwrap()), [""; 0]);
    let none = list().max_keys(0).send().await.unwrap();
    assert_eq!(none.is_truncated(), Some(false));
}

#[tokio::test]
async fn the_old_listing_pages_too() {
    let bench = filled().await;
    let (mut seen, mut marker) = (Vec::new(), None);
    loop {
        let request =
            bench.client.list_objects().bucket(BUCKET).delimiter("/").max_keys(1).set_marker(marker);
        let page = request.send().await.unwrap();
        seen.extend(page.contents().iter().map(|object| object.key().unwrap().to_owned()));
        seen.extend(page.common_prefixes().iter().map(|prefix| prefix.prefix().unwrap().to_owned()));
        marker = page.next_marker;
        if page.is_truncated != Some(true) {
            break;
        }
    }
    assert_eq!(seen, ["a/", "b", "c/", "d"]);
}

#[tokio::test]
async fn all_versions_can_be_deleted_while_they_are_listed() {
    let bench = filled().await;
    for _ in 0..3 {
        bench.put("b", b"y").await;
    }
    let (mut key_marker, mut id_marker, mut deleted) = (None, None, 0);
    loop {
        let request = bench.client.list_object_versions().bucket(BUCKET).max_keys(2);
        let page = request.set_key_marker(key_marker).set_version_id_marker(id_marker).send().await.unwrap();
        let versions = page.versions().iter().map(|found| (found.key(), found.version_id()));
        let markers = page.delete_markers().iter().map(|found| (found.key(), found.version_id()));
        for (key, id) in versions.chain(markers) {
            let request = bench.client.delete_object().bucket(BUCKET).key(key.unwrap());
            request.version_id(id.unwrap()).send().await.unwrap();
            deleted += 1;
        }
        if page.is_truncated != Some(true) {
            break;
        }
        (key_marker, id_marker) = (page.next_key_marker, page.next_version_id_marker);
    }
    assert_eq!(deleted, 12);
    assert_eq!(bench.body_files(), 0);
    bench.client.delete_bucket().bucket(BUCKET).send().await.unwrap();
}
