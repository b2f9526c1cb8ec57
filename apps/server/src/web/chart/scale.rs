//! Where values are on an axis, and which of them are written at it.

/// An axis from 0 to a round number, with marks at round steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    step: f64,
    steps: u32,
    from: f64,
    to: f64,
}

impl Scale {
    /// An axis that holds `largest` and has about `lines` steps of 1, 2 or 5 and zeros.
    pub(super) fn up_to(largest: f64, lines: u32, is_whole: bool) -> Self {
        let largest = if largest.is_finite() && largest > 0.0 { largest } else { 1.0 };
        let rough = largest / f64::from(lines);
        let power = 10_f64.powf(rough.log10().floor());
        let round = [1.0, 2.0, 5.0].into_iter().map(|digit| digit * power);
        // Half of a millionth lets 0.3 / 0.1 be 3.
        let step = round.into_iter().find(|step| *step >= rough - power / 2e6);
        let step = step.unwrap_or(10.0 * power);
        let step = if is_whole { step.max(1.0) } else { step };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most the number of lines, for a step is at least that part of the largest"
        )]
        let steps = (largest / step - 1e-6).ceil().max(1.0) as u32;
        Self { step, steps, from: 0.0, to: 1.0 }
    }

    /// The same axis between two places of the drawing.
    pub(super) const fn over(self, from: f64, to: f64) -> Self {
        Self { from, to, ..self }
    }

    /// Where a value is.
    pub(super) fn place(&self, value: f64) -> f64 {
        let end = self.step * f64::from(self.steps);
        (self.to - self.from).mul_add(value / end, self.from)
    }

    /// The values that are written at the axis.
    pub(super) fn marks(&self) -> impl Iterator<Item = f64> {
        let step = self.step;
        (0..=self.steps).map(move |index| step * f64::from(index))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    #[test]
    fn an_axis_has_a_few_round_marks_and_holds_the_largest_value() {
        for (largest, is_whole, expected) in [
            (0.0, true, vec![0.0, 1.0]),
            (2.0, true, vec![0.0, 1.0, 2.0]),
            (2.0, false, vec![0.0, 0.5, 1.0, 1.5, 2.0]),
            (7.0, true, vec![0.0, 2.0, 4.0, 6.0, 8.0]),
            (100.0, true, vec![0.0, 50.0, 100.0]),
            (1_234.0, true, vec![0.0, 500.0, 1_000.0, 1_500.0]),
        ] {
            let marks: Vec<f64> = Scale::up_to(largest, 4, is_whole).marks().collect();
            assert_eq!(marks, expected, "{largest}");
        }
    }
}
