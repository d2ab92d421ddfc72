//! Time as benches want it: seconds on the wall and seconds of the processor, which other programs do not stretch.

use std::time::Instant;

/// What something cost.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    /// Seconds on the wall.
    pub wall: f64,
    /// Seconds of all threads together, in steps of ten milliseconds; those on the wall where the system does not tell.
    pub cpu: f64,
}

/// Times an action.
pub fn cost(action: impl FnOnce()) -> Cost {
    let (before, started) = (cpu_seconds(), Instant::now());
    action();
    let wall = started.elapsed().as_secs_f64();
    let cpu = before.zip(cpu_seconds()).map_or(wall, |(before, after)| after - before);
    Cost { wall, cpu }
}

/// The middle one of each, taken apart.
pub fn median(costs: &[Cost]) -> Cost {
    let middle = |of: fn(&Cost) -> f64| {
        let mut values: Vec<f64> = costs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Cost { wall: middle(|cost| cost.wall), cpu: middle(|cost| cost.cpu) }
}

/// User and system time of this process, where Linux tells it in hundredths of a second.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // the program's name stands in brackets and may hold blanks
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}
