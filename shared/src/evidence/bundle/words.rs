//! The table as a city official reads it (`tests/golden/evidence.txt`).

use super::{CLAUSES, Proof};
use crate::{
    evidence::BackupKind,
    procedure::{Act, Procedure, declaration},
};
use std::fmt::Write;

/// Every article and item with what proves it.
pub fn in_words() -> String {
    let mut out = String::from("# 証跡 — 規程の条・号ごとに、何が証明するか\n");
    for clause in CLAUSES {
        let _ = writeln!(out, "{} {}\n    {}", clause.at, clause.words, proof(clause.proof));
    }
    out
}

fn cases(procedure: Procedure) -> String {
    format!("案件「{}」", procedure.label())
}

fn steps(acts: &[Act]) -> String {
    acts.iter().map(|act| format!("「{}」", act.label())).collect::<Vec<_>>().join("か")
}

/// One choice of a case's topic.
fn topic(procedure: Procedure, wire: &str) -> String {
    let field = declaration(procedure).fields.iter().find(|field| field.name == "topic");
    field.map_or_else(|| wire.to_owned(), |field| format!("{}「{}」", field.label, field.in_words(wire)))
}

/// What a field asks.
fn question(procedure: Procedure, name: &str) -> &'static str {
    declaration(procedure).fields.iter().find(|field| field.name == name).map_or("", |field| field.label)
}

fn generations(kind: BackupKind, how: &str) -> String {
    format!("{}の検証済みの世代が{how}", kind.label())
}

fn proof(proof: Proof) -> String {
    match proof {
        Proof::Definition => "定め（記録を求めない）".to_owned(),
        Proof::Held(roles) => {
            let roles = roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("・");
            format!("期間中のどの日にも {roles} がいる")
        }
        Proof::Filed => "任命のすべてに、市が受領した届出がある".to_owned(),
        Proof::Managed => "利用者のいるどの施設にも、施設管理者がいる".to_owned(),
        Proof::Cases(procedure) => {
            let yearly = if declaration(procedure).yearly.is_some() {
                "、終わったものが12か月以内にある"
            } else {
                ""
            };
            format!("{}に欠番と期限超過がない{yearly}", cases(procedure))
        }
        Proof::Steps(procedure, acts) => format!("終わった{}のすべてに{}", cases(procedure), steps(acts)),
        Proof::StepsIfAny(procedure, acts) => format!("{}のうち{}のあるもの", cases(procedure), steps(acts)),
        Proof::Topic(procedure, wire) => format!("{}のうち{}", cases(procedure), topic(procedure, wire)),
        Proof::Covered(procedure, wire) => {
            format!("{}のうち{}に欠番と期限超過がない", cases(procedure), topic(procedure, wire))
        }
        Proof::Approved(procedure) => {
            format!(
                "市が添付の文書を承認して終わった{}が、期間の終わりまでにある。欠番と期限超過がない",
                cases(procedure)
            )
        }
        Proof::ApprovedOn(procedure, wire) => format!(
            "市が添付の文書を承認して終わった{}のうち{}が、期間の終わりまでにある。欠番と期限超過がない",
            cases(procedure),
            topic(procedure, wire)
        ),
        Proof::Judged(procedure, field) => {
            format!(
                "12か月以内に終わった{}で、「{}」が不適合でない",
                cases(procedure),
                question(procedure, field)
            )
        }
        Proof::EachFacility(procedure, field) => format!(
            "利用者のいるどの施設にも、12か月以内に終わった{}があり、「{}」に答えている（登録から1年を過ぎた施設）",
            cases(procedure),
            question(procedure, field)
        ),
        Proof::Ledger => {
            "期間の終わりまでに登録された資産台帳があり、システムデータの控えに入っている".to_owned()
        }
        Proof::EveryDay(kind) => generations(kind, "毎日ある"),
        Proof::EveryMonth(kind) => generations(kind, "毎月ある"),
        Proof::AtLeastOne(kind) => generations(kind, "期間の終わりまでにある"),
        Proof::Locked => "どの世代の目録も、その日の5年の終わりまでロックされている".to_owned(),
        Proof::ManualReasons => "手動運転のすべてに理由がある".to_owned(),
        Proof::Scheduled => format!(
            "どの日のバックアップの日時にも、市が承認した{}がある（最初の承認の前の、設定による日時は数えない）。欠番と期限超過がない",
            cases(Procedure::BackupSchedule)
        ),
        Proof::Sealed => "封印が途切れずに続いている".to_owned(),
        Proof::Reviewed => "終わった月のすべてに、署名された点検がある".to_owned(),
        Proof::Watched(cadences) => {
            let labels: Vec<&str> = cadences.iter().map(|cadence| cadence.label()).collect();
            format!("{}の記録が、どの日にも欠けずにある", labels.join("・"))
        }
        Proof::Restored => "期間の終わりの前の1週間に証明された復元があり、失敗がない".to_owned(),
        Proof::Runbooks => "どの手順書も12か月以内に見直され、保管庫に写しがある".to_owned(),
    }
}
