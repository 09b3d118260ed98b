//! The declarations as people read them: a text for officials, a diagram for the documents.

use super::{
    super::{Act, Declaration, Due, Field, Party, Procedure, State},
    declaration,
};
use std::fmt::Write;

fn names(fields: &[Field]) -> String {
    let name = |f: &Field| if f.required { f.label.to_owned() } else { format!("{}（任意）", f.label) };
    fields.iter().map(name).collect::<Vec<_>>().join("、")
}

fn labels(parties: &[Party]) -> String {
    parties.iter().map(|party| party.label()).collect::<Vec<_>>().join("・")
}

/// The states of a procedure, each once, in the order in which they are met.
fn states(d: &Declaration) -> Vec<State> {
    let mut all = vec![d.first];
    for state in d.steps.iter().flat_map(|step| step.from.iter().copied().chain([step.to])) {
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
        };
        let _ = writeln!(out, "  期限: {due}");
        let _ =
            writeln!(out, "  {}: {} → {}\n    記入: {}", Act::Ask, labels(d.asks), d.first, names(d.fields));
        if let Some(party) = d.papers {
            let _ = writeln!(out, "    紙・FAXで届いたもの: {}が入力する", party.label());
        }
        if !d.readers.is_empty() {
            let _ = writeln!(out, "    ほかに見られる人: {}", labels(d.readers));
        }
        for step in d.steps {
            let from = step.from.iter().map(|s| s.label()).collect::<Vec<_>>().join("・");
            let decides =
                if step.decides { "（依頼した本人と対象の本人を除く）" } else { "" };
            let _ = writeln!(out, "  {}: {from} → {}: {}{decides}", step.act, step.to, step.by.label());
            if !step.fields.is_empty() {
                let _ = writeln!(out, "    記入: {}", names(step.fields));
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
    for step in d.steps {
        for from in step.from {
            let words = format!("{}（{}）", step.act, step.by.label());
            let _ = writeln!(out, "    {} --> {}: {words}", from.wire(), step.to.wire());
        }
    }
    for state in states(d).iter().filter(|state| state.is_closed()) {
        let _ = writeln!(out, "    {} --> [*]", state.wire());
    }
    out.push_str("```\n\n| 状態 |");
    let parties = d.parties();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_one_procedures_own() {
        let mut letters: Vec<char> = Procedure::ALL.iter().map(|p| declaration(*p).letter).collect();
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
                let twice = |other: &super::super::super::Step| {
                    other.act == step.act && other.from.iter().any(|state| step.from.contains(state))
                };
                assert!(!d.steps[at + 1..].iter().any(twice), "{procedure} {}", step.act);
            }
        }
    }
}
