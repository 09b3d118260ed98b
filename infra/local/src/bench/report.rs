//! Lines of the report, and which aims were missed.

use crate::commands::say;
use std::time::Duration;

/// What was missed so far.
#[derive(Default)]
pub struct Report {
    missed: Vec<String>,
}

impl Report {
    /// A value beside its aim, marked if it is missed.
    pub fn judge(&mut self, what: &str, value: f64, aim: f64) -> String {
        let (value, aim) = (number(value), number(aim));
        if value.1 <= aim.1 {
            return format!("{} [≤ {}]", value.0, aim.0);
        }
        self.missed.push(format!("{what}: {} [≤ {}]", value.0, aim.0));
        format!("{} ✗ [≤ {}]", value.0, aim.0)
    }

    /// Ends the report.
    pub fn close(&self) {
        if self.missed.is_empty() {
            return say("\nevery aim reached");
        }
        say("\naims missed");
        for line in &self.missed {
            say(&format!("  {line}"));
        }
    }
}

/// A number as it is shown, and as it is compared: what reads as equal to the aim reaches it.
fn number(value: f64) -> (String, f64) {
    let text = if value < 10.0 { format!("{value:.2}") } else { format!("{value:.0}") };
    let shown = text.parse().unwrap_or(value);
    (text, shown)
}

/// A heading.
pub fn head(line: &str) {
    say(&format!("\n{line}"));
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// How many times as long.
pub fn times(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64().max(f64::EPSILON)
}

/// Kilobytes (1024) as megabytes (1000²).
pub fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 * 1024.0 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_as_the_aim_reaches_it() {
        let mut report = Report::default();
        assert_eq!(report.judge("a", 1.504, 1.5), "1.50 [≤ 1.50]");
        assert_eq!(report.judge("b", 1.506, 1.5), "1.51 ✗ [≤ 1.50]");
        assert_eq!(report.missed, ["b: 1.51 [≤ 1.50]"]);
    }
}
