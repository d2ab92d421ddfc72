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
        assert!(in_time * 2 > moments, "only {in_time} of {moments} were still running");
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

#[cfg(target_os = "linux")]
#[test]
fn an_index_of_another_user_is_searched_and_not_written() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let (sandbox, _) = archive(5);
    sandbox.index(&sandbox.path().join("news"));
    fs::set_permissions(sandbox.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let own = answer(&sandbox, ".dateline");
    // a copy, since the folder the binary lies in may be closed to others
    let binary = sandbox.path().join("dateline");
    fs::copy(env!("CARGO_BIN_EXE_dateline"), &binary).unwrap();
    let nobody = |arguments: &[&str]| {
        let mut command = std::process::Command::new(&binary);
        command.args(arguments).current_dir(sandbox.path()).env("DATELINE_CACHE", "/nonexistent");
        command.uid(65_534).gid(65_534).output()
    };
    let Ok(searched) = nobody(&SEARCH) else {
        eprintln!("skipped: only root can become another user");
        return;
    };
    assert!(searched.status.success(), "{searched:?}");
    assert_eq!(String::from_utf8(searched.stdout).unwrap(), own);
    let refused = nobody(&["index"]).unwrap();
    let error = String::from_utf8(refused.stderr).unwrap();
    assert_eq!((refused.status.code(), error.lines().count()), (Some(2), 1), "{error}");
    assert!(error.contains("Permission denied"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_is_read_once_it_can() {
    use std::os::unix::fs::PermissionsExt;
    let (sandbox, _) = archive(3);
    let path = sandbox.path().join("news/1.txt");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        eprintln!("skipped: root reads every file");
        return;
    }
    let first = sandbox.index(&sandbox.path().join("news"));
    assert_eq!((&first["articles"], &first["skipped"]["unreadable"]), (&2.into(), &1.into()), "{first}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let second = sandbox.index(&sandbox.path().join("news"));
    assert_eq!((&second["articles"], &second["skipped"]), (&3.into(), &serde_json::json!({})), "{second}");
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
