//! The runbooks (手順書, Art. 24(3)) as plain pages of the site: no script, no API, nothing but files, so that they are
//! readable when the system is down. Their style is the portal's own.

use anyhow::{Context, Result};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html::push_html};
use shared::evidence::runbook::Runbook;
use std::collections::BTreeMap;
use std::fs;

use crate::paths;

/// Every address of these pages begins so. They are no part of a first visit.
pub const UNDER: &str = "/runbooks/";
const STYLE: &str = "/runbooks/style.css";
const STYLE_SOURCE: &str = "functions/src/portal/render/portal.css";
/// What the portal has not: commands, which break rather than widen the page, and tables.
const FURTHER_STYLE: &str = "
pre { margin: 0.5rem 0; padding: 0.5rem 0.75rem; background: var(--shade); white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { font-size: 0.9375rem; }
pre:has(> .language-text) { background: none; border-inline-start: 4px solid var(--line); }
table { border-collapse: collapse; margin: 0.5rem 0; }
th, td { padding: 0.25rem 0.5rem; border: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: anywhere; }
@media print { body { max-inline-size: none; font-size: 0.875rem; } a { color: inherit; } }
";

/// The pages and their style, by address.
pub fn files() -> Result<BTreeMap<String, Vec<u8>>> {
    let style = paths::root().join(STYLE_SOURCE);
    let mut style = fs::read(&style).with_context(|| format!("could not read {}", style.display()))?;
    style.extend(FURTHER_STYLE.as_bytes());
    let books = Runbook::all()?;
    let mut files = BTreeMap::from([
        (STYLE.to_owned(), style),
        (format!("{UNDER}index.html"), list(&books).into_string().into_bytes()),
    ]);
    files.extend(books.iter().map(|book| (book.address(), page(book).into_string().into_bytes())));
    Ok(files)
}

fn frame(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="ja" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) "｜手順書" }
                link rel="stylesheet" href=(STYLE);
            }
            body {
                a .skip href="#main" { "本文へ進む" }
                header .top { p .brand { a href={ (UNDER) "index.html" } { "手順書" } } }
                main #main tabindex="-1" { (content) }
                footer { p { "このページは、サービスが止まっていても開けます。" } }
            }
        }
    }
}

fn list(books: &[Runbook]) -> Markup {
    let content = html! {
        h1 { "手順書" }
        p { "何かが起きたときに、システム管理者が上から順に行う手順です（第24条(3)）。" }
        ol {
            @for book in books {
                li {
                    a href=(book.address()) { (book.title) }
                    br;
                    "第" (book.version) "版　見直し " (book.reviewed_on.in_full()) "　" (book.article)
                }
            }
        }
    };
    frame("一覧", &content)
}

fn page(book: &Runbook) -> Markup {
    let content = html! {
        article {
            h1 { (book.number) " " (book.title) }
            p {
                "第" (book.version) "版　" (book.article) br;
                "見直し " (book.reviewed_on.in_full()) "　この版までの訓練 "
                (book.rehearsed_on.map_or_else(|| "なし".to_owned(), |day| day.in_full()))
            }
            div .text { (PreEscaped(body(book.body))) }
        }
        p { a href={ (UNDER) "index.html" } { "手順書の一覧に戻る" } }
    };
    frame(&book.title, &content)
}

/// The text as HTML. A runbook names its neighbours by their files; here they are pages.
fn body(text: &str) -> String {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).map(|event| match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let page = dest_url.strip_suffix(".md").map(|name| CowStr::from(format!("{name}.html")));
            let dest_url = page.unwrap_or(dest_url);
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        // What would act in a page is shown as it was typed.
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        other => other,
    });
    let mut out = String::new();
    push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages;

    #[test]
    fn every_link_between_runbooks_leads_to_a_page() {
        let files = files().unwrap();
        let mut links = 0;
        for (address, bytes) in files.iter().filter(|(address, _)| address.ends_with(".html")) {
            let page = std::str::from_utf8(bytes).unwrap();
            pages::check(address, page).unwrap();
            assert!(!page.contains("<script"), "{address} must be readable without scripts");
            for link in page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()) {
                let target = match link {
                    "#main" => continue,
                    link if link.starts_with('/') => link.to_owned(),
                    link => format!("{UNDER}{link}"),
                };
                assert!(files.contains_key(&target), "{address}: {link}");
                links += 1;
            }
        }
        assert!(links > 60, "{links}");
    }

    #[test]
    fn what_could_act_stays_words() {
        assert_eq!(
            body("[次](02-x.md) <b onclick=x>"),
            "<p><a href=\"02-x.html\">次</a> &lt;b onclick=x&gt;</p>\n"
        );
    }
}
