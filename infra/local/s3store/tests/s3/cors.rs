//! What a browser asks before and after it talks to a presigned URL of another origin.

use std::time::Duration;

use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};

use crate::bench::{Answer, BUCKET, Bench, bare, code};

const ORIGIN: &str = "http://localhost:8080";

async fn with_rule() -> Bench {
    let bench = Bench::plain().await;
    let rule = CorsRule::builder()
        .allowed_origins(ORIGIN)
        .allowed_methods("PUT")
        .allowed_methods("GET")
        .allowed_methods("HEAD")
        .allowed_headers("content-type")
        .allowed_headers("x-amz-*")
        .expose_headers("ETag")
        .expose_headers("x-amz-version-id")
        .max_age_seconds(600)
        .build()
        .unwrap();
    let rules = CorsConfiguration::builder().cors_rules(rule).build().unwrap();
    bench.client.put_bucket_cors().bucket(BUCKET).cors_configuration(rules).send().await.unwrap();
    bench
}

async fn preflight(bench: &Bench, origin: &str, method: &str, headers: &str) -> Answer {
    let asked = [
        ("origin", origin),
        ("access-control-request-method", method),
        ("access-control-request-headers", headers),
    ];
    bare(bench.address, "OPTIONS", &format!("/{BUCKET}/a%20b?X-Amz-Signature=any"), &asked, b"").await
}

#[tokio::test]
async fn a_preflight_is_answered_by_the_buckets_rules() {
    let bench = with_rule().await;
    let answer = preflight(&bench, ORIGIN, "PUT", "Content-Type, x-amz-checksum-sha256").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
    assert_eq!(answer.header("access-control-allow-methods"), Some("PUT, GET, HEAD"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("content-type, x-amz-checksum-sha256"));
    assert_eq!(answer.header("access-control-max-age"), Some("600"));
    assert!(answer.header("vary").unwrap().contains("Origin"));

    for (origin, method, headers) in [
        ("http://elsewhere.example", "PUT", "content-type"),
        (ORIGIN, "DELETE", "content-type"),
        (ORIGIN, "PUT", "x-other"),
    ] {
        let answer = preflight(&bench, origin, method, headers).await;
        assert!(answer.status == 403 && answer.text().contains("AccessForbidden"), "{}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[tokio::test]
async fn answers_tell_an_allowed_origin_what_it_may_read() {
    let bench = with_rule().await;
    let soon = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let presigned = bench.client.put_object().bucket(BUCKET).key("a").presigned(soon.clone()).await.unwrap();
    let path = presigned.uri().split_once(&bench.address.to_string()).unwrap().1.to_owned();
    let answer = bare(bench.address, "PUT", &path, &[("origin", ORIGIN)], b"x").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
    assert_eq!(answer.header("access-control-expose-headers"), Some("ETag, x-amz-version-id"));
    let answer = bare(bench.address, "PUT", &path, &[("origin", "http://elsewhere.example")], b"x").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None));

    let presigned = bench.client.get_object().bucket(BUCKET).key("none").presigned(soon).await.unwrap();
    let path = presigned.uri().split_once(&bench.address.to_string()).unwrap().1.to_owned();
    let answer = bare(bench.address, "GET", &path, &[("origin", ORIGIN)], b"").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (404, Some(ORIGIN)));
}

#[tokio::test]
async fn rules_are_kept_and_removed() {
    let bench = with_rule().await;
    let got = bench.client.get_bucket_cors().bucket(BUCKET).send().await.unwrap();
    assert_eq!(got.cors_rules()[0].max_age_seconds(), Some(600));
    bench.client.delete_bucket_cors().bucket(BUCKET).send().await.unwrap();
    assert_eq!(code(bench.client.get_bucket_cors().bucket(BUCKET).send().await), "NoSuchCORSConfiguration");
    assert_eq!(preflight(&bench, ORIGIN, "PUT", "content-type").await.status, 403);
}
