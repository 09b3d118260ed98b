//! Conditional requests, alone and in a race.

use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use futures::future::join_all;

use crate::bench::{BUCKET, Bench, code, outcome};

#[tokio::test]
async fn only_the_first_may_create() {
    let bench = Bench::versioned().await;
    let put = || {
        let request = bench.client.put_object().bucket(BUCKET).key("a").if_none_match("*");
        request.body(ByteStream::from_static(b"x")).send()
    };
    put().await.unwrap();
    assert_eq!(code(put().await), "PreconditionFailed");
    bench.client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    put().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_racers_wins() {
    let bench = Bench::plain().await;
    let racers = (0..16_u8).map(|racer| {
        let request = bench.client.put_object().bucket(BUCKET).key("a").if_none_match("*");
        request.body(vec![racer].into()).send()
    });
    let outcomes: Vec<String> = join_all(racers).await.iter().map(outcome).collect();
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "OK").count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "PreconditionFailed").count(), 15);
    assert_eq!(bench.body_files(), 1);
}

#[tokio::test]
async fn an_overwrite_may_ask_for_what_it_knows() {
    let bench = Bench::plain().await;
    let put = || bench.client.put_object().bucket(BUCKET).key("a").body(ByteStream::from_static(b"x"));
    assert_eq!(code(put().if_match("\"0\"").send().await), "NoSuchKey");
    let etag = put().send().await.unwrap().e_tag.unwrap();
    put().if_match(&etag).send().await.unwrap();
    assert_eq!(code(put().if_match("\"0\"").send().await), "PreconditionFailed");
}

#[tokio::test]
async fn readers_may_ask_whether_anything_changed() {
    let bench = Bench::plain().await;
    bench.put("a", b"x").await;
    let get = || bench.client.get_object().bucket(BUCKET).key("a");
    let etag = get().send().await.unwrap().e_tag.unwrap();
    let status = |error: Result<_, aws_sdk_s3::error::SdkError<_, _>>| {
        let error: aws_sdk_s3::error::SdkError<aws_sdk_s3::operation::get_object::GetObjectError, _> =
            error.map(|_: aws_sdk_s3::operation::get_object::GetObjectOutput| ()).unwrap_err();
        error
            .raw_response()
            .map(|response: &aws_sdk_s3::config::http::HttpResponse| response.status().as_u16())
    };
    assert_eq!(status(get().if_none_match(&etag).send().await), Some(304));
    assert_eq!(status(get().if_match("\"0\"").send().await), Some(412));
    let long_ago = DateTime::from_secs(0);
    assert_eq!(status(get().if_unmodified_since(long_ago).send().await), Some(412));
    get().if_modified_since(long_ago).if_match(&etag).send().await.unwrap();
}

#[tokio::test]
async fn completing_an_upload_may_be_conditional_too() {
    let bench = Bench::plain().await;
    bench.put("a", b"x").await;
    let upload = bench.client.create_multipart_upload().bucket(BUCKET).key("a").send().await.unwrap();
    let id = upload.upload_id().unwrap();
    let part = bench.client.upload_part().bucket(BUCKET).key("a").upload_id(id).part_number(1);
    let part = part.body(ByteStream::from_static(b"y")).send().await.unwrap();
    let part = CompletedPart::builder().part_number(1).set_e_tag(part.e_tag).build();
    let list = CompletedMultipartUpload::builder().parts(part).build();
    let complete = bench.client.complete_multipart_upload().bucket(BUCKET).key("a").upload_id(id);
    let complete = complete.multipart_upload(list).if_none_match("*");
    assert_eq!(code(complete.send().await), "PreconditionFailed");
    assert_eq!(bench.get("a").await, b"x");
}
