//! Checksums: echoed when right, refused when wrong, ahead of the body and behind it.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode};

use crate::bench::{Answer, BUCKET, Bench, bare, code, sha256_base64};
use crate::sigv4::sign;

#[tokio::test]
async fn a_right_sha256_is_echoed_and_kept() {
    let bench = Bench::plain().await;
    let sum = sha256_base64(b"hello");
    let put = bench
        .client
        .put_object()
        .bucket(BUCKET)
        .key("a")
        .checksum_sha256(&sum)
        .body(ByteStream::from_static(b"hello"))
        .send()
        .await
        .unwrap();
    assert_eq!(put.checksum_sha256(), Some(sum.as_str()));
    let head = bench.client.head_object().bucket(BUCKET).key("a").checksum_mode(ChecksumMode::Enabled);
    assert_eq!(head.send().await.unwrap().checksum_sha256(), Some(sum.as_str()));
    let part = bench.client.get_object().bucket(BUCKET).key("a").range("bytes=0-1").send().await.unwrap();
    assert_eq!(part.checksum_sha256(), None);
}

#[tokio::test]
async fn a_wrong_checksum_is_refused_and_leaves_nothing() {
    let bench = Bench::plain().await;
    let put = || bench.client.put_object().bucket(BUCKET).key("a").body(ByteStream::from_static(b"hello"));
    assert_eq!(code(put().checksum_sha256(sha256_base64(b"other")).send().await), "BadDigest");
    assert_eq!(code(put().checksum_sha256("AAAA").send().await), "InvalidRequest");
    assert_eq!(code(put().content_md5("AAAAAAAAAAAAAAAAAAAAAA==").send().await), "BadDigest");
    assert_eq!(code(put().content_md5("AAAA").send().await), "InvalidDigest");
    assert_eq!(code(bench.client.get_object().bucket(BUCKET).key("a").send().await), "NoSuchKey");
    assert_eq!(bench.body_files(), 0);
}

#[tokio::test]
async fn a_streamed_body_is_checked_by_its_trailer() {
    let bench = Bench::plain().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("body");
    let body = vec![7_u8; 300_000];
    std::fs::write(&file, &body).unwrap();
    let put = bench
        .client
        .put_object()
        .bucket(BUCKET)
        .key("a")
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .body(ByteStream::from_path(&file).await.unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(put.checksum_sha256(), Some(sha256_base64(&body).as_str()));
    assert!(bench.get("a").await == body);
}

async fn put_with_trailer(bench: &Bench, body: &str, announced: bool, trailer: &str) -> Answer {
    let path = format!("/{BUCKET}/a");
    let length = body.len().to_string();
    let mut headers = vec![
        ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", length.as_str()),
    ];
    if announced {
        headers.push(("x-amz-trailer", "x-amz-checksum-sha256"));
    }
    let signed = sign("PUT", &path, &bench.address.to_string(), &headers);
    let signed: Vec<(&str, &str)> =
        signed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let chunked = format!("{:x}\r\n{body}\r\n0\r\n{trailer}\r\n", body.len());
    bare(bench.address, "PUT", &path, &signed, chunked.as_bytes()).await
}

#[tokio::test]
async fn a_trailer_that_is_wrong_or_missing_is_refused() {
    let bench = Bench::plain().await;
    let right = format!("x-amz-checksum-sha256:{}\r\n", sha256_base64(b"hello"));
    let wrong = format!("x-amz-checksum-sha256:{}\r\n", sha256_base64(b"other"));
    let answer = put_with_trailer(&bench, "hello", true, &wrong).await;
    assert!(answer.status == 400 && answer.text().contains("BadDigest"), "{}", answer.text());
    let answer = put_with_trailer(&bench, "hello", true, "").await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(bench.body_files(), 0);
    let answer = put_with_trailer(&bench, "hello", true, &right).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(bench.get("a").await, b"hello");
}

#[tokio::test]
async fn a_body_that_is_not_what_was_signed_is_refused() {
    let bench = Bench::plain().await;
    let path = format!("/{BUCKET}/a");
    let claimed = {
        use sha2::Digest as _;
        hex::encode(sha2::Sha256::digest(b"hello"))
    };
    let signed = sign("PUT", &path, &bench.address.to_string(), &[("x-amz-content-sha256", &claimed)]);
    let signed: Vec<(&str, &str)> =
        signed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = bare(bench.address, "PUT", &path, &signed, b"hellO").await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(bench.body_files(), 0);
    let answer = bare(bench.address, "PUT", &path, &signed, b"hello").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}
