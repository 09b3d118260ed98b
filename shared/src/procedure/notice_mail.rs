//! お知らせメール: what a mail says when a case moved. It travels through other people's servers, so it names the case by
//! its number and the procedure, and nothing that anybody wrote.

use super::{Act, Case, Party, Taken, declaration, party_to};
use crate::{calendar::Timestamp, id::AccountId, people::Actor};

/// A mail in plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailText {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// What the environment says of itself in each mail.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The network's name.
    pub network: &'a str,
    /// The address of the application, without a slash at its end.
    pub address: &'a str,
    /// The help desk's telephone.
    pub phone: &'a str,
}

/// Why somebody is told of a case, or that they need not be.
///
/// The one whose step is next is told that it waits; whoever asked is told when somebody else moved it, and whoever let
/// the system begin something, when it has ended. Whoever took the step knows.
pub fn reason(case: &Case, reader: &Actor) -> Option<Reason> {
    let last = case.taken.last()?;
    if last.by == reader.account {
        return None;
    }
    party_to(case, reader)?;
    let next = declaration(case.procedure).waits_for(case.state).map(|step| step.by);
    let waits = next.is_some_and(|party| party.is(reader, case.facility, case.asked_by));
    if waits {
        return Some(Reason::WaitsForYou);
    }
    if last.party == Party::System && last.act != Act::Comment && began(case) == Some(reader.account) {
        return Some(Reason::Ended);
    }
    Party::Asker.is(reader, case.facility, case.asked_by).then_some(Reason::Moved)
}

/// Who took the last step of a person that was more than a remark.
fn began(case: &Case) -> Option<AccountId> {
    let remark = |taken: &&Taken| matches!(taken.act, Act::Comment | Act::Attach);
    let mut steps = case.taken.iter().rev().filter(|taken| taken.party != Party::System && !remark(taken));
    steps.next().map(|taken| taken.by)
}

/// Why somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Their step is next.
    WaitsForYou,
    /// What they asked for has moved.
    Moved,
    /// What they let the system begin has ended.
    Ended,
}

/// The mail about a case.
pub fn step_mail(case: &Case, reason: Reason, sender: Sender<'_>) -> MailText {
    let Sender { network, address, phone } = sender;
    let what = case.procedure.label();
    let (head, lead) = match reason {
        Reason::WaitsForYou => {
            ("手続きがあなたの操作を待っています", "次の手続きが、あなたの操作を待っています。")
        }
        Reason::Moved => ("手続きが進みました", "あなたの手続きが進みました。"),
        Reason::Ended => ("システムの処理が終わりました", "あなたが始めたシステムの処理が終わりました。"),
    };
    let due = match reason {
        Reason::WaitsForYou => format!("期限　　: {}\n", moment(case.due_at)),
        Reason::Moved | Reason::Ended => String::new(),
    };
    MailText {
        subject: format!("【{network}】{head}（{}）", case.number),
        text: format!(
            "{lead}\n\n受付番号: {}\n手続き　: {what}\n状態　　: {}\n{due}\n内容は、サインインして確かめてください。\n{address}/cases/{}\n\nこのメールには個人の情報を書いていません。返信はできません。\nお問い合わせ: ヘルプデスク {phone}\n",
            case.number,
            case.state.label(),
            case.id,
        ),
    }
}

/// The mail with the code that confirms an address.
pub fn code_mail(code: &str, sender: Sender<'_>) -> MailText {
    let Sender { network, address, phone } = sender;
    MailText {
        subject: format!("【{network}】メールアドレスの確認コード"),
        text: format!(
            "確認コード: {code}\n\n「私の設定」（{address}/me）に、30分以内に入力してください。\nお心当たりがないときは、このメールを捨ててください。何も起こりません。\nお問い合わせ: ヘルプデスク {phone}\n"
        ),
    }
}

fn moment(at: Timestamp) -> String {
    let (hour, minute) = at.wall_clock();
    format!("{} {hour:02}:{minute:02}", at.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::CaseId,
        people::Role,
        procedure::{
            Ask, Asked, Channel, Form, Procedure, TakeStep, cast::actor, open, step, step_by_system,
        },
    };

    const SENDER: Sender<'_> =
        Sender { network: "連絡帳", address: "https://book.example.jp", phone: "0000-00-1600" };

    fn case(asker: &Actor) -> Case {
        let pairs = [
            ("name", "新田 葵"),
            ("kana", "にった あおい"),
            ("profession", "nurse"),
            ("role", "member"),
            ("contact", "0568-00-1234"),
            ("reason", "採用のため"),
        ];
        let form: Form = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let asked = Asked {
            command: crate::id::CommandId::from_parts(1, 1),
            procedure: Procedure::AccountAdd,
            facility: None,
            channel: Channel::Online,
            received_on: None,
            form,
        };
        let ask = Ask {
            id: CaseId::from_parts(1, 5),
            number: "A-2026-0001".into(),
            facility: asker.facility,
            facility_name: asker.facility_name.clone(),
            due_at: Timestamp::from_ms(1_795_500_000_000),
        };
        open(&asked, asker, ask, Timestamp::from_ms(1_795_400_000_000)).unwrap()
    }

    #[test]
    fn who_is_next_is_told_and_whoever_asked_hears_what_others_did() {
        let (manager, city) = (actor(1, 1, Role::FacilityManager), actor(2, 2, Role::City));
        let (nurse, elsewhere) = (actor(3, 1, Role::Member), actor(4, 9, Role::FacilityManager));
        let case = case(&manager);
        assert_eq!(reason(&case, &city), Some(Reason::WaitsForYou));
        for other in [&manager, &nurse, &elsewhere] {
            assert_eq!(reason(&case, other), None, "{}", other.name);
        }
        let give = TakeStep {
            command: crate::id::CommandId::from_parts(1, 2),
            act: Act::Return,
            version: 1,
            form: std::iter::once(("reason".to_owned(), "よみを確かめてください".to_owned())).collect(),
        };
        let (case, _) = step(&case, &give, &city, Timestamp::from_ms(1_795_400_001_000)).unwrap();
        assert_eq!(reason(&case, &manager), Some(Reason::WaitsForYou));
        assert_eq!(reason(&case, &city), None);
    }

    #[test]
    fn whoever_let_the_system_begin_is_told_when_it_has_ended() {
        let (city, om) = (actor(1, 2, Role::City), actor(2, 3, Role::OperationsManager));
        let (admin, operator) = (actor(3, 3, Role::SystemAdmin), actor(4, 3, Role::Operator));
        let words = |pairs: &[(&str, &str)]| -> Form {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let asked = Asked {
            command: crate::id::CommandId::from_parts(1, 1),
            procedure: Procedure::Disposal,
            facility: None,
            channel: Channel::Online,
            received_on: None,
            form: words(&[
                ("subject", "消去"),
                ("what", "day"),
                ("target", "2021-11-20"),
                ("ground", "満了"),
            ]),
        };
        let now = Timestamp::from_ms(1_795_400_000_000);
        let ask = Ask {
            id: CaseId::from_parts(1, 6),
            number: "E-2026-0001".into(),
            facility: city.facility,
            facility_name: city.facility_name.clone(),
            due_at: now,
        };
        let mut case = open(&asked, &city, ask, now).unwrap();
        let by_hand = words(&[("reason", "満了"), ("sure", "yes")]);
        let by_day = [(&om, Act::PermitDisposal, Form::new()), (&admin, Act::Erase, by_hand)];
        for (who, act, form) in by_day {
            let command = crate::id::CommandId::from_parts(1, 2);
            case = step(&case, &TakeStep { command, act, version: case.version, form }, who, now).unwrap().0;
        }
        // The system is at work: nobody's step is next.
        for reader in [&om, &admin, &operator] {
            assert_eq!(reason(&case, reader), None, "{}", reader.name);
        }
        let done = step_by_system(&case, Act::EndErasure, &Form::new(), Form::new(), now).unwrap();
        assert_eq!(reason(&done, &operator), Some(Reason::WaitsForYou));
        assert_eq!(reason(&done, &admin), Some(Reason::Ended));
        assert_eq!((reason(&done, &om), reason(&done, &city)), (None, Some(Reason::Moved)));
        let back = step_by_system(
            &case,
            Act::GiveUpErasure,
            &words(&[("reason", "同意が戻った")]),
            Form::new(),
            now,
        );
        assert_eq!(reason(&back.unwrap(), &admin), Some(Reason::WaitsForYou));
        // The system ends what was begun, and takes no other step.
        for act in [Act::PermitDisposal, Act::Erase, Act::ReceiveCertificate] {
            assert!(step_by_system(&case, act, &Form::new(), Form::new(), now).is_err(), "{act}");
        }
        assert!(step_by_system(&done, Act::EndErasure, &Form::new(), Form::new(), now).is_err());
    }

    #[test]
    fn a_mail_says_nothing_that_anybody_wrote() {
        let manager = actor(1, 1, Role::FacilityManager);
        let case = case(&manager);
        for why in [Reason::WaitsForYou, Reason::Moved, Reason::Ended] {
            let mail = step_mail(&case, why, SENDER);
            let all = format!("{}{}", mail.subject, mail.text);
            assert!(all.contains("A-2026-0001") && all.contains("利用者の追加"), "{all}");
            assert!(all.contains("https://book.example.jp/cases/"), "{all}");
            let wrote = case.form.values().filter(|value| !value.is_ascii());
            for secret in wrote.chain([&case.about, &case.facility_name, &case.asked_by_name]) {
                assert!(!all.contains(secret.as_str()), "{secret}");
            }
        }
    }
}
