import Glibc
import Transport

/// Notifies the service manager of state changes (sd_notify(3)): one datagram per notice to the socket in
/// `NOTIFY_SOCKET`. Does nothing without it.
struct ServiceNotifier: Sendable {
    /// A notice to the service manager.
    enum Notice: Equatable, Sendable {
        /// Serving, with a status line.
        case ready(status: String)
        /// Reloading the configuration; `ready` must follow.
        case reloading
        case stopping
        /// The watchdog notification; due within each `watchdog` interval.
        case alive

        fileprivate var text: String {
            switch self {
            case .ready(let status): "READY=1\nSTATUS=\(status)"
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(SystemTime.monotonicNanoseconds / 1000)"
            case .stopping: "STOPPING=1\nSTATUS=finishing requests in progress"
            case .alive: "WATCHDOG=1"
            }
        }
    }

    /// The watchdog interval; `nil` if the service manager requires none.
    let watchdog: Duration?
    private let path: String?

    /// Reads the variables of systemd.exec(5).
    init(environment: [String: String]) {
        let path = environment["NOTIFY_SOCKET"] ?? ""
        self.path = path.hasPrefix("/") || path.hasPrefix("@") ? path : nil
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let interval = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = self.path != nil && isForUs && interval > 0 ? .microseconds(interval) : nil
    }

    /// Sends a notice. Returns the error, if any; it is worth a warning only.
    @discardableResult
    func send(_ notice: Notice) -> SystemError? {
        guard let path else { return nil }
        do throws(SystemError) {
            try DatagramSocket().send(Array(notice.text.utf8), toPath: path)
            return nil
        } catch { return error }
    }
}
