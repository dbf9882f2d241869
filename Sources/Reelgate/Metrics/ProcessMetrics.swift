import Glibc
import Metrics
import Transport

/// The `process_*` metrics, read from `/proc` for each scrape. Blocks; do not use on an event loop.
enum ProcessMetrics {
    private static let ticksPerSecond = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    private static let pageSize = UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
    /// When the kernel started, in seconds since 1970, by the clock as it is at the first scrape.
    private static let bootTime =
        Double(SystemTime.wallMilliseconds - SystemTime.bootMilliseconds) / 1000

    /// The metrics that the kernel shows now; none where there is no `/proc`.
    static var families: [MetricFamily] {
        let status = text(of: "/proc/self/stat", limit: 4096).flatMap(ProcessStatus.init)
        return (status.map(families) ?? []) + descriptors
    }

    private static func families(of status: ProcessStatus) -> [MetricFamily] {
        [
            MetricFamily(
                .counter, "process_cpu_seconds_total", "CPU time of the process in seconds",
                .number(Double(status.ticks) / ticksPerSecond)),
            MetricFamily(
                .gauge, "process_resident_memory_bytes", "Resident memory in bytes",
                .integer(Int64(clamping: status.residentPages * pageSize))),
            MetricFamily(
                .gauge, "process_virtual_memory_bytes", "Virtual memory in bytes",
                .integer(Int64(clamping: status.virtualBytes))),
            MetricFamily(
                .gauge, "process_start_time_seconds", "Start of the process in seconds since 1970",
                .number(bootTime + Double(status.startTicks) / ticksPerSecond)),
        ]
    }

    private static var descriptors: [MetricFamily] {
        let open = try? FileSystem.names(in: "/proc/self/fd").count
        return [
            MetricFamily(
                // Without the descriptor of the folder itself.
                .gauge, "process_open_fds", "Open file descriptors",
                (open.map { [MetricSample(.integer(Int64($0 - 1)))] }) ?? []),
            MetricFamily(
                .gauge, "process_max_fds", "File descriptors that the process may have open",
                .integer(Int64(ProcessLimits.fileLimit))),
        ]
    }

    private static func text(of path: String, limit: Int) -> String? {
        let bytes = try? OpenFile(path).read(at: 0, count: limit)
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
