//! `cargo xtask doctor`: what this machine has and what it lacks. It changes nothing.

use anyhow::Result;
use std::fs;
use std::net::TcpListener;

use crate::tools::{self, browser, crates, npm, wasm};
use crate::web::{
    content,
    site::{PROGRAMS, Site},
};
use crate::{paths, run};

/// The ports that the commands use unless told otherwise.
const PORTS: &[(u16, &str)] = &[(8080, "cargo xtask dev")];

/// Prints the report.
pub fn run() -> Result<()> {
    println!("On the machine");
    for (program, hint) in [
        ("rustc", "install Rust from https://rustup.rs"),
        ("cargo", "install Rust from https://rustup.rs"),
        ("cc", "apt-get install build-essential"),
        ("git", "apt-get install git"),
        ("node", "apt-get install nodejs npm (20 or newer)"),
        ("npm", "apt-get install npm"),
        ("python3", "apt-get install python3 python3-venv"),
    ] {
        line(program, first_line(program), hint);
    }
    let openssl = run::read(run::command("openssl").arg("version")).ok();
    line("openssl", openssl.map(|said| said.trim().to_owned()), "cargo xtask test installs it");
    line(
        "browser",
        browser::find().map(|path| path.display().to_string()),
        "cargo xtask test installs chromium",
    );
    line(
        "Japanese font",
        browser::has_japanese_font().then(|| "yes".into()),
        "cargo xtask test installs fonts-noto-cjk",
    );
    line(
        "compiler for WASM",
        wasm::Compiler::find().map(wasm::Compiler::name),
        "cargo xtask dev installs it",
    );

    println!("\nIn {}", paths::tools()?.display());
    for tool in [tools::TRUNK, crates::wasm_bindgen()?, tools::MACHETE] {
        versioned(tool.name, tool.installed(), tool.version);
    }
    for tool in [tools::MINISTACK, tools::AWS] {
        versioned(tool.name, tool.path().map(|_| tool.version.to_owned()), tool.version);
    }
    line(
        "cloud tools",
        tools::CLOUD.path().map(|_| "as in infra/aws/tests/requirements.txt".into()),
        "installed when needed",
    );

    println!("\nIn the checkout");
    for folder in ["frontend", "functions/sheet", "e2e", "infra/aws/tests", "infra/local/bench/node"] {
        let lock = fs::read(paths::root().join(folder).join("package-lock.json")).unwrap_or_default();
        let fresh = npm::installed(&paths::root().join(folder)) == Some(content::hash(&lock));
        line(
            &format!("{folder}/node_modules"),
            fresh.then(|| "as locked".into()),
            "is installed when needed",
        );
    }
    let site = Site::read().map(|site| {
        let visits = PROGRAMS.map(|program| site.first_visit(&program).to_string()).join(" and ");
        format!("build {}, first visits {visits} bytes", site.version)
    });
    line("site", site.ok(), "cargo xtask web builds it");
    line("disk", disk(), "df could not be asked");

    println!("\nPorts");
    for (port, user) in PORTS {
        let free = TcpListener::bind(("127.0.0.1", *port)).is_ok();
        let (mark, state) =
            if free { ("✓", "free") } else { ("✗", "in use; choose another with --port") };
        println!("  {mark} {port:<24} {state} ({user})");
    }
    Ok(())
}

fn line(name: &str, found: Option<String>, otherwise: &str) {
    match found {
        Some(found) => println!("  ✓ {name:<24} {found}"),
        None => println!("  ✗ {name:<24} missing: {otherwise}"),
    }
}

fn versioned(name: &str, installed: Option<String>, wanted: &str) {
    match installed {
        Some(version) if version == wanted => println!("  ✓ {name:<24} {version}"),
        Some(version) => {
            println!("  ✗ {name:<24} {version}, but {wanted} is wanted; it is installed when needed")
        }
        None => println!("  ✗ {name:<24} missing: {wanted} is installed when needed"),
    }
}

fn first_line(program: &str) -> Option<String> {
    Some(run::read(run::command(program).arg("--version")).ok()?.lines().next()?.to_owned())
}

/// Free space where this checkout lies.
fn disk() -> Option<String> {
    let text = run::read(run::command("df").args(["--output=avail", "-h", "."])).ok()?;
    Some(format!("{} free", text.lines().nth(1)?.trim()))
}
