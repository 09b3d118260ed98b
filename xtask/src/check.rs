//! `cargo xtask check`: what is wrong without running the program.

mod forbidden;
pub mod golden;
mod licences;
mod lints;
mod unused;

use anyhow::{Result, bail};

use crate::steps::Steps;
use crate::tools::{self, wasm};
use crate::web::{
    self,
    site::{PROGRAMS, Site},
};

/// All checks, the quick ones first.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    let result = all(&mut steps);
    steps.print();
    result
}

fn all(steps: &mut Steps) -> Result<()> {
    steps.step("tools of the checks", || tools::MACHETE.ensure())?;
    quick(steps)?;
    steps.step("unused dependencies", unused::check)?;
    steps.step("golden files", golden::check)?;
    let site = steps.step("site", web::build)?;
    steps.step("size of a first visit", || budget(&site))?;
    steps.step("lints of the browser's code", || {
        let compiler = wasm::Compiler::ensure()?;
        compiler.ensure_lints()?;
        lints::browser(compiler)
    })
}

/// Those that `cargo xtask test` runs too. (The golden files are among its tests.)
pub fn quick(steps: &mut Steps) -> Result<()> {
    steps.step("format", lints::format)?;
    steps.step("forbidden text", forbidden::check)?;
    steps.step("licences", licences::check)?;
    steps.step("lints", lints::native)
}

/// A first visit must not be heavier than promised.
pub fn budget(site: &Site) -> Result<()> {
    site.print();
    for program in &PROGRAMS {
        let (page, budget, weight) = (program.page, program.budget, site.first_visit(program));
        if weight > budget {
            bail!("a first visit to {page} weighs {weight} bytes with brotli; {budget} are allowed");
        }
    }
    Ok(())
}
