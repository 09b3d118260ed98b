//! What the firewall refused on a day: counts and whole networks, never a single address.

use crate::calendar::Day;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::IpAddr};

/// Sources and rules in a record.
const TOP: usize = 5;
/// Fewer refusals a day are never an anomaly.
const FEW: u64 = 200;
/// So many times the usual number is one.
const TIMES: u64 = 10;
/// The share of one network, in percent, that is one.
const SHARE: u64 = 80;

/// So many refusals from a network, or by a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refused {
    /// The network or the rule.
    pub name: String,
    /// How often.
    pub count: u64,
}

/// A day of the firewall's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirewallDay {
    /// Which, in Japan.
    pub day: Day,
    /// Lines of the log.
    pub lines: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// The networks that were refused most.
    pub sources: Vec<Refused>,
    /// The rules that refused most.
    pub rules: Vec<Refused>,
    /// Lines that could not be read.
    pub unreadable: u64,
    /// What is out of the ordinary, in words.
    pub anomalies: Vec<String>,
}

/// The network of an address: the first three numbers of four, or the first 48 bits.
pub fn network_of(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
        Err(_) => "不明".into(),
    }
}

fn top(counts: BTreeMap<String, u64>) -> Vec<Refused> {
    let mut all: Vec<Refused> = counts.into_iter().map(|(name, count)| Refused { name, count }).collect();
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    all.truncate(TOP);
    all
}

impl FirewallDay {
    /// A day from its counts: refusals by network and by rule, and the refusals of earlier days, for comparison.
    pub fn of(
        day: Day,
        lines: u64,
        unreadable: u64,
        sources: BTreeMap<String, u64>,
        rules: BTreeMap<String, u64>,
        earlier: &[u64],
    ) -> Self {
        let refused: u64 = sources.values().sum();
        let (sources, rules) = (top(sources), top(rules));
        let mut anomalies = Vec::new();
        if let Some(days) = u64::try_from(earlier.len()).ok().filter(|days| *days > 0) {
            let usual = earlier.iter().sum::<u64>() / days;
            if refused >= FEW && refused >= usual.saturating_mul(TIMES) {
                anomalies.push(format!("拒否が、これまでの1日平均（{usual}件）の{TIMES}倍以上です。"));
            }
        }
        if let Some(first) = sources.first()
            && refused >= FEW
            && first.count * 100 >= refused * SHARE
        {
            anomalies.push(format!("拒否の{SHARE}%以上が、同じ接続元（{}）からです。", first.name));
        }
        if unreadable > 0 {
            anomalies.push(format!("読み取れない行が{unreadable}行あります。"));
        }
        Self { day, lines, refused, sources, rules, unreadable, anomalies }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
        pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    fn day(sources: &[(&str, u64)], earlier: &[u64]) -> FirewallDay {
        let day = "2026-11-20".parse().unwrap();
        FirewallDay::of(day, 1000, 0, counts(sources), counts(&[("rate", 1)]), earlier)
    }

    #[test]
    fn no_single_address_is_kept() {
        assert_eq!(network_of("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network_of("2001:db8:12:34::1"), "2001:db8:12::/48");
        assert_eq!(network_of("<script>"), "不明");
    }

    #[test]
    fn what_is_out_of_the_ordinary() {
        // Few are never.
        assert!(day(&[("a", 199)], &[1]).anomalies.is_empty());
        // Ten times the usual, from many networks.
        let many: Vec<_> = ["a", "b", "c", "d", "e", "f"].map(|name| (name, 100)).into_iter().collect();
        assert_eq!(day(&many, &[60, 60]).anomalies.len(), 1);
        assert!(day(&many, &[61, 61]).anomalies.is_empty());
        assert!(day(&many, &[]).anomalies.is_empty());
        // Nearly all from one.
        let one = day(&[("a", 400), ("b", 100)], &[500]);
        assert_eq!((one.refused, one.anomalies.len()), (500, 1));
        assert!(day(&[("a", 399), ("b", 101)], &[500]).anomalies.is_empty());
    }

    #[test]
    fn the_record_holds_the_most_frequent_only() {
        let sources: Vec<(String, u64)> = (0..50).map(|n| (format!("n{n:02}"), n)).collect();
        let sources: Vec<_> = sources.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        let found = day(&sources, &[]);
        assert_eq!(found.sources.iter().map(|s| s.count).collect::<Vec<_>>(), [49, 48, 47, 46, 45]);
        assert_eq!(found.refused, (0..50).sum::<u64>());
    }
}
