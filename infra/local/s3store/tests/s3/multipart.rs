//! Multipart uploads.

use aws_sdk_s3::operation::upload_part::UploadPartOutput;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart,
};

use crate::bench::{BUCKET, Bench, DAY, code, sha256_base64};
use crate::locks::default_retention;

const MINIMUM: usize = 5 * 1024 * 1024;

async fn begin(bench: &Bench, algorithm: ChecksumAlgorithm) -> String {
    let request =
        bench.client.create_multipart_upload().bucket(BUCKET).key("big").checksum_algorithm(algorithm);
    request.send().await.unwrap().upload_id.unwrap()
}

async fn send(
    bench: &Bench,
    id: &str,
    number: i32,
    body: &[u8],
    algorithm: ChecksumAlgorithm,
) -> UploadPartOutput {
    let request = bench.client.upload_part().bucket(BUCKET).key("big").upload_id(id).part_number(number);
    request.checksum_algorithm(algorithm).body(body.to_vec().into()).send().await.unwrap()
}

fn listed(number: i32, part: &UploadPartOutput) -> CompletedPart {
    CompletedPart::builder()
        .part_number(number)
        .set_e_tag(part.e_tag.clone())
        .set_checksum_sha256(part.checksum_sha256.clone())
        .set_checksum_crc64_nvme(part.checksum_crc64_nvme.clone())
        .build()
}

fn list(parts: Vec<CompletedPart>) -> CompletedMultipartUpload {
    CompletedMultipartUpload::builder().set_parts(Some(parts)).build()
}

#[tokio::test]
async fn parts_become_one_object_with_a_composite_checksum_under_the_default_retention() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let bench = Bench::locked().await;
    default_retention(&bench, 30).await;
    let bodies = [vec![1_u8; MINIMUM], vec![2_u8; MINIMUM], b"end".to_vec()];
    let id = begin(&bench, ChecksumAlgorithm::Sha256).await;
    let mut parts = Vec::new();
    // Out of order, and one of them twice: the later one counts.
    send(&bench, &id, 2, b"replaced", ChecksumAlgorithm::Sha256).await;
    for number in [3, 1, 2] {
        let body = &bodies[usize::try_from(number).unwrap() - 1];
        let part = send(&bench, &id, number, body, ChecksumAlgorithm::Sha256).await;
        assert_eq!(part.checksum_sha256(), Some(sha256_base64(body).as_str()));
        parts.push(listed(number, &part));
    }
    parts.sort_by_key(CompletedPart::part_number);
    let page =
        bench.client.list_parts().bucket(BUCKET).key("big").upload_id(&id).max_parts(2).send().await.unwrap();
    assert_eq!((page.parts().len(), page.is_truncated()), (2, Some(true)));

    let complete = bench.client.complete_multipart_upload().bucket(BUCKET).key("big").upload_id(&id);
    let complete = complete.multipart_upload(list(parts));
    let done = complete.clone().send().await.unwrap();
    let hashes: Vec<u8> = bodies.iter().flat_map(sha2::Sha256::digest).collect();
    let expected = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(hashes));
    assert_eq!(done.checksum_sha256(), Some(format!("{expected}-3").as_str()));
    assert!(done.e_tag().unwrap().ends_with("-3\""));

    // A client that lost the answer gets the same one again, and no second version.
    let again = complete.send().await.unwrap();
    assert_eq!(again.version_id(), done.version_id());
    assert_eq!(again.e_tag(), done.e_tag());
    assert_eq!(bench.client.list_object_versions().bucket(BUCKET).send().await.unwrap().versions().len(), 1);

    assert!(bench.get("big").await == bodies.concat());
    let range = format!("bytes={}-{}", MINIMUM - 1, 2 * MINIMUM);
    let got = bench.client.get_object().bucket(BUCKET).key("big").range(range).send().await.unwrap();
    let middle = [&[1_u8][..], &bodies[1], b"e"].concat();
    assert!(got.body.collect().await.unwrap().to_vec() == middle);
    let last = bench.client.get_object().bucket(BUCKET).key("big").part_number(3).send().await.unwrap();
    assert_eq!(last.body.collect().await.unwrap().to_vec(), b"end");

    let kept = bench.client.get_object_retention().bucket(BUCKET).key("big").send().await.unwrap();
    let until = kept.retention().unwrap().retain_until_date().unwrap().secs();
    assert!((until - bench.after(30 * DAY).secs()).abs() < 600);
    let delete =
        bench.client.delete_object().bucket(BUCKET).key("big").version_id(done.version_id().unwrap());
    assert_eq!(code(delete.send().await), "AccessDenied");
    assert_eq!(bench.body_files(), 3);
}

#[tokio::test]
async fn crc64_covers_the_whole_object() {
    let bench = Bench::plain().await;
    let whole = vec![9_u8; MINIMUM + 5];
    bench
        .client
        .put_object()
        .bucket(BUCKET)
        .key("whole")
        .checksum_algorithm(ChecksumAlgorithm::Crc64Nvme)
        .body(whole.clone().into())
        .send()
        .await
        .unwrap();
    let head = bench.client.head_object().bucket(BUCKET).key("whole").checksum_mode(ChecksumMode::Enabled);
    let expected = head.send().await.unwrap().checksum_crc64_nvme.unwrap();

    let id = begin(&bench, ChecksumAlgorithm::Crc64Nvme).await;
    let first = send(&bench, &id, 1, &whole[..MINIMUM], ChecksumAlgorithm::Crc64Nvme).await;
    let second = send(&bench, &id, 2, &whole[MINIMUM..], ChecksumAlgorithm::Crc64Nvme).await;
    let complete = bench.client.complete_multipart_upload().bucket(BUCKET).key("big").upload_id(&id);
    let complete = complete.multipart_upload(list(vec![listed(1, &first), listed(2, &second)]));
    let wrong = complete.clone().checksum_crc64_nvme("AAAAAAAAAAA=").send().await;
    assert_eq!(code(wrong), "BadDigest");
    let done = complete.checksum_crc64_nvme(&expected).send().await.unwrap();
    assert_eq!(done.checksum_crc64_nvme(), Some(expected.as_str()));
    assert_eq!(done.checksum_type(), Some(&ChecksumType::FullObject));
    assert!(bench.get("big").await == whole);
}

#[tokio::test]
async fn a_wrong_list_of_parts_is_refused() {
    let bench = Bench::plain().await;
    let id = begin(&bench, ChecksumAlgorithm::Sha256).await;
    let first = listed(1, &send(&bench, &id, 1, b"small", ChecksumAlgorithm::Sha256).await);
    let second = listed(2, &send(&bench, &id, 2, b"end", ChecksumAlgorithm::Sha256).await);
    let complete = |parts| {
        let request = bench.client.complete_multipart_upload().bucket(BUCKET).key("big").upload_id(&id);
        request.multipart_upload(list(parts)).send()
    };
    assert_eq!(code(complete(vec![first.clone(), second.clone()]).await), "EntityTooSmall");
    assert_eq!(code(complete(vec![second.clone(), first.clone()]).await), "InvalidPartOrder");
    let other = CompletedPart::builder().part_number(1).e_tag("\"0\"").build();
    assert_eq!(code(complete(vec![other]).await), "InvalidPart");
    let unknown = CompletedPart::builder().part_number(7).e_tag(second.e_tag().unwrap()).build();
    assert_eq!(code(complete(vec![unknown]).await), "InvalidPart");
    assert_eq!(code(complete(Vec::new()).await), "MalformedXML");
    complete(vec![first.clone()]).await.unwrap();
    assert_eq!(bench.get("big").await, b"small");
    assert_eq!(bench.body_files(), 1);
    bench.put("big", b"another").await;
    assert_eq!(code(complete(vec![first]).await), "NoSuchUpload");
}

#[tokio::test]
async fn an_aborted_upload_leaves_nothing() {
    let bench = Bench::plain().await;
    let id = begin(&bench, ChecksumAlgorithm::Sha256).await;
    send(&bench, &id, 1, b"x", ChecksumAlgorithm::Sha256).await;
    let uploads = bench.client.list_multipart_uploads().bucket(BUCKET).send().await.unwrap();
    assert_eq!(uploads.uploads()[0].upload_id(), Some(id.as_str()));
    assert_eq!(code(bench.client.delete_bucket().bucket(BUCKET).send().await), "BucketNotEmpty");
    let abort = || bench.client.abort_multipart_upload().bucket(BUCKET).key("big").upload_id(&id).send();
    abort().await.unwrap();
    assert_eq!(code(abort().await), "NoSuchUpload");
    assert_eq!(bench.body_files(), 0);
    let part = bench.client.upload_part().bucket(BUCKET).key("big").upload_id(&id).part_number(1);
    assert_eq!(code(part.body(b"x".to_vec().into()).send().await), "NoSuchUpload");
    bench.client.delete_bucket().bucket(BUCKET).send().await.unwrap();
}

#[tokio::test]
async fn uploads_are_listed_in_pages() {
    let bench = Bench::plain().await;
    let mut ids = Vec::new();
    for key in ["a", "a", "b", "c"] {
        let upload = bench.client.create_multipart_upload().bucket(BUCKET).key(key).send().await.unwrap();
        ids.push(upload.upload_id.unwrap());
    }
    let (mut seen, mut key, mut id) = (Vec::new(), None, None);
    loop {
        let request = bench.client.list_multipart_uploads().bucket(BUCKET).max_uploads(1);
        let page = request.set_key_marker(key).set_upload_id_marker(id).send().await.unwrap();
        seen.extend(page.uploads().iter().map(|upload| upload.upload_id().unwrap().to_owned()));
        if page.is_truncated() != Some(true) {
            break;
        }
        (key, id) = (page.next_key_marker, page.next_upload_id_marker);
    }
    assert_eq!(seen, ids);
}
