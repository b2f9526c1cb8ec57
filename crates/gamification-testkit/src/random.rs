use crate::locked;
use gamification_core::ports::Random;
use std::sync::Mutex;

/// SplitMix64: the same seed gives the same numbers, on every machine.
#[derive(Debug)]
pub struct SeededRandom {
    state: Mutex<u64>,
}

impl SeededRandom {
    /// Numbers of that seed, from the first.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: Mutex::new(seed) }
    }

    fn next_u64(&self) -> u64 {
        let mut state = locked(&self.state);
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Random for SeededRandom {
    fn below(&self, below: u32) -> u32 {
        // The upper half of a product is uniform up to one part in 2^32.
        let product = u128::from(self.next_u64()) * u128::from(below);
        u32::try_from(product >> 64).unwrap_or(0)
    }
}
