//! What a handler knows of its request: who acts, when, for which endpoint; and how it writes.

use super::{error::ApiError, event, guard};
use crate::{
    app::App,
    people::cookie,
    store::{blob::sha256_hex, evidence::Done, people::Session, tx::Tx},
};
use bytes::Bytes;
use http::{HeaderMap, Request, header};
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    api::{EndpointInfo, IDLE_HEADER, error::Code},
    authority::Action,
    calendar::Timestamp,
    evidence::Outcome,
    id::{CommandId, RequestId},
    people::{Actor, SessionStage, device_label},
    procedure::{Halt, Service, ServiceMode},
};
use std::{
    future::Future,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// How often a busy command is tried again before the caller is told.
const TRIES: u32 = 12;
/// A session's last use is written down at most this often, in seconds.
const TOUCH_SECONDS: i64 = 60;

/// Whose request it is.
struct SignedIn {
    hash: String,
    session: Session,
    actor: Actor,
}

/// The context of one request.
pub struct Cx {
    /// The deployment.
    pub app: Arc<App>,
    /// Which endpoint.
    pub info: &'static EndpointInfo,
    /// The request's number.
    pub request: RequestId,
    /// When it came.
    pub now: Timestamp,
    /// From which network address.
    pub source: String,
    /// Which browser on what, as it says itself.
    pub device: String,
    thing: Mutex<Vec<String>>,
    fingerprint: String,
    signed_in: OnceLock<SignedIn>,
    previous: OnceLock<String>,
    ended: AtomicBool,
    audited: AtomicBool,
    repeated: AtomicBool,
    cookie: Mutex<Option<String>>,
    service: OnceLock<Service>,
}

impl Cx {
    /// Of a request.
    pub(super) fn new(
        app: Arc<App>,
        info: &'static EndpointInfo,
        request: RequestId,
        now: Timestamp,
        source: &str,
        raw: &Request<Bytes>,
        segments: &[&str],
    ) -> Arc<Self> {
        let said = [raw.uri().path().as_bytes(), b"\n", raw.body()].concat();
        // Whatever a stranger puts into an address, the log takes no more than an identifier's length of it.
        let thing = segments.iter().map(|s| s.chars().take(26).collect()).collect();
        Arc::new(Self {
            app,
            info,
            request,
            now,
            source: source.to_owned(),
            device: device_label(guard::text(raw.headers(), header::USER_AGENT.as_str()).unwrap_or_default()),
            thing: Mutex::new(thing),
            fingerprint: sha256_hex(&said),
            signed_in: OnceLock::new(),
            previous: OnceLock::new(),
            ended: AtomicBool::new(false),
            audited: AtomicBool::new(false),
            repeated: AtomicBool::new(false),
            cookie: Mutex::new(None),
            service: OnceLock::new(),
        })
    }

    pub(super) async fn load_session(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let Some((account, hash)) = cookie::sent(headers) else { return Ok(()) };
        if self.info.action == Action::SignIn {
            // Whoever signs in acts as nobody yet; the session that this browser had before ends with it.
            let _ = self.previous.set(hash);
            return Ok(());
        }
        // A tab that the person before left open: for it the session is over, and this one is not its to use, prolong or
        // lock (Art. 5).
        if guard::is_of_another(headers, account) {
            self.ended.store(true, Ordering::Relaxed);
            return Ok(());
        }
        let settings = &self.app.settings;
        let (found, service) = self.app.store.session(&hash, account).await?;
        let Some((mut session, used, row)) = found.filter(|(session, ..)| session.account == account) else {
            self.ended.store(true, Ordering::Relaxed);
            return Ok(());
        };
        let quiet = (self.now.ms() - used.ms()) / 1000;
        // Whoever has not come in yet gets no longer than a locked screen would.
        let complete = matches!(session.stage, SessionStage::Complete | SessionStage::Locked);
        let idle = quiet > if complete { settings.idle_seconds } else { settings.lock_seconds };
        let old = self.now.ms() - session.since.ms() > settings.session_seconds * 1000;
        let void = session.since <= row.sessions_from
            || !row.account.state.may_sign_in()
            || service.as_ref().is_some_and(|service| service.voids(account, session.since));
        if let Some(service) = service {
            let _ = self.service.set(service);
        }
        if idle || old || void {
            self.ended.store(true, Ordering::Relaxed);
            return Ok(());
        }
        if session.stage == SessionStage::Complete && quiet > settings.lock_seconds {
            session.stage = SessionStage::Locked;
            self.app.store.set_session(&hash, &session).await?;
        } else if session.stage == SessionStage::Complete {
            // A page that asks by itself is not a person at work: it says for how long nobody touched it.
            let idle =
                guard::text(headers, IDLE_HEADER).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
            let active = self.now.plus_seconds(-i64::from(idle));
            if active.ms() - used.ms() > TOUCH_SECONDS * 1000 {
                self.app.store.touch_session(&hash, active).await?;
            }
        }
        self.adopt(hash, session, row.account.actor_on(self.now.day()));
        Ok(())
    }

    /// The session that acts from now on: loaded, or just opened.
    pub fn adopt(&self, hash: String, session: Session, actor: Actor) {
        // A request has one session; a second one would be a mistake of ours and is not taken.
        let _ = self.signed_in.set(SignedIn { hash, session, actor });
    }

    /// Refuses what the service is not open for now (Art. 18(2)(3)).
    ///
    /// # Errors
    /// [`Code::Maintenance`] or [`Code::ReadOnly`].
    pub fn service_admits(&self, service: &Service) -> Result<(), ApiError> {
        let roles = self.actor().ok().map(|actor| actor.roles.as_slice());
        if service.admits(roles, self.info.action, self.info.audit, self.now) {
            return Ok(());
        }
        if service.mode_at(self.now) == ServiceMode::ReadOnly {
            return Err(Code::ReadOnly.into());
        }
        let (stop, settings) = (service.closed_by(self.now).cloned(), &self.app.settings);
        Err(Halt { stop, contact: settings.help_desk.clone(), hours: settings.hours.in_words() }.into())
    }

    /// How far the service is open, as it was read with the session.
    pub(super) fn service(&self) -> Option<&Service> {
        self.service.get()
    }

    /// The hash of the token that this browser had before somebody signed in with it.
    pub fn previous_session(&self) -> Option<&str> {
        self.previous.get().map(String::as_str)
    }

    pub(super) fn signed_out_code(&self) -> Code {
        if self.ended.load(Ordering::Relaxed) { Code::SessionEnded } else { Code::SignInFirst }
    }

    /// The session, if somebody is signed in.
    pub fn session(&self) -> Option<&Session> {
        self.signed_in.get().map(|signed_in| &signed_in.session)
    }

    /// The hash of the session's token, if somebody is signed in.
    pub fn session_hash(&self) -> Option<&str> {
        self.signed_in.get().map(|signed_in| signed_in.hash.as_str())
    }

    /// Who acts.
    ///
    /// # Errors
    /// If nobody is signed in.
    pub fn actor(&self) -> Result<&Actor, ApiError> {
        self.signed_in.get().map(|signed_in| &signed_in.actor).ok_or_else(|| self.signed_out_code().into())
    }

    /// On which thing, for the audit log.
    pub(super) fn thing(&self) -> Vec<String> {
        self.thing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Names a further thing for the audit log: an identifier, never a name or text.
    pub fn about(&self, id: impl std::fmt::Display) {
        self.thing.lock().unwrap_or_else(PoisonError::into_inner).push(id.to_string());
    }

    /// [`Self::about`] for a thing that a repeated try names again.
    pub fn about_once(&self, id: impl std::fmt::Display) {
        let id = id.to_string();
        let mut thing = self.thing.lock().unwrap_or_else(PoisonError::into_inner);
        if !thing.contains(&id) {
            thing.push(id);
        }
    }

    /// Sets a cookie with the answer.
    pub fn set_cookie(&self, cookie: String) {
        *self.cookie.lock().unwrap_or_else(PoisonError::into_inner) = Some(cookie);
    }

    /// Takes the cookie that the handler set.
    pub fn take_cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn is_audited(&self) -> bool {
        self.audited.load(Ordering::Relaxed)
    }

    /// Whether the answer is that of an earlier request with the same command.
    pub fn is_repeated(&self) -> bool {
        self.repeated.load(Ordering::Relaxed)
    }

    /// Commits a change together with its audit event.
    ///
    /// # Errors
    /// The meaning of the condition that did not hold, or the store's trouble; then nothing is written.
    pub async fn commit(&self, mut tx: Tx<Code>) -> Result<(), ApiError> {
        let store = &self.app.store;
        store.note_event(&mut tx, &event(self, Outcome::Done))?;
        tx.commit(store).await?;
        self.audited.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Commits a change together with the command's id, its answer and its audit event.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn commit_command<R: Serialize>(
        &self,
        mut tx: Tx<Code>,
        id: CommandId,
        reply: R,
    ) -> Result<R, ApiError> {
        let value = serde_json::to_value(&reply)
            .map_err(|e| ApiError::from(Code::Internal).because(e.to_string()))?;
        let done = Done { by: self.actor()?.account, request: self.fingerprint.clone(), reply: value };
        self.app.store.note_command(&mut tx, id, &done, self.now)?;
        tx.ask_last_first();
        self.commit(tx).await?;
        Ok(reply)
    }

    /// Does a command once, however often and however closely together it is sent: tries again while others
    /// are at the same item, and answers a repetition with the first answer.
    ///
    /// # Errors
    /// Those of the act; [`Code::CommandReused`] if the id stands for something else.
    pub async fn once<R, F>(&self, id: CommandId, act: impl Fn() -> F) -> Result<R, ApiError>
    where
        R: DeserializeOwned,
        F: Future<Output = Result<R, ApiError>>,
    {
        let mut tried = 0;
        loop {
            let error = match act().await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            if let Some(done) = self.app.store.done(id).await? {
                if done.by != self.actor()?.account || done.request != self.fingerprint {
                    return Err(Code::CommandReused.into());
                }
                self.repeated.store(true, Ordering::Relaxed);
                return serde_json::from_value(done.reply)
                    .map_err(|e| ApiError::from(Code::Internal).because(e.to_string()));
            }
            tried += 1;
            if error.code != Code::Busy || tried == TRIES {
                return Err(error);
            }
            // Longer each time.
            crate::random::pause(4 << tried.min(5)).await;
        }
    }
}
