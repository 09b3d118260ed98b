//! The table as a city official reads it (`tests/golden/evidence.txt`).

use super::{CLAUSES, Proof};
use crate::{evidence::BackupKind, procedure::Procedure};
use std::fmt::Write;

/// Every article and item with what proves it.
pub fn in_words() -> String {
    let mut out = String::from("# 証跡 — 規程の条・号ごとに、何が証明するか\n");
    for clause in CLAUSES {
        let _ = writeln!(out, "{} {}\n    {}", clause.at, clause.words, proof(clause.proof));
    }
    out
}

fn case_of(procedure: &str) -> String {
    Procedure::from_wire(procedure).map_or_else(
        || format!("未対応: 手続き {procedure} がまだない"),
        |procedure| format!("案件「{}」", procedure.label()),
    )
}

fn kind_of(kind: &str, words: &str) -> String {
    BackupKind::from_wire(kind).map_or_else(
        || format!("未対応: 世代の種類 {kind} がまだない"),
        |kind| format!("{}の検証済みの世代が{words}", kind.label()),
    )
}

fn proof(proof: Proof) -> String {
    match proof {
        Proof::Definition => "定め（記録を求めない）".to_owned(),
        Proof::Elsewhere(why) => format!("未対応: {why}"),
        Proof::Held(roles) => {
            let roles = roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("・");
            format!("期間中のどの日にも {roles} がいる")
        }
        Proof::Filed => "任命のすべてに、市が受領した届出がある".to_owned(),
        Proof::Cases(procedure) => format!("{}に欠番と期限超過がない", case_of(procedure)),
        Proof::Steps(procedure, acts) => format!("{}のすべてに {}", case_of(procedure), acts.join("・")),
        Proof::StepsIfAny(procedure, acts) => {
            format!("{}のうち {} のあるもの", case_of(procedure), acts.join("・"))
        }
        Proof::Topic(procedure, topic) => format!("{}のうち種類 {topic}", case_of(procedure)),
        Proof::Covered(procedure, topic) => {
            format!("{}のうち種類 {topic} に欠番と期限超過がない", case_of(procedure))
        }
        Proof::Ledger => {
            "期間の終わりまでに登録された資産台帳があり、システムデータの控えに入っている".to_owned()
        }
        Proof::EveryDay(kind) => kind_of(kind, "毎日ある"),
        Proof::EveryMonth(kind) => kind_of(kind, "毎月ある"),
        Proof::AtLeastOne(kind) => kind_of(kind, "ある"),
        Proof::Locked => "どの世代の目録も、その日の5年の終わりまでロックされている".to_owned(),
        Proof::ManualReasons => "手動運転のすべてに理由がある".to_owned(),
        Proof::Sealed => "封印が途切れずに続いている".to_owned(),
        Proof::Reviewed => "終わった月のすべてに、署名された点検がある".to_owned(),
        Proof::Watched(cadence) => format!("{}の記録が、どの日にも欠けずにある", cadence.label()),
        Proof::Restored => "期間の終わりの前の1週間に証明された復元があり、失敗がない".to_owned(),
        Proof::Runbooks => "どの手順書も12か月以内に見直され、保管庫に写しがある".to_owned(),
    }
}
