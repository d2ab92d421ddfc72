//! Files that are none, or that we may not read.

use super::{GOOD, folder, outcome};

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_named_and_never_opened() {
    use std::os::unix::fs::symlink;
    let sandbox = folder();
    let news = sandbox.path().join("news");
    symlink(&news, news.join("loop")).unwrap();
    symlink("/dev/zero", news.join("zero")).unwrap();
    symlink("nowhere", news.join("broken")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(news.join("pipe")).status();
    let pipes = u8::from(made.is_ok_and(|status| status.success()));
    let _socket = std::os::unix::net::UnixListener::bind(news.join("socket")).unwrap();
    sandbox.write("news/.hidden/a.txt", GOOD);
    assert_eq!(outcome(&sandbox, &[]), format!("0 articles, 1 hidden, {} not a file, 3 symlink", 1 + pipes));
}

#[cfg(unix)]
#[test]
fn a_device_as_root_is_no_endless_archive() {
    let sandbox = folder();
    for device in ["/dev/null", "/dev/zero"] {
        let ran = sandbox.line(&format!("extract {device}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("1 not a file"), "{ran:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = folder();
    let file = sandbox.write("news/a.txt", GOOD.replace("Geneva", "Oslo").replace("ceasefire", "truce"));
    let inside = sandbox.write("news/closed/b.txt", GOOD.replace("Geneva", "Bern"));
    let closed = inside.parent().unwrap();
    for path in [&file, closed] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000)).unwrap();
    }
    // root may read everything
    let may_read = std::fs::read(&file).is_ok();
    if !may_read {
        assert_eq!(outcome(&sandbox, &[]), "0 articles, 2 unreadable");
    }
    for path in [&file, closed] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    if may_read {
        eprintln!("skipped: these tests run as someone who may read every file");
    }
}
