//! The functions' binaries against the table and the buckets that the cloud's templates made in the emulator: a nurse signs in
//! and sends a note with a picture, the nightly job locks the days before, the seals begin, the portal is written.
//!
//! `infra/aws/tests` starts this test and says where everything is in `TSUNAGARU_DEPLOYED`; without the variable there is
//! nothing to talk to and the test says so.

use crate::support::{self, new_note};
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use aws_sdk_s3::{primitives::ByteStream, types::ObjectLockMode};
use bytes::Bytes;
use functions::{
    app::App,
    clock::SystemClock,
    settings::Settings,
    store::{
        drill::Isolated,
        keys,
        schema::{PK, SK},
    },
};
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use local::{
    cloud::{ATTACHMENTS, Cloud, Endpoints, TABLE, settings},
    lambda_runtime as runtime, load, secondfactor,
    testclock::TestClock,
};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{
    CONTRACT,
    api::{BODY_HASH_HEADER, CONTRACT_HEADER},
    book::{AttachmentDraft, FileType},
    evidence::{BackupKind, VerificationState, monitor::Part, runbook::SOURCES},
    id::GenerationId,
};
use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use tokio::{net::TcpListener, process::Command};

/// The beginning of every name of what is deployed (`infra/aws/tests/world.py`).
const PREFIX: &str = "tsunagaru";
/// How long a job may take against an emulator on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// What `infra/aws/tests` says: read back from what was deployed.
#[derive(Deserialize)]
struct Deployed {
    endpoints: Endpoints,
    /// The folder of the binaries.
    binaries: PathBuf,
    /// A folder for each function with what its zip has beside its program.
    beside: PathBuf,
    /// The environment of each function, by name.
    functions: BTreeMap<String, BTreeMap<String, String>>,
}

impl Deployed {
    fn variable(&self, name: &str) -> String {
        self.functions["api"][name].clone()
    }

    /// The same deployment seen by the test itself.
    fn app(&self) -> Arc<App> {
        let settings = Settings {
            table: self.variable("TSUNAGARU_TABLE"),
            attachments: self.variable("TSUNAGARU_ATTACHMENTS"),
            archive: self.variable("TSUNAGARU_ARCHIVE"),
            portal: self.variable("TSUNAGARU_PORTAL"),
            keys: self.variable("TSUNAGARU_KEYS"),
            keys_copy: self.variable("TSUNAGARU_KEYS_COPY"),
            ..settings(vec![self.variable("TSUNAGARU_ORIGINS")])
        };
        self.endpoints.app(Arc::new(SystemClock), settings)
    }

    /// A function as Lambda starts it: its deployed environment, and where the services are.
    async fn start(&self, name: &str) -> runtime::Runtime {
        let here = runtime::environment(&self.endpoints, &settings(Vec::new()));
        let mut environment: Vec<_> =
            here.into_iter().filter(|(name, _)| !name.starts_with("TSUNAGARU_")).collect();
        let here = self.beside.join(name);
        let unpacked = |value: &String| value.replace("/var/task", &here.to_string_lossy());
        environment.extend(self.functions[name].iter().map(|(key, value)| (key.clone(), unpacked(value))));
        runtime::Runtime::start(&self.binaries.join(name), environment).await.unwrap()
    }

    /// Runs a job once.
    async fn job(&self, name: &str) -> Value {
        self.ask(name, json!({})).await.unwrap()
    }

    /// Our command line as a person types it, against functions that are started as Lambda starts them; whether it went well,
    /// and what it said.
    async fn typed(&self, arguments: &[&str]) -> (bool, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut xtask = Command::new(std::env::var_os("TSUNAGARU_XTASK").unwrap());
        xtask.args(arguments).args(["--prefix", PREFIX, "--endpoint-url", &url]);
        xtask.env("AWS_ACCESS_KEY_ID", "emulator").env("AWS_SECRET_ACCESS_KEY", "not-a-secret");
        let mut typed = std::pin::pin!(xtask.kill_on_drop(true).output());
        loop {
            let stream = tokio::select! {
                done = &mut typed => {
                    let done = done.unwrap();
                    let said = [done.stdout, done.stderr].concat();
                    return (done.status.success(), String::from_utf8_lossy(&said).into_owned());
                }
                stream = listener.accept() => TokioIo::new(stream.unwrap().0),
            };
            let answer = service_fn(async |request| Ok::<_, Infallible>(self.invoked(request).await));
            // It waits for the answer, and hangs up.
            http1::Builder::new().keep_alive(false).serve_connection(stream, answer).await.ok();
        }
    }

    /// `POST /2015-03-31/functions/NAME/invocations`, as the Lambda API answers it.
    async fn invoked(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path().to_owned();
        let name = path.split('/').nth(3).and_then(|name| name.strip_prefix(PREFIX)?.strip_prefix('-'));
        let name = name.unwrap().to_owned();
        let asked = request.into_body().collect().await.unwrap().to_bytes();
        let (failed, answer) = match self.ask(&name, serde_json::from_slice(&asked).unwrap()).await {
            Ok(answer) => (false, answer),
            Err(error) => (true, json!({ "errorType": "Error", "errorMessage": error })),
        };
        let answer = Response::builder().header("content-type", "application/json").body(answer.to_string());
        let mut answer = answer.unwrap().map(|text| Full::new(text.into()));
        if failed {
            answer.headers_mut().insert("x-amz-function-error", HeaderValue::from_static("Unhandled"));
        }
        answer
    }

    /// Calls a function once with something; what it answered, or its error in words.
    async fn ask(&self, name: &str, payload: Value) -> Result<Value, String> {
        let function = self.start(name).await;
        let answer = function.invoke_within(payload, PATIENCE).await;
        function.stop().await;
        answer.map_err(|error| error.to_string())
    }
}

/// Puts the demo city's items and files into what was deployed.
async fn move_in(to: &Deployed) {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::start(folder.path(), &TestClock::default()).await.unwrap();
    cloud.prepare(&[]).await.ok();
    let app = cloud.endpoints.app(Arc::new(SystemClock), settings(Vec::new()));
    load::city(&app, &cloud, demo::Size::TEST).await.unwrap();
    let ((table, blobs), (there, blobs_there)) = (cloud.endpoints.clients(), to.endpoints.clients());
    let name = to.variable("TSUNAGARU_TABLE");
    let mut from = None;
    loop {
        let page = table.scan().table_name(TABLE).set_exclusive_start_key(from).send().await.unwrap();
        // The files of the portal do not move in: the job has to find that none is written.
        let written = keys::portal_written();
        let is = |item: &HashMap<String, AttributeValue>, name: &str, value: &str| {
            item.get(name).and_then(|there| there.as_s().ok()).is_some_and(|there| there == value)
        };
        let items =
            page.items().iter().filter(|item| !(is(item, PK, &written.pk) && is(item, SK, &written.sk)));
        let items: Vec<_> = items.collect();
        for some in items.chunks(25) {
            let put = |item: &&HashMap<_, _>| {
                let put = PutRequest::builder().set_item(Some((*item).clone())).build().unwrap();
                WriteRequest::builder().put_request(put).build()
            };
            let ask = HashMap::from([(name.clone(), some.iter().map(put).collect())]);
            let left = there.batch_write_item().set_request_items(Some(ask)).send().await.unwrap();
            assert!(left.unprocessed_items().is_none_or(HashMap::is_empty));
        }
        from = page.last_evaluated_key;
        if from.is_none() {
            break;
        }
    }
    let files = blobs.list_objects_v2().bucket(ATTACHMENTS).send().await.unwrap();
    for file in files.contents() {
        let object = blobs.get_object().bucket(ATTACHMENTS).key(file.key().unwrap()).send().await.unwrap();
        let body = object.body.collect().await.unwrap().into_bytes();
        let put =
            blobs_there.put_object().bucket(to.variable("TSUNAGARU_ATTACHMENTS")).key(file.key().unwrap());
        put.body(ByteStream::from(body)).send().await.unwrap();
    }
    cloud.stop().await;
}

/// The environment is founded, once or until somebody has signed in; a letter opens the first sign-in.
async fn found(deployed: &Deployed) {
    let founding = json!({
        "offices": [{ "name": "小牧市役所", "kind": "city_office" }, { "name": "運用の会社", "kind": "contractor" }],
        "people": [
            { "user_id": "founder-city", "name": "市 太郎", "kana": "し たろう", "office": "小牧市役所", "roles": ["city"] },
            { "user_id": "founder-om", "name": "運用 花子", "kana": "うんよう はなこ", "office": "運用の会社", "roles": ["operations_manager"] },
            { "user_id": "founder-sa", "name": "管理 次郎", "kana": "かんり じろう", "office": "運用の会社", "roles": ["system_admin", "operator"] },
            { "user_id": "founder-city2", "name": "市 三郎", "kana": "し さぶろう", "office": "小牧市役所", "roles": ["city"] },
        ],
    });
    let folder = tempfile::tempdir().unwrap();
    let found = async |people: Value| {
        let file = folder.path().join("people.json");
        std::fs::write(&file, people.to_string()).unwrap();
        deployed.typed(&["founding", "--people", file.to_str().unwrap()]).await
    };
    let (well, said) = found(json!({ "offices": [], "people": [] })).await;
    assert!(!well && said.contains("offices"), "{said}");
    let letter = |(well, said): (bool, String)| {
        assert!(well, "{said}");
        let line = said.lines().find(|line| line.starts_with("founder-sa")).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    let lost = letter(found(founding.clone()).await);
    let password = letter(found(founding).await);
    assert_ne!(lost, password, "a lost letter is printed anew");
    let api = deployed.start("api").await;
    let mut first = Person { api: &api, cookie: None };
    let credentials = |password: &str| json!({ "user_id": "founder-sa", "password": password });
    assert_eq!(first.send("POST", "/api/session", Some(&credentials(&lost))).await.0, 401);
    let me = first.ok("POST", "/api/session", Some(&credentials(&password))).await;
    assert_eq!(me["stage"], "password_change", "{me}");
    api.stop().await;
}

/// What the night locked comes back into another environment, by the function that the deployer calls.
async fn restore(deployed: &mut Deployed) {
    let place = Isolated::of(&deployed.app().settings, GenerationId::from_parts(1, 1));
    deployed.app().store.make_isolated(&place).await.unwrap();
    let own = deployed.functions["api"].clone();
    let function = deployed.functions.get_mut("restore").unwrap();
    for name in ["TABLE", "ARCHIVE", "KEYS", "KEYS_COPY"] {
        let from = own[&format!("TSUNAGARU_{name}")].clone();
        // Deployed, it reads the environment that its parameter names; that one is not deployed here.
        assert!(
            function.insert(format!("TSUNAGARU_FROM_{name}"), from).unwrap().starts_with("before"),
            "{name}"
        );
    }
    function.insert("TSUNAGARU_TABLE".into(), place.table.clone());
    function.insert("TSUNAGARU_ATTACHMENTS".into(), place.bucket.clone());
    let (well, dry) = deployed.typed(&["fill", "--dry-run"]).await;
    assert!(well, "{dry}");
    let (well, done) = deployed.typed(&["fill"]).await;
    assert!(well && done == dry, "{done}");
    let notes = done.split(", ").find_map(|part| part.strip_suffix(" notes")?.parse::<u64>().ok());
    assert!(notes.unwrap() > 100, "{done}");
    let app = deployed.app().beside(place.settings(&deployed.app().settings));
    assert!(!app.store.facilities().await.unwrap().is_empty());
    // Again, it has nothing left to do; and another plan it refuses.
    assert_eq!(deployed.typed(&["fill"]).await, (true, done));
    let (well, said) = deployed.typed(&["fill", "--day", "2026-01-01"]).await;
    assert!(!well && said.contains("another restore"), "{said}");
}

/// The generations are read back and restored in a table and a bucket that exist only meanwhile, except in the night, when it
/// is too early. It is tried as on an environment that has been watched since yesterday.
async fn drill(deployed: &Deployed, app: &App) {
    let (table, _) = deployed.endpoints.clients();
    let places = async || {
        let tables = table.list_tables().send().await.unwrap().table_names.unwrap_or_default();
        tables.into_iter().filter(|name| name.contains("-drill-")).collect::<Vec<_>>()
    };
    let (key, before) = (keys::monitor_begun(), places().await);
    let since = serde_json::to_string(&app.clock.now().plus_seconds(-24 * 3600)).unwrap();
    let begun = table.update_item().table_name(deployed.variable("TSUNAGARU_TABLE"));
    let begun = begun.key(PK, AttributeValue::S(key.pk)).key(SK, AttributeValue::S(key.sk));
    let begun = begun.update_expression("SET doc = :since");
    begun.expression_attribute_values(":since", AttributeValue::S(since)).send().await.unwrap();

    let read = deployed.job("drill").await.as_u64().unwrap();
    let read_on = app.store.generations_read_on().await.unwrap();
    assert_eq!(read > 0, read_on.is_some());
    let proofs = app.store.proofs(1).await.unwrap();
    assert_eq!(proofs.len(), usize::from(read > 0));
    for proof in proofs {
        assert!(proof.is_good(), "{proof:?}");
    }
    assert_eq!(places().await, before, "nothing of a drill stays");
}

/// What has a press: the job that keeps the runbooks on paper, and the function that prints for people.
async fn printed(deployed: &Deployed, app: &App, city: &Person<'_>) {
    assert_eq!(deployed.job("runbooks").await, json!(SOURCES.len()));
    assert_eq!(deployed.job("runbooks").await, json!(0));
    let copies = app.store.runbook_copies().await.unwrap();
    assert_eq!(copies.len(), SOURCES.len());
    for copy in copies.values() {
        let (key, version) =
            app.store.blobs.first_version(copy.pdf_key.as_ref().unwrap()).await.unwrap().unwrap();
        let paper = app.store.blobs.archived(&key, &version).await.unwrap().unwrap();
        assert!(paper.body.starts_with(b"%PDF-") && paper.locked_until.is_some(), "{key}");
    }
    let sheet = deployed.start("sheet").await;
    let mut reader = Person { api: &sheet, cookie: city.cookie.clone() };
    let printed = reader.ok("GET", "/api/runbooks/sheet?number=1", None).await;
    assert!(printed["name"].as_str().unwrap().ends_with(".pdf") && printed["pdf"].is_string(), "{printed}");
    sheet.stop().await;
}

/// Somebody whose requests go to the function `api`, or to the one that prints.
struct Person<'f> {
    api: &'f runtime::Runtime,
    cookie: Option<String>,
}

impl Person<'_> {
    async fn send(&mut self, method: &str, target: &str, body: Option<&Value>) -> (u16, Value) {
        let body = body.map(|body| serde_json::to_vec(body).unwrap()).unwrap_or_default();
        let (hash, contract) = (hex::encode(Sha256::digest(&body)), CONTRACT.to_string());
        let mut headers = vec![(CONTRACT_HEADER, contract.as_str()), (BODY_HASH_HEADER, hash.as_str())];
        headers.extend(self.cookie.as_deref().map(|cookie| ("cookie", cookie)));
        let event = runtime::event(method, target, &headers, &body, "192.0.2.7");
        let answer = runtime::response(&self.api.invoke(event).await.unwrap()).unwrap();
        if let Some(cookie) = answer.headers().get("set-cookie") {
            self.cookie = cookie.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default())
    }

    async fn ok(&mut self, method: &str, target: &str, body: Option<&Value>) -> Value {
        let (status, answer) = self.send(method, target, body).await;
        assert_eq!(status, 200, "{method} {target}: {answer}");
        answer
    }

    async fn sign_in(&mut self, app: &App, user_id: &str) {
        let credentials = json!({ "user_id": user_id, "password": demo::DEMO_PASSWORD });
        self.ok("POST", "/api/session", Some(&credentials)).await;
        let code = json!({ "code": secondfactor::fresh_code(app, user_id).await.unwrap() });
        self.ok("POST", "/api/session/factor", Some(&code)).await;
    }
}

#[tokio::test]
async fn the_deployed_functions_do_their_work() {
    let Some(deployed) = std::env::var_os("TSUNAGARU_DEPLOYED") else {
        eprintln!("skipped: TSUNAGARU_DEPLOYED names no environment; `cargo xtask test` deploys one");
        return;
    };
    let mut deployed: Deployed = serde_json::from_slice(&std::fs::read(deployed).unwrap()).unwrap();
    found(&deployed).await;
    move_in(&deployed).await;
    let app = deployed.app();
    let (_, blobs) = deployed.endpoints.clients();

    // A nurse signs in with two factors, reads a page, sends a note with a file.
    let api = deployed.start("api").await;
    let mut nurse = Person { api: &api, cookie: None };
    assert_eq!(nurse.send("GET", "/api/patients", None).await.0, 401);
    nurse.sign_in(&app, "hinata-n01").await;
    let patients = nurse.ok("GET", "/api/patients", None).await;
    let patient = patients["rows"][0]["patient"]["id"].as_str().unwrap().to_owned();
    let pdf = b"%PDF-1.4\n% small\n%%EOF\n";
    let declared = AttachmentDraft {
        name: "薬剤情報.pdf".into(),
        file_type: FileType::Pdf,
        bytes: pdf.len() as u64,
        sha256: hex::encode(Sha256::digest(pdf)),
    };
    let declared = serde_json::to_value(declared).unwrap();
    let files = format!("/api/patients/{patient}/attachments");
    let ticket = nurse.ok("POST", &files, Some(&declared)).await;
    let url: http::Uri = ticket["url"].as_str().unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = serde_json::from_value(ticket["headers"].clone()).unwrap();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (host, target) = (url.authority().unwrap().as_str(), url.path_and_query().unwrap().as_str());
    assert_eq!(support::request(host, "PUT", target, &headers, pdf.as_slice()).await.status, 200);
    let id = ticket["id"].as_str().unwrap();
    nurse.ok("POST", &format!("{files}/{id}/confirmation"), Some(&json!({}))).await;
    let mut note = new_note("クラウドの環境から送った連絡です。");
    note["attachments"] = json!([id]);
    let notes = format!("/api/patients/{patient}/notes");
    let sent = nurse.ok("POST", &notes, Some(&note)).await;
    // The same command again is the same note.
    assert_eq!(nurse.ok("POST", &notes, Some(&note)).await["number"], sent["number"]);
    let page = nurse.ok("GET", &notes, None).await;
    assert!(page["notes"].as_array().unwrap().iter().any(|one| one["number"] == sent["number"]), "{page}");

    // The nightly job locks every day that is over and has none yet; a second run finds nothing to do.
    let made = deployed.job("backup").await.as_u64().unwrap();
    assert!(made >= 14, "{made} generations");
    assert_eq!(deployed.job("backup").await, json!(0));
    let mut city = Person { api: &api, cookie: None };
    city.sign_in(&app, "city-01").await;
    let listed = city.ok("GET", "/api/backups", None).await;
    let (generations, _) = app.store.generations(BackupKind::Daily, None).await.unwrap();
    assert_eq!(listed.to_string().matches("manifest_key").count(), generations.len());
    // Beside the days, the state of the system was saved.
    let (system, _) = app.store.generations(BackupKind::System, None).await.unwrap();
    assert_eq!((generations.len() + system.len()) as u64, made);
    assert_eq!(system.len(), 1);
    // Every key of a day lies in both buckets of keys.
    for bucket in ["TSUNAGARU_KEYS", "TSUNAGARU_KEYS_COPY"] {
        let keys = blobs.list_objects_v2().bucket(deployed.variable(bucket)).send().await.unwrap();
        assert!(keys.contents().len() >= generations.len(), "{bucket}");
    }
    assert!(generations.iter().map(|one| one.counts.notes).sum::<u64>() > 100);
    let archive = deployed.variable("TSUNAGARU_ARCHIVE");
    for generation in &generations {
        assert_eq!(generation.verification.state, VerificationState::Sound);
        let head = blobs.head_object().bucket(&archive).key(&generation.manifest_key);
        let head = head.version_id(&generation.manifest_version).send().await.unwrap();
        assert_eq!(head.object_lock_mode, Some(ObjectLockMode::Compliance));
        let until = head.object_lock_retain_until_date.unwrap().secs();
        assert_eq!(until, generation.day.locked_until().seconds());
        let delete = blobs.delete_object().bucket(&archive).key(&generation.manifest_key);
        assert!(
            delete.version_id(&generation.manifest_version).send().await.is_err(),
            "a locked version went"
        );
    }

    restore(&mut deployed).await;
    printed(&deployed, &app, &city).await;

    // The other jobs start, find their settings, and do what is due.
    assert!(deployed.job("seal").await.is_u64());
    deployed.job("portal").await;
    let top = blobs.head_object().bucket(deployed.variable("TSUNAGARU_PORTAL")).key("portal/index.html");
    assert_eq!(top.send().await.unwrap().content_type(), Some("text/html; charset=utf-8"));
    assert_eq!(deployed.job("sweep").await, json!(0));
    assert_eq!(deployed.job("erase").await, json!(0));
    assert!(deployed.job("outbox").await.is_u64());
    // Monitoring begins, and its check finds where it began.
    assert!(deployed.job("monitor").await.as_u64().unwrap() >= 1);
    assert!(app.store.monitored_since().await.unwrap().is_some());
    // The ring is looked at by a job that may read keys; monitoring has none.
    assert!(app.store.watch(Part::KeyRing).await.unwrap().is_none());
    assert_eq!(deployed.job("erase").await, json!(0));
    let ring = app.store.watch(Part::KeyRing).await.unwrap().unwrap();
    assert!(ring.good && ring.words.contains("両方の写しから"), "{ring:?}");
    assert_eq!(deployed.job("monitor_check").await, json!(1));
    drill(&deployed, &app).await;
    api.stop().await;
}
