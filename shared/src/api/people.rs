//! Endpoints of people and trust.

use super::{Empty, endpoints};
use crate::{
    id::{FactorId, SessionRef},
    people::{
        Credentials, Enrolled, FactorProof, MailCode, Me, MyAccount, NewMail, NewPasskey, NewPassword,
        PasskeyAnswer, PasskeyChallenge, Reauth, TotpOffer, Unlock,
    },
};

endpoints! {
    /// Opens a session (サインイン): the first factor.
    SignIn = Post "/api/session" (()) SignIn Change Credentials => Me;
    /// Shows the second factor by a code.
    ProveFactor = Post "/api/session/factor" (()) ProveFactor Change FactorProof => Me;
    /// Asks what a passkey is to sign. It asks nobody's name.
    AskPasskey = Get "/api/session/passkey" (()) AskPasskey Quiet Empty => PasskeyChallenge;
    /// Opens a session by a passkey, which verifies its owner itself: two factors at once.
    SignInByPasskey = Post "/api/session/passkey" (()) SignIn Change PasskeyAnswer => Me;
    /// Who is signed in.
    ReadSelf = Get "/api/session" (()) ReadSelf Quiet Empty => Me;
    /// Ends the session (サインアウト).
    SignOut = Delete "/api/session" (()) SignOut Change Empty => Empty;
    /// Locks the screen (画面ロック).
    LockScreen = Post "/api/session/lock" (()) LockScreen Change Empty => Empty;
    /// Opens the locked screen.
    UnlockScreen = Post "/api/session/unlock" (()) Unlock Change Unlock => Me;
    /// My account: factors, sessions, sign-ins.
    ReadAccount = Get "/api/account" (()) ReadAccount Read Empty => MyAccount;
    /// Chooses my own password.
    ChoosePassword = Put "/api/account/password" (()) ChoosePassword Change NewPassword => Me;
    /// Offers a secret to an authenticator app.
    OfferTotp = Post "/api/account/totp" (()) EnrolFactor Change Reauth => TotpOffer;
    /// Confirms the offered secret by its first code.
    ConfirmTotp = Put "/api/account/totp" (()) EnrolFactor Change FactorProof => Enrolled;
    /// Asks what a new passkey is to sign.
    OfferPasskey = Post "/api/account/passkeys/challenge" (()) EnrolFactor Change Reauth => PasskeyChallenge;
    /// Enrols a passkey.
    EnrolPasskey = Post "/api/account/passkeys" (()) EnrolFactor Change NewPasskey => Enrolled;
    /// Removes a passkey of mine.
    RemovePasskey = Post "/api/account/passkeys/{factor}/removal" (FactorId) RemoveFactor Change Reauth => Empty;
    /// New recovery codes; the earlier ones end.
    RenewRecovery = Post "/api/account/recovery" (()) RemoveFactor Change Reauth => Enrolled;
    /// Names an address at which I am told what waits for me; a code goes there first.
    NameMail = Put "/api/account/mail" (()) ChangeMail Change NewMail => Empty;
    /// Confirms the address by the code that came there.
    ConfirmMail = Post "/api/account/mail/confirmation" (()) ChangeMail Change MailCode => Empty;
    /// No more mails.
    RemoveMail = Delete "/api/account/mail" (()) ChangeMail Change Empty => Empty;
    /// Ends a session of mine.
    EndSession = Delete "/api/account/sessions/{session}" (SessionRef) EndSession Change Empty => Empty;
}
