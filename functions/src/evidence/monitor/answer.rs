//! Whether the application answers: monitoring signs in with both factors, reads, and signs out, over HTTP and the public
//! address. Its account has no role, so nothing of a patient opens for it.

use super::{Found, account, ask};
use crate::{app::App, people::factor};
use shared::{
    api::{
        Empty, Endpoint,
        error::{Code, Problem},
        people::{ProveFactor, SignIn, SignOut},
        procedure::ReadDesk,
    },
    people::{Credentials, FactorProof, Me, SessionStage},
};

/// Why a step of it was not answered as it should be.
enum Failed {
    /// No answer.
    Silent(String),
    /// Refused, with the code.
    Refused(Code),
    /// Not what the contract says.
    Odd(u16),
}

impl Failed {
    fn found(self, step: &str) -> Found {
        match self {
            // It answers that it is closed: that is an answer, and why it is closed is in an incident or a plan.
            Self::Refused(Code::Maintenance) => Found::good("応答あり（サービスは停止中）"),
            Self::Refused(code) => Found::bad(format!("{step}ができません（{}）", code.label())),
            Self::Odd(status) => Found::bad(format!("{step}の応答が正しくありません（HTTP {status}）")),
            Self::Silent(why) => Found::bad(format!("{step}の応答がありません（{why}）")),
        }
    }
}

/// A browser of one session.
struct Browser<'a> {
    app: &'a App,
    cookie: Option<String>,
}

impl Browser<'_> {
    async fn call<E: Endpoint<Path = ()>>(&mut self, request: &E::Request) -> Result<E::Reply, Failed> {
        let info = E::INFO;
        let body = if info.method.has_body() { serde_json::to_vec(request).ok() } else { None };
        let cookie = self.cookie.clone();
        let headers: Vec<(&str, &str)> = cookie.iter().map(|cookie| ("cookie", cookie.as_str())).collect();
        let asked = ask::ask(&self.app.settings, info.method.as_str(), info.path, &headers, body).await;
        let asked = asked.map_err(Failed::Silent)?;
        if asked.cookie.is_some() {
            self.cookie = asked.cookie;
        }
        if asked.status == 200 {
            return serde_json::from_slice(&asked.body).map_err(|_| Failed::Odd(200));
        }
        let problem: Option<Problem> = serde_json::from_slice(&asked.body).ok();
        Err(problem.map_or(Failed::Odd(asked.status), |problem| Failed::Refused(problem.code)))
    }
}

/// Signs in, reads, signs out.
pub(super) async fn look(app: &App) -> Found {
    let Some(given) = &app.settings.monitor else {
        return Found::bad("監視用の利用者が設定されていません");
    };
    if let Err(why) = account::ensure(app, given).await {
        return Found::bad(why);
    }
    let mut browser = Browser { app, cookie: None };
    let credentials = Credentials { user_id: given.user_id.clone(), password: given.password.clone() };
    match browser.call::<SignIn>(&credentials).await {
        Ok(Me { stage: SessionStage::FactorMissing, .. }) => {}
        Ok(_) => return Found::bad("パスワードだけでサインインできてしまいました"),
        Err(failed) => return failed.found("サインイン"),
    }
    let Some(code) = factor::code_at(&given.totp_secret, app.clock.now()) else {
        return Found::bad("監視用の確認コードの設定が正しくありません");
    };
    match browser.call::<ProveFactor>(&FactorProof { code }).await {
        Ok(me) if me.stage == SessionStage::Complete => {}
        Ok(_) => return Found::bad("二要素目を確認しても、サインインが終わりません"),
        Err(failed) => return failed.found("二要素目の確認"),
    }
    if let Err(failed) = browser.call::<ReadDesk>(&Empty {}).await {
        return failed.found("閲覧");
    }
    match browser.call::<SignOut>(&Empty {}).await {
        Ok(_) => Found::good("サインイン、閲覧、サインアウトができました"),
        Err(failed) => failed.found("サインアウト"),
    }
}
