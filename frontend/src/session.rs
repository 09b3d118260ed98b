//! Who is signed in: asked once at the start, known to every page after that.

use crate::{
    browser,
    client::{self, Failure},
    clock,
};
use leptos::prelude::*;
use shared::{
    api::{Empty, people},
    authority::{self, Action, Refusal, Relation},
    people::{Me, SessionStage},
};

/// The person's session, for the pages below.
#[derive(Clone, Copy)]
struct Session(StoredValue<Me>);

/// Gives the session to everything below. Another person means another page load, so it never changes.
pub fn provide_me(me: Me) {
    provide_context(Session(StoredValue::new(me)));
}

/// Who is signed in. Every page stands below the point where this is known.
///
/// # Panics
/// Outside the application's frame: a mistake of the program that its first start shows.
pub fn use_me() -> Me {
    expect_context::<Session>().0.get_value()
}

/// Asks the server who is signed in, and sets the clock by its answer.
///
/// # Errors
/// The failure; an absent session is one ([`is_absent`]).
pub async fn read() -> Result<Me, Failure> {
    let me = client::call::<people::ReadSelf>(&(), &Empty {}).await?;
    clock::set(me.now);
    Ok(me)
}

/// Whether the failure only says that nobody is signed in.
pub fn is_absent(failure: &Failure) -> bool {
    use shared::api::error::Code;
    matches!(failure.code(), Some(Code::SignInFirst | Code::SessionEnded))
}

/// Whether this session opens everything that its person may see.
pub fn is_complete(me: &Me) -> bool {
    me.stage == SessionStage::Complete
}

/// Whether the person may do something with a thing to which they stand in these relations: to disable a button
/// with its reason.
///
/// # Errors
/// Why not; [`Refusal::in_words`] is the sentence beside the button.
pub fn may(action: Action, relations: &[Relation]) -> Result<(), Refusal> {
    authority::decide(Some(&use_me().actor.roles), action, relations)
}

/// Whether the person may ever do this: to show something at all.
pub fn may_ever(action: Action) -> bool {
    authority::may_ever(Some(&use_me().actor.roles), action)
}

/// The sign-in page that leads back to a path.
pub fn sign_in_path(next: &str) -> String {
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    format!("/signin?{query}")
}

/// Leaves for the second step of the sign-in page, to come back here afterwards.
pub fn go_and_prove() {
    browser::leave_to(&format!("{}#factor", sign_in_path(&browser::here())));
}

/// Leaves for the sign-in page, to come back here afterwards.
pub fn go_and_sign_in() {
    browser::leave_to(&sign_in_path(&browser::here()));
}

/// Ends the session and leaves.
///
/// # Errors
/// The failure: then the session may still be open, and the person must know.
pub async fn sign_out() -> Result<(), Failure> {
    match client::call::<people::SignOut>(&(), &Empty {}).await {
        Ok(_) => {}
        Err(failure) if is_absent(&failure) => {}
        Err(failure) => return Err(failure),
    }
    browser::leave_to("/signin?e=signed_out");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_escaped() {
        assert_eq!(sign_in_path("/patients?a=b&c"), "/signin?next=%2Fpatients%3Fa%3Db%26c");
    }
}
