//! The declarations as people read them: a text for officials, a diagram for the documents.

use super::{
    super::{Act, Declaration, Detour, Due, Field, Party, Procedure, State, Step},
    declaration, detours,
};
use std::fmt::Write;

fn names(fields: &[Field]) -> String {
    let name = |f: &Field| if f.required { f.label.to_owned() } else { format!("{}（任意）", f.label) };
    fields.iter().map(name).collect::<Vec<_>>().join("、")
}

fn labels(parties: &[Party]) -> String {
    parties.iter().map(|party| party.label()).collect::<Vec<_>>().join("・")
}

/// Where a step may lead instead.
fn detours_of<'s>(d: &Declaration, step: &'s Step) -> impl Iterator<Item = &'static Detour> + use<'s> {
    detours(d.procedure).iter().filter(|detour| detour.act == step.act)
}

/// The states of a procedure, each once, in the order in which they are met.
fn states(d: &Declaration) -> Vec<State> {
    let mut all = vec![d.first];
    for state in d.steps.iter().flat_map(|step| step.from.iter().copied().chain(step.to)) {
        if !all.contains(&state) {
            all.push(state);
        }
    }
    all
}

/// The procedures as a city official reads them (`tests/golden/procedures.txt`).
pub fn in_words() -> String {
    let mut out = String::from("# 手続き — だれが、どの状態で、何をするか\n");
    for procedure in Procedure::ALL {
        let d = declaration(*procedure);
        let _ = writeln!(out, "\n## {}（{}）\n{}", procedure.label(), d.article, d.purpose);
        let due = match d.due {
            Due::Promptly => "速やかに（設定の時間数以内）".to_owned(),
            Due::Days(days) => format!("{days}日以内"),
            Due::EndOf(name) => {
                let asked = d.fields.iter().find(|field| field.name == name);
                format!("「{}」の日まで", asked.map_or(name, |field| field.label))
            }
            Due::EndOfStop => "停止の終わる日まで".to_owned(),
            Due::AnswerTime => "受付時間で数えた回答時間（設定）以内".to_owned(),
            Due::LeakReport => "情報漏えいの確報の期限の日まで".to_owned(),
        };
        let yearly = if d.yearly.is_some() { "（1年に1回）" } else { "" };
        let _ = writeln!(out, "  期限: {due}{yearly}");
        let _ =
            writeln!(out, "  {}: {} → {}\n    記入: {}", Act::Ask, labels(d.asks), d.first, names(d.fields));
        if let Some(party) = d.papers {
            let ways = d.ways.iter().map(|way| way.label()).collect::<Vec<_>>().join("・");
            let _ = writeln!(out, "    {ways}で届いたもの: {}が入力する", party.label());
        }
        if let Some(state) = d.by_system {
            let _ = writeln!(out, "    {}が始めるとき: → {state}", Party::System.label());
        }
        if !d.readers.is_empty() {
            let _ = writeln!(out, "    ほかに見られる人: {}", labels(d.readers));
        }
        for step in d.steps {
            let from = step.from.iter().map(|s| s.label()).collect::<Vec<_>>().join("・");
            let decides = if !step.decides {
                ""
            } else if procedure.needs_two_officials() {
                "（依頼した本人と入力した本人を除く）"
            } else {
                "（依頼した本人と対象の本人を除く）"
            };
            let to = step.to.map_or("（変わらない）", State::label);
            let file =
                if step.needs_file() { "（添付ファイルがあるときに限る）" } else { "" };
            let _ = writeln!(out, "  {}: {from} → {to}: {}{decides}{file}", step.act, step.by.label());
            if !step.fields.is_empty() {
                let _ = writeln!(out, "    記入: {}", names(step.fields));
            }
            for detour in detours_of(d, step) {
                let _ = writeln!(out, "    {}とき: → {}", detour.words, detour.to);
            }
        }
    }
    out
}

/// A page of `docs/procedures/`: the states as a diagram (Mermaid), and what each state is called for each party.
pub fn diagram(procedure: Procedure) -> String {
    let d = declaration(procedure);
    let mut out = format!("# {}（{}）\n\n{}\n\n", procedure.label(), d.article, d.purpose);
    out.push_str("```mermaid\nstateDiagram-v2\n");
    for state in states(d) {
        let _ = writeln!(out, "    {}: {}", state.wire(), state.label());
    }
    let _ = writeln!(out, "    [*] --> {}: {}（{}）", d.first.wire(), Act::Ask, labels(d.asks));
    if let Some(state) = d.by_system {
        let _ = writeln!(out, "    [*] --> {}: {}", state.wire(), Party::System.label());
    }
    for step in d.steps {
        let words = format!("{}（{}）", step.act, step.by.label());
        for (from, to) in step.from.iter().filter_map(|from| Some((from, step.to?))) {
            let _ = writeln!(out, "    {} --> {}: {words}", from.wire(), to.wire());
            for detour in detours_of(d, step) {
                let (to, when) = (detour.to.wire(), detour.words);
                let _ = writeln!(out, "    {} --> {to}: {words}、{when}とき", from.wire());
            }
        }
    }
    for state in states(d).iter().filter(|state| state.is_closed()) {
        let _ = writeln!(out, "    {} --> [*]", state.wire());
    }
    out.push_str("```\n\n| 状態 |");
    // The system reads nothing.
    let parties: Vec<Party> = d.parties().into_iter().filter(|party| *party != Party::System).collect();
    for party in &parties {
        let _ = write!(out, " {} |", party.label());
    }
    let _ = writeln!(out, "\n|---|{}", "---|".repeat(parties.len()));
    for state in states(d) {
        let _ = write!(out, "| {} |", state.label());
        for party in &parties {
            let _ = write!(out, " {} |", d.words(state, *party));
        }
        out.push('\n');
    }
    out
}

/// What an article asks that is no procedure of ours, or not yet one.
const WITHOUT: &[(u32, &str)] =
    &[(1, "目的"), (2, "適用範囲"), (8, "資産台帳"), (12, "運用業務の一覧"), (17, "管理業務の一覧")];

/// The list of all procedures (`docs/procedures/README.md`): by article, with the articles that none follows.
pub fn articles() -> String {
    let mut out = String::from(
        "# 手続き\n\nThis folder is written from the declarations in `shared/src/procedure/declarations/` by `cargo xtask golden`.\n\n\
         | 条 | 手続き |\n|---|---|\n",
    );
    for article in 1..=24_u32 {
        // 第1条 must not find 第18条.
        let cites = |d: &Declaration| d.article.split(['、', ',', ' ']).any(|word| is_article(word, article));
        let found: Vec<String> = Procedure::ALL
            .iter()
            .filter(|procedure| cites(declaration(**procedure)))
            .map(|procedure| format!("[{}]({}.md)", procedure.label(), procedure.wire()))
            .collect();
        let words = if !found.is_empty() {
            found.join("、")
        } else if let Some((_, words)) = WITHOUT.iter().find(|(of, _)| *of == article) {
            format!("（手続きではない: {words}）")
        } else {
            "まだ宣言されていない".to_owned()
        };
        let _ = writeln!(out, "| 第{article}条 | {words} |");
    }
    out
}

/// Whether a word of a citation names the article: 「第13条(1)」 is the thirteenth.
fn is_article(word: &str, article: u32) -> bool {
    let rest = word.strip_prefix('第').and_then(|rest| rest.split_once('条'));
    rest.is_some_and(|(number, _)| number.parse() == Ok(article))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_one_procedures_own() {
        let mut letters: Vec<&str> = Procedure::ALL.iter().map(|p| declaration(*p).letter).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), Procedure::ALL.len());
    }

    #[test]
    fn every_state_has_words_for_every_party_and_a_way_on() {
        for procedure in Procedure::ALL {
            let d = declaration(*procedure);
            for state in states(d) {
                for party in d.parties() {
                    assert!(!d.words(state, party).is_empty(), "{procedure} {state} {party}");
                }
                let on = d.steps.iter().any(|step| step.from.contains(&state));
                assert_eq!(on, !state.is_closed(), "{procedure} {state}");
                let waits = d.waits_for(state).is_some();
                assert_eq!(waits, !state.is_closed() && !state.is_resting(), "{procedure} {state}");
            }
            // An act means one thing in one state.
            for (at, step) in d.steps.iter().enumerate() {
                let twice = |other: &Step| {
                    other.act == step.act && other.from.iter().any(|state| step.from.contains(state))
                };
                assert!(!d.steps[at + 1..].iter().any(twice), "{procedure} {}", step.act);
            }
        }
    }
}
