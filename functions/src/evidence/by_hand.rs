//! Runs by hand 手動運転 from the command line (Art. 24(1)): named person, reason and audit event, as on the page. Nobody signs
//! in there: whoever works on the machine says who they are, so the event's source says that it came from there.

use crate::{
    app::App,
    random,
    store::{
        error::StoreError,
        tx::{Conflict, Tx},
    },
};
use shared::{
    api::error::{Code, FieldError},
    authority::{Action, may_ever},
    calendar::Day,
    evidence::{AuditEvent, COMMAND_LINE_SOURCE, Generation, KeyName, Outcome, Who},
    id::{EventId, RequestId},
    text,
};

/// Why nothing was run by hand.
#[derive(Debug)]
pub enum ByHandError {
    /// The store.
    Store(StoreError),
    /// What was typed is wrong.
    Field(FieldError),
    /// The person named has no such role.
    Forbidden,
}

impl std::fmt::Display for ByHandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Field(error) => write!(f, "{}: {}", error.field, error.message),
            Self::Forbidden => write!(f, "by: {}", Code::Forbidden.label()),
        }
    }
}

impl std::error::Error for ByHandError {}

impl From<StoreError> for ByHandError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Somebody who may run a backup by hand, and why they do.
#[derive(Debug)]
pub struct ByHand {
    who: Who,
    reason: String,
}

impl ByHand {
    /// Checks, before anything is run, that the person named by their user id exists and has the role, and that a reason is
    /// given. A refusal is written into the audit log.
    ///
    /// # Errors
    /// [`ByHandError`].
    pub async fn backup(app: &App, user_id: &str, reason: &str) -> Result<Self, ByHandError> {
        let reason = text::required("reason", "手動で実行する理由", reason, text::REASON_MAX);
        let reason = reason.map_err(ByHandError::Field)?;
        let unknown = || ByHandError::Field(FieldError::new("by", "このユーザーIDの利用者はいません。"));
        let login = app.store.login(user_id.trim()).await?.ok_or_else(unknown)?;
        let row = app.store.account(login.account).await?.ok_or_else(unknown)?;
        let account = row.account;
        let roles = account.roles_on(app.clock.now().day());
        let may = account.state.may_sign_in() && may_ever(Some(&roles), Action::RunBackup);
        let who = Who { account: account.id, facility: account.facility, roles };
        if !may {
            let refused = Outcome::Refused(Code::Forbidden);
            app.store.log_event(&event(app, Action::RunBackup, Some(who), Vec::new(), refused)).await?;
            return Err(ByHandError::Forbidden);
        }
        Ok(Self { who, reason })
    }

    /// Catalogues what was run and verified, with reason and audit event, in one transaction.
    ///
    /// # Errors
    /// If the store cannot be reached; the generation is locked by then and is not lost.
    pub async fn catalogue(&self, app: &App, generation: &Generation) -> Result<(), StoreError> {
        let mut tx: Tx<Code> = Tx::default();
        app.store.note_verification(&mut tx, generation)?;
        app.store.note_manual_run(&mut tx, generation.id, &self.reason)?;
        let things = vec![generation.id.to_string()];
        let done = event(app, Action::RunBackup, Some(self.who.clone()), things, Outcome::Done);
        app.store.note_event(&mut tx, &done)?;
        tx.commit(&app.store).await.map_err(undone)
    }
}

/// Why a transaction of a job was not done: what somebody else changed meanwhile may work a little later.
pub(super) fn undone(trouble: Conflict<Code>) -> StoreError {
    match trouble {
        Conflict::Condition(code) => StoreError::Busy(code.wire().to_owned()),
        Conflict::Store(error) => error,
    }
}

/// Notes a verification from the command line. It changes nothing and asks for nobody: the same runs by itself each day.
///
/// # Errors
/// If the store cannot be reached.
pub async fn note_verification(app: &App, generation: &Generation) -> Result<(), StoreError> {
    app.store.put_generation(generation).await?;
    let things = vec![generation.id.to_string()];
    app.store.log_event(&event(app, Action::VerifyBackup, None, things, Outcome::Done)).await
}

/// That a day's data was erased, if it was: no generation of it is made any more.
///
/// # Errors
/// If the store cannot be reached; the field in error.
pub async fn not_erased(app: &App, day: Day) -> Result<Result<(), FieldError>, StoreError> {
    let key = app.store.key_record(KeyName::Day(day)).await?;
    let words = "この日のデータは、保管期限が終わって消去されています。";
    Ok(match key {
        Some(key) if key.destroyed_at.is_some() => Err(FieldError::new("day", words)),
        _ => Ok(()),
    })
}

/// An event of this moment whose source is the command line.
pub(super) fn event(
    app: &App,
    action: Action,
    who: Option<Who>,
    thing: Vec<String>,
    outcome: Outcome,
) -> AuditEvent {
    let at = app.clock.now();
    AuditEvent {
        id: random::id(at, EventId::from_parts),
        at,
        request: random::id(at, RequestId::from_parts),
        action,
        who,
        thing,
        source: COMMAND_LINE_SOURCE.into(),
        outcome,
    }
}
