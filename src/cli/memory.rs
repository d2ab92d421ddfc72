//! Memory of a run that answers once and ends.

/// Asks the system for memory in small pages from here on. The allocator prefers pages of two megabytes, which pays while indexing;
/// one answer needs little of each, and clearing them takes longer than searching. Where that cannot be asked, a run is only slower.
pub fn prefer_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
}
