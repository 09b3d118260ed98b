//! The portal: its files without the table, and a change of it from the request to the mark on the top page.

use crate::support::{
    Answer, Bench, Person, at,
    cases::{asking, form, stepped, take},
    command, request,
};
use functions::{portal::publish, store::tx::Tx};
use local::{
    cloud::{PORTAL, settings},
    door::Door,
    serve::{Front, serve},
};
use shared::{
    api::{Empty, error::Code, portal as o, procedure as k},
    calendar::Timestamp,
    id::NoticeId,
    portal::{Draft, Mark, Notice, NoticeKind, PageName, SaveProposal, Service, ServiceState, ServiceStatus},
    procedure::{Act, Asked, Case, Channel, Procedure, State},
};
use std::sync::Arc;
use tokio::net::TcpListener;

fn page() -> PageName {
    "about".parse().unwrap()
}

fn wish(pairs: &[(&str, &str)]) -> Asked {
    let mut form = form(&[
        ("subject", "案内の更新"),
        ("what", "change"),
        ("page", "about"),
        ("wish", "費用の説明を新しくしてください。"),
        ("design", "no"),
    ]);
    form.extend(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Asked { form, ..asking(Procedure::PortalChange, &[]) }
}

/// What an operator saves after having looked at what is published.
async fn proposal(operator: &mut Person, case: &Case, body: &str) -> SaveProposal {
    let read = operator.ok::<o::ReadPortalDraft>(&case.id, &Empty {}).await;
    let mut proposal = read.draft.proposal;
    proposal.text.body = body.into();
    SaveProposal { command: command(), version: read.draft.version, based_on: read.number, proposal }
}

async fn saved(operator: &mut Person, case: &Case, body: &str) -> Draft {
    let save = proposal(operator, case, body).await;
    operator.ok::<o::SavePortalDraft>(&case.id, &save).await
}

async fn published(operator: &mut Person, case: &Case, draft: &Draft) -> Case {
    stepped(operator, case, Act::Publish, &[("draft", &draft.version.to_string())]).await
}

/// A change of a page from the request to its publication.
async fn changed(bench: &Bench, body: &str) -> Case {
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut operator = bench.sign_in("op-01").await;
    let case = manager.ok::<k::OpenCase>(&(), &wish(&[])).await;
    let case = stepped(&mut city, &case, Act::AcceptContent, &[]).await;
    let draft = saved(&mut operator, &case, body).await;
    published(&mut operator, &case, &draft).await
}

async fn get(address: &str, path: &str) -> Answer {
    request(address, "GET", path, &[], "").await
}

async fn html(bench: &Bench, path: &str) -> String {
    let answer = get(&bench.address, path).await;
    assert_eq!(answer.status, 200, "{path}");
    String::from_utf8(answer.body.to_vec()).unwrap()
}

#[tokio::test]
async fn everybody_reads_the_portal_without_signing_in() {
    let bench = Bench::start().await;
    let top = html(&bench, "/portal/").await;
    for words in [
        "稼働中",
        "お知らせ",
        "計画停止",
        "2:00 から",
        "ヘルプデスク",
        "訪問看護ステーション",
        "href=\"/signin\"",
    ] {
        assert!(top.contains(words), "{words}");
    }
    for name in ["about", "begin", "facilities", "privacy", "accessibility"] {
        assert!(top.contains(&format!("href=\"/portal/{name}.html\"")), "{name}");
        html(&bench, &format!("/portal/{name}.html")).await;
        html(&bench, &format!("/portal/versions/{name}/")).await;
        html(&bench, &format!("/portal/versions/{name}/1.html")).await;
    }
    let answer = get(&bench.address, "/portal/").await;
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.headers["cache-control"], "no-cache");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    let etag = answer.headers["etag"].to_str().unwrap().to_owned();
    let again = request(&bench.address, "GET", "/portal/", &[("if-none-match", &etag)], "").await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(get(&bench.address, "/portal").await.status, 301);
    for strange in ["/portal/nothing.html", "/portal/../accounts.json", "/portal/%2e%2e/x", "/portal//"] {
        let missing = get(&bench.address, strange).await;
        assert_eq!(missing.status, 404, "{strange}");
        assert!(String::from_utf8_lossy(&missing.body).contains("ページが見つかりません"), "{strange}");
    }
    assert_eq!(
        get(&bench.address, "/portal/portal.css").await.headers["content-type"],
        "text/css; charset=utf-8"
    );
}

#[tokio::test]
async fn the_portal_lives_while_the_table_is_gone() {
    let bench = Bench::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut endpoints = bench.cloud.endpoints.clone();
    endpoints.dynamodb = "http://127.0.0.1:1".into();
    let app = endpoints.app(Arc::new(bench.clock.clone()), settings(vec![format!("http://{address}")]));
    let front = Front { app, site: None, demo: Arc::default(), mails: None, door: Door::default() };
    tokio::spawn(serve(listener, front, std::future::pending()));
    for path in ["/portal/", "/portal/about.html", "/portal/portal.css", "/portal/hours.js"] {
        assert_eq!(get(&address, path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_change_is_asked_reviewed_edited_and_published_with_its_mark() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut operator = bench.sign_in("op-01").await;
    let case = manager.ok::<k::OpenCase>(&(), &wish(&[])).await;
    assert_eq!((case.state, case.about.as_str()), (State::Asked, "案内の更新"));
    assert_eq!(case.number, "W-2026-0001");
    // Whose it is not learns nothing of it.
    for user_id in ["kaede-m01", "hinata-n01", "km-01", "sa-01"] {
        let mut stranger = bench.sign_in(user_id).await;
        for problem in [
            stranger.refused::<k::ReadCase>(&case.id, &Empty {}).await,
            stranger.refused::<o::ReadPortalDraft>(&case.id, &Empty {}).await,
            stranger.refused::<o::PreviewPortal>(&case.id, &Empty {}).await,
        ] {
            assert_eq!(problem.code, Code::NotFound, "{user_id}");
        }
    }
    // Nothing is prepared or published before the city has looked at it.
    let early = proposal(&mut operator, &case, "早すぎる").await;
    assert_eq!(operator.refused::<o::SavePortalDraft>(&case.id, &early).await.code, Code::Stale);
    let early =
        operator.refused::<k::StepCase>(&case.id, &take(&case, Act::Publish, &[("draft", "1")])).await;
    assert_eq!(early.code, Code::Stale);
    assert_eq!(
        manager
            .refused::<o::SavePortalDraft>(&case.id, &proposal(&mut operator, &case, "x").await)
            .await
            .code,
        Code::Forbidden
    );
    let case = stepped(&mut city, &case, Act::AcceptContent, &[]).await;
    assert_eq!(case.state, State::Editing);
    assert!(operator.ok::<k::ListCases>(&(), &Default::default()).await.rows[0].waits_for_me);

    // Nothing is published that nobody saved.
    let nothing =
        operator.refused::<k::StepCase>(&case.id, &take(&case, Act::Publish, &[("draft", "0")])).await;
    assert_eq!(nothing.code, Code::Stale);
    let body = "## 費用\n\n施設の負担は<script>alert(1)</script>ありません。";
    let draft = saved(&mut operator, &case, body).await;
    assert_eq!((draft.version, draft.based_on), (1, 1));
    let preview = operator.ok::<o::PreviewPortal>(&case.id, &Empty {}).await;
    assert!(
        preview.page.unwrap().contains("&lt;script&gt;")
            && preview.top.contains("class=\"mark mark-updated\"")
    );
    assert!(!html(&bench, "/portal/about.html").await.contains("<h2>費用</h2>\n<p>施設の負担は&lt;"));

    let before = bench.app.store.portal_revision().await.unwrap();
    let done = published(&mut operator, &case, &draft).await;
    assert_eq!(done.state, State::Done);
    assert_eq!(done.taken.last().unwrap().form["kept_version"], "第2版");
    // Page and mark came with the same act, and turned the counter once.
    assert_eq!(bench.app.store.portal_revision().await.unwrap(), before + 1);
    let page_now = html(&bench, "/portal/about.html").await;
    assert!(page_now.contains("施設の負担は&lt;script&gt;") && page_now.contains("第2版"), "{page_now}");
    let top = html(&bench, "/portal/").await;
    assert!(top.contains("<strong class=\"mark mark-updated\">更新</strong>"), "{top}");
    assert!(top.contains("「この連絡帳について」のページを更新しました"));
    // The same press again publishes nothing more.
    let overview = city.ok::<o::ReadPortal>(&(), &Empty {}).await;
    assert_eq!((overview.revision, overview.rendered), (before + 1, before + 1));
    assert_eq!(overview.notices[0].case, Some(case.id));
    let again =
        operator.refused::<k::StepCase>(&case.id, &take(&done, Act::Publish, &[("draft", "1")])).await;
    assert_eq!(again.code, Code::Stale);
}

#[tokio::test]
async fn a_page_ends_leaves_every_list_and_its_versions_stay() {
    let bench = Bench::start().await;
    let (mut city, mut other) = (bench.sign_in("city-01").await, bench.sign_in("city-02").await);
    let mut operator = bench.sign_in("op-01").await;
    let fixed = wish(&[("what", "withdrawal"), ("page", "about")]);
    assert_eq!(city.refused::<k::OpenCase>(&(), &fixed).await.fields[0].field, "page");
    let asked = wish(&[("what", "new_page"), ("page", ""), ("subject", "研修の案内")]);
    let case = city.ok::<k::OpenCase>(&(), &asked).await;
    let case = stepped(&mut other, &case, Act::AcceptContent, &[]).await;
    let mut save = proposal(&mut operator, &case, "12月に研修をします。").await;
    (save.proposal.name, save.proposal.text.title) = ("training".into(), "研修".into());
    let draft = operator.ok::<o::SavePortalDraft>(&case.id, &save).await;
    published(&mut operator, &case, &draft).await;
    assert!(html(&bench, "/portal/").await.contains("href=\"/portal/training.html\""));

    // Somebody's paper: the city enters it for the facility.
    let mut paper = wish(&[("what", "withdrawal"), ("page", "training"), ("subject", "研修は終わりました")]);
    paper.channel = Channel::Paper;
    paper.received_on = Some(bench.clock_day());
    paper.facility = Some(bench.sign_in("hinata-m01").await.me.unwrap().actor.facility);
    let case = city.ok::<k::OpenCase>(&(), &paper).await;
    let case = stepped(&mut other, &case, Act::AcceptContent, &[]).await;
    let save = proposal(&mut operator, &case, "このページの掲載は終わりました。").await;
    let draft = operator.ok::<o::SavePortalDraft>(&case.id, &save).await;
    published(&mut operator, &case, &draft).await;
    let top = html(&bench, "/portal/").await;
    let (_, listed) = top.split_once("id=\"pages\"").unwrap();
    assert!(top.contains("掲載を終えました") && !listed.contains("training.html"), "{listed}");
    assert!(!html(&bench, "/portal/about.html").await.contains("training.html"));
    assert!(html(&bench, "/portal/training.html").await.contains("掲載は終わりました"));
    assert!(html(&bench, "/portal/versions/training/1.html").await.contains("12月に研修をします。"));
}

#[tokio::test]
async fn a_design_is_agreed_before_anything_is_edited() {
    let bench = Bench::start().await;
    let (mut city, mut other) = (bench.sign_in("city-01").await, bench.sign_in("city-02").await);
    let mut operator = bench.sign_in("op-01").await;
    let asked = wish(&[("what", "new_page"), ("page", ""), ("subject", "研修の案内"), ("design", "yes")]);
    let case = city.ok::<k::OpenCase>(&(), &asked).await;
    // What the city asks, another person of the city reviews.
    let own = city.refused::<k::StepCase>(&case.id, &take(&case, Act::AcceptDesign, &[])).await;
    assert_eq!(own.code, Code::OwnRequest);
    // A design that changes is not accepted as content.
    let skipped = other.refused::<k::StepCase>(&case.id, &take(&case, Act::AcceptContent, &[])).await;
    assert_eq!(skipped.fields[0].field, "design");
    let case = stepped(&mut other, &case, Act::AcceptDesign, &[]).await;
    assert_eq!(case.state, State::DesignTalk);
    let early = proposal(&mut operator, &case, "x").await;
    assert_eq!(operator.refused::<o::SavePortalDraft>(&case.id, &early).await.code, Code::Stale);
    let case =
        stepped(&mut operator, &case, Act::OfferDesign, &[("design_words", "案内を2列にします。")]).await;
    let case =
        stepped(&mut other, &case, Act::AnswerDesign, &[("answer", "1列のままにしてください。")]).await;
    let case =
        stepped(&mut operator, &case, Act::OfferDesign, &[("design_words", "1列のままにします。")]).await;
    let case = stepped(&mut other, &case, Act::AgreeDesign, &[]).await;
    assert_eq!(case.state, State::Editing);
    let words: Vec<_> = case.taken.iter().filter_map(|taken| taken.form.get("design_words")).collect();
    assert_eq!(words.len(), 2);

    let mut save = proposal(&mut operator, &case, "研修の日程です。").await;
    save.proposal.text.title = "研修".into();
    let wrong = operator.refused::<o::SavePortalDraft>(&case.id, &save).await;
    assert_eq!(wrong.fields[0].field, "name");
    save.proposal.name = "about".into();
    let taken = operator
        .refused::<o::SavePortalDraft>(&case.id, &SaveProposal { command: command(), ..save.clone() })
        .await;
    assert_eq!(taken.fields[0].field, "name");
    save.proposal.name = "training".into();
    let draft =
        operator.ok::<o::SavePortalDraft>(&case.id, &SaveProposal { command: command(), ..save }).await;
    published(&mut operator, &case, &draft).await;
    let top = html(&bench, "/portal/").await;
    assert!(
        top.contains("<strong class=\"mark mark-new\">新規</strong>")
            && top.contains("/portal/training.html")
    );
    assert!(html(&bench, "/portal/training.html").await.contains("研修の日程です。"));
    let pages = city.ok::<o::ListPortalPages>(&(), &Empty {}).await.pages;
    assert_eq!(pages.last().unwrap().name.as_str(), "training");
}

#[tokio::test]
async fn two_who_edit_the_same_are_told_so() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let (mut one, mut two) = (bench.sign_in("op-01").await, bench.sign_in("op-01").await);
    let case = manager.ok::<k::OpenCase>(&(), &wish(&[])).await;
    let case = stepped(&mut city, &case, Act::AcceptContent, &[]).await;
    let (first, second) = (proposal(&mut one, &case, "一").await, proposal(&mut two, &case, "二").await);
    let draft = one.ok::<o::SavePortalDraft>(&case.id, &first).await;
    assert_eq!(two.refused::<o::SavePortalDraft>(&case.id, &second).await.code, Code::Stale);
    // The same saving again is the same saving.
    assert_eq!(one.ok::<o::SavePortalDraft>(&case.id, &first).await, draft);
    let newer = saved(&mut two, &case, "二").await;
    // What is published is what was looked at.
    let old = one.refused::<k::StepCase>(&case.id, &take(&case, Act::Publish, &[("draft", "1")])).await;
    assert_eq!(old.code, Code::Stale);
    // Another case publishes the page first: the proposal must be looked at beside the new text.
    changed(&bench, "先に公開").await;
    let late = two.refused::<k::StepCase>(&case.id, &take(&case, Act::Publish, &[("draft", "2")])).await;
    assert_eq!((late.code, newer.based_on), (Code::Stale, 1));
    let draft = saved(&mut two, &case, "二").await;
    assert_eq!(draft.based_on, 2);
    published(&mut two, &case, &draft).await;
    assert!(html(&bench, "/portal/about.html").await.contains("<p>二</p>"));
}

#[tokio::test]
async fn an_edit_of_the_request_drops_what_was_decided_on_it() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut operator = bench.sign_in("op-01").await;
    let case = manager.ok::<k::OpenCase>(&(), &wish(&[])).await;
    let accepted = stepped(&mut city, &case, Act::AcceptContent, &[]).await;
    let draft = saved(&mut operator, &accepted, "案").await;
    let mut again = take(&accepted, Act::AskAgain, &[]);
    again.form = wish(&[("page", "begin")]).form;
    let edited = manager.ok::<k::StepCase>(&case.id, &again).await;
    assert_eq!(edited.state, State::Asked);
    let publish = take(&edited, Act::Publish, &[("draft", &draft.version.to_string())]);
    assert_eq!(operator.refused::<k::StepCase>(&case.id, &publish).await.code, Code::Stale);
    // Accepted anew, the old proposal is still about another page.
    let accepted = stepped(&mut city, &edited, Act::AcceptContent, &[]).await;
    let publish = take(&accepted, Act::Publish, &[("draft", &draft.version.to_string())]);
    assert_eq!(operator.refused::<k::StepCase>(&case.id, &publish).await.fields[0].field, "name");
    // A page that does not exist is asked for by nobody.
    let none = manager.refused::<k::OpenCase>(&(), &wish(&[("page", "nothing")])).await;
    assert_eq!(none.fields[0].field, "page");
    let none = manager.refused::<k::OpenCase>(&(), &wish(&[("page", "")])).await;
    assert_eq!(none.fields[0].field, "page");
}

#[tokio::test]
async fn every_version_stays_readable_and_proven() {
    let bench = Bench::start().await;
    let mut times: Vec<Timestamp> = Vec::new();
    for body in ["一回目", "二回目", "三回目"] {
        bench.later(3600);
        times.push(bench.clock_now());
        changed(&bench, body).await;
    }
    let mut auditor = bench.sign_in("audit-01").await;
    let read = auditor.ok::<o::ReadPortalPage>(&page(), &Empty {}).await;
    assert_eq!(read.versions.iter().map(|row| row.number).collect::<Vec<_>>(), [4, 3, 2, 1]);
    assert!(read.versions[0].case_number.is_some() && read.versions[3].case_number.is_none());
    for (number, body) in [(2_u32, "一回目"), (3, "二回目"), (4, "三回目")] {
        let version = auditor.ok::<o::ReadPortalVersion>(&(page(), number), &Empty {}).await;
        assert!(version.intact && version.html.contains(body));
        assert_eq!(version.until.is_none(), number == 4);
        // The times are exact: what was shown at a moment follows from them.
        let (at, until) = (version.version.at, version.until.unwrap_or(bench.clock_now()));
        assert!(times[number as usize - 2] <= at && at < until);
        assert!(html(&bench, &format!("/portal/versions/about/{number}.html")).await.contains(body));
    }
    assert!(html(&bench, "/portal/versions/about/").await.contains("第4版"));
    assert_eq!(auditor.refused::<o::ReadPortalVersion>(&(page(), 9), &Empty {}).await.code, Code::NotFound);
    let mut manager = bench.sign_in("hinata-m01").await;
    assert_eq!(manager.refused::<o::ReadPortalPage>(&page(), &Empty {}).await.code, Code::Forbidden);
    // The bucket itself keeps every file that ever stood at an address.
    let (_, blobs) = bench.cloud.endpoints.clients();
    let kept = blobs.list_object_versions().bucket(PORTAL).prefix("portal/about.html").send().await.unwrap();
    assert!(kept.versions().len() >= 4);
}

#[tokio::test]
async fn other_parts_publish_notices_and_the_state_in_their_own_act() {
    let bench = Bench::start().await;
    let store = &bench.app.store;
    let before = store.portal_revision().await.unwrap();
    let notice = Notice {
        id: NoticeId::from_parts(1, 1),
        kind: NoticeKind::Trouble,
        mark: Mark::New,
        title: "写真を送れない障害".into(),
        body: "原因を調べています。".into(),
        at: bench.clock_now(),
        from: Some(bench.clock_now()),
        until: None,
        affected: vec![Service::Files],
        page: None,
        case: None,
    };
    let status = ServiceStatus {
        state: ServiceState::Partial,
        words: "写真を送れません。文字の連絡は使えます。".into(),
        since: Some(bench.clock_now()),
        until: None,
        affected: vec![Service::Files],
    };
    let mut tx: Tx<Code> = Tx::default();
    store.put_notice(&mut tx, &notice.clone().check().unwrap()).unwrap();
    store.put_status(&mut tx, &status.check().unwrap()).unwrap();
    tx.commit(store).await.unwrap();
    assert_eq!(store.portal_revision().await.unwrap(), before + 1);
    assert!(publish::run_due(&bench.app).await.unwrap() > 0);
    assert_eq!(publish::run_due(&bench.app).await.unwrap(), 0, "safe to repeat");
    let top = html(&bench, "/portal/").await;
    for words in ["一部停止", "写真を送れない障害", "使えない機能: 写真・ファイルの添付", "新規"]
    {
        assert!(top.contains(words), "{words}");
    }
    // It ends by the clock, without another publication; and each day is written anew.
    let over = Notice { until: Some(bench.clock_now().plus_seconds(600)), mark: Mark::Updated, ..notice };
    let mut tx: Tx<Code> = Tx::default();
    store.put_notice(&mut tx, &over).unwrap();
    tx.commit(store).await.unwrap();
    publish::run_due(&bench.app).await.unwrap();
    assert!(html(&bench, "/portal/").await.contains("写真を送れない障害"));
    bench.later(600);
    assert!(publish::run_due(&bench.app).await.unwrap() > 0);
    assert!(!html(&bench, "/portal/").await.contains("写真を送れない障害"));
    bench.clock.set(at("2026-11-21T00:00:00+09:00"));
    assert!(publish::run_due(&bench.app).await.unwrap() > 0);
    assert_eq!(publish::run_due(&bench.app).await.unwrap(), 0);
}

#[tokio::test]
async fn an_empty_environment_has_a_portal_too() {
    let bench = Bench::empty().await;
    assert_eq!(get(&bench.address, "/portal/").await.status, 404);
    assert!(publish::run_due(&bench.app).await.unwrap() > 0);
    assert!(html(&bench, "/portal/").await.contains("稼働中"));
}

#[tokio::test]
async fn a_restore_brings_the_portal_back() {
    let bench = Bench::start().await;
    changed(&bench, "復元の前に公開").await;
    bench.clock.set(at("2026-11-21T02:00:00+09:00"));
    functions::evidence::backup::run_due(&bench.app).await.unwrap();
    let other = Bench::empty().await;
    functions::evidence::restore::run(&bench.app, &other.app).await.unwrap();
    publish::run_due(&other.app).await.unwrap();
    assert!(html(&other, "/portal/about.html").await.contains("復元の前に公開"));
    html(&other, "/portal/versions/about/1.html").await;
    let (was, is) = (bench.app.store.portal().await.unwrap(), other.app.store.portal().await.unwrap());
    assert_eq!((was.revision, was.pages, was.notices), (is.revision, is.pages, is.notices));
}
