//! What is changed inside HTML pages: no code within the page, and names that carry their content's hash.

use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// Where a page says which build it belongs to.
pub const BUILD: &str = "__BUILD__";

/// Takes the first script whose code stands in the page (Trunk's, that starts the application) out of it.
/// Returns the page before it, the code, and the page after it.
pub fn cut_script(page: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + page[from..].find("<script")?;
        let open_end = start + page[start..].find('>')? + 1;
        let close = open_end + page[open_end..].find("</script>")?;
        let end = close + "</script>".len();
        // A script with `src` is a reference already. One of another type, like JSON, is data.
        let tag = &page[start..open_end];
        if !tag.contains("src=") && !tag.contains("json") {
            return Some((&page[..start], &page[open_end..close], &page[end..]));
        }
        from = end;
    }
}

/// Refuses what the content security policy would refuse in the browser, where nobody sees why.
pub fn check(name: &str, page: &str) -> Result<()> {
    if cut_script(page).is_some() {
        bail!("{name} has code inside a <script>: put it into a file of its own");
    }
    if page.contains("<style") || page.contains(" style=") {
        bail!("{name} has a style inside the page: put it into style.css");
    }
    Ok(())
}

/// Replaces the addresses of renamed files, wherever they are a whole quoted value or an attribute's value.
pub fn rename(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for (old, new) in names {
        let mut changed = String::with_capacity(text.len());
        let mut rest = &*text;
        while let Some(at) = rest.find(old.as_str()) {
            let (before, after) = (&rest[..at], &rest[at + old.len()..]);
            let whole =
                before.ends_with(['"', '\'', '=']) && after.starts_with(['"', '\'', ' ', '>', '#', '?']);
            changed.push_str(before);
            changed.push_str(if whole { new } else { old });
            rest = after;
        }
        changed.push_str(rest);
        text = changed;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_script_with_code_is_cut_out() {
        let page = r#"<script src="/a.js"></script><script type="module">go()</script>end"#;
        assert_eq!(cut_script(page), Some((r#"<script src="/a.js"></script>"#, "go()", "end")));
        assert_eq!(cut_script(r#"<script src="/a.js"></script>"#), None);
        assert_eq!(cut_script(r#"<script type="application/json">{}</script>"#), None);
    }

    #[test]
    fn only_whole_addresses_are_renamed() {
        let names = BTreeMap::from([("/style.css".to_owned(), "/style-1.css".to_owned())]);
        let page =
            r#"<link href="/style.css"> /style.css <a href="/my/style.css"> <link href='/style.css?x'>"#;
        let renamed =
            r#"<link href="/style-1.css"> /style.css <a href="/my/style.css"> <link href='/style-1.css?x'>"#;
        assert_eq!(rename(page, &names), renamed);
    }

    #[test]
    fn what_the_policy_refuses_is_refused_here() {
        assert!(check("a.html", "<script>1</script>").is_err());
        assert!(check("a.html", "<p style=\"color: red\">").is_err());
        assert!(check("a.html", "<script src=\"/a.js\"></script><p class=\"style\">").is_ok());
    }
}
