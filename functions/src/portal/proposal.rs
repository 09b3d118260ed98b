//! What an operator prepares for a case, and its publication (Art. 14).

use super::{publish, render};
use crate::{
    http::{context::Cx, error::ApiError},
    procedure::case::enter,
    random,
    store::{blob::sha256_hex, tx::Tx},
};
use shared::{
    api::{
        Empty,
        error::{Code, FieldError},
        portal::{PortalDraft, PortalPreview},
    },
    authority::Action,
    calendar::Timestamp,
    id::{CaseId, NoticeId},
    portal::{Draft, Mark, PAGES_MAX, PageName, PageRow, Proposal, SaveProposal, Version, Wanted},
    procedure::{Act, Case, Procedure, declaration},
};
use std::sync::Arc;

/// The page that a request names.
fn asked_page(case: &Case) -> Option<PageName> {
    case.form.get("page")?.parse().ok()
}

/// Checks that a request speaks of a page that exists; what has no page keeps none.
///
/// # Errors
/// The field.
pub async fn check_request(cx: &Cx, case: &mut Case) -> Result<(), ApiError> {
    if case.procedure != Procedure::PortalChange {
        return Ok(());
    }
    if !matches!(Wanted::of(case), Some(Wanted::Change | Wanted::Withdrawal)) {
        case.form.remove("page");
        return Ok(());
    }
    let page = asked_page(case).ok_or(Code::Invalid)?;
    match cx.app.store.portal_page(page).await? {
        Some(_) => Ok(()),
        None => Err(FieldError::new("page", "このページはありません。一覧から選んでください。").into()),
    }
}

/// Checks that the city does not accept as content what was asked as a change of the design: that is consulted on first
/// (Art. 14(1)).
///
/// # Errors
/// What to do instead.
pub fn check_review(case: &Case, act: Act) -> Result<(), ApiError> {
    let design = case.form.get("design").is_some_and(|design| design == "yes");
    if act == Act::AcceptContent && design {
        let words = "画面の設計が変わる依頼です。「承認し、設計協議に進める」を選んでください。";
        return Err(FieldError::new("design", words).into());
    }
    Ok(())
}

/// A case of this procedure, and what it wants.
async fn of(cx: &Cx, id: CaseId, action: Action) -> Result<(Case, Wanted), ApiError> {
    let case = enter(cx, id, action).await?;
    let wanted =
        Wanted::of(&case).filter(|_| case.procedure == Procedure::PortalChange).ok_or(Code::NotFound)?;
    Ok((case, wanted))
}

/// Whether the case is where its page is edited: it was accepted, and nothing else is awaited.
fn is_edited(case: &Case) -> bool {
    declaration(case.procedure).step(Act::Publish, case.state).is_some()
}

/// What is published under the page that a case or its proposal is about.
async fn published(cx: &Cx, page: Option<PageName>) -> Result<Option<(PageRow, Version)>, ApiError> {
    let Some(page) = page else { return Ok(None) };
    let Some(row) = cx.app.store.portal_page(page).await? else { return Ok(None) };
    let version = cx.app.store.portal_version(page, row.number).await?;
    Ok(Some((row, version.ok_or(Code::Internal)?)))
}

async fn draft_of(
    cx: &Cx,
    case: &Case,
    wanted: Wanted,
) -> Result<(Draft, Option<(PageRow, Version)>), ApiError> {
    let now = published(cx, asked_page(case)).await?;
    let draft = match cx.app.store.portal_draft(case.id).await? {
        Some(draft) => draft,
        None => Draft {
            version: 0,
            based_on: now.as_ref().map_or(0, |(row, _)| row.number),
            proposal: Proposal::first(
                wanted,
                asked_page(case),
                now.as_ref().map(|(_, version)| &version.text),
                &case.about,
            ),
            saved_at: None,
            saved_by: String::new(),
        },
    };
    Ok((draft, now))
}

/// The proposal of a case, beside what is published.
///
/// # Errors
/// [`Code::NotFound`] for a case of somebody else, or of another kind.
pub async fn read(cx: Arc<Cx>, id: CaseId, _: Empty) -> Result<PortalDraft, ApiError> {
    let (case, wanted) = of(&cx, id, Action::ReadPortalDraft).await?;
    let (draft, now) = draft_of(&cx, &case, wanted).await?;
    Ok(PortalDraft {
        draft,
        number: now.as_ref().map_or(0, |(row, _)| row.number),
        published: now.map(|(_, version)| version.text),
    })
}

/// Saves the proposal of a case that was accepted.
///
/// # Errors
/// [`Code::Stale`] if the case is not being edited, somebody saved meanwhile, or the page was published anew; the fields
/// in error.
pub async fn save(cx: Arc<Cx>, id: CaseId, given: SaveProposal) -> Result<Draft, ApiError> {
    cx.once(given.command, || async {
        let (case, wanted) = of(&cx, id, Action::EditPortal).await?;
        if !is_edited(&case) {
            return Err(Code::Stale.into());
        }
        let proposal = given.proposal.clone().check(wanted, asked_page(&case), cx.now.day())?;
        let now = fits(&cx, wanted, &proposal).await?;
        let number = now.map_or(0, |(row, _)| row.number);
        if given.based_on != number {
            return Err(Code::Stale.into());
        }
        let draft = Draft {
            version: given.version.checked_add(1).ok_or(Code::Invalid)?,
            based_on: number,
            proposal,
            saved_at: Some(cx.now),
            saved_by: cx.actor()?.name.clone(),
        };
        let store = &cx.app.store;
        let mut tx = Tx::default();
        store.require_case(&mut tx, case.id, case.version)?;
        store.put_portal_draft(&mut tx, case.id, &draft)?;
        cx.commit_command(tx, given.command, draft).await
    })
    .await
}

/// What is published under a proposal's page; a new page must not exist yet, and there must be room for it.
async fn fits(cx: &Cx, wanted: Wanted, proposal: &Proposal) -> Result<Option<(PageRow, Version)>, ApiError> {
    let now = published(cx, proposal.page()).await?;
    if wanted == Wanted::NewPage {
        if now.is_some() {
            return Err(FieldError::new(
                "name",
                "この名前のページは、すでにあります。別の名前にしてください。",
            )
            .into());
        }
        if cx.app.store.portal_pages().await?.len() >= PAGES_MAX {
            return Err(FieldError::new("name", format!("ページは{PAGES_MAX}までです。")).into());
        }
    }
    Ok(now)
}

fn version_of(case: &Case, draft: &Draft, page: PageName, by: Option<&str>, at: Timestamp) -> Version {
    let text = draft.proposal.text.clone();
    Version {
        page,
        number: draft.based_on + 1,
        sha256: sha256_hex(text.as_hashed().as_bytes()),
        text,
        at,
        by: None,
        by_name: by.unwrap_or_default().to_owned(),
        case: Some(case.id),
        case_number: Some(case.number.clone()),
        ends: Wanted::of(case) == Some(Wanted::Withdrawal),
    }
}

const fn mark_of(based_on: u32) -> Mark {
    if based_on == 0 { Mark::New } else { Mark::Updated }
}

/// The saved proposal as it will be seen.
///
/// # Errors
/// [`Code::NotFound`] before anything was saved.
pub async fn preview(cx: Arc<Cx>, id: CaseId, _: Empty) -> Result<PortalPreview, ApiError> {
    let (case, _) = of(&cx, id, Action::ReadPortalDraft).await?;
    let draft = cx.app.store.portal_draft(case.id).await?.ok_or(Code::NotFound)?;
    let mut data = publish::site_data(&cx.app, cx.app.store.portal().await?).await?;
    data.is_preview = true;
    let notice = random::id(cx.now, NoticeId::from_parts);
    data.notices.insert(0, draft.proposal.notice(notice, mark_of(draft.based_on), cx.now));
    let mut page = None;
    if let Some(name) = draft.proposal.page() {
        let version = version_of(&case, &draft, name, None, cx.now);
        let first_at =
            data.pages.iter().find(|(row, _)| row.name == name).map_or(cx.now, |(row, _)| row.first_at);
        let row = PageRow {
            name,
            title: version.text.title.clone(),
            number: version.number,
            at: cx.now,
            first_at,
            ended: version.ends,
        };
        data.pages.retain(|(row, _)| row.name != name);
        data.pages.push((row, version.clone()));
        data.pages.sort_by_key(|(row, _)| row.place());
        page = Some(render::preview(&data, &version));
    }
    Ok(PortalPreview { version: draft.version, page, top: render::preview_top(&data) })
}

/// Adds to the publishing step what it publishes: the page's new version, and the notice with its mark.
///
/// # Errors
/// [`Code::Stale`] if the proposal is not the one that was looked at, or its page was published anew.
pub async fn publish(cx: &Cx, tx: &mut Tx<Code>, case: &mut Case) -> Result<(), ApiError> {
    let store = &cx.app.store;
    let wanted = Wanted::of(case).ok_or(Code::Internal)?;
    let step = case.taken.last_mut().ok_or(Code::Internal)?;
    let named = step.form.get("draft").and_then(|number| number.parse::<u32>().ok()).unwrap_or(0);
    let draft = store.portal_draft(case.id).await?.filter(|draft| draft.version == named);
    let draft = draft.ok_or(Code::Stale)?;
    // The request may have been edited and accepted again since the proposal was saved.
    let asked = case.form.get("page").and_then(|page| page.parse().ok());
    draft.proposal.clone().check(wanted, asked, cx.now.day())?;
    store.require_portal_draft(tx, case.id, draft.version)?;
    if let Some(page) = draft.proposal.page() {
        let now = fits(cx, wanted, &draft.proposal).await?;
        let actor = cx.actor()?;
        let mut version = version_of(case, &draft, page, Some(&actor.name), cx.now);
        version.by = Some(actor.account);
        let first_at = now.map_or(cx.now, |(row, _)| row.first_at);
        let kept = [
            ("kept_page", version.text.title.clone()),
            ("kept_version", format!("第{}版", version.number)),
            ("kept_sha256", version.sha256.clone()),
        ];
        if let Some(step) = case.taken.last_mut() {
            step.form.extend(kept.map(|(name, value)| (name.to_owned(), value)));
        }
        store.publish_portal(tx, &version, first_at)?;
    }
    let id = random::id(cx.now, NoticeId::from_parts);
    let mut notice = draft.proposal.notice(id, mark_of(draft.based_on), cx.now);
    notice.case = Some(case.id);
    cx.about_once(case.id);
    Ok(store.put_notice(tx, &notice)?)
}
