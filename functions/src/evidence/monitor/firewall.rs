//! The daily look at the firewall's log (Art. 24(2)): yesterday's lines, counted by network and by rule. The log is what
//! AWS WAF writes into its bucket; the local environment's own door writes the same.

use super::Found;
use crate::{app::App, store::error::StoreError};
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
use shared::{
    calendar::{Day, Timestamp},
    evidence::monitor::{Cadence, FirewallDay, network_of},
};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read},
};

/// Most objects of a day.
const OBJECTS_MAX: usize = 3_000;
/// Most bytes of one object, unfolded: a log does not grow like this by itself.
const UNFOLD_MAX: u64 = 64 * 1024 * 1024;
/// Days that today is compared with.
const EARLIER_DAYS: i64 = 7;

/// A line of the log: of what a firewall writes, what is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// `ALLOW`, `BLOCK`, `CAPTCHA`, `CHALLENGE`.
    pub action: String,
    /// By which rule.
    pub terminating_rule_id: String,
    /// What was asked.
    pub http_request: LineRequest,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineRequest {
    /// From which address.
    pub client_ip: String,
}

/// Counts of a day.
#[derive(Default)]
struct Counts {
    lines: u64,
    unreadable: u64,
    sources: BTreeMap<String, u64>,
    rules: BTreeMap<String, u64>,
}

impl Counts {
    fn add(&mut self, day: Day, text: &str) {
        let Ok(line) = serde_json::from_str::<Line>(text) else {
            self.unreadable += 1;
            return;
        };
        if Timestamp::from_ms(line.timestamp).day() != day {
            return;
        }
        self.lines += 1;
        if line.action != "ALLOW" {
            *self.sources.entry(network_of(&line.http_request.client_ip)).or_default() += 1;
            *self.rules.entry(line.terminating_rule_id.chars().take(80).collect()).or_default() += 1;
        }
    }
}

/// Looks at yesterday.
///
/// # Errors
/// If the log's bucket or the table cannot be reached.
pub(super) async fn look(app: &App, now: Timestamp) -> Result<Found, StoreError> {
    let day = now.day().plus_days(-1);
    let mut counts = Counts::default();
    let mut cut = false;
    // A day in Japan lies in two days of UTC.
    for utc in utc_days(day) {
        let Some((keys, more)) = app.store.blobs.access_log_keys(&utc, OBJECTS_MAX).await? else {
            return Ok(Found::bad("ファイアウォールの記録の場所が設定されていません"));
        };
        cut |= more;
        for key in keys {
            let gzip = app.store.blobs.access_log_object(&key).await?;
            let reader = BufReader::new(GzDecoder::new(&gzip[..]).take(UNFOLD_MAX));
            for line in reader.lines() {
                match line {
                    Ok(line) => counts.add(day, &line),
                    Err(_) => {
                        counts.unreadable += 1;
                        break;
                    }
                }
            }
        }
    }
    let earlier = earlier(app, day).await?;
    let Counts { lines, unreadable, sources, rules } = counts;
    let mut found = FirewallDay::of(day, lines, unreadable, sources, rules, &earlier);
    if lines == 0 && unreadable == 0 && was_watched(app, day).await? {
        found.anomalies.push("記録が1件も届いていません。".to_owned());
    }
    if cut {
        found.anomalies.push(format!("記録が多く、はじめの{OBJECTS_MAX}個までを数えました。"));
    }
    let words = format!("{day}: 記録{lines}件、拒否{}件。{}", found.refused, found.anomalies.join(""));
    Ok(Found { good: found.anomalies.is_empty(), words, firewall: Some(found) })
}

/// Whether monitoring looked all day long. It asks through the firewall, every five minutes: a day without a line is then a log
/// that does not arrive.
async fn was_watched(app: &App, day: Day) -> Result<bool, StoreError> {
    Ok(app.store.monitored_since().await?.is_some_and(|begun| begun <= day.start()))
}

/// The refusals of the days before, as they were recorded.
async fn earlier(app: &App, day: Day) -> Result<Vec<u64>, StoreError> {
    let mut refused = Vec::new();
    for back in 0..EARLIER_DAYS {
        // The look at a day is made on the next one.
        let records = app.store.monitor_records(day.plus_days(-back), Some(Cadence::Daily)).await?;
        let looks = records.into_iter().flat_map(|record| record.looks);
        refused.extend(looks.filter_map(|look| look.firewall).map(|found| found.refused));
    }
    Ok(refused)
}

/// The beginnings of the keys of a day in Japan.
fn utc_days(day: Day) -> [String; 2] {
    [day.plus_days(-1), day].map(|day| {
        let (year, month, day) = day.ymd();
        format!("{year:04}/{month:02}/{day:02}/")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: &str, action: &str, ip: &str) -> String {
        let at: Timestamp = at.parse().unwrap();
        format!(
            r#"{{"timestamp":{},"formatVersion":1,"webaclId":"x","action":"{action}","terminatingRuleId":"RateLimit",
            "httpRequest":{{"clientIp":"{ip}","country":"JP","uri":"/api/session","httpMethod":"POST"}}}}"#,
            at.ms()
        )
        .replace('\n', "")
    }

    #[test]
    fn only_the_day_in_japan_counts_and_only_what_was_refused() {
        let day: Day = "2026-11-20".parse().unwrap();
        let mut counts = Counts::default();
        for text in [
            line("2026-11-19T15:00:00Z", "BLOCK", "203.0.113.7"),
            line("2026-11-20T14:59:59Z", "BLOCK", "203.0.113.9"),
            line("2026-11-20T15:00:00Z", "BLOCK", "203.0.113.9"),
            line("2026-11-20T01:00:00Z", "ALLOW", "198.51.100.1"),
            "{".to_owned(),
        ] {
            counts.add(day, &text);
        }
        assert_eq!((counts.lines, counts.unreadable), (3, 1));
        assert_eq!(counts.sources, BTreeMap::from([("203.0.113.0/24".to_owned(), 2)]));
        assert_eq!(utc_days(day), ["2026/11/19/", "2026/11/20/"]);
    }
}
