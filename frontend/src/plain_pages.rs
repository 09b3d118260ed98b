//! The pages and scripts that stand beside the application know some words of the contract. These tests keep them
//! equal, so that there is no second definition that can drift.

use crate::route::Place;
use shared::{
    CONTRACT,
    api::{
        BODY_HASH_HEADER, CONTRACT_HEADER, Endpoint,
        error::Code,
        people::{AskPasskey, ProveFactor, SignIn, SignInByPasskey},
    },
    people::Role,
};

const PAGE: &str = include_str!("../signin.html");
const SCRIPT: &str = include_str!("../static/signin.js");
const EARLY: &str = include_str!("../static/early.js");

#[test]
fn the_sign_in_page_speaks_this_contract() {
    assert!(PAGE.contains(&format!(r#"<meta name="contract" content="{CONTRACT}">"#)));
    assert!(SCRIPT.contains(&format!(r#""{CONTRACT_HEADER}""#)));
    assert!(SCRIPT.contains(&format!(r#""{BODY_HASH_HEADER}""#)));
    for info in [SignIn::INFO, ProveFactor::INFO, AskPasskey::INFO, SignInByPasskey::INFO] {
        let call = format!(r#"ask("{}", "{}""#, info.method.as_str(), info.path);
        assert!(SCRIPT.contains(&call), "{call}");
    }
}

#[test]
fn its_sentences_are_those_of_the_contract() {
    let listed = SCRIPT.split("const sentences = {").nth(1).and_then(|rest| rest.split("};").next()).unwrap();
    let mut found = 0;
    for line in listed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (wire, words) = line.split_once(": ").unwrap();
        let code = Code::from_wire(wire).unwrap_or_else(|| panic!("{wire} is no code"));
        assert_eq!(words, format!(r#""{}","#, code.label()));
        found += 1;
    }
    assert!(found > 5);
}

#[test]
fn it_leads_everybody_to_their_home_page() {
    let listed = SCRIPT.split("const bookRoles = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap();
    for role in Role::ALL {
        let named = listed.contains(&format!(r#""{}""#, role.wire()));
        assert_eq!(named, Place::home_of(&[*role]) == Place::Home, "{role}");
    }
    let homes = format!(r#"? "{}" : "{}";"#, Place::Home.path(), Place::Office.path());
    assert!(SCRIPT.contains(&homes), "{homes}");
}

#[test]
fn the_text_size_is_kept_under_one_name() {
    assert!(EARLY.contains(crate::text_size::KEY));
    for size in crate::text_size::SIZES.iter().filter(|size| **size != 100) {
        assert!(EARLY.contains(&format!(r#""{size}""#)));
    }
}
