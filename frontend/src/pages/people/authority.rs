//! 権限表: who may do what, straight from the table that the server enforces.

use crate::{
    components::{Badge, PageHeading, Tone},
    session::use_me,
};
use leptos::prelude::*;
use shared::{
    authority::{Action, RULES, Rule, Who, may_ever},
    people::Role,
};

/// The table.
#[component]
pub fn Authority() -> impl IntoView {
    let roles = use_me().actor.roles;
    view! {
        <div class="page">
            <PageHeading
                title="権限表"
                lead="だれが何をできるかの一覧です。サーバーはこの表のとおりに判断します。ここにないことはできません。"
            />
            // Wide text makes the table wider than a phone: then it scrolls by itself, by keyboard too.
            <div class="table-scroll" role="region" aria-label="権限表" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"できること"</th>
                            <th scope="col">"だれが（根拠）"</th>
                        </tr>
                    </thead>
                    {Action::ALL.iter().map(|action| view! { <OfAction action=*action roles=roles.clone() /> }).collect_view()}
                </table>
            </div>
        </div>
    }
}

/// All rules of one action.
#[component]
fn OfAction(action: Action, roles: Vec<Role>) -> impl IntoView {
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.action == action).collect();
    let mine = may_ever(Some(&roles), action);
    let count = rules.len();
    let lines = rules.into_iter().enumerate().map(|(at, rule)| {
        view! {
            <tr>
                {(at == 0)
                    .then(|| {
                        view! {
                            <th scope="rowgroup" rowspan=count>
                                {action.label()}
                                {mine.then(|| view! { " "<Badge tone=Tone::Good>"あなたもできます"</Badge> })}
                            </th>
                        }
                    })}
                <td>{to_whom(rule)} " "<span class="hint source">{rule.source}</span></td>
            </tr>
        }
    });
    view! { <tbody>{lines.collect_view()}</tbody> }
}

/// 「利用者（患者の支援チームの一員、かつ書いた本人に限る）」.
fn to_whom(rule: &Rule) -> String {
    let who = match rule.to {
        Who::Anyone => "だれでも",
        Who::SignedIn => "サインインした人",
        Who::Holder(role) => role.label(),
    };
    let only = rule.if_all.iter().map(|relation| relation.label()).collect::<Vec<_>>().join("、かつ");
    if only.is_empty() { who.to_owned() } else { format!("{who}（{only}に限る）") }
}
