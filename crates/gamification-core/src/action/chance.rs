//! Choosing at random.

use crate::ports::Random;

/// One of the items, each as likely as its weight says; `None` when there is none, or none weighs
/// anything.
pub(super) fn weighted<'a, T>(
    items: &'a [T],
    weight: impl Fn(&T) -> u32,
    random: &dyn Random,
) -> Option<&'a T> {
    let total = items.iter().map(&weight).fold(0, u32::saturating_add);
    if total == 0 {
        return None;
    }
    let mut ticket = random.below(total);
    items.iter().find(|item| {
        let weight = weight(item);
        let is_hit = ticket < weight;
        ticket = ticket.saturating_sub(weight);
        is_hit
    })
}
