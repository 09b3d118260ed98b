//! The overview for people: one page without script, style sheet or address, to be opened from the archive and printed.

use maud::{DOCTYPE, html};
use shared::evidence::bundle::{ClauseState, Facts, Finding, Tally};

/// The page.
pub(super) fn page(network: &str, facts: &Facts, findings: &[Finding], signed_by: &str) -> String {
    let tally = Tally::of(findings);
    let title = format!("証跡一式 {}〜{}", facts.from, facts.to);
    html! {
        (DOCTYPE)
        html lang="ja" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) "｜" (network) }
            }
            body {
                h1 { "証跡一式" }
                p { (network) "　" (facts.from.in_full()) "から" (facts.to.in_full()) "まで　作成 " (facts.now.in_full()) }
                p { strong { (tally.in_words()) } }
                p { "この一式に、患者の氏名・連絡の文・担当者の氏名は入っていません。" }
                h2 { "一式の確かめ方" }
                p {
                    "この書庫（zip）は、作られたときに保管庫（ロックされたバケット）に置かれ、5年間、だれにも変更・削除できません。"
                    "手元の書庫のSHA-256が、保管庫の bundles/ にある同じ一式のSHA-256と同じなら、書き換えられていません。"
                    "書庫の中の1つずつは、SHA256SUMS と比べます（sha256sum --check SHA256SUMS）。"
                }
                p {
                    "保管庫を見られない人も、署名で確かめられます。SHA256SUMS は、このシステムの今年の鍵で署名されています。"
                    code { "openssl dgst -sha256 -verify public-key.pem -signature SHA256SUMS.sig SHA256SUMS" }
                    " が Verified OK と答え、公開鍵の指紋が画面「証跡一式」に出ている指紋と同じなら、このシステムが作ったものです。"
                    "公開鍵の指紋（openssl pkey -pubin -in public-key.pem -outform DER | sha256sum）: "
                    code { (signed_by) }
                }
                @for state in [ClauseState::Missing, ClauseState::Unfit, ClauseState::Late] {
                    @let wrong: Vec<&Finding> = findings.iter().filter(|finding| finding.state == state).collect();
                    @if !wrong.is_empty() {
                        h2 { (state.label()) }
                        ul { @for finding in wrong { li { (finding.at) " " (finding.words) ": " (finding.why) } } }
                    }
                }
                h2 { "条・号ごとの判定" }
                table border="1" {
                    thead {
                        tr {
                            th scope="col" { "条・号" }
                            th scope="col" { "内容" }
                            th scope="col" { "判定" }
                            th scope="col" { "記録" }
                        }
                    }
                    tbody {
                        @for finding in findings {
                            tr {
                                th scope="row" { (finding.at) }
                                td { (finding.words) }
                                td { strong { (finding.state.label()) } @if !finding.why.is_empty() { br; (finding.why) } }
                                td {
                                    @if finding.count > 0 { (finding.count) "件" }
                                    @for record in &finding.records { br; (record.words) "（" (record.file) "）" }
                                    @if finding.count > finding.records.len() as u64 { br; "ほか" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    .into_string()
}
