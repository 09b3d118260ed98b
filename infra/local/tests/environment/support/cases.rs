//! Requests and steps of cases, as people send them.

use super::{Person, command, request};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use shared::{
    api::{
        Empty,
        procedure::{ConfirmCaseFile, CreateCaseFile, StepCase},
    },
    book::{AttachmentDraft, FileType},
    id::CaseId,
    procedure::{Act, Asked, Case, Channel, Form, Procedure, TakeStep},
};

/// What is filled in.
pub fn form(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A request online, for one's own facility.
pub fn asking(procedure: Procedure, pairs: &[(&str, &str)]) -> Asked {
    Asked {
        command: command(),
        procedure,
        facility: None,
        channel: Channel::Online,
        received_on: None,
        form: form(pairs),
    }
}

/// A step of a case as it was read.
pub fn take(case: &Case, act: Act, pairs: &[(&str, &str)]) -> TakeStep {
    TakeStep { command: command(), act, version: case.version, form: form(pairs) }
}

/// Takes it; the case afterwards.
pub async fn stepped(person: &mut Person, case: &Case, act: Act, pairs: &[(&str, &str)]) -> Case {
    person.ok::<StepCase>(&case.id, &take(case, act, pairs)).await
}

/// Hangs a PDF on a case, as a browser does; the case afterwards.
pub async fn attached(person: &mut Person, case: CaseId, name: &str, bytes: &[u8]) -> Case {
    let draft = AttachmentDraft {
        name: name.into(),
        file_type: FileType::Pdf,
        bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
    };
    let ticket = person.ok::<CreateCaseFile>(&case, &draft).await;
    let (host, path) = ticket.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let headers: Vec<(&str, &str)> = ticket.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let put = request(host, "PUT", &format!("/{path}"), &headers, Bytes::copy_from_slice(bytes)).await;
    assert_eq!(put.status, 200, "{:?}", put.body);
    let case = person.ok::<ConfirmCaseFile>(&(case, ticket.id), &Empty {}).await;
    // The answer was lost, and the browser asks again.
    assert_eq!(person.ok::<ConfirmCaseFile>(&(case.id, ticket.id), &Empty {}).await.files, case.files);
    case
}
