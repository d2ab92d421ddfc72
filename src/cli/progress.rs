//! Shows how far a run is, on a terminal only, and lets Ctrl-C stop it so that nothing is left behind.

use std::io::IsTerminal;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dateline::indexer::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use super::output::grouped;

/// The run Ctrl-C stops; without one it ends the process.
static RUNNING: Mutex<Option<Arc<Progress>>> = Mutex::new(None);

/// A run that ends sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// Does some work while a bar shows its progress.
///
/// # Errors
/// What the work fails with; `Interrupted` after Ctrl-C.
pub fn watch<T>(work: impl FnOnce(&Progress) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let progress = Arc::new(Progress::default());
    set_running(Some(Arc::clone(&progress)));
    // a second run in one process finds the handler in place
    ctrlc::try_set_handler(interrupt).ok();
    let result = std::thread::scope(|scope| {
        let (done, wait) = channel::<()>();
        if std::io::stderr().is_terminal() {
            let progress = &progress;
            scope.spawn(move || draw(progress, &wait));
        }
        let result = work(&progress);
        drop(done);
        result
    });
    set_running(None);
    result
}

fn set_running(progress: Option<Arc<Progress>>) {
    if let Ok(mut running) = RUNNING.lock() {
        *running = progress;
    }
}

fn interrupt() {
    let running = RUNNING.lock().ok().and_then(|running| running.clone());
    // asked a second time, or with nothing to clean up, it ends at once; the next run removes what is left
    if running.is_none_or(|progress| progress.cancelled.swap(true, Relaxed)) {
        std::process::exit(130);
    }
}

fn draw(progress: &Progress, wait: &Receiver<()>) {
    let started = Instant::now();
    if wait.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {wide_msg}") {
        bar.set_style(style);
    }
    loop {
        bar.set_length(progress.bytes_found.load(Relaxed));
        bar.set_position(progress.bytes.load(Relaxed));
        bar.set_message(message(progress, started.elapsed()));
        if wait.recv_timeout(Duration::from_millis(100)) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    bar.finish_and_clear();
}

fn message(progress: &Progress, elapsed: Duration) -> String {
    let [files, files_found, bytes, bytes_found, articles] =
        [&progress.files, &progress.files_found, &progress.bytes, &progress.bytes_found, &progress.articles]
            .map(|count| count.load(Relaxed));
    let rate = bytes as f64 / elapsed.as_secs_f64().max(1e-3);
    let left = match bytes_found.saturating_sub(bytes) {
        0 if bytes > 0 => ", finishing".to_owned(),
        left if bytes > 0 => format!(", {} left", span((left as f64 / rate) as u64)),
        _ => String::new(),
    };
    format!(
        "{}/{} files, {} articles, {:.1} MB/s{left}",
        grouped(files),
        grouped(files_found),
        grouped(articles),
        rate / 1e6
    )
}

fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_tells_files_articles_speed_and_time_left() {
        let progress = Progress::default();
        progress.files.store(1200, Relaxed);
        progress.files_found.store(2400, Relaxed);
        progress.bytes.store(50_000_000, Relaxed);
        progress.bytes_found.store(100_000_000, Relaxed);
        progress.articles.store(31_000, Relaxed);
        let message = message(&progress, Duration::from_secs(10));
        assert_eq!(message, "1,200/2,400 files, 31,000 articles, 5.0 MB/s, 10 s left");
    }
}
