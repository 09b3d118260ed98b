//! What incidents and inquiries show on the portal, each in the transaction of its step (Art. 18(6), Art. 16).

use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{blob::sha256_hex, tx::Tx},
};
use shared::{
    api::error::{Code, FieldError},
    id::NoticeId,
    portal::{
        BODY_MAX, Mark, NOTICE_TITLE_MAX, Notice, NoticeKind, PageName, PageText, ServiceState,
        ServiceStatus, Version,
    },
    procedure::{Act, Case, ServiceMode},
    text,
};

/// The page of the answered questions.
const FAQ: &str = "faq";

/// The notice of an incident, in the words of the step that informs; where nobody is affected there is none.
///
/// # Errors
/// If the store cannot be reached.
pub(super) fn notice(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<(), ApiError> {
    let Some(step) = case.taken.last() else { return Ok(()) };
    if step.form.get("affected").is_none_or(|affected| affected != "yes") {
        return Ok(());
    }
    let notice = Notice {
        id: random::id(cx.now, NoticeId::from_parts),
        kind: NoticeKind::Trouble,
        mark: Mark::New,
        title: case.about.chars().take(NOTICE_TITLE_MAX).collect(),
        body: step.form.get("words").cloned().unwrap_or_default(),
        at: cx.now,
        from: None,
        until: None,
        affected: Vec::new(),
        page: None,
        case: Some(case.id),
    };
    Ok(cx.app.store.put_notice(tx, &notice)?)
}

/// The state of the service, as the portal says it.
///
/// # Errors
/// If the store cannot be reached.
pub(super) fn status(cx: &Cx, tx: &mut Tx<Code>, mode: ServiceMode) -> Result<(), ApiError> {
    let (state, words) = match mode {
        ServiceMode::Open => (ServiceState::Running, ""),
        ServiceMode::ReadOnly => (
            ServiceState::Partial,
            "障害に対応しています。連絡帳を見ることはできますが、書き込みはできません。見込みは、お知らせでご案内します。",
        ),
        ServiceMode::Closed | ServiceMode::Cut => (
            ServiceState::Stopped,
            "障害に対応するため、サービスを止めています。再開の見込みは、お知らせでご案内します。お急ぎのときは、電話などで直接ご連絡ください。",
        ),
    };
    let (since, affected) = (Some(cx.now), mode.closes());
    let status = ServiceStatus { state, words: words.into(), since, until: None, affected };
    Ok(cx.app.store.put_status(tx, &status)?)
}

/// The page of the answered questions with one more; its notice in the same act.
///
/// # Errors
/// Nothing was proposed; the page is full.
pub(super) async fn faq(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<(), ApiError> {
    let proposed = case.taken.iter().rev().find(|taken| taken.act == Act::ProposeFaq);
    let proposed = proposed.ok_or_else(|| {
        FieldError::new("faq_question", "先に、システム運用者が「よくある質問の案」を作ります。")
    })?;
    let text = |name: &str| proposed.form.get(name).cloned().unwrap_or_default();
    let page: PageName = FAQ.parse().map_err(|_| Code::Internal)?;
    let store = &cx.app.store;
    let row = store.portal_page(page).await?;
    let before = match &row {
        Some(row) => store.portal_version(page, row.number).await?,
        None => None,
    };
    let body = before.as_ref().map(|version| version.text.body.clone()).unwrap_or_default();
    let body = format!("{body}\n\n## {}\n\n{}", text::one_line(&text("faq_question")), text("faq_answer"));
    let body = body.trim().to_owned();
    if body.chars().count() > BODY_MAX {
        return Err(Code::TooLarge.into());
    }
    let text = PageText { title: "よくある質問".into(), body };
    let actor = cx.actor()?;
    let version = Version {
        page,
        number: row.as_ref().map_or(0, |row| row.number) + 1,
        sha256: sha256_hex(text.as_hashed().as_bytes()),
        text,
        at: cx.now,
        by: Some(actor.account),
        by_name: actor.name.clone(),
        case: Some(case.id),
        case_number: Some(case.number.clone()),
        ends: false,
    };
    store.publish_portal(tx, &version, row.as_ref().map_or(cx.now, |row| row.first_at))?;
    let notice = Notice {
        id: random::id(cx.now, NoticeId::from_parts),
        kind: NoticeKind::Page,
        mark: if row.is_none() { Mark::New } else { Mark::Updated },
        title: "よくある質問に、新しい質問と回答を加えました。".into(),
        body: String::new(),
        at: cx.now,
        from: None,
        until: None,
        affected: Vec::new(),
        page: Some(page),
        case: Some(case.id),
    };
    Ok(store.put_notice(tx, &notice)?)
}
