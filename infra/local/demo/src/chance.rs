//! Chance that is the same every time: one seeded generator for each thing that is made.

/// A seeded generator.
pub(crate) struct Chance(fastrand::Rng);

impl Chance {
    /// The generator of the `index`-th thing of a kind.
    pub(crate) fn new(kind: u64, index: usize) -> Self {
        // The generator mixes its seed itself; the first value of close seeds is dropped all the same.
        let mut rng = fastrand::Rng::with_seed((kind << 32) ^ index as u64);
        rng.u64(..);
        Self(rng)
    }

    /// 0 to `n - 1`; 0 if there is nothing to choose from.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n < 2 { 0 } else { self.0.usize(..n) }
    }

    /// From `low` to `high`, both possible.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        if low >= high { low } else { self.0.i64(low..=high) }
    }

    /// True so many times in a thousand.
    pub(crate) fn permille(&mut self, p: u32) -> bool {
        self.0.u32(..1000) < p
    }

    /// One of a list.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// Another order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        self.0.shuffle(list);
    }

    /// The random part of an identifier.
    pub(crate) fn bits(&mut self) -> u128 {
        self.0.u128(..) >> 48
    }
}
