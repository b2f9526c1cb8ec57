//! The same roll once more, with its deciding die forced.
//!
//! The VTT's clients can force only the first die of a formula, so the deciding die goes first,
//! alone and without modifiers (a kept or exploding die would be rolled on).

use crate::criticality::CriticalKind;

use super::{DecidingDie, DieTerm, Operator, PoolRoll, RollTerm, dice_terms};

/// The face that turns a critical into its opposite: the worst face for a success, the best for a
/// failure. The worst is 1, except for roll-under systems, where it is the highest.
#[must_use]
pub const fn forced_face(kind: CriticalKind, faces: u32, roll_under: bool) -> u32 {
    match (kind, roll_under) {
        (CriticalKind::Success, false) | (CriticalKind::Failure, true) => 1,
        (CriticalKind::Success, true) | (CriticalKind::Failure, false) => faces,
    }
}

/// The formula with the deciding die first and alone; flavour texts are left out.
///
/// `2d20kh + 5` becomes `1d20 + 5`, `1d4 + 1d20` becomes `1d20 + 1d4`, `5 - 1d20` stays. Where
/// arithmetic does not let the die come first (`1d4 / 1d20`), the dice before it are replaced by
/// what they showed. `deciding` must be of these terms; otherwise the formula is only cleaned.
#[must_use]
pub fn forced_formula(terms: &[RollTerm], deciding: DecidingDie) -> String {
    render_sum(terms, Some(deciding.term))
}

/// Factors that are multiplied or divided, with their sign in the sum.
struct Summand<'a> {
    is_negative: bool,
    /// Each factor with the operator before it; that of the first means nothing.
    factors: Vec<(Operator, &'a RollTerm)>,
    /// Place of the deciding die: which factor, and which dice term within that factor.
    target: Option<(usize, usize)>,
}

/// One rendered part of a sum; `is_sum` when it needs parentheses inside a product.
struct Text {
    text: String,
    is_sum: bool,
}

impl Text {
    fn atom(text: String) -> Self {
        Self { text, is_sum: false }
    }

    fn inside_product(self) -> String {
        if self.is_sum { format!("({})", self.text) } else { self.text }
    }
}

/// `target` is the deciding die's position among the dice terms of these terms.
fn render_sum(terms: &[RollTerm], target: Option<usize>) -> String {
    let mut summands = split_sum(terms, target);
    let at = summands.iter().position(|summand| summand.target.is_some());
    if let Some(at) = at {
        let has_dice_before = summands[..at].iter().any(Summand::has_dice);
        if !summands[at].is_negative {
            let deciding = summands.remove(at);
            summands.insert(0, deciding);
        } else if has_dice_before {
            let deciding = summands.remove(at);
            let rest = join(&summands);
            // A leading zero keeps the sign without relying on unary minus.
            let sign = if summands[0].is_negative { "-" } else { "+" };
            let rest = rest.strip_prefix('-').unwrap_or(&rest);
            return format!("0 - {} {sign} {rest}", deciding.render_negative());
        }
    }
    join(&summands)
}

fn join(summands: &[Summand<'_>]) -> String {
    let mut formula = String::new();
    for (index, summand) in summands.iter().enumerate() {
        match (index, summand.is_negative) {
            (0, true) => formula.push('-'),
            (0, false) => {}
            (_, true) => formula.push_str(" - "),
            (_, false) => formula.push_str(" + "),
        }
        if summand.is_negative {
            formula.push_str(&summand.render_negative());
        } else {
            formula.push_str(&summand.render().text);
        }
    }
    formula
}

/// Cuts a list of terms at its plus and minus signs.
fn split_sum(terms: &[RollTerm], target: Option<usize>) -> Vec<Summand<'_>> {
    let mut summands: Vec<Summand<'_>> = Vec::new();
    let mut dice_seen = 0;
    let mut is_negative = false;
    let mut product = None;
    for term in terms {
        if let RollTerm::Operator { operator } = term {
            match (operator, product, summands.last_mut()) {
                (Operator::Add, ..) => {}
                // The sign of a factor (`2 * -1d4`) is the sign of its product.
                (Operator::Subtract, Some(_), Some(summand)) => {
                    summand.is_negative = !summand.is_negative;
                }
                (Operator::Subtract, ..) => is_negative = !is_negative,
                (other, ..) => product = Some(*other),
            }
            continue;
        }
        let dice = dice_terms(std::slice::from_ref(term)).len();
        let inner = target.and_then(|t| t.checked_sub(dice_seen)).filter(|&inner| inner < dice);
        dice_seen += dice;
        match (product.take(), summands.last_mut()) {
            (Some(operator), Some(summand)) => {
                summand.target =
                    summand.target.or(inner.map(|inner| (summand.factors.len(), inner)));
                summand.factors.push((operator, term));
            }
            _ => summands.push(Summand {
                is_negative,
                factors: vec![(Operator::Multiply, term)],
                target: inner.map(|inner| (0, inner)),
            }),
        }
        is_negative = false;
    }
    summands
}

impl Summand<'_> {
    fn has_dice(&self) -> bool {
        self.factors.iter().any(|(_, term)| has_dice(term))
    }

    /// As it stands after a minus sign.
    fn render_negative(&self) -> String {
        self.render().inside_product()
    }

    fn render(&self) -> Text {
        let mut factors = self.factors.clone();
        let mut target = self.target;
        let mut frozen_before = 0;
        if let Some((at, inner)) = target {
            let can_move = factors[1..=at].iter().all(|(op, _)| *op == Operator::Multiply);
            if can_move {
                let deciding = factors.remove(at);
                factors.insert(0, deciding);
                target = Some((0, inner));
            } else {
                frozen_before = at;
            }
        }
        if let [(_, only)] = factors.as_slice() {
            return render_term(only, target.map(|(_, inner)| inner));
        }
        let mut text = String::new();
        for (index, (operator, term)) in factors.iter().enumerate() {
            if index > 0 {
                text.push_str(&format!(" {} ", operator.sign()));
            }
            let inner = target.filter(|(at, _)| *at == index).map(|(_, inner)| inner);
            let part = if index < frozen_before {
                render_term(&frozen(term), None)
            } else {
                render_term(term, inner)
            };
            text.push_str(&part.inside_product());
        }
        Text::atom(text)
    }
}

fn has_dice(term: &RollTerm) -> bool {
    // What an unknown term holds is not known, so it may hold dice.
    matches!(term, RollTerm::Other { .. }) || !dice_terms(std::slice::from_ref(term)).is_empty()
}

/// The term with what its dice showed in the place of the dice.
fn frozen(term: &RollTerm) -> RollTerm {
    match term {
        RollTerm::Die(die) => {
            let shown: i64 = die.active().map(|(_, result)| result.value).sum();
            RollTerm::Number { value: shown.into() }
        }
        RollTerm::Parenthetical { terms } => {
            RollTerm::Parenthetical { terms: terms.iter().map(frozen).collect() }
        }
        RollTerm::Pool { rolls, modifiers } => RollTerm::Pool {
            rolls: rolls
                .iter()
                .map(|roll| PoolRoll {
                    terms: roll.terms.iter().map(frozen).collect(),
                    active: roll.active,
                })
                .collect(),
            modifiers: modifiers.clone(),
        },
        other => other.clone(),
    }
}

fn render_term(term: &RollTerm, target: Option<usize>) -> Text {
    match term {
        RollTerm::Die(die) if target.is_some() => render_deciding(die),
        RollTerm::Die(die) => {
            Text::atom(format!("{}{}", die.written(die.count as usize), die.modifiers))
        }
        RollTerm::Number { value } => Text::atom(value.to_string()),
        RollTerm::Parenthetical { terms } => Text::atom(format!("({})", render_sum(terms, target))),
        RollTerm::Pool { rolls, modifiers } => render_pool(rolls, modifiers, target),
        RollTerm::Other { expression } => Text::atom(without_flavor(expression)),
        RollTerm::Operator { operator } => Text::atom(operator.sign().to_owned()),
    }
}

/// The deciding die alone, followed by the other dice that its term kept.
fn render_deciding(die: &DieTerm) -> Text {
    let alone = die.written(1);
    match die.kept_count() {
        0 | 1 => Text::atom(alone),
        kept => Text { text: format!("{alone} + {}", die.written(kept - 1)), is_sum: true },
    }
}

/// The rolls that the pool kept, as a sum with the deciding one first; a pool without the
/// deciding die as it is written.
fn render_pool(rolls: &[PoolRoll], modifiers: &str, target: Option<usize>) -> Text {
    let Some(target) = target else {
        let texts: Vec<_> = rolls.iter().map(|roll| render_sum(&roll.terms, None)).collect();
        return Text::atom(format!("{{{}}}{modifiers}", texts.join(", ")));
    };
    let mut dice_seen = 0;
    let mut texts = Vec::new();
    for roll in rolls {
        let dice = dice_terms(&roll.terms).len();
        let inner = target.checked_sub(dice_seen).filter(|&inner| inner < dice);
        dice_seen += dice;
        let text = render_sum(&roll.terms, inner);
        if inner.is_some() {
            texts.insert(0, text);
        } else if roll.active {
            texts.push(text);
        }
    }
    let text = texts.join(" + ");
    Text { is_sum: text.contains(' '), text }
}

/// A formula without the texts in square brackets.
fn without_flavor(expression: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for letter in expression.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(letter),
            _ => {}
        }
    }
    kept
}
