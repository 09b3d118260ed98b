//! Golden texts: what an official or a reviewer reads must change on purpose, never by accident.
//! `cargo xtask golden` writes them anew.

#[allow(clippy::unwrap_used, reason = "a golden file that cannot be written is a failed test")]
fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, text, "{name} differs from what the code says; `cargo xtask golden` writes it anew");
}

#[test]
fn authority() {
    golden("authority.txt", &shared::authority::in_words());
}

#[test]
fn endpoints() {
    golden("endpoints.txt", &shared::api::in_words());
}

#[test]
fn procedures() {
    golden("procedures.txt", &shared::procedure::in_words());
}

#[test]
fn evidence() {
    golden("evidence.txt", &shared::evidence::bundle::in_words());
}

/// A page for each procedure, and the list of all; nothing stays of one that is gone.
#[test]
#[allow(clippy::unwrap_used, reason = "a folder that cannot be read is a failed test")]
fn pages_of_procedures() {
    use shared::procedure::{Procedure, articles, diagram};
    let page = |procedure: &Procedure| format!("{}.md", procedure.wire());
    for procedure in Procedure::ALL {
        golden(&format!("../../../docs/procedures/{}", page(procedure)), &diagram(*procedure));
    }
    golden("../../../docs/procedures/README.md", &articles());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/procedures");
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(
            name == "README.md" || Procedure::ALL.iter().any(|one| page(one) == name),
            "{name} is nobody's"
        );
    }
}

#[test]
fn problems() {
    use shared::api::error::Code;
    let lines = Code::ALL.iter().map(|c| format!("{} {:18} {}\n", c.status(), c.wire(), c.label()));
    golden("problems.txt", &lines.collect::<String>());
}
