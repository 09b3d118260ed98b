//! Texts of pages and notices: a small safe subset of Markdown. What could act or load anything stays words.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// The text as HTML: paragraphs, headings below the page's one first heading, lists, emphasis, links. HTML in the text is
/// shown as it was typed, pictures become their words, and a link with a scheme of its own becomes its words.
pub fn html(text: &str) -> String {
    render(text, Outline::below(1))
}

/// [`html`] with headings below one of the third rank: for notices on the top page.
pub fn html_below(text: &str) -> String {
    render(text, Outline::below(3))
}

fn render(text: &str, mut outline: Outline) -> String {
    let mut open_links: Vec<bool> = Vec::new();
    let events = Parser::new_ext(text, Options::empty()).filter_map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        // People who type a new line mean one.
        Event::SoftBreak => Some(Event::HardBreak),
        Event::Start(Tag::Heading { level, .. }) => {
            let level = outline.enter(level);
            Some(Event::Start(Tag::Heading { level, id: None, classes: vec![], attrs: vec![] }))
        }
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(outline.here()))),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            let kept = is_harmless(&dest_url);
            open_links.push(kept);
            // A title is read by nobody who cannot hover.
            let title = CowStr::from("");
            kept.then_some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        Event::End(TagEnd::Link) => open_links.pop().unwrap_or(false).then_some(Event::End(TagEnd::Link)),
        other => Some(other),
    });
    let mut out = String::new();
    push_html(&mut out, events);
    out
}

/// Ranks of headings by how they stand to each other: whoever begins with 「##」 means a first one, and no rank is left
/// out, so that people who listen can follow.
struct Outline {
    below: usize,
    open: Vec<HeadingLevel>,
}

impl Outline {
    const fn below(below: usize) -> Self {
        Self { below, open: Vec::new() }
    }

    fn enter(&mut self, level: HeadingLevel) -> HeadingLevel {
        while self.open.last().is_some_and(|last| *last >= level) {
            self.open.pop();
        }
        self.open.push(level);
        self.here()
    }

    fn here(&self) -> HeadingLevel {
        HeadingLevel::try_from(self.below + self.open.len()).unwrap_or(HeadingLevel::H6)
    }
}

/// Whether a link leads to the web, to mail, to a telephone, or to a place of our own.
fn is_harmless(address: &str) -> bool {
    let low = address.trim().to_ascii_lowercase();
    if low.chars().any(|c| c.is_control() || c == '\\') {
        return false;
    }
    let outside = ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| low.starts_with(scheme));
    let own = low.starts_with('#') || (low.starts_with('/') && !low.starts_with("//"));
    let beside = low
        .strip_suffix(".html")
        .is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    outside || own || beside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_gets_through() {
        for bad in [
            "<script>alert(1)</script>",
            "文の途中の <img src=x onerror=alert(1)> です",
            "<div onclick=\"x()\">\n\n中\n\n</div>",
            "[押す](javascript:alert(1))",
            "[押す](JaVaScRiPt:alert(1))",
            "[押す](data:text/html,<script>alert(1)</script>)",
            "[押す](//evil.example/)",
            "[押す](/\\evil.example/)",
            "![絵](https://evil.example/x.png)",
            "<https://evil.example/\"onmouseover=x>",
            "<style>*{display:none}</style>",
            "[押す](vbscript:x \"題\")",
            "&lt;script&gt;",
        ] {
            let html = html(bad);
            let low = html.to_lowercase();
            for never in
                ["<script", "<img", "<div", "<style", "javascript:", "href=\"data:", "href=\"//", "<iframe"]
            {
                let in_words = html.contains("&lt;") && !html.contains(never);
                assert!(!low.contains(never) || in_words, "{bad} → {html}");
            }
            assert!(!low.contains("href=\"javascript") && !low.contains("href=\"vbscript"), "{html}");
            assert!(!html.contains("<a ") || !html.contains("onmouseover=\""), "{html}");
        }
        assert_eq!(html("<b>太</b>"), "<p>&lt;b&gt;太&lt;/b&gt;</p>\n");
    }

    #[test]
    fn what_people_need_stays() {
        let got = html(
            "# 見出し\n\n一行目\n二行目\n\n- 一つ\n- **二つ**\n\n[市](https://example.jp/) [電話](tel:0000) [次](begin.html)",
        );
        assert_eq!(
            got,
            "<h2>見出し</h2>\n<p>一行目<br />\n二行目</p>\n<ul>\n<li>一つ</li>\n<li><strong>二つ</strong></li>\n</ul>\n\
             <p><a href=\"https://example.jp/\">市</a> <a href=\"tel:0000\">電話</a> <a href=\"begin.html\">次</a></p>\n"
        );
        assert_eq!(html("![地図](x.png)"), "<p>地図</p>\n");
    }

    #[test]
    fn headings_follow_each_other() {
        let ranks = |html: &str| html.matches("<h").count();
        let got = html("## 一\n#### 二\n### 三\n## 四");
        assert_eq!(got, "<h2>一</h2>\n<h3>二</h3>\n<h3>三</h3>\n<h2>四</h2>\n");
        assert_eq!((ranks(&got), html_below("# 一").as_str()), (4, "<h4>一</h4>\n"));
    }
}
