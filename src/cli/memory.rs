//! How much memory this process uses, where the system tells: the last resort against a run that
//! uses up all of it, which no count of ours foresaw.

/// The part of the free memory that a process may use, in per cent.
const MOST_PERCENT: u64 = 90;

/// What this process may use unless somebody says otherwise, in MiB; nothing where the system
/// does not tell what is free.
pub(super) fn usual_limit() -> Option<u64> {
    let free = std::fs::read_to_string("/proc/meminfo").ok()?;
    let free = kib_of(&free, "MemAvailable:")? / 1024;
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max").unwrap_or_default();
    let group = group.trim().parse::<u64>().ok().map(|bytes| bytes >> 20);
    Some(group.map_or(free, |group| free.min(group)) * MOST_PERCENT / 100)
}

/// What this process uses now, in MiB.
pub(super) fn used() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(kib_of(&status, "VmRSS:")? / 1024)
}

/// The number of kibibytes in the line that begins with `key`.
fn kib_of(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_key_is_read() {
        let text = "MemTotal:       24576000 kB\nMemAvailable:    8192 kB\nHugePages_Total:   0\n";
        assert_eq!(kib_of(text, "MemAvailable:"), Some(8192));
        assert_eq!(kib_of(text, "HugePages_Total:"), None);
        assert_eq!(kib_of(text, "VmRSS:"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_uses_some_memory_and_may_use_more() {
        let (used, most) = (used(), usual_limit());
        assert!(used > Some(0) && most > Some(0), "{used:?} of {most:?}");
    }
}
