//! Attachments: what was declared is what arrives, what arrives is checked, what is kept says nothing hidden.

use crate::support::{Answer, Bench, Person, as_note, new_note, request};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use img_parts::{ImageEXIF, jpeg::Jpeg};
use serde_json::json;
use sha2::{Digest, Sha256};
use shared::{
    api::{Empty, book as b},
    book::{Attachment, AttachmentDraft, FileType, UploadTicket},
    id::PatientId,
};
use std::io::Cursor;

fn draft(name: &str, file_type: FileType, bytes: &[u8]) -> AttachmentDraft {
    let sha256 = hex::encode(Sha256::digest(bytes));
    AttachmentDraft { name: name.into(), file_type, bytes: bytes.len() as u64, sha256 }
}

/// What a browser does with a ticket.
async fn put(ticket: &UploadTicket, bytes: &[u8]) -> Answer {
    let url: http::Uri = ticket.url.parse().unwrap();
    let headers: Vec<_> = ticket.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let target = url.path_and_query().unwrap().as_str();
    request(url.authority().unwrap().as_str(), "PUT", target, &headers, bytes.to_vec()).await
}

async fn get(url: &str) -> Answer {
    let url: http::Uri = url.parse().unwrap();
    request(url.authority().unwrap().as_str(), "GET", url.path_and_query().unwrap().as_str(), &[], "").await
}

async fn upload(
    person: &mut Person,
    patient: PatientId,
    draft: &AttachmentDraft,
    bytes: &[u8],
) -> Attachment {
    let ticket = person.ok::<b::CreateAttachment>(&patient, draft).await;
    assert_eq!(put(&ticket, bytes).await.status, 200);
    person.ok::<b::ConfirmAttachment>(&(patient, ticket.id), &Empty {}).await
}

fn photo_with_place() -> Vec<u8> {
    let mut out = Vec::new();
    let drawn =
        image::RgbImage::from_fn(1600, 900, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    drawn.write_to(&mut Cursor::new(&mut out), image::ImageFormat::Jpeg).unwrap();
    let mut jpeg = Jpeg::from_bytes(out.into()).unwrap();
    jpeg.set_exif(Some(Bytes::from_static(b"MM\0\x2a\0\0\0\x08\0\0\0\0\0\0GPSLatitude 35.29")));
    jpeg.encoder().bytes().to_vec()
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[tokio::test]
async fn a_photo_and_a_document_reach_the_team_without_the_place() {
    let bench = Bench::start().await;
    let (mut nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    let patient = nurse.first_patient().await;
    let photo = photo_with_place();
    let pdf = b"%PDF-1.4\n% small\n%%EOF\n".to_vec();
    let first = upload(&mut nurse, patient, &draft("右踵部.jpg", FileType::Jpeg, &photo), &photo).await;
    let second = upload(&mut nurse, patient, &draft("../薬剤情報.pdf", FileType::Pdf, &pdf), &pdf).await;
    assert_eq!(second.name, "薬剤情報.pdf");
    // Before it hangs on a note, it is its sender's alone.
    let early = doctor.call::<b::OpenAttachment>(&(patient, first.id), &Empty {}).await;
    assert_eq!(early.unwrap_err().code.wire(), "not_found");
    let mut note = new_note("写真と薬剤情報を添付します。");
    note["attachments"] = json!([first.id, second.id]);
    let sent = nurse.ok::<b::CreateNote>(&patient, &as_note(note)).await;
    assert!(sent.attachments.iter().any(|a| a.preview.is_some()), "the sender sees the picture at once");

    let thread = doctor.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    let seen = &thread.notes.last().unwrap().attachments;
    assert_eq!(seen.len(), 2);
    let picture = seen.iter().find(|a| a.file_type == FileType::Jpeg).unwrap();
    let preview = get(picture.preview.as_ref().unwrap()).await;
    let small = image::load_from_memory(&preview.body).unwrap();
    assert!(small.width() <= 960 && preview.headers["content-type"] == "image/jpeg");
    let link = doctor.ok::<b::OpenAttachment>(&(patient, picture.id), &Empty {}).await;
    let file = get(&link.url).await;
    assert!(contains(&photo, b"GPSLatitude") && !contains(&file.body, b"GPSLatitude"));
    assert_eq!(hex::encode(Sha256::digest(&file.body)), picture.sha256);
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    let link = doctor.ok::<b::OpenAttachment>(&(patient, second.id), &Empty {}).await;
    assert_eq!(get(&link.url).await.body, pdf);
    // Logs keep addresses: the name that somebody gave the file is in none, however it is spelt.
    let nameless = !link.url.contains("E8%96%AC") && !link.url.contains("E8%2596%25AC");
    assert!(nameless && link.url.contains(&format!("{}.pdf", second.id)), "{}", link.url);
    // The address is for this file and for minutes; a changed one opens nothing.
    let other = link.url.replace(&second.id.to_string(), &first.id.to_string());
    assert_eq!(get(&other).await.status, 403);
    assert!(
        bench
            .app
            .store
            .blobs
            .attachment_size(&functions::store::blob::BlobKey::Incoming(first.id))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn what_was_not_declared_does_not_arrive() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let pdf = b"%PDF-1.4\n%%EOF\n".to_vec();
    let declared = draft("a.pdf", FileType::Pdf, &pdf);
    let fields = |problem: shared::api::error::Problem| problem.fields[0].field.clone();
    let with = |bytes, sha256: &str| AttachmentDraft { bytes, sha256: sha256.into(), ..declared.clone() };
    let hash = declared.sha256.clone();
    assert_eq!(fields(nurse.refused::<b::CreateAttachment>(&patient, &with(0, &hash)).await), "bytes");
    assert_eq!(
        fields(nurse.refused::<b::CreateAttachment>(&patient, &with(50_000_001, &hash)).await),
        "bytes"
    );
    assert_eq!(fields(nurse.refused::<b::CreateAttachment>(&patient, &with(5, "no")).await), "sha256");

    // Other bytes of the same length: the bucket itself refuses them.
    let ticket = nurse.ok::<b::CreateAttachment>(&patient, &declared).await;
    let mut other = pdf.clone();
    other[6] = b'9';
    assert_eq!(put(&ticket, &other).await.status, 400);
    let missing = nurse.call::<b::ConfirmAttachment>(&(patient, ticket.id), &Empty {}).await;
    assert_eq!(missing.unwrap_err().code.wire(), "upload_missing");
    // More bytes than declared.
    assert!(put(&ticket, &[pdf.clone(), pdf.clone()].concat()).await.status >= 400);
    // The header is signed: without the checksum nothing is taken.
    let bare = UploadTicket { headers: Vec::new(), ..ticket.clone() };
    assert!(put(&bare, &pdf).await.status >= 400);

    // A page that calls itself a picture, and a programme that calls itself a document.
    let page = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    for (name, kind, bytes) in
        [("x.png", FileType::Png, page), ("x.pdf", FileType::Pdf, b"MZ\x90\0\x03".to_vec())]
    {
        let ticket = nurse.ok::<b::CreateAttachment>(&patient, &draft(name, kind, &bytes)).await;
        assert_eq!(put(&ticket, &bytes).await.status, 200);
        let refused = nurse.call::<b::ConfirmAttachment>(&(patient, ticket.id), &Empty {}).await.unwrap_err();
        assert_eq!((refused.status, refused.code.wire()), (415, "upload_type"));
        let mut note = new_note("添付できないはず");
        note["attachments"] = json!([ticket.id]);
        assert_eq!(
            nurse.refused::<b::CreateNote>(&patient, &as_note(note)).await.code.wire(),
            "upload_missing"
        );
    }
}

#[tokio::test]
async fn a_file_hangs_on_one_note_of_one_patient_by_its_sender() {
    let bench = Bench::start().await;
    let (mut nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    let patient = nurse.first_patient().await;
    let text = "体温 36.8\n".as_bytes().to_vec();
    let stored = upload(&mut nurse, patient, &draft("測定.txt", FileType::Text, &text), &text).await;
    // Saying again that it is there gives the same answer.
    assert_eq!(nurse.ok::<b::ConfirmAttachment>(&(patient, stored.id), &Empty {}).await, stored);
    let with = || {
        let mut note = new_note("添付あり");
        note["attachments"] = json!([stored.id]);
        as_note(note)
    };
    assert_eq!(doctor.refused::<b::CreateNote>(&patient, &with()).await.code.wire(), "upload_missing");
    let list = nurse.ok::<b::ListPatients>(&(), &Empty {}).await;
    let elsewhere = list.rows.iter().map(|row| row.patient.id).find(|id| *id != patient).unwrap();
    assert_eq!(nurse.refused::<b::CreateNote>(&elsewhere, &with()).await.code.wire(), "upload_missing");
    let path = (elsewhere, stored.id);
    assert_eq!(nurse.call::<b::OpenAttachment>(&path, &Empty {}).await.unwrap_err().code.wire(), "not_found");
    let first = with();
    nurse.ok::<b::CreateNote>(&patient, &first).await;
    nurse.ok::<b::CreateNote>(&patient, &first).await;
    assert_eq!(nurse.refused::<b::CreateNote>(&patient, &with()).await.code.wire(), "upload_missing");
}

#[tokio::test]
async fn orphans_are_swept() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let pdf = b"%PDF-1.4\n%%EOF\n".to_vec();
    let ticket = nurse.ok::<b::CreateAttachment>(&patient, &draft("a.pdf", FileType::Pdf, &pdf)).await;
    assert_eq!(put(&ticket, &pdf).await.status, 200);
    assert_eq!(functions::book::sweep::run(&bench.app).await.unwrap(), 0);
    bench.later(3 * 24 * 3600);
    assert_eq!(functions::book::sweep::run(&bench.app).await.unwrap(), 1);
    assert_eq!(functions::book::sweep::run(&bench.app).await.unwrap(), 0);
}

#[tokio::test]
async fn the_bucket_takes_nothing_unsigned() {
    let bench = Bench::start().await;
    let host = bench.cloud.endpoints.s3.trim_start_matches("http://").to_owned();
    let sum = STANDARD.encode(Sha256::digest(b"x"));
    let headers = [("x-amz-checksum-sha256", sum.as_str())];
    for method in ["PUT", "GET", "DELETE"] {
        let answer = request(&host, method, "/tsunagaru-attachments/files/x", &headers, "x").await;
        assert_eq!(answer.status, 403, "{method}");
    }
}
