//! Endpoints of people and trust.

use super::{Empty, endpoints};
use crate::people::{Credentials, Me};

endpoints! {
    /// Opens a session (サインイン).
    SignIn = Post "/api/session" (()) SignIn Change Credentials => Me;
    /// Who is signed in.
    ReadSelf = Get "/api/session" (()) ReadSelf Quiet Empty => Me;
    /// Ends the session (サインアウト).
    SignOut = Delete "/api/session" (()) SignOut Change Empty => Empty;
}
