//! A sequence of named steps with their times, and the table at the end.

use anyhow::{Context, Result};
use std::time::{Duration, Instant};

/// What has been done so far.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Duration, bool)>,
}

impl Steps {
    /// Does one step. Its failure names the step.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n▶ {name}");
        let started = Instant::now();
        let result = work();
        self.done.push((name.to_owned(), started.elapsed(), result.is_ok()));
        result.with_context(|| format!("{name}: failed"))
    }

    /// Prints the table: each step, its time, and whether it went well.
    pub fn print(&self) {
        println!("\n{:>9}  step", "time");
        for (name, time, well) in &self.done {
            println!("{:>8.1}s  {} {name}", time.as_secs_f32(), if *well { "✓" } else { "✗" });
        }
        let total: Duration = self.done.iter().map(|(_, time, _)| *time).sum();
        println!("{:>8.1}s  in all", total.as_secs_f32());
    }
}
