//! What every page has around its content: landmarks, the way to the content, the menu, the way back.

use super::{SiteData, address, time_in_words};
use maud::{DOCTYPE, Markup, html};
use shared::portal::PageName;

/// A page's frame.
pub(super) struct Frame<'d> {
    /// What the portal shows.
    pub data: &'d SiteData,
    /// The title of the browser's window.
    pub title: &'d str,
    /// Where in the menu it is.
    pub here: Option<PageName>,
    /// Whether search engines list it.
    pub listed: bool,
    /// Whether it is the top page.
    pub is_top: bool,
}

impl Frame<'_> {
    /// The whole document around its content.
    pub fn around(&self, content: &Markup) -> Markup {
        let network = &self.data.network;
        let title = if self.is_top { network.clone() } else { format!("{}｜{network}", self.title) };
        html! {
            (DOCTYPE)
            html lang="ja" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    @if !self.listed { meta name="robots" content="noindex"; }
                    title { (title) }
                    link rel="stylesheet" href="/portal/portal.css";
                    @if self.is_top && !self.data.is_preview { script src="/portal/hours.js" defer {} }
                }
                body {
                    a .skip href="#main" { "本文へ進む" }
                    header .top {
                        @if self.is_top {
                            p .brand { (network) }
                        } @else {
                            p .brand { a href="/portal/" { (network) } }
                            p { a .button href="/signin" { "サインイン" } }
                        }
                    }
                    @if !self.is_top { (self.menu()) }
                    main #main tabindex="-1" { (content) }
                    footer {
                        @if self.is_top { (self.menu()) }
                        p {
                            "このページに書かれているのは "
                            time datetime=(self.data.now) { (time_in_words(self.data.now)) }
                            " の時点の内容です。"
                        }
                    }
                }
            }
        }
    }

    fn menu(&self) -> Markup {
        html! {
            nav aria-label="ポータルのページ" {
                ul {
                    @if self.is_top {
                        li { a href="/portal/" aria-current="page" { "トップページ" } }
                    } @else {
                        li { a href="/portal/" { "トップページ" } }
                    }
                    @for (row, _) in self.data.listed() {
                        li {
                            @if self.here == Some(row.name) {
                                a href=(address(row.name)) aria-current="page" { (row.title) }
                            } @else {
                                a href=(address(row.name)) { (row.title) }
                            }
                        }
                    }
                }
            }
        }
    }
}
