//! Requests and steps of cases, as people send them.

use super::{Person, command};
use shared::{
    api::procedure::StepCase,
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
