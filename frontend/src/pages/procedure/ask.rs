//! 申請フォーム: a request by the facility, or a paper that the city enters for it.

use super::{
    desk::DeskHours,
    form::{Fields, Values},
    registered::RegisteredFacility,
};
use crate::{
    clock,
    components::{Button, ButtonKind, LinkButton, PageHeading, RadioGroup, Select, TextField},
    load::{Shown, load, load_if},
    route::Place,
    session::use_me,
    submission::{SendFailure, Submission},
    whenever::whenever,
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;
use shared::{
    api::{
        Empty,
        procedure::{ListPeople, ListSenders, OpenCase, PeopleQuery},
    },
    id::AccountId,
    people::AccountState,
    procedure::{Asked, Channel, FieldKind, Form, Party, Procedure, State, can_ask, declaration},
};

/// The page.
#[component]
pub fn Ask(
    /// What is asked.
    procedure: Procedure,
    /// About whom, if that is known.
    account: Option<AccountId>,
) -> impl IntoView {
    let declared = declaration(procedure);
    let me = use_me().actor;
    let ways = can_ask(procedure, &me);
    // Whoever may do both says first which it is.
    let papers = RwSignal::new(if ways.online { OWN } else { FOR_OTHERS }.to_owned());
    let for_others = Memo::new(move |_| papers.with(|papers| papers == FOR_OTHERS));
    let own = me.facility.to_string();
    let facility = RwSignal::new(if ways.online { own.clone() } else { String::new() });
    let first_way = declared.ways.first().copied().unwrap_or(Channel::Online);
    let channel = RwSignal::new(if ways.online { Channel::Online } else { first_way }.wire().to_owned());
    Effect::new(move |before: Option<bool>| {
        let now = for_others.get();
        if before.is_some_and(|before| before != now) {
            facility.set(if now { String::new() } else { own.clone() });
            channel.set(if now { first_way } else { Channel::Online }.wire().to_owned());
        }
        now
    });
    let received = RwSignal::new(clock::now().day().to_string());
    let known: Form = account.map(|id| ("account".to_owned(), id.to_string())).into_iter().collect();
    let values = Values::of(declared.fields, &known);
    let names_somebody = declared.fields.iter().any(|field| field.kind == FieldKind::Account);
    let people = load_if::<ListPeople>(names_somebody, move || {
        ((), PeopleQuery { facility: facility.get().parse().ok() })
    });
    let options = Signal::derive(move || {
        let of = facility.get();
        people.shown.with(|shown| {
            let rows = shown.iter().flat_map(|shown| &shown.rows);
            rows.filter(|row| row.state != AccountState::Removed && row.account.facility.to_string() == of)
                .map(|row| {
                    let words = format!("{}（{}）", row.account.name, row.account.user_id);
                    (row.account.id.to_string(), words)
                })
                .collect::<Vec<_>>()
        })
    });
    fill_in_details(procedure, values, people.shown);
    let sending = Submission::new();
    let go = use_navigate();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let asked = Asked {
            command: clock::new_command(),
            procedure,
            facility: facility.get_untracked().parse().ok(),
            channel: Channel::from_wire(&channel.get_untracked()).unwrap_or(Channel::Online),
            received_on: for_others.get_untracked().then(|| received.get_untracked().parse().ok()).flatten(),
            form: values.form(),
        };
        let content = (asked.facility, asked.channel, asked.received_on, &asked.form);
        let asked = Asked { command: sending.command(&content), ..asked };
        let go = go.clone();
        sending.send::<OpenCase>((), asked, move |case| go(&Place::Case(case.id).path(), Default::default()));
    };
    view! {
        <div class="page page-form">
            <PageHeading title=procedure.label() lead=declared.purpose />
            <form class="stack" on:submit=send>
                {(procedure == Procedure::Inquiry).then(|| view! { <DeskHours /> })}
                {(ways.online && ways.papers)
                    .then(|| view! { <RadioGroup legend="だれの依頼ですか" options=whose() value=papers inline=true /> })}
                {move || {
                    for_others
                        .get()
                        .then(|| {
                            view! {
                                <Paper
                                    procedure=procedure
                                    facility=facility
                                    channel=channel
                                    received=received
                                    sending=sending
                                />
                            }
                        })
                }}
                {(procedure == Procedure::FacilityChange)
                    .then(|| view! { <RegisteredFacility facility=facility values=values /> })}
                <Fields fields=declared.fields values=values sending=sending people=options />
                <SendFailure sending=sending />
                <div class="actions">
                    <Button kind=ButtonKind::Primary submit=true busy=sending.busy>
                        {move || match declared.waits_for(declared.first) {
                            _ if for_others.get() => "入力した内容で受け付ける",
                            _ if declared.first == State::Draft => "下書きを作る",
                            _ if declared.first == State::Offered => "市に提示する",
                            _ if declared.first == State::Filed => "市に届け出る",
                            Some(step) if step.by == Party::City => "市に依頼する",
                            _ => "送信する",
                        }}
                    </Button>
                    <LinkButton href=Place::Cases.path() kind=ButtonKind::Plain>"やめる"</LinkButton>
                </div>
            </form>
        </div>
    }
}

/// For the own facility, or for whoever called or wrote.
const OWN: &str = "own";
const FOR_OTHERS: &str = "others";

fn whose() -> Vec<(String, String)> {
    let both = [(OWN, "自分の依頼"), (FOR_OTHERS, "電話・紙・FAXなどで届いたもの")];
    both.iter().map(|(wire, words)| ((*wire).to_owned(), (*words).to_owned())).collect()
}

/// What is on a paper beside its fields: from which facility, by which way, on which day.
#[component]
fn Paper(
    procedure: Procedure,
    facility: RwSignal<String>,
    channel: RwSignal<String>,
    received: RwSignal<String>,
    sending: Submission,
) -> impl IntoView {
    let senders = load::<ListSenders>(|| ((), Empty {}));
    let options = Signal::derive(move || {
        senders.shown.with(|shown| {
            let rows = shown.iter().flat_map(|shown| &shown.facilities);
            let fitting = rows.filter(|row| procedure.comes_from(row.kind));
            fitting.map(|row| (row.id.to_string(), row.name.clone())).collect::<Vec<_>>()
        })
    });
    let ways = declaration(procedure).ways.iter();
    let ways = ways.map(|way| (way.wire().to_owned(), way.label().to_owned())).collect();
    view! {
        <Select label="依頼した施設" options=options value=facility required=true error=sending.wrong("facility") />
        <RadioGroup legend="届いた方法" options=ways value=channel inline=true error=sending.wrong("channel") />
        <TextField label="届いた日" kind="date" value=received required=true error=sending.wrong("received_on") />
    }
}

/// For a change of details, what is registered now stands in the fields once somebody is chosen.
fn fill_in_details(procedure: Procedure, values: Values, people: Shown<shared::api::procedure::People>) {
    if procedure != Procedure::AccountDetail {
        return;
    }
    let Some(account) = values.get("account") else { return };
    whenever(move || {
        let chosen = account.get();
        people.with(|shown| {
            let found =
                shown.iter().flat_map(|shown| &shown.rows).find(|row| row.account.id.to_string() == chosen);
            let Some(row) = found else { return };
            for (name, text) in [
                ("name", row.account.name.clone()),
                ("kana", row.account.kana.clone()),
                ("profession", row.account.profession.wire().to_owned()),
                ("contact", row.account.contact.clone()),
            ] {
                if let Some(value) = values.get(name) {
                    value.set(text);
                }
            }
        });
    });
}
