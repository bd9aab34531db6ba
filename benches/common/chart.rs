//! Charts as SVG: no fonts of their own, readable on white and on black.

use std::fmt::Write as _;

/// A hue for each series, of about the same lightness: told apart in print, by most
/// of those who see few colours, and against both backgrounds.
const COLOURS: [&str; 8] = [
    "#d1495b", "#e8871e", "#3a7ca5", "#2e8b57", "#8a5fbf", "#6b7785", "#b5838d", "#a08a2c",
];
const STYLE: &str = "<style>
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 15px }
  .small { font-size: 12px; fill: #57606a }
  .grid { stroke: #8c959f; stroke-opacity: .35 }
  .whisker { stroke: #24292f }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9da7b1 } .whisker { stroke: #e6edf3 }
  }
</style>
";

/// One bar: what it stands for, its length, and from where to where runs went.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) spread: [f64; 2],
    /// Bars of one colour are of one program.
    pub(crate) colour: usize,
}

/// Horizontal bars in groups, on a logarithmic scale.
pub(crate) fn bars(title: &str, note: &str, groups: &[(String, Vec<Bar>)]) -> String {
    const LEFT: f64 = 250.0;
    const WIDTH: f64 = 520.0;
    let count: usize = groups.iter().map(|(_, bars)| bars.len()).sum();
    let height = 70.0 + 30.0 * groups.len() as f64 + 18.0 * count as f64;
    let scale = Scale::of(
        groups
            .iter()
            .flat_map(|(_, bars)| bars)
            .map(|bar| bar.value),
    );
    let x = |value: f64| LEFT + WIDTH * scale.share(value);
    let mut svg = head(title, note, [LEFT + WIDTH + 70.0, height + 20.0]);
    for tick in scale.ticks() {
        let _ = writeln!(
            svg,
            "<line class='grid' x1='{0:.1}' x2='{0:.1}' y1='52' y2='{height}'/>\
             <text class='small' x='{0:.1}' y='{1}' text-anchor='middle'>{2}</text>",
            x(tick),
            height + 14.0,
            number(tick)
        );
    }
    let mut y = 54.0;
    for (name, bars) in groups {
        y += 18.0;
        let _ = writeln!(
            svg,
            "<text class='title' x='12' y='{y}'>{}</text>",
            escaped(name)
        );
        y += 6.0;
        for bar in bars {
            let [least, most] = bar.spread.map(x);
            let _ = writeln!(
                svg,
                "<text x='{:.1}' y='{:.1}' text-anchor='end'>{}</text>\
                 <rect x='{LEFT}' y='{y:.1}' width='{:.1}' height='14' fill='{}'/>\
                 <line class='whisker' x1='{least:.1}' x2='{most:.1}' y1='{5:.1}' y2='{5:.1}'/>\
                 <text x='{6:.1}' y='{1:.1}'>{7}</text>",
                LEFT - 8.0,
                y + 11.5,
                escaped(&bar.name),
                x(bar.value) - LEFT,
                COLOURS[bar.colour % COLOURS.len()],
                y + 7.0,
                x(bar.value).max(most) + 6.0,
                number(bar.value)
            );
            y += 18.0;
        }
        y += 6.0;
    }
    svg + "</svg>\n"
}

/// One curve.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<[f64; 2]>,
}

/// One diagram among several: its curves over one axis.
pub(crate) struct Panel {
    pub(crate) title: String,
    pub(crate) across: &'static str,
    pub(crate) lines: Vec<Line>,
}

/// Panels in two columns; axes are logarithmic but for what is counted in ones.
pub(crate) fn panels(title: &str, note: &str, panels: &[Panel]) -> String {
    const SIZE: [f64; 2] = [420.0, 300.0];
    let rows = panels.len().div_ceil(2) as f64;
    let mut svg = head(title, note, [2.0 * SIZE[0] + 20.0, 60.0 + rows * SIZE[1]]);
    for (at, panel) in panels.iter().enumerate() {
        let (column, row) = ((at % 2) as f64, (at / 2) as f64);
        let _ = writeln!(
            svg,
            "<g transform='translate({:.0} {:.0})'>",
            10.0 + column * SIZE[0],
            56.0 + row * SIZE[1]
        );
        one_panel(&mut svg, panel);
        svg.push_str("</g>\n");
    }
    svg + "</svg>\n"
}

fn one_panel(svg: &mut String, panel: &Panel) {
    const LEFT: f64 = 56.0;
    const TOP: f64 = 30.0;
    const WIDTH: f64 = 240.0;
    const HEIGHT: f64 = 200.0;
    let points = || panel.lines.iter().flat_map(|line| &line.points);
    let across = Scale::of_counts(points().map(|[x, _]| *x));
    let up = Scale::of(points().map(|[_, y]| *y));
    let x = |value: f64| LEFT + WIDTH * across.share(value);
    let y = |value: f64| TOP + HEIGHT * (1.0 - up.share(value));
    let _ = writeln!(
        svg,
        "<text class='title' x='4' y='14'>{}</text>",
        escaped(&panel.title)
    );
    for tick in across.ticks() {
        let _ = writeln!(
            svg,
            "<line class='grid' x1='{0:.1}' x2='{0:.1}' y1='{TOP}' y2='{1}'/>\
             <text class='small' x='{0:.1}' y='{2}' text-anchor='middle'>{3}</text>",
            x(tick),
            TOP + HEIGHT,
            TOP + HEIGHT + 16.0,
            number(tick)
        );
    }
    for tick in up.ticks() {
        let _ = writeln!(
            svg,
            "<line class='grid' x1='{LEFT}' x2='{0}' y1='{1:.1}' y2='{1:.1}'/>\
             <text class='small' x='{2}' y='{3:.1}' text-anchor='end'>{4}</text>",
            LEFT + WIDTH,
            y(tick),
            LEFT - 6.0,
            y(tick) + 4.0,
            number(tick)
        );
    }
    let _ = writeln!(
        svg,
        "<text class='small' x='{}' y='{}' text-anchor='middle'>{}</text>",
        LEFT + WIDTH / 2.0,
        TOP + HEIGHT + 34.0,
        escaped(panel.across)
    );
    let mut legend = TOP + 4.0;
    for (line, colour) in panel.lines.iter().zip(COLOURS.iter().cycle()) {
        let places: Vec<String> = line
            .points
            .iter()
            .map(|[a, b]| format!("{:.1},{:.1}", x(*a), y(*b)))
            .collect();
        let _ = writeln!(
            svg,
            "<polyline fill='none' stroke='{colour}' stroke-width='2' points='{}'/>",
            places.join(" ")
        );
        for [a, b] in &line.points {
            let (a, b) = (x(*a), y(*b));
            let _ = writeln!(
                svg,
                "<circle cx='{a:.1}' cy='{b:.1}' r='3' fill='{colour}'/>"
            );
        }
        let _ = writeln!(
            svg,
            "<circle cx='{}' cy='{}' r='4' fill='{colour}'/>\
             <text class='small' x='{}' y='{legend}'>{}</text>",
            LEFT + WIDTH + 12.0,
            legend - 4.0,
            LEFT + WIDTH + 20.0,
            escaped(&line.name)
        );
        legend += 17.0;
    }
}

fn head(title: &str, note: &str, [width, height]: [f64; 2]) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}' role='img'>\n\
         <title>{0}</title>\n{STYLE}<text class='title' x='12' y='22'>{0}</text>\n\
         <text class='small' x='12' y='40'>{1}</text>\n",
        escaped(title),
        escaped(note)
    )
}

/// Where values stand along an axis.
enum Scale {
    /// From one power of ten to another.
    Powers(i32, i32),
    /// From one whole number to another, not far away.
    Numbers(f64, f64),
}

impl Scale {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let least = values.clone().fold(f64::MAX, f64::min).max(1e-3);
        let most = values.fold(1e-3, f64::max);
        let first = least.log10().floor() as i32;
        Self::Powers(first, (most.log10().ceil() as i32).max(first + 1))
    }

    /// The same for what is counted from 1: never far for keys and cores.
    fn of_counts(values: impl Iterator<Item = f64> + Clone) -> Self {
        let most = values.clone().fold(2.0, f64::max);
        if most > 16.0 {
            return Self::of(values);
        }
        Self::Numbers(1.0, most)
    }

    /// How far along the scale `value` stands, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        let share = match *self {
            Self::Powers(first, last) => {
                (value.max(1e-9).log10() - f64::from(first)) / f64::from(last - first)
            }
            Self::Numbers(first, last) => (value - first) / (last - first),
        };
        share.clamp(0.0, 1.0)
    }

    fn ticks(&self) -> Vec<f64> {
        match *self {
            Self::Powers(first, last) => (first..=last).map(|power| 10_f64.powi(power)).collect(),
            Self::Numbers(first, last) => {
                let whole = first as i32..=last as i32;
                whole.map(f64::from).collect()
            }
        }
    }
}

/// Three digits are enough to be read.
pub(crate) fn number(value: f64) -> String {
    match value {
        _ if value >= 1e6 => format!("{:.0} M", value / 1e6),
        _ if value >= 1e4 => format!("{:.0} k", value / 1e3),
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}").trim_end_matches(".0").to_owned(),
        _ if value >= 1.0 => format!("{value:.2}").trim_end_matches(".00").to_owned(),
        _ => format!("{value:.3}").trim_end_matches('0').to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
