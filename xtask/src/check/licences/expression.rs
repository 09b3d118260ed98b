//! Licence expressions (SPDX): names joined by OR, AND, WITH and brackets. Old packages write `/` for OR.

/// Whether the expression can be satisfied with licences that are allowed. An expression that cannot be read is not.
pub fn holds(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    either(&mut words, allowed) == Some(true) && words.is_empty()
}

fn either(words: &mut Vec<&str>, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut result = both(words, allowed)?;
    while words.last() == Some(&"OR") {
        words.pop();
        result |= both(words, allowed)?;
    }
    Some(result)
}

fn both(words: &mut Vec<&str>, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut result = one(words, allowed)?;
    while words.last() == Some(&"AND") {
        words.pop();
        result &= one(words, allowed)?;
    }
    Some(result)
}

fn one(words: &mut Vec<&str>, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let word = words.pop()?;
    if word == "(" {
        let result = either(words, allowed)?;
        return (words.pop()? == ")").then_some(result);
    }
    if words.last() == Some(&"WITH") {
        words.pop();
        return Some(allowed(&format!("{word} WITH {}", words.pop()?)));
    }
    Some(allowed(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_hold_as_they_are_meant() {
        let allowed = |id: &str| matches!(id, "MIT" | "ISC" | "Apache-2.0 WITH LLVM-exception");
        for good in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/GPL-3.0",
            "ISC AND (GPL-3.0 OR MIT)",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(holds(good, &allowed), "{good}");
        }
        for bad in
            ["", "GPL-3.0", "MIT AND GPL-3.0", "ISC AND (GPL-3.0 OR Apache-2.0)", "(MIT", "MIT MIT", "MIT OR"]
        {
            assert!(!holds(bad, &allowed), "{bad}");
        }
    }
}
