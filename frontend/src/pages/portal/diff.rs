//! What changes: line by line, with a sign and a word for each change beside the colour.

use leptos::prelude::*;
use similar::{ChangeTag, TextDiff};

/// Lines around a change that stay visible.
const AROUND: usize = 3;

/// A line of the comparison: its sign, the word that is read aloud, the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    tag: ChangeTag,
    text: String,
}

/// The changed lines with what stands around them; `None` where lines were left out.
fn lines(before: &str, after: &str) -> Vec<Option<Line>> {
    let diff = TextDiff::from_lines(before, after);
    let mut found = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        if !found.is_empty() {
            found.push(None);
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches('\n').to_owned();
            found.push(Some(Line { tag: change.tag(), text }));
        }
    }
    found
}

/// The comparison of what is published with what is proposed.
pub fn diff(before: &str, after: &str) -> AnyView {
    let lines = lines(before, after);
    if lines.is_empty() {
        return view! { <p>"公開中の内容との違いはありません。"</p> }.into_any();
    }
    let rows = lines.into_iter().map(|line| match line {
        None => view! { <li class="diff-gap">"（変わらない行を省略）"</li> }.into_any(),
        Some(Line { tag: ChangeTag::Equal, text }) => {
            view! { <li><span aria-hidden="true">"　"</span><span>{text}</span></li> }.into_any()
        }
        Some(Line { tag: ChangeTag::Delete, text }) => view! {
            <li class="diff-old">
                <span aria-hidden="true">"−"</span>
                <del><span class="visually-hidden">"削除: "</span>{text}</del>
            </li>
        }
        .into_any(),
        Some(Line { tag: ChangeTag::Insert, text }) => view! {
            <li class="diff-new">
                <span aria-hidden="true">"＋"</span>
                <ins><span class="visually-hidden">"追加: "</span>{text}</ins>
            </li>
        }
        .into_any(),
    });
    // A long comparison scrolls, by the keyboard too.
    view! {
        <div class="diff" role="region" aria-label="公開中の内容との違い" tabindex="0">
            <ol>{rows.collect_view()}</ol>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_and_what_stands_around_it() {
        let before: String = (1..=20).map(|n| format!("{n}行目\n")).collect();
        let after = before.replace("5行目\n", "五行目\n").replace("20行目\n", "20行目\n追加\n");
        let found = lines(&before, &after);
        let of = |tag| {
            found
                .iter()
                .flatten()
                .filter(|line| line.tag == tag)
                .map(|line| line.text.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (of(ChangeTag::Delete), of(ChangeTag::Insert)),
            (vec!["5行目", "15行目"], vec!["五行目", "1五行目", "追加"])
        );
        assert_eq!(found.iter().filter(|line| line.is_none()).count(), 1);
        assert!(lines(&before, &before).is_empty());
    }
}
