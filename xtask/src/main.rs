//! What a person, and CI, types: `cargo xtask dev`, `cargo xtask test`, and the smaller steps they consist of.
// A command-line tool talks on standard output.
#![allow(clippy::print_stdout)]

mod bench;
mod check;
mod cloud;
mod commands;
mod doctor;
mod local;
mod paths;
mod run;
mod steps;
mod test;
mod tools;
mod web;

use anyhow::Result;
use clap::Parser;
use commands::Command;
use std::process::ExitCode;

fn main() -> ExitCode {
    match dispatch(commands::Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<()> {
    match command {
        Command::Dev(options) => local::dev(&options),
        Command::Test(options) => test::run(&options),
        Command::Check => check::run(),
        Command::Golden => check::golden::update(),
        Command::Web => web::build().map(|site| site.print()),
        Command::Doctor => doctor::run(),
        Command::Backup(passed) => local::tool("backup", local::Profile::Dev, &passed.arguments),
        Command::Verify(passed) => local::tool("verify", local::Profile::Dev, &passed.arguments),
        Command::Drill(passed) => local::tool("drill", local::Profile::Dev, &passed.arguments),
        Command::Erase(passed) => local::tool("erase", local::Profile::Dev, &passed.arguments),
        Command::Restore(passed) => local::tool("restore", local::Profile::Dev, &passed.arguments),
        Command::Bench(passed) => bench::run(&passed.arguments),
        Command::Package(options) => cloud::package::run(&options),
        Command::Deploy(options) => cloud::deploy::run(&options),
        Command::Assets(options) => cloud::assets::run(&options),
        Command::Founding(options) => cloud::invoke::founding(&options),
        Command::Fill(options) => cloud::invoke::fill(&options),
    }
}
