//! Cores and memory by the files of Linux.

/// What a machine gives to the server.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// CPU cores, as far as the quota goes.
    pub cores: Option<f64>,
    /// Bytes of memory, as far as the quota goes.
    pub memory_bytes: Option<u64>,
}

/// Files that were read: path and text.
pub type Texts = Vec<(String, String)>;

/// Memory of the machine.
pub(super) const MEMORY: &str = "/proc/meminfo";
/// CPUs that are switched on.
pub(super) const ONLINE: &str = "/sys/devices/system/cpu/online";
/// Where control groups are mounted.
const GROUPS: &str = "/sys/fs/cgroup";

/// Files that hold the quotas of a process, by its `/proc/…/cgroup`: those of its group and of all
/// groups around it. In a container the path may be that of the host, so the top is always asked.
pub fn quota_files(cgroup: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in cgroup.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let has = |name: &str| controllers.split(',').any(|controller| controller == name);
        let wanted: &[&str] = if controllers.is_empty() {
            &["memory.max", "cpu.max"]
        } else if has("memory") {
            &["memory.limit_in_bytes"]
        } else if has("cpu") {
            &["cpu.cfs_quota_us", "cpu.cfs_period_us"]
        } else {
            continue;
        };
        let top = if controllers.is_empty() {
            GROUPS.to_owned()
        } else {
            format!("{GROUPS}/{controllers}")
        };
        for folder in around(path) {
            files.extend(wanted.iter().map(|name| format!("{top}{folder}/{name}")));
        }
    }
    files
}

/// A path and those around it, the top as an empty text. What leads upwards is not followed.
fn around(path: &str) -> Vec<&str> {
    let path = path.trim().trim_end_matches('/');
    if path.contains("/..") {
        return vec![""];
    }
    let mut all = vec![path];
    while let Some((folder, _)) = all.last().and_then(|last| last.rsplit_once('/')) {
        all.push(folder);
    }
    all
}

/// Works the figures out: the least of what there is and of all quotas.
pub fn figures(texts: &Texts) -> Figures {
    let of = |ending: &'static str| {
        let found = texts.iter().filter(move |(path, _)| path.ends_with(ending));
        found.map(|(path, text)| (path.as_str(), text.trim()))
    };
    let memory = of(MEMORY).find_map(|(_, text)| total_memory(text));
    let limits = of("/memory.max").chain(of("/memory.limit_in_bytes"));
    let limits = limits.filter_map(|(_, text)| text.parse::<u64>().ok());
    // A limit that is far above what there is, as without one in version 1, is none.
    let memory_bytes = memory.map(|memory| limits.fold(memory, u64::min));
    let allowed = of("/status").find_map(|(_, text)| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
        list(line)
    });
    let online = of(ONLINE).find_map(|(_, text)| list(text));
    let cores = match (allowed, online) {
        (Some(allowed), Some(online)) => {
            Some(online.iter().filter(|cpu| allowed.contains(cpu)).count())
        }
        (_, Some(online)) => Some(online.len()),
        // All that there could ever be may be allowed.
        (_, None) => None,
    };
    let quotas = of("/cpu.max").filter_map(|(_, text)| {
        let (quota, period) = text.split_once(' ')?;
        share(quota, period)
    });
    let old = of("/cpu.cfs_quota_us").filter_map(|(path, quota)| {
        let folder = path.strip_suffix("cpu.cfs_quota_us")?;
        let period = format!("{folder}cpu.cfs_period_us");
        let (_, period) = texts.iter().find(|(path, _)| *path == period)?;
        share(quota, period)
    });
    let cores = cores.filter(|cores| *cores > 0);
    Figures {
        cores: cores.map(|cores| quotas.chain(old).fold(cores as f64, f64::min)),
        memory_bytes,
    }
}

fn total_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024).filter(|bytes| *bytes > 0)
}

/// Cores that a quota stands for; `max` and -1 are none.
fn share(quota: &str, period: &str) -> Option<f64> {
    let quota: f64 = quota.trim().parse().ok()?;
    let period: f64 = period.trim().parse().ok()?;
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}

/// CPUs of a list such as `0-3,8`.
fn list(text: &str) -> Option<Vec<u32>> {
    /// Above what Linux can have.
    const MOST: u32 = 65_536;
    let mut all = Vec::new();
    for part in text.trim().split(',').filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
        if to >= MOST {
            return None;
        }
        all.extend(from..=to);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::{Figures, figures, quota_files};

    const MEMINFO: &str = "MemTotal:       16384000 kB\nMemFree:  1 kB\n";

    fn check(files: &[(&str, &str)], cores: Option<f64>, memory_bytes: Option<u64>) {
        let texts = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        let expected = Figures {
            cores,
            memory_bytes,
        };
        assert_eq!(figures(&texts.collect()), expected, "{files:?}");
    }

    #[test]
    fn quotas_stand_above_what_there_is() {
        let meminfo = ("/proc/meminfo", MEMINFO);
        let online = ("/sys/devices/system/cpu/online", "0-7\n");
        check(&[meminfo, online], Some(8.0), Some(16_777_216_000));
        // A guest may be allowed CPUs that it does not have.
        let status = (
            "/proc/self/status",
            "Name:\tpostgres\nCpus_allowed_list:\t0-127\n",
        );
        check(&[status, online], Some(8.0), None);
        let status = ("/proc/17/status", "Cpus_allowed_list:\t2,4-5\n");
        check(&[status, online], Some(3.0), None);
        check(&[status], None, None);
        check(
            &[
                meminfo,
                online,
                ("/sys/fs/cgroup/a/b/memory.max", "max\n"),
                ("/sys/fs/cgroup/a/memory.max", "1073741824\n"),
                ("/sys/fs/cgroup/a/b/cpu.max", "50000 100000\n"),
                ("/sys/fs/cgroup/cpu.max", "max 100000\n"),
            ],
            Some(0.5),
            Some(1_073_741_824),
        );
        check(
            &[
                meminfo,
                online,
                (
                    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                    "9223372036854771712\n",
                ),
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000\n"),
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"),
                ("/sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us", "-1\n"),
                ("/sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us", "100000\n"),
            ],
            Some(2.0),
            Some(16_777_216_000),
        );
        check(
            &[
                ("/proc/meminfo", "nonsense"),
                ("/sys/devices/system/cpu/online", "a-b"),
            ],
            None,
            None,
        );
    }

    #[test]
    fn groups_around_are_asked_too() {
        assert_eq!(
            quota_files("0::/system.slice/pg.service\n"),
            [
                "/sys/fs/cgroup/system.slice/pg.service/memory.max",
                "/sys/fs/cgroup/system.slice/pg.service/cpu.max",
                "/sys/fs/cgroup/system.slice/memory.max",
                "/sys/fs/cgroup/system.slice/cpu.max",
                "/sys/fs/cgroup/memory.max",
                "/sys/fs/cgroup/cpu.max",
            ]
        );
        assert_eq!(
            quota_files("5:memory:/docker/ab\n3:pids:/docker/ab\n2:cpu,cpuacct:/\n"),
            [
                "/sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/docker/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us",
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us",
            ]
        );
        assert_eq!(
            quota_files("0::/../../x\nnonsense\n"),
            ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/cpu.max"]
        );
    }
}
