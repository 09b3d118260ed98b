//! What is there after a stop, and after no stop at all.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;

use aws_sdk_s3::types::ObjectLockMode;
use s3store::{OpenError, S3Store};

use crate::bench::{BUCKET, Bench, DAY, body_files, client_for, code, config, serve_at};
use crate::locks::default_retention;

const CHILD_ROOT: &str = "S3STORE_CHILD_ROOT";

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let bench = Bench::locked().await;
    default_retention(&bench, 3).await;
    let first = bench.put("a", b"one").await.unwrap();
    bench.put("a", b"two").await;
    bench.client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    let upload = bench.client.create_multipart_upload().bucket(BUCKET).key("b").send().await.unwrap();
    let part = bench.client.upload_part().bucket(BUCKET).key("b").upload_id(upload.upload_id().unwrap());
    part.part_number(1).body(b"part".to_vec().into()).send().await.unwrap();

    let bench = bench.restart().await;
    let listed = bench.client.list_object_versions().bucket(BUCKET).send().await.unwrap();
    assert_eq!((listed.versions().len(), listed.delete_markers().len()), (2, 1));
    let got = bench.client.get_object().bucket(BUCKET).key("a").version_id(&first).send().await.unwrap();
    assert_eq!(got.object_lock_mode(), Some(&ObjectLockMode::Compliance));
    assert_eq!(got.body.collect().await.unwrap().to_vec(), b"one");
    let delete = bench.client.delete_object().bucket(BUCKET).key("a").version_id(&first);
    assert_eq!(code(delete.send().await), "AccessDenied");
    let kept = bench.client.get_object_lock_configuration().bucket(BUCKET).send().await.unwrap();
    assert!(kept.object_lock_configuration().unwrap().rule().is_some());
    let parts = bench.client.list_parts().bucket(BUCKET).key("b").upload_id(upload.upload_id().unwrap());
    assert_eq!(parts.send().await.unwrap().parts().len(), 1);
    assert_eq!(bench.body_files(), 3);

    bench.advance(4 * DAY);
    bench.client.delete_object().bucket(BUCKET).key("a").version_id(&first).send().await.unwrap();
    let bench = bench.restart().await;
    let third = bench.put("a", b"three").await.unwrap();
    assert_ne!(third, first);
}

#[tokio::test]
async fn a_folder_has_one_owner_and_sheds_what_nobody_owns() {
    let folder = tempfile::tempdir().unwrap();
    let open = || S3Store::open(config(folder.path(), &Arc::default()));
    let store = open().unwrap();
    assert!(matches!(open(), Err(OpenError::InUse)));
    let stray = folder.path().join("bodies").join("stray");
    std::fs::write(&stray, b"left by a crash").unwrap();
    drop(store);
    let _store = open().unwrap();
    assert!(!stray.exists());
}

/// Not a test: the process that the next one kills.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by acknowledged_writes_survive_a_kill"]
async fn child() {
    let Some(root) = std::env::var_os(CHILD_ROOT) else { return };
    let (address, _stop, _server) = serve_at(root.as_ref(), &Arc::default()).await;
    let client = client_for(&format!("http://{address}"));
    client.create_bucket().bucket(BUCKET).object_lock_enabled_for_bucket(true).send().await.unwrap();
    let writers = (0..4).map(|writer| {
        let client = client.clone();
        tokio::spawn(async move {
            for number in 0.. {
                let key = format!("{writer}-{number}");
                let until = std::time::SystemTime::now() + DAY;
                client
                    .put_object()
                    .bucket(BUCKET)
                    .key(&key)
                    .object_lock_mode(ObjectLockMode::Compliance)
                    .object_lock_retain_until_date(until.into())
                    .body(key.repeat(1000).into_bytes().into())
                    .send()
                    .await
                    .unwrap();
                let mut out = std::io::stdout().lock();
                writeln!(out, "acknowledged {key}").unwrap();
                out.flush().unwrap();
            }
        })
    });
    futures::future::join_all(writers.collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn acknowledged_writes_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "persistence::child", "--ignored", "--nocapture"])
        .env(CHILD_ROOT, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The test runner writes its own words before the first of these, on the same line.
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let acknowledged: Vec<String> = lines
        .map_while(Result::ok)
        .filter_map(|line| line.split_once("acknowledged ").map(|(_, key)| key.to_owned()))
        .take(60)
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(acknowledged.len(), 60);

    let (address, _stop, _server) = serve_at(folder.path(), &Arc::default()).await;
    let client = client_for(&format!("http://{address}"));
    for key in &acknowledged {
        let got = client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
        let id = got.version_id().unwrap().to_owned();
        assert_eq!(got.body.collect().await.unwrap().to_vec(), key.repeat(1000).into_bytes());
        let delete = client.delete_object().bucket(BUCKET).key(key).version_id(id);
        assert_eq!(code(delete.send().await), "AccessDenied");
    }
    let listed = client.list_objects_v2().bucket(BUCKET).send().await.unwrap();
    assert_eq!(listed.contents().len(), body_files(folder.path()).len());
}
