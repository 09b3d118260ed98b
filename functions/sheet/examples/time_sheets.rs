//! How long a sheet takes: the first one of a process, then the median. With a folder as the argument, the sheets are
//! written there to be looked at.
//!
//! `cargo run -p sheet --example time_sheets -- /tmp/sheets`
#![allow(clippy::print_stdout, reason = "a command line tool")]

#[path = "../tests/support/mod.rs"]
#[allow(dead_code, reason = "made for the tests, of which this needs a part")]
mod support;

use shared::sheet::Sheet;
use std::{error::Error, fs, path::PathBuf, time::Instant};
use support::{fonts, samples};

/// Times that each sheet is printed.
const ROUNDS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let begun = Instant::now();
    let press = sheet::Press::new(&fonts())?;
    println!("{:7.1} ms  fonts and library, once", ms(begun));
    let sheets = samples::all().into_iter().chain(samples::empty()).chain(samples::endless());
    let sheets = sheets.chain([Sheet::SealedLetter(samples::long_letter()), samples::rare()]);
    for (index, sheet) in sheets.enumerate() {
        let begun = Instant::now();
        let pdf = press.pdf(&sheet)?;
        let first = ms(begun);
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            press.pdf(&sheet)?;
            times.push(ms(begun));
        }
        times.sort_by(f64::total_cmp);
        let median = times[ROUNDS / 2];
        println!("{median:7.1} ms  (first {first:.1} ms)  {:7} bytes  {index} {}", pdf.len(), sheet.title());
        if let Some(folder) = &folder {
            fs::create_dir_all(folder)?;
            fs::write(folder.join(format!("{index}.pdf")), pdf)?;
        }
    }
    Ok(())
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
