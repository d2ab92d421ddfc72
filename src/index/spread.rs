//! Work on each of several parts, most often segments, shared with cores that have nothing else to do where that pays. What is found
//! does not depend on who looked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, available_parallelism};
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Work left that is worth waking somebody for.
const WORTH_WAKING: Duration = Duration::from_micros(100);

/// Helpers of one answer at most: to make more takes longer than they save.
const MOST_SUMMONED: usize = 15;

/// Those who help; none on one core, or where the system gives no threads.
static HELPERS: OnceLock<Option<ThreadPool>> = OnceLock::new();

fn helpers() -> Option<&'static ThreadPool> {
    HELPERS.get_or_init(|| pool(usize::MAX, || {})).as_ref()
}

/// Threads for all cores but one, at most so many; each does what is said when it begins.
fn pool(most: usize, begin: impl Fn() + Send + Sync + 'static) -> Option<ThreadPool> {
    let threads = (available_parallelism().map_or(1, usize::from) - 1).min(most);
    let pool = ThreadPoolBuilder::new().num_threads(threads).thread_name(|_| "helper".to_owned());
    if threads > 0 { pool.start_handler(move |_| begin()).build().ok() } else { None }
}

/// Makes ready who helps a program that answers once, so that they are there when they are asked, on cores of their own.
///
/// A system that weighs its cores against each other every few milliseconds leaves new threads waiting on the core of who made them
/// while another idles, and a search is over before it looks.
pub fn summon_helpers() {
    HELPERS.get_or_init(|| {
        let leave = leaving_this_core();
        let pool = pool(MOST_SUMMONED, leave);
        // they begin on the core of who asked, and leave it as soon as they have it for a moment
        thread::yield_now();
        pool
    });
}

/// Keeps the thread that calls it off the core of the one that asked for it.
#[cfg(target_os = "linux")]
fn leaving_this_core() -> impl Fn() + Send + Sync + 'static {
    let core = rustix::thread::sched_getcpu();
    move || {
        if let Ok(mut cores) = rustix::thread::sched_getaffinity(None) {
            cores.unset(core);
            // where that leaves none it is refused, and the thread stays
            rustix::thread::sched_setaffinity(None, &cores).ok();
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn leaving_this_core() -> impl Fn() + Send + Sync + 'static {
    || {}
}

/// Does one thing while a helper that has nothing to do, if there is one, does another beside it.
pub fn beside<A: Send, B>(aside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    let mut at_work = AtWork::one();
    let free = helpers().filter(|helpers| at_work.take(1, helpers.current_num_threads()) > 0);
    let Some(helpers) = free else { return (aside(), here()) };
    let mut made = None;
    let here = helpers.in_place_scope(|scope| {
        scope.spawn(|_| made = Some(aside()));
        here()
    });
    (made.expect("the scope ends when all in it is done"), here)
}

/// Threads at work on parts: who asks while all cores are busy works alone, and many searches at once take no longer together.
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// Some of those threads.
struct AtWork(usize);

impl AtWork {
    fn one() -> Self {
        AT_WORK.fetch_add(1, Ordering::Relaxed);
        Self(1)
    }

    /// Takes as many helpers as have nothing to do, at most so many.
    fn take(&mut self, most: usize, helpers: usize) -> usize {
        let taken = AT_WORK.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |at_work| {
            let free = (helpers + 1).saturating_sub(at_work).min(most);
            (free > 0).then_some(at_work + free)
        });
        let taken = taken.map_or(0, |before| (helpers + 1).saturating_sub(before).min(most));
        self.0 += taken;
        taken
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        AT_WORK.fetch_sub(self.0, Ordering::Relaxed);
    }
}

/// What `go` makes of each part, given their sizes, and whether one after the other made them in their order. The smallest is made
/// first: it tells soonest whether the rest is worth waking anybody.
pub fn spread<T: Send>(sizes: &[u64], go: impl Fn(usize) -> T + Sync) -> (Vec<T>, bool) {
    spread_if(sizes, false, go)
}

/// The same of parts each of which is known to take long, as all does where a program answers once: `at_once` asks for help before the
/// first is made, and the largest is made first, so that nobody waits for it at the end.
pub fn spread_if<T: Send>(sizes: &[u64], at_once: bool, go: impl Fn(usize) -> T + Sync) -> (Vec<T>, bool) {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|part| sizes[*part]);
    if at_once {
        order.reverse();
    }
    let mut in_order = order.is_sorted();
    let mut at_work = AtWork::one();
    let mut made = Vec::with_capacity(order.len());
    let (mut done, mut left) = (0, sizes.iter().sum::<u64>());
    let mut helped = |made: &mut Vec<(usize, T)>| {
        let parts_left = order.len() - made.len();
        let Some(helpers) = helpers().filter(|_| parts_left > 1) else { return false };
        let helping = at_work.take(parts_left - 1, helpers.current_num_threads());
        if helping > 0 {
            together(made, &order, helpers, helping, &go);
        }
        helping > 0
    };
    let started = Instant::now();
    in_order &= !(at_once && helped(&mut made));
    while let Some(part) = order.get(made.len()) {
        made.push((*part, go(*part)));
        done += sizes[*part];
        left -= sizes[*part];
        if started.elapsed().as_secs_f64() * left as f64 > WORTH_WAKING.as_secs_f64() * done as f64 {
            in_order &= !helped(&mut made);
        }
    }
    made.sort_unstable_by_key(|(part, _)| *part);
    (made.into_iter().map(|(_, made)| made).collect(), in_order)
}

/// Makes the parts that are left of `order`, with so many helpers.
fn together<T: Send>(
    made: &mut Vec<(usize, T)>,
    order: &[usize],
    helpers: &ThreadPool,
    helping: usize,
    go: &(impl Fn(usize) -> T + Sync),
) {
    let next = AtomicUsize::new(made.len());
    let by_helpers: Mutex<Vec<(usize, T)>> = Mutex::default();
    let work = || {
        let mut own = Vec::new();
        while let Some(part) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            own.push((*part, go(*part)));
        }
        own
    };
    let own = helpers.in_place_scope(|scope| {
        for _ in 0..helping {
            scope.spawn(|_| {
                let own = work();
                by_helpers.lock().unwrap_or_else(PoisonError::into_inner).extend(own);
            });
        }
        work()
    });
    made.extend(own);
    made.extend(by_helpers.into_inner().unwrap_or_else(PoisonError::into_inner));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_in_their_order_whoever_made_them() {
        for parts in [0, 1, 2, 40] {
            let alike = vec![1; parts];
            let falling: Vec<u64> = (0..parts as u64).rev().collect();
            let slowly = |part: usize| {
                std::thread::sleep(Duration::from_micros(200 + 100 * (part as u64 % 3)));
                part
            };
            for sizes in [alike, falling] {
                assert_eq!(spread(&sizes, slowly).0, (0..parts).collect::<Vec<_>>());
                assert_eq!(spread_if(&sizes, true, |part| part).0, (0..parts).collect::<Vec<_>>());
                let (made, in_order) = spread(&sizes, |part| part);
                assert_eq!(made, (0..parts).collect::<Vec<_>>());
                assert!(!in_order || sizes.is_sorted());
            }
        }
    }

    #[test]
    fn who_is_at_work_is_free_again_after_a_panic() {
        let panics = std::panic::catch_unwind(|| {
            spread(&[1; 8], |part| {
                std::thread::sleep(Duration::from_micros(200));
                assert_ne!(part, 5);
            })
        });
        assert!(panics.is_err());
        let (made, _) = spread(&[1; 8], |part| {
            std::thread::sleep(Duration::from_micros(200));
            part
        });
        assert_eq!(made.len(), 8);
    }
}
