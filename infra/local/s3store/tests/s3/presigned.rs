//! Presigned URLs, used without the SDK, as a browser uses them.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};

use crate::bench::{Answer, BUCKET, Bench, bare, sha256_base64};

fn soon() -> PresigningConfig {
    PresigningConfig::expires_in(Duration::from_secs(60)).unwrap()
}

/// The path and query of a URL.
fn target(uri: &str) -> &str {
    let authority = uri.find("://").unwrap() + 3;
    &uri[authority + uri[authority..].find('/').unwrap()..]
}

async fn follow(bench: &Bench, presigned: &PresignedRequest, body: &[u8]) -> Answer {
    let headers: Vec<(&str, &str)> = presigned.headers().collect();
    bare(bench.address, presigned.method(), target(presigned.uri()), &headers, body).await
}

async fn presigned_put(bench: &Bench, body: &[u8]) -> PresignedRequest {
    bench
        .client
        .put_object()
        .bucket(BUCKET)
        .key("up load")
        .content_type("image/png")
        .content_length(i64::try_from(body.len()).unwrap())
        .checksum_sha256(sha256_base64(body))
        .presigned(soon())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_presigned_put_takes_exactly_what_was_signed() {
    let bench = Bench::plain().await;
    let presigned = presigned_put(&bench, b"picture").await;
    // Whoever follows the URL has to send this header too: it is signed.
    assert!(presigned.headers().any(|(name, _)| name == "x-amz-checksum-sha256"));
    let answer = follow(&bench, &presigned, b"pictURE").await;
    assert!(answer.status == 400 && answer.text().contains("BadDigest"), "{}", answer.text());
    assert_eq!(bench.body_files(), 0);
    let answer = follow(&bench, &presigned, b"picture").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let sum = sha256_base64(b"picture");
    assert_eq!(answer.header("x-amz-checksum-sha256"), Some(sum.as_str()));
    let head = bench.client.head_object().bucket(BUCKET).key("up load").send().await.unwrap();
    assert_eq!(head.content_type(), Some("image/png"));
}

#[tokio::test]
async fn a_presigned_put_of_another_size_or_type_is_refused() {
    let bench = Bench::plain().await;
    let presigned = presigned_put(&bench, b"picture").await;
    for (changed, value, body) in
        [("content-length", "8", &b"pictures"[..]), ("content-type", "text/html", &b"picture"[..])]
    {
        let headers: Vec<(&str, &str)> = presigned
            .headers()
            .map(|(name, old)| (name, if name == changed { value } else { old }))
            .collect();
        assert!(headers.contains(&(changed, value)), "{changed} is signed");
        let answer = bare(bench.address, "PUT", target(presigned.uri()), &headers, body).await;
        assert!(answer.text().contains("SignatureDoesNotMatch"), "{changed}: {}", answer.text());
    }
    assert_eq!(bench.body_files(), 0);
}

#[tokio::test]
async fn a_presigned_get_may_say_how_the_browser_is_to_take_it() {
    let bench = Bench::plain().await;
    let put = bench.client.put_object().bucket(BUCKET).key("a").content_type("text/plain");
    put.body(b"hello".to_vec().into()).send().await.unwrap();
    let presigned = bench
        .client
        .get_object()
        .bucket(BUCKET)
        .key("a")
        .response_content_disposition("attachment; filename*=UTF-8''%E9%80%A3%E7%B5%A1.txt")
        .response_content_type("application/octet-stream")
        .presigned(soon())
        .await
        .unwrap();
    let answer = follow(&bench, &presigned, b"").await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"hello"[..]));
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename*=UTF-8''%E9%80%A3%E7%B5%A1.txt")
    );
    assert_eq!(answer.header("content-type"), Some("application/octet-stream"));

    let changed = target(presigned.uri()).replace("attachment", "inline");
    let answer = bare(bench.address, "GET", &changed, &[], b"").await;
    assert_eq!(answer.status, 403, "{}", answer.text());
}

#[tokio::test]
async fn an_old_presigned_url_is_refused() {
    let bench = Bench::plain().await;
    bench.put("a", b"x").await;
    let old = PresigningConfig::builder()
        .start_time(SystemTime::now() - Duration::from_secs(3600))
        .expires_in(Duration::from_secs(60))
        .build()
        .unwrap();
    let presigned = bench.client.get_object().bucket(BUCKET).key("a").presigned(old).await.unwrap();
    let answer = follow(&bench, &presigned, b"").await;
    assert!(answer.status == 403 && answer.text().contains("AccessDenied"), "{}", answer.text());
}

#[tokio::test]
async fn an_upload_cut_off_on_its_way_leaves_nothing() {
    use tokio::io::AsyncWriteExt as _;
    let bench = Bench::plain().await;
    let request = bench.client.put_object().bucket(BUCKET).key("a").content_length(1_000_000);
    let presigned = request.presigned(soon()).await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(bench.address).await.unwrap();
    let mut head = format!("PUT {} HTTP/1.1\r\nhost: {}\r\n", target(presigned.uri()), bench.address);
    for (name, value) in presigned.headers() {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    stream.write_all(&[0; 500_000]).await.unwrap();
    while bench.body_files() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(stream);
    while bench.body_files() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(bench.client.head_object().bucket(BUCKET).key("a").send().await.is_err());
}
