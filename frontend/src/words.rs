//! Numbers as people read them, with whole-number arithmetic: floating-point formatting would only weigh.

/// 「1,234」.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// 「820 バイト」「12 KB」「3.4 MB」: one digit after the point below ten.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} バイト");
    }
    // Tenths of the unit, rounded, so that 999,960 bytes become 1.0 MB and not 1000 KB.
    let mut unit = 1000_u64;
    for (at, name) in UNITS.iter().enumerate() {
        let tenths = (bytes.saturating_mul(10).saturating_add(unit / 2)) / unit;
        if tenths < 100 {
            return format!("{}.{} {name}", tenths / 10, tenths % 10);
        }
        if tenths < 9995 || at + 1 == UNITS.len() {
            return format!("{} {name}", count((tenths + 5) / 10));
        }
        unit = unit.saturating_mul(1000);
    }
    count(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        for (n, words) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(n), words);
        }
    }

    #[test]
    fn sizes() {
        for (bytes, words) in [
            (0, "0 バイト"),
            (999, "999 バイト"),
            (1000, "1.0 KB"),
            (12_345, "12 KB"),
            (999_400, "999 KB"),
            (999_960, "1.0 MB"),
            (3_440_000, "3.4 MB"),
            (50_000_000, "50 MB"),
        ] {
            assert_eq!(size(bytes), words);
        }
    }
}
