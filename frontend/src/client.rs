//! The one way to the server: [`call`] sends any endpoint of the contract and says what went wrong in Japanese.

use crate::{browser, idle};
use gloo_net::http::{Headers, Method as HttpMethod, Request, RequestBuilder};
use leptos::prelude::*;
use sha2::{Digest, Sha256};
use shared::{
    CONTRACT,
    api::{
        ACCOUNT_HEADER, BODY_HASH_HEADER, CONTRACT_HEADER, Endpoint, IDLE_HEADER, Method,
        error::{Code, FieldError, Problem},
        path,
    },
    authority::Action,
    id::AccountId,
    procedure::Halt,
};
use std::{cell::Cell, pin::Pin, sync::LazyLock, time::Duration};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, RequestCache, RequestCredentials};

/// How long an answer may take.
pub const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest pause before a read is tried once more, whatever the server asks for.
const PAUSE_MAX_S: u32 = 5;

/// What the whole application must know, whichever call found out.
pub struct Alerts {
    /// The session is over: the screen asks to sign in again, over everything else, and keeps what was typed.
    pub session_ended: ArcRwSignal<bool>,
    /// The screen is locked: it is blank until the person shows who they are.
    pub locked: ArcRwSignal<bool>,
    /// This program is older than the server understands.
    pub outdated: ArcRwSignal<bool>,
    /// The service is stopped: a curtain says until when, and goes by itself.
    pub halted: ArcRwSignal<Option<Halt>>,
    /// Grows when the person has signed in again, or the service goes on: what failed meanwhile is loaded anew.
    pub resumed: ArcRwSignal<u32>,
}

static ALERTS: LazyLock<Alerts> = LazyLock::new(Alerts::none);

impl Alerts {
    fn none() -> Self {
        Self {
            session_ended: ArcRwSignal::new(false),
            locked: ArcRwSignal::new(false),
            outdated: ArcRwSignal::new(false),
            halted: ArcRwSignal::new(None),
            resumed: ArcRwSignal::new(0),
        }
    }
}

/// The alerts, from anywhere.
pub fn alerts() -> &'static Alerts {
    &ALERTS
}

thread_local! {
    /// Whose page this is, once it is known.
    static OWNER: Cell<Option<AccountId>> = const { Cell::new(None) };
}

/// From now on every request says that this page is this person's. Whoever signs in in another tab has the same cookie,
/// and nothing that is still sent from here may count as theirs (Art. 5).
pub fn belong_to(account: AccountId) {
    OWNER.set(Some(account));
}

/// Whose page asks, where it matters: whoever signs in acts as nobody yet, and may be somebody else.
fn whose(action: Action, owner: Option<AccountId>) -> Option<AccountId> {
    owner.filter(|_| action != Action::SignIn)
}

/// Why a call was not answered as hoped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server says what is wrong.
    Problem(Problem),
    /// No answer came: no connection, or none within the time allowed.
    Offline,
    /// Something else than our server answered, or in another language.
    Unreadable,
}

impl Failure {
    /// What happened and what to do, in Japanese.
    pub fn sentence(&self) -> String {
        match self {
            Self::Problem(problem) if problem.code == Code::Invalid && problem.fields.len() == 1 => {
                problem.fields.iter().map(|field| field.message.as_str()).collect()
            }
            Self::Problem(problem) => problem.title.clone(),
            Self::Offline => {
                "サーバーにつながりません。通信の状態を確かめて、もう一度お試しください。".into()
            }
            Self::Unreadable => {
                "サーバーの返事を読み取れませんでした。少し待ってから、もう一度お試しください。".into()
            }
        }
    }

    /// What to mend, field by field.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Problem(problem) => &problem.fields,
            Self::Offline | Self::Unreadable => &[],
        }
    }

    /// What to mend in one field.
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields().iter().find(|field| field.field == name).map(|field| field.message.clone())
    }

    /// The code, if the server gave one.
    pub const fn code(&self) -> Option<Code> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::Offline | Self::Unreadable => None,
        }
    }

    /// The request's number, for the help desk.
    pub fn support_number(&self) -> Option<String> {
        match self {
            Self::Problem(problem) => Some(problem.instance.clone()).filter(|number| !number.is_empty()),
            Self::Offline | Self::Unreadable => None,
        }
    }

    /// The sentence and the support number, to show both.
    pub fn into_words(self) -> (String, Option<String>) {
        (self.sentence(), self.support_number())
    }

    /// Whether sending the very same thing again can help.
    pub const fn may_retry(&self) -> bool {
        match self {
            Self::Problem(problem) => problem.code.may_retry(),
            Self::Offline | Self::Unreadable => true,
        }
    }
}

/// Calls an endpoint of the contract.
///
/// # Errors
/// [`Failure`], which has its Japanese sentence. What concerns the whole application also raises [`alerts`].
pub async fn call<E: Endpoint>(path: &E::Path, request: &E::Request) -> Result<E::Reply, Failure> {
    call_within::<E>(TIMEOUT, path, request).await
}

/// [`call`] for work that takes longer.
///
/// # Errors
/// As [`call`].
pub async fn call_within<E: Endpoint>(
    limit: Duration,
    path: &E::Path,
    request: &E::Request,
) -> Result<E::Reply, Failure> {
    let asked = Asked::new::<E>(path, request)?;
    read::<E>(&asked.answer(limit).await?)
}

/// A question to the server, whatever the endpoint. What does not depend on the endpoint is compiled once: every page
/// pays for this file's size.
pub struct Asked {
    action: Action,
    method: Method,
    url: String,
    body: Option<String>,
}

impl Asked {
    /// The question to an endpoint.
    ///
    /// # Errors
    /// If the request cannot be written as the contract wants it: a mistake of the program.
    pub fn new<E: Endpoint>(path: &E::Path, request: &E::Request) -> Result<Self, Failure> {
        let mut url = path::fill(E::INFO.path, path);
        let body = if E::INFO.method.has_body() {
            Some(serde_json::to_string(request).map_err(|_| Failure::Unreadable)?)
        } else {
            let query = serde_urlencoded::to_string(request).map_err(|_| Failure::Unreadable)?;
            if !query.is_empty() {
                url = format!("{url}?{query}");
            }
            None
        };
        Ok(Self { action: E::INFO.action, method: E::INFO.method, url, body })
    }

    /// Asks it: the text of a good answer.
    ///
    /// # Errors
    /// As [`call`].
    pub async fn answer(self, limit: Duration) -> Result<String, Failure> {
        let asking = exchange(limit, &self);
        let asking: Pin<Box<dyn Future<Output = Result<String, Failure>> + '_>> = Box::pin(asking);
        asking.await
    }
}

/// Reads an endpoint's good answer.
///
/// # Errors
/// If it is in another language than this program's.
pub fn read<E: Endpoint>(text: &str) -> Result<E::Reply, Failure> {
    serde_json::from_str(text).map_err(|_| Failure::Unreadable)
}

/// The text of a good answer. Reads are tried once more when the server was busy; what concerns the whole
/// application is raised.
async fn exchange(limit: Duration, asked: &Asked) -> Result<String, Failure> {
    let first = once(limit, asked).await;
    let pause = match &first {
        Err(Failure::Problem(problem)) if asked.method == Method::Get && problem.code == Code::Busy => {
            problem.retry_after.unwrap_or(1).clamp(1, PAUSE_MAX_S)
        }
        _ => 0,
    };
    let answer = if pause > 0 {
        browser::sleep(i32::try_from(pause).unwrap_or(1) * 1000).await;
        once(limit, asked).await
    } else {
        first
    };
    if let Err(Failure::Problem(problem)) = &answer {
        raise(alerts(), problem);
    }
    answer
}

fn raise(alerts: &Alerts, problem: &Problem) {
    match problem.code {
        // A wrong password has its own code and stays on the form.
        Code::SessionEnded | Code::SignInFirst => say(&alerts.session_ended, true),
        Code::ScreenLocked => say(&alerts.locked, true),
        Code::ClientOutdated => say(&alerts.outdated, true),
        // Whoever signs in again is told on the form: nobody's session could find out that the stop is over.
        Code::Maintenance if problem.halt.is_some() && !alerts.session_ended.get_untracked() => {
            say(&alerts.halted, problem.halt.as_deref().cloned());
        }
        _ => {}
    }
}

/// Says what is new. Every refused call says the same again: what has been raised must not be made anew while somebody
/// types there.
fn say<T: PartialEq + Send + Sync + 'static>(alert: &ArcRwSignal<T>, news: T) {
    if alert.with_untracked(|known| *known != news) {
        alert.set(news);
    }
}

async fn once(limit: Duration, asked: &Asked) -> Result<String, Failure> {
    match send(limit, asked).await? {
        (true, text) => Ok(text),
        (false, text) => Err(serde_json::from_str(&text).map_or(Failure::Unreadable, Failure::Problem)),
    }
}

/// Whether it went well, and the text of the answer. The limit holds for the text too.
async fn send(limit: Duration, asked: &Asked) -> Result<(bool, String), Failure> {
    let headers = Headers::new();
    headers.set(CONTRACT_HEADER, &CONTRACT.to_string());
    headers.set(IDLE_HEADER, &idle::seconds().to_string());
    if let Some(account) = whose(asked.action, OWNER.get()) {
        headers.set(ACCOUNT_HEADER, &account.to_string());
    }
    headers.set("accept", "application/json");
    let abort = AbortController::new().ok();
    let builder = RequestBuilder::new(&asked.url)
        .method(match asked.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Put => HttpMethod::PUT,
            Method::Delete => HttpMethod::DELETE,
        })
        // Clinical text must not lie in the cache of a shared PC.
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(abort.as_ref().map(AbortController::signal).as_ref());
    let request: Request = match &asked.body {
        Some(body) => {
            headers.set("content-type", "application/json");
            headers.set(BODY_HASH_HEADER, &hex::encode(Sha256::digest(body.as_bytes())));
            builder.headers(headers).body(JsValue::from_str(body))
        }
        None => builder.headers(headers).build(),
    }
    .map_err(|_| Failure::Offline)?;
    let timer = abort.and_then(|abort| set_timeout_with_handle(move || abort.abort(), limit).ok());
    let answer = async {
        let response = request.send().await?;
        Ok::<_, gloo_net::Error>((response.ok(), response.text().await?))
    };
    let answer = answer.await.map_err(|_| Failure::Offline);
    if let Some(timer) = timer {
        timer.clear();
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::portal::HelpDesk;
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    fn problem(code: Code, fields: &[(&str, &str)]) -> Failure {
        let mut problem = Problem::new(code, "01J");
        problem.fields = fields.iter().map(|(field, message)| FieldError::new(field, *message)).collect();
        Failure::Problem(problem)
    }

    #[test]
    fn a_page_says_whose_it_is_but_not_to_whoever_signs_in() {
        let nurse = AccountId::from_parts(1, 1);
        assert_eq!(whose(Action::WriteNote, Some(nurse)), Some(nurse));
        assert_eq!(whose(Action::SignIn, Some(nurse)), None);
        assert_eq!(whose(Action::ReadSelf, None), None, "the first question asks who it is");
    }

    #[test]
    fn one_wrong_field_speaks_for_itself() {
        let one = problem(Code::Invalid, &[("reason", "理由を入力してください。")]);
        assert_eq!(one.sentence(), "理由を入力してください。");
        assert_eq!(one.field("reason").as_deref(), Some("理由を入力してください。"));
        assert_eq!(one.field("day"), None);
        let two = problem(Code::Invalid, &[("reason", "あ"), ("day", "い")]);
        assert_eq!(two.sentence(), Code::Invalid.label());
    }

    #[test]
    fn a_stop_raises_the_curtain_but_not_over_the_form_of_whoever_signs_in_again() {
        let halt = Halt { stop: None, contact: HelpDesk::default(), hours: "平日".into() };
        let stopped =
            Problem { halt: Some(Box::new(halt.clone())), ..Problem::new(Code::Maintenance, "01J") };
        let alerts = Alerts::none();
        raise(&alerts, &Problem::new(Code::ReadOnly, "01J"));
        assert_eq!(alerts.halted.get_untracked(), None);
        raise(&alerts, &stopped);
        assert_eq!(alerts.halted.get_untracked(), Some(halt));
        alerts.halted.set(None);
        raise(&alerts, &Problem::new(Code::SessionEnded, "01J"));
        raise(&alerts, &stopped);
        assert_eq!((alerts.session_ended.get_untracked(), alerts.halted.get_untracked()), (true, None));
    }

    #[test]
    fn what_is_raised_already_is_not_raised_again() {
        let alerts = Alerts::none();
        let (ended, told) = (alerts.session_ended.clone(), Arc::new(AtomicU32::new(0)));
        let counted = told.clone();
        let dialog = ArcMemo::new(move |_| ended.get() && counted.fetch_add(1, Ordering::Relaxed) < 9);
        for _ in 0..3 {
            raise(&alerts, &Problem::new(Code::SessionEnded, "01J"));
            assert!(dialog.get_untracked());
        }
        assert_eq!(told.load(Ordering::Relaxed), 1, "whoever types a password there would lose it");
    }

    #[test]
    fn only_what_may_help_is_offered_again() {
        assert!(Failure::Offline.may_retry());
        assert!(problem(Code::Busy, &[]).may_retry());
        assert!(!problem(Code::Forbidden, &[]).may_retry());
        assert_eq!(problem(Code::Busy, &[]).support_number().as_deref(), Some("01J"));
    }
}
