//! The headers of the local server are those of `infra/aws/edge/headers.json`, with which the cloud's edge is compared.

use crate::support::{self, Bench};
use local::{
    door::Door,
    serve::{Front, serve},
    site::Site,
};
use std::{collections::BTreeMap, sync::Arc};

const SOURCE: &str = include_str!("../../../aws/edge/headers.json");

#[tokio::test]
async fn the_local_server_sends_the_headers_of_the_edge() {
    let source: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(SOURCE).unwrap();
    let bench = Bench::start().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "<!doctype html>").unwrap();
    let bucket = "http://192.0.2.1:9000";
    let site = Some(Site::new(folder.path(), bucket));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let front =
        Front { app: bench.app.clone(), site, demo: Arc::default(), mails: None, door: Door::default() };
    let server = tokio::spawn(serve(listener, front, std::future::pending()));
    for (target, own) in [("/", "application"), ("/patients", "application"), ("/portal/", "portal")] {
        let answer = support::request(&address, "GET", target, &[], "").await;
        assert_eq!(answer.status, 200, "{target}");
        for (name, value) in source["every"].iter().chain(&source[own]) {
            let sent = answer.headers.get(name).map(|value| value.to_str().unwrap());
            assert_eq!(sent, Some(value.replace("{bucket}", bucket).as_str()), "{target} {name}");
        }
    }
    server.abort();
}
