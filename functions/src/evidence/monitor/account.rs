//! The account of monitoring: no role at all, both factors in the deployment's settings. Monitoring stands outside the
//! network, so it may read and write this one account and no other (`infra/aws/stacks/50-app.yaml`): its identifier is known
//! beforehand.

use crate::{
    app::App,
    people::password,
    random,
    settings::MonitorAccount,
    store::{Store, people::Login, tx::Tx},
};
use shared::{
    api::error::Code,
    authority::Action,
    evidence::{AuditEvent, Outcome, SYSTEM_SOURCE},
    id::{AccountId, EventId, RequestId},
    people::{Account, AccountState, FacilityKind, Profession},
};

/// Its name in the list of people.
const NAME: &str = "監視（自動）";
/// Its identifier: nobody else's, for theirs begin with the time at which they were made.
const ID: AccountId = AccountId::from_parts(0, 1);

/// Makes the account where there is none, and takes new credentials of the settings over.
///
/// # Errors
/// Why it cannot be, in words.
pub async fn ensure(app: &App, given: &MonitorAccount) -> Result<(), String> {
    let trouble = |_| "監視用の利用者を確かめられません".to_owned();
    let Some(login) = app.store.login(&given.user_id).await.map_err(trouble)? else {
        return make(app, given).await;
    };
    let row = app.store.account(login.account).await.map_err(trouble)?;
    if row.is_none_or(|row| !row.account.roles.is_empty() || !row.account.appointed.is_empty()) {
        return Err("監視用の利用者に役割があります。役割のない利用者を設定してください".into());
    }
    let totp = app.store.totp(login.account).await.map_err(trouble)?;
    let same = app.passwords.verify(given.password.clone(), login.password.clone()).await;
    if same && totp.secret.as_deref() == Some(given.totp_secret.as_str()) {
        return Ok(());
    }
    renew(app, given, login).await
}

async fn hashed(given: &MonitorAccount) -> Result<String, String> {
    let typed = given.password.clone();
    let hash = tokio::task::spawn_blocking(move || password::hash(&typed)).await.ok().flatten();
    hash.ok_or_else(|| "監視用のパスワードを登録できません".to_owned())
}

async fn make(app: &App, given: &MonitorAccount) -> Result<(), String> {
    let trouble = |_| "監視用の利用者を登録できません".to_owned();
    if let Some(row) = app.store.account(ID).await.map_err(trouble)? {
        let known = row.account.user_id;
        return Err(format!("監視用の利用者は{known}として登録されています。ユーザーIDは変えられません"));
    }
    let facilities = app.store.facilities().await.map_err(trouble)?;
    let home = facilities.into_iter().find(|facility| facility.kind == FacilityKind::Contractor);
    let home = home.ok_or("監視用の利用者を置く契約事業者が登録されていません")?;
    let account = Account {
        id: ID,
        user_id: given.user_id.clone(),
        name: NAME.into(),
        kana: "かんし".into(),
        profession: Profession::Engineer,
        facility: home.id,
        facility_name: home.name,
        roles: Vec::new(),
        appointed: Vec::new(),
        contact: String::new(),
        state: AccountState::Active,
    };
    let mut login = Login::without_password(account.id);
    login.password = Some(hashed(given).await?);
    let mut tx = Tx::default();
    let items = Store::account_items(&account, &login).map_err(trouble)?;
    for item in items {
        tx.create(&app.store, item, Code::UserIdTaken).map_err(trouble)?;
    }
    let totp = Store::totp_item(account.id, &given.totp_secret).map_err(trouble)?;
    tx.create(&app.store, totp, Code::Busy).map_err(trouble)?;
    commit(app, tx, account.id).await
}

async fn renew(app: &App, given: &MonitorAccount, mut login: Login) -> Result<(), String> {
    let trouble = |_| "監視用の利用者を更新できません".to_owned();
    login.password = Some(hashed(given).await?);
    let mut totp = app.store.totp(login.account).await.map_err(trouble)?;
    totp.secret = Some(given.totp_secret.clone());
    let mut tx = Tx::default();
    app.store.put_login(&mut tx, &given.user_id, &login).map_err(trouble)?;
    app.store.put_totp(&mut tx, login.account, &totp).map_err(trouble)?;
    commit(app, tx, login.account).await
}

/// Commits with the audit event: the system did it.
async fn commit(app: &App, mut tx: Tx<Code>, account: AccountId) -> Result<(), String> {
    let now = app.clock.now();
    let event = AuditEvent {
        id: random::id(now, EventId::from_parts),
        at: now,
        request: random::id(now, RequestId::from_parts),
        action: Action::EnrolFactor,
        who: None,
        thing: vec![account.to_string()],
        source: SYSTEM_SOURCE.into(),
        outcome: Outcome::Done,
    };
    app.store.note_event(&mut tx, &event).map_err(|_| "監視用の利用者を登録できません")?;
    tx.commit(&app.store).await.map_err(|_| "監視用の利用者を登録できません".to_owned())
}
