import Metrics

/// What the kernel knows of the process, as `/proc/self/stat` shows it.
struct ProcessStatus: Equatable, Sendable {
    /// CPU time of all threads, in clock ticks.
    let ticks: UInt64
    /// When the process started, in clock ticks after the kernel did.
    let startTicks: UInt64
    let virtualBytes: UInt64
    let residentPages: UInt64

    /// Parses the content of `/proc/self/stat` (proc(5)); `nil` if it has another form.
    init?(_ text: String) {
        // The second field is the name of the program in parentheses, and may contain spaces and parentheses.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split { $0 == " " || $0 == "\n" }
        func number(_ position: Int) -> UInt64? {
            // The third field is the first one here.
            fields.indices.contains(position - 3) ? UInt64(fields[position - 3]) : nil
        }
        guard let user = number(14), let system = number(15), let start = number(22),
            let bytes = number(23), let pages = number(24)
        else { return nil }
        ticks = user + system
        startTicks = start
        virtualBytes = bytes
        residentPages = pages
    }
}
