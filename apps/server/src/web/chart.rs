//! Plots, drawn here as SVG: no script, and no style of their own (the pages' policy allows none).
//!
//! A screen reader hears the summary; a page that draws numbers shows them in a table or in words
//! besides.

mod scale;

use super::texts::decimal;
use askama::Template;
use askama::filters::HtmlSafe;
use gamification_core::preferences::Language;
use scale::Scale;

const WIDTH: i32 = 480;
const HEIGHT: i32 = 250;
const LEFT: i32 = 56;
const RIGHT: i32 = WIDTH - 16;
const TOP: i32 = 26;
const BOTTOM: i32 = HEIGHT - 46;
/// About how many lines the grid has.
const LINES: u32 = 4;
/// At most that many columns are named.
const NAMES_MAX: usize = 4;
/// How much of its room a column takes.
const COLUMN_SHARE: f64 = 0.7;

/// What is written at a plot, said already.
#[derive(Debug, Clone)]
pub(super) struct Labels {
    /// What the plot shows, in one sentence.
    pub(super) summary: String,
    /// What runs to the right, with its unit.
    pub(super) x: String,
    /// What runs upwards, with its unit.
    pub(super) y: String,
}

/// A mark at an axis.
struct Tick {
    at: f64,
    text: String,
}

struct Axes {
    labels: Labels,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    width: i32,
    height: i32,
    left: i32,
    right: i32,
    bottom: i32,
}

impl Axes {
    fn new(labels: Labels, x_ticks: Vec<Tick>, y_ticks: Vec<Tick>) -> Self {
        let (width, height, left, right, bottom) = (WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM);
        Self { labels, x_ticks, y_ticks, width, height, left, right, bottom }
    }
}

/// A curve.
#[derive(Template)]
#[template(path = "chart/line.html")]
pub(super) struct LineChart {
    axes: Axes,
    points: String,
}

/// Every text in it is escaped by its template.
impl HtmlSafe for LineChart {}

/// A curve through these points, from left to right; both axes begin at 0.
pub(super) fn line_chart(points: &[(f64, f64)], labels: Labels, language: Language) -> LineChart {
    let (across, up) = (points.iter().map(|point| point.0), points.iter().map(|point| point.1));
    let (across, up) = (horizontal(across, false), vertical(up, false));
    let place = |(x, y): &(f64, f64)| format!("{:.1},{:.1}", across.place(*x), up.place(*y));
    let points = points.iter().map(place).collect::<Vec<_>>().join(" ");
    let axes = Axes::new(labels, ticks(&across, language), ticks(&up, language));
    LineChart { axes, points }
}

/// What a part of a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing in particular.
    Plain,
    /// It went well.
    Good,
    /// It went another way.
    Warn,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Warn => "warn",
        }
    }
}

/// A column: parts upon each other.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// What stands below it.
    pub(super) name: String,
    /// What a pointer is told that rests on it.
    pub(super) told: String,
    /// From the ground up.
    pub(super) parts: Vec<(Tone, f64)>,
}

struct DrawnColumn {
    told: String,
    left: String,
    width: String,
    parts: Vec<DrawnPart>,
}

struct DrawnPart {
    tone: &'static str,
    top: String,
    height: String,
}

/// Columns beside each other.
#[derive(Template)]
#[template(path = "chart/columns.html")]
pub(super) struct ColumnChart {
    axes: Axes,
    columns: Vec<DrawnColumn>,
}

/// Every text in it is escaped by its template.
impl HtmlSafe for ColumnChart {}

/// Columns of whole things, from left to right. Not all of many columns are named.
pub(super) fn column_chart(columns: &[Column], labels: Labels, language: Language) -> ColumnChart {
    let sums = columns.iter().map(|column| column.parts.iter().map(|part| part.1).sum());
    let up = vertical(sums, true);
    let room = f64::from(RIGHT - LEFT) / count(columns.len().max(1));
    let middle = |index: usize| f64::from(LEFT) + room * (count(index) + 0.5);
    let step = columns.len().div_ceil(NAMES_MAX).max(1);
    let named = columns.iter().enumerate().step_by(step);
    let named = named.map(|(index, column)| Tick { at: middle(index), text: column.name.clone() });
    let axes = Axes::new(labels, named.collect(), ticks(&up, language));
    let width = room * COLUMN_SHARE;
    let drawn = columns.iter().enumerate().map(|(index, column)| DrawnColumn {
        told: column.told.clone(),
        left: format!("{:.1}", middle(index) - width / 2.0),
        width: format!("{width:.1}"),
        parts: stacked(column, &up),
    });
    let columns = drawn.collect();
    ColumnChart { axes, columns }
}

fn stacked(column: &Column, up: &Scale) -> Vec<DrawnPart> {
    let mut ground = 0.0;
    let parts = column.parts.iter().map(|(tone, value)| {
        let (bottom, top) = (up.place(ground), up.place(ground + value));
        ground += value;
        let (top, height) = (format!("{top:.1}"), format!("{:.1}", bottom - top));
        DrawnPart { tone: tone.class(), top, height }
    });
    parts.collect()
}

fn horizontal(values: impl Iterator<Item = f64>, is_whole: bool) -> Scale {
    Scale::up_to(largest(values), LINES, is_whole).over(f64::from(LEFT), f64::from(RIGHT))
}

fn vertical(values: impl Iterator<Item = f64>, is_whole: bool) -> Scale {
    Scale::up_to(largest(values), LINES, is_whole).over(f64::from(BOTTOM), f64::from(TOP))
}

fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

fn ticks(scale: &Scale, language: Language) -> Vec<Tick> {
    let tick = |value| Tick { at: scale.place(value), text: decimal(language, value, 2) };
    scale.marks().map(tick).collect()
}

#[expect(clippy::cast_precision_loss, reason = "nobody draws 2^53 columns")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    fn labels() -> Labels {
        let text = |text: &str| text.to_owned();
        Labels { summary: text("a \"plot\""), x: text("<days>"), y: text("points") }
    }

    #[test]
    fn a_curve_begins_at_the_corner_and_ends_at_its_largest_values() {
        let points = [(0.0, 0.0), (50.0, 10.0), (100.0, 20.0)];
        let chart = line_chart(&points, labels(), Language::English).to_string();
        assert!(chart.contains("points=\"56.0,204.0 260.0,115.0 464.0,26.0\""), "{chart}");
        assert!(chart.contains(">100</text>"), "{chart}");
    }

    #[test]
    fn the_parts_of_a_column_stand_upon_each_other() {
        let parts = vec![(Tone::Good, 1.0), (Tone::Warn, 3.0)];
        let column = Column { name: "Mon".to_owned(), told: "1 and 3".to_owned(), parts };
        let chart = column_chart(&[column], labels(), Language::English).to_string();
        assert!(chart.contains(r#"class="bar good" x="117.2" y="159.5""#), "{chart}");
        assert!(chart.contains(r#"class="bar warn" x="117.2" y="26.0""#), "{chart}");
        assert!(chart.contains(r#"height="133.5""#), "{chart}");
    }

    #[test]
    fn what_is_written_at_a_plot_is_text_and_nothing_else() {
        let chart = line_chart(&[(1.0, 1.0)], labels(), Language::English).to_string();
        assert!(chart.contains("&#60;days&#62;"), "{chart}");
        assert!(chart.contains("aria-label=\"a &#34;plot&#34;\""), "{chart}");
    }

    #[test]
    fn a_plot_of_nothing_has_axes() {
        let chart = column_chart(&[], labels(), Language::French).to_string();
        assert!(chart.contains("class=\"axis\""), "{chart}");
        assert!(!chart.contains("NaN"), "{chart}");
        let chart = line_chart(&[], labels(), Language::French).to_string();
        assert!(!chart.contains("NaN"), "{chart}");
    }
}
