//! Killed, out of space, without permission, beside readers: what answers stays whole.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::refreshing::{Dice, listing};
use crate::sandbox::{Sandbox, TODAY};

const SEARCH: [&str; 8] = ["search", "flood OR treaty", "--limit", "50", "--facet", "people", "--format", "ndjson"];

/// An archive of so many files in `news`.
fn archive(articles: usize) -> (Sandbox, Dice) {
    let sandbox = Sandbox::new();
    let mut dice = Dice(articles as u64);
    for number in 0..articles {
        sandbox.write(&format!("news/{number}.txt"), dice.article());
    }
    (sandbox, dice)
}

fn change(sandbox: &Sandbox, dice: &mut Dice) {
    for number in 0..8 {
        sandbox.write(&format!("news/{}.txt", 5 * number), dice.article());
        sandbox.write(&format!("news/new-{number}.txt"), dice.article());
        fs::remove_file(sandbox.path().join(format!("news/{}.txt", 5 * number + 1))).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn answer(sandbox: &Sandbox, index: &str) -> String {
    let ran = sandbox.run(SEARCH.into_iter().chain(["--index", index]));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    ran.stdout
}

/// Kills a run at so many moments spread over its time: once from nothing, once as a rebuild, once as a refresh.
fn killed_at(moments: u32, articles: usize) {
    let (sandbox, mut dice) = archive(articles);
    let index = |index: &str, flags: &[&str]| {
        let mut command = sandbox.command();
        command.args(["index", "news", "--json", "--today", TODAY, "--index", index]).args(flags);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command
    };
    let digest =
        |index: &str| sandbox.json(&format!("index news --json --today {TODAY} --index {index}"))["digest"].clone();
    digest("old");
    let before = answer(&sandbox, "old");
    change(&sandbox, &mut dice);
    let expected = digest("undisturbed");
    let after = answer(&sandbox, "undisturbed");
    assert_ne!(before, after);
    for (way, flags) in [("a build", &[][..]), ("a rebuild", &["--rebuild"][..]), ("a refresh", &[][..])] {
        let killed = sandbox.path().join("killed");
        let prepare = || {
            fs::remove_dir_all(&killed).ok();
            if way != "a build" {
                copy(&sandbox.path().join("old"), &killed);
            }
        };
        prepare();
        let started = Instant::now();
        assert!(index("killed", flags).status().unwrap().success());
        let whole = started.elapsed();
        let mut in_time = 0;
        for moment in 0..moments {
            prepare();
            let mut run = index("killed", flags).spawn().unwrap();
            let part = f64::from(moment) + dice.roll(1000) as f64 / 1000.0;
            std::thread::sleep(whole.mul_f64(1.05 * part / f64::from(moments)));
            run.kill().unwrap();
            in_time += u32::from(!run.wait().unwrap().success());
            if killed.join("CURRENT").exists() {
                let published = way == "a build" || fs::read_to_string(killed.join("CURRENT")).unwrap().trim() != "1";
                let expected = if published { &after } else { &before };
                assert_eq!(answer(&sandbox, "killed"), *expected, "{way}, killed at moment {moment}");
            } else {
                assert_eq!(way, "a build");
            }
            assert_eq!(digest("killed"), expected, "{way}, killed at moment {moment}");
            assert_eq!(answer(&sandbox, "killed"), after, "{way}, killed at moment {moment}");
            let left: Vec<String> = listing(&killed)
                .into_iter()
                .filter(|name| {
                    !["CURRENT", "LOCK", "generations", "generations/1", "generations/2"].contains(&name.as_str())
                })
                .collect();
            assert_eq!(left, [""; 0], "{way}, killed at moment {moment}");
        }
        assert!(in_time > 0, "none of {moments} was still running");
        eprintln!("{way} of {articles} files in {whole:.0?}: {in_time} of {moments} killed before their end");
    }
}

#[test]
fn killed_at_any_moment_the_old_generation_answers_and_the_next_run_completes() {
    killed_at(7, 120);
}

#[test]
#[ignore = "takes minutes"]
fn killed_at_two_hundred_moments_the_old_generation_answers_and_the_next_run_completes() {
    killed_at(200, 400);
}

/// Five readers search all the time while the archive is refreshed back and forth.
fn readers_beside_a_writer(refreshes: usize) {
    let (sandbox, mut dice) = archive(60);
    let index = || sandbox.stdout(&format!("index news --today {TODAY} --keep 2"));
    index();
    let one = answer(&sandbox, ".dateline");
    let path = sandbox.path().join("news/7.txt");
    let texts = [fs::read_to_string(&path).unwrap(), format!("{} flood flood treaty\n", dice.article())];
    fs::write(&path, &texts[1]).unwrap();
    index();
    let other = answer(&sandbox, ".dateline");
    assert_ne!(one, other);
    let done = AtomicBool::new(false);
    let answered = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..5)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = [0, 0];
                    while !done.load(Ordering::Relaxed) {
                        let answer = answer(&sandbox, ".dateline");
                        match [&one, &other].iter().position(|known| **known == answer) {
                            Some(which) => seen[which] += 1,
                            None => panic!("a mixed answer: {answer}"),
                        }
                    }
                    seen
                })
            })
            .collect();
        let written = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for round in 0..refreshes {
                fs::write(&path, &texts[round % 2]).unwrap();
                index();
            }
        }));
        done.store(true, Ordering::Relaxed);
        assert!(written.is_ok());
        readers.into_iter().map(|reader| reader.join().unwrap()).fold([0, 0], |a, b| [a[0] + b[0], a[1] + b[1]])
    });
    assert!(answered[0] > 0 && answered[1] > 0, "{answered:?}");
    eprintln!("{refreshes} refreshes, {answered:?} answers of the two kinds");
}

#[test]
fn readers_beside_a_writer_get_whole_answers() {
    readers_beside_a_writer(8);
}

#[test]
#[ignore = "takes minutes"]
fn readers_beside_a_writer_get_whole_answers_for_long() {
    readers_beside_a_writer(200);
}

#[test]
fn a_second_writer_is_told_who_writes() {
    let (sandbox, _) = archive(3);
    sandbox.index(&sandbox.path().join("news"));
    let lock = fs::File::options().read(true).write(true).open(sandbox.path().join(".dateline/LOCK")).unwrap();
    fs::write(sandbox.path().join(".dateline/LOCK"), "4711\n").unwrap();
    lock.try_lock().unwrap();
    let error = sandbox.error("index news", 2);
    assert_eq!(error, "error: .dateline is being written by process 4711; wait for it to end");
    assert_eq!(sandbox.line("search ''").code, 0, "readers take no lock");
    drop(lock);
    assert_eq!(sandbox.line("index news").code, 0, "a dead process holds no lock");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_generation_answering() {
    let (sandbox, mut dice) = archive(40);
    let disk = sandbox.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = |size: &str, options: &str| {
        let options = format!("{options}size={size}");
        let mut command = std::process::Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&disk).output().is_ok_and(|ran| ran.status.success())
    };
    if !mount("16m", "") {
        eprintln!("skipped: only root can mount a small disk to fill");
        return;
    }
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let index = |flags: &str| sandbox.line(&format!("index news --today {TODAY} --index disk/index {flags}"));
        assert_eq!(index("").code, 0);
        let before = answer(&sandbox, "disk/index");
        change(&sandbox, &mut dice);
        let filler = disk.join("filler");
        // from no room at all to almost enough
        for free in [0, 4, 16, 64, 128, 200] {
            fill(&filler, free << 10);
            for flags in ["", "--rebuild"] {
                let ran = index(flags);
                fs::remove_file(&filler).unwrap();
                if ran.code == 0 {
                    return;
                }
                assert_eq!((ran.code, ran.stderr.lines().count()), (2, 1), "{free} KB free: {ran:?}");
                assert!(ran.stderr.contains("No space left"), "{free} KB free: {ran:?}");
                assert_eq!(answer(&sandbox, "disk/index"), before, "{free} KB free");
                fill(&filler, free << 10);
            }
        }
        fs::remove_file(&filler).unwrap();
        assert_eq!(index("").code, 0, "with room again it completes");
        assert_eq!(listing(&disk.join("index")), ["CURRENT", "LOCK", "generations", "generations/1", "generations/2"]);
    }));
    std::process::Command::new("umount").arg(&disk).status().unwrap();
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic);
    }
}

/// Fills the disk up to so many free bytes.
#[cfg(target_os = "linux")]
fn fill(filler: &Path, free: u64) {
    use std::io::Write;
    let mut file = fs::File::create(filler).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    let size = file.metadata().unwrap().len();
    file.set_len(size.saturating_sub(free)).unwrap();
}

/// The binary as run by the user `nobody`, or nothing where only root could do that.
#[cfg(target_os = "linux")]
struct Nobody<'a> {
    sandbox: &'a Sandbox,
    binary: std::path::PathBuf,
}

#[cfg(target_os = "linux")]
impl<'a> Nobody<'a> {
    const ID: u32 = 65_534;

    fn in_sandbox(sandbox: &'a Sandbox) -> Option<Self> {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(sandbox.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // a copy, since the folder the binary lies in may be closed to others
        let binary = sandbox.path().join("dateline");
        fs::copy(env!("CARGO_BIN_EXE_dateline"), &binary).unwrap();
        let nobody = Self { sandbox, binary };
        let can = nobody.command(&["--version"]).output().is_ok();
        if !can {
            eprintln!("skipped: only root can become another user");
        }
        can.then_some(nobody)
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        use std::os::unix::process::CommandExt;
        let mut command = std::process::Command::new(&self.binary);
        command.args(arguments).current_dir(self.sandbox.path()).env("DATELINE_CACHE", "/nonexistent");
        command.env_remove("DATELINE_INDEX").env_remove("RUST_BACKTRACE");
        command.uid(Self::ID).gid(Self::ID);
        command
    }

    fn run(&self, arguments: &[&str]) -> crate::sandbox::Ran {
        crate::sandbox::ran(self.command(arguments).output().unwrap())
    }

    /// Gives a file or folder away.
    fn own(&self, path: &str) {
        std::os::unix::fs::chown(self.sandbox.path().join(path), Some(Self::ID), Some(Self::ID)).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_index_of_another_user_is_searched_and_not_written() {
    let (sandbox, _) = archive(5);
    sandbox.index(&sandbox.path().join("news"));
    let own = answer(&sandbox, ".dateline");
    let Some(nobody) = Nobody::in_sandbox(&sandbox) else { return };
    let searched = nobody.run(&SEARCH);
    assert_eq!((searched.code, searched.stdout), (0, own));
    let before = listing(&sandbox.path().join(".dateline"));
    for flags in [&["index"][..], &["index", "--rebuild"]] {
        let refused = nobody.run(flags);
        assert_eq!((refused.code, refused.stderr.lines().count()), (2, 1), "{refused:?}");
        assert!(refused.stderr.contains("Permission denied"), "{refused:?}");
    }
    assert_eq!(listing(&sandbox.path().join(".dateline")), before);
}

#[cfg(target_os = "linux")]
#[test]
fn where_no_link_is_possible_a_refresh_copies() {
    use std::os::unix::fs::MetadataExt;
    let (sandbox, mut dice) = archive(100);
    sandbox.index(&sandbox.path().join("news"));
    let Some(nobody) = Nobody::in_sandbox(&sandbox) else { return };
    let are_protected = fs::read_to_string("/proc/sys/fs/protected_hardlinks").is_ok_and(|on| on.trim() == "1");
    if !are_protected {
        eprintln!("skipped: this system lets everyone link files of others");
        return;
    }
    // the files of the generation stay root's, and nobody may link them
    for path in ["", ".dateline", ".dateline/CURRENT", ".dateline/LOCK", ".dateline/generations"] {
        nobody.own(path);
    }
    change(&sandbox, &mut dice);
    let refreshed = nobody.run(&["index", "--json", "--today", TODAY]);
    assert_eq!(refreshed.code, 0, "{refreshed:?}");
    let store = |generation: u32| {
        let files = fs::read_dir(sandbox.path().join(format!(".dateline/generations/{generation}"))).unwrap();
        let mut stores: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
        stores.retain(|path| path.extension().is_some_and(|ending| ending == "store"));
        stores.sort();
        stores
    };
    let (before, after) = (store(1), store(2));
    let name = before[0].file_name();
    let copied = after.iter().find(|path| path.file_name() == name).expect("the first segment stays");
    assert_ne!(before[0].metadata().unwrap().ino(), copied.metadata().unwrap().ino(), "it is a copy");
    assert_eq!(fs::read(&before[0]).unwrap(), fs::read(copied).unwrap());
    assert_eq!(sandbox.line("verify --deep").code, 0);
    let refreshed: serde_json::Value = serde_json::from_str(&refreshed.stdout).unwrap();
    let rebuilt = sandbox.json(&format!("index news --json --index fresh --today {TODAY}"));
    assert_eq!(refreshed["digest"], rebuilt["digest"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_may_no_longer_be_read_is_said_and_read_once_it_may() {
    use std::os::unix::fs::PermissionsExt;
    let (sandbox, mut dice) = archive(6);
    sandbox.write("news/folder/7.txt", dice.article());
    let Some(nobody) = Nobody::in_sandbox(&sandbox) else { return };
    nobody.own("");
    let index = || {
        let ran = nobody.run(&["index", "news", "--json", "--today", TODAY]);
        assert_eq!(ran.code, 0, "{ran:?}");
        serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()
    };
    let allow = |path: &str, mode: u32| {
        fs::set_permissions(sandbox.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    let whole = index();
    assert_eq!((&whole["articles"], &whole["skipped"]), (&7.into(), &serde_json::json!({})), "{whole}");
    // a change makes the file be opened again
    sandbox.write("news/1.txt", dice.article());
    allow("news/1.txt", 0o000);
    allow("news/folder", 0o000);
    let less = index();
    assert_eq!((&less["articles"], &less["skipped"]["unreadable"]), (&5.into(), &2.into()), "{less}");
    assert!(less["examples"]["unreadable"]["detail"].as_str().unwrap().contains("ermission denied"), "{less}");
    allow("news/1.txt", 0o644);
    allow("news/folder", 0o755);
    let again = index();
    assert_eq!((&again["articles"], &again["skipped"]), (&7.into(), &serde_json::json!({})), "{again}");
    // an index folder that lost its permission leaves what was there
    allow(".dateline/generations", 0o555);
    sandbox.write("news/8.txt", dice.article());
    let refused = nobody.run(&["index", "--today", TODAY]);
    assert_eq!((refused.code, refused.stderr.lines().count()), (2, 1), "{refused:?}");
    assert!(refused.stderr.contains("Permission denied"), "{refused:?}");
    assert_eq!(nobody.run(&SEARCH).code, 0);
    allow(".dateline/generations", 0o755);
    assert_eq!(index()["articles"], 8);
}

#[test]
fn files_that_come_and_go_while_they_are_read_are_no_failure() {
    let (sandbox, mut dice) = archive(30);
    sandbox.index(&sandbox.path().join("news"));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let path = format!("news/{}.txt", dice.roll(60));
                if dice.roll(2) == 0 {
                    fs::remove_file(sandbox.path().join(path)).ok();
                } else {
                    sandbox.write(&path, dice.article());
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let runs: Vec<_> = (0..12).map(|_| sandbox.line(&format!("index --allow-removal --today {TODAY}"))).collect();
        done.store(true, Ordering::Relaxed);
        for ran in runs {
            assert_eq!(ran.code, 0, "{ran:?}");
        }
    });
    let refreshed = sandbox.json(&format!("index --json --allow-removal --today {TODAY}"));
    let rebuilt = sandbox.json(&format!("index news --json --index fresh --today {TODAY}"));
    for key in ["digest", "articles", "skipped"] {
        assert_eq!(refreshed[key], rebuilt[key], "{key}");
    }
}
