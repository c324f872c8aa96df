//! What two pieces of work took enters; a line with their ratio, the goal and whether it is reached leaves.

use crate::bench::measure::Spent;

/// So many events, and what they took.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    events: u32,
    spent: Spent,
    name: &'static str,
}

impl Work {
    pub fn of(events: u32, spent: Spent) -> Self {
        Work { events, spent, name: "" }
    }

    /// What the work is, where the line does not say.
    pub fn named(self, name: &'static str) -> Self {
        Work { name, ..self }
    }

    fn shown(&self, goal: Goal) -> String {
        let figure = match goal {
            Goal::Rate(_) | Goal::None => format!("{:.0} events/s", f64::from(self.events) * 1000.0 / self.spent.wall),
            Goal::Time(_) | Goal::Most(_) => format!("{:.1} ms", self.spent.wall),
        };
        format!("{} {figure}", self.name).trim_start().to_owned()
    }
}

/// What is to be reached.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// Events a second, at least so many times those of the baseline.
    Rate(f64),
    /// Time, at most so many times that of the baseline.
    Time(f64),
    /// Milliseconds, whatever the baseline takes.
    Most(f64),
    /// Nothing: the rates are only shown.
    None,
}

/// A line of the table.
pub struct Row {
    cells: [String; 7],
}

impl Row {
    /// Our work beside the baseline.
    pub fn compared(measure: &str, ours: Work, baseline: Work, goal: Goal) -> Self {
        let ratio = |of: fn(&Spent) -> f64| match goal {
            Goal::Rate(_) | Goal::None => {
                f64::from(ours.events) * of(&baseline.spent) / (f64::from(baseline.events) * of(&ours.spent))
            }
            Goal::Time(_) | Goal::Most(_) => of(&ours.spent) / of(&baseline.spent),
        };
        let (wall, cpu) = (ratio(|spent| spent.wall), ratio(|spent| spent.cpu));
        let (goal_text, reached) = match goal {
            Goal::Rate(least) => (format!(">= {least}"), yes_or_no(wall >= least)),
            Goal::Time(most) => (format!("<= {most}"), yes_or_no(wall <= most)),
            Goal::Most(most) => (format!("<= {most} ms"), yes_or_no(ours.spent.wall <= most)),
            Goal::None => ("-".into(), "-"),
        };
        // Some ticks of ten milliseconds say nothing.
        let tells = ours.spent.cpu.min(baseline.spent.cpu) >= 50.0;
        let cpu = if tells { format!("{cpu:.2}") } else { "-".into() };
        let cells = [
            measure.into(),
            ours.shown(goal),
            baseline.shown(goal),
            format!("{wall:.2}"),
            goal_text,
            reached.into(),
            cpu,
        ];
        Row { cells }
    }

    /// A figure that is to be at most `most`, beside nothing.
    pub fn plain(measure: &str, figure: f64, unit: &str, most: f64) -> Self {
        let reached = yes_or_no(figure <= most);
        let none = || "-".to_owned();
        let (figure, goal) = (format!("{figure:.1} {unit}"), format!("<= {most} {unit}"));
        Row { cells: [measure.into(), figure, none(), none(), goal, reached.into(), none()] }
    }

    pub fn print(&self) {
        println!("| {} |", self.cells.join(" | "));
    }
}

fn yes_or_no(is_reached: bool) -> &'static str {
    if is_reached { "yes" } else { "no" }
}

pub fn print_head() {
    println!("| measure | ours | baseline | ratio | goal | reached | CPU |");
    println!("|---|---|---|---|---|---|---|");
}
