import Glibc
import Transport

/// Tells the service manager that started us how we stand (sd_notify(3)): one datagram for each notice, to
/// the socket that `NOTIFY_SOCKET` names. Without one nothing is sent.
struct ServiceNotices: Sendable {
    /// What there is to tell.
    enum Notice: Equatable, Sendable {
        /// Serving; with a line for a person.
        case ready(status: String)
        /// Reading the configuration again; to be followed by `ready`.
        case reloading
        case stopping
        /// Alive: to be sent within each `watchdog` interval.
        case alive

        fileprivate var text: String {
            switch self {
            case .ready(let status): "READY=1\nSTATUS=\(status)"
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(SystemTime.monotonicNanoseconds / 1000)"
            case .stopping: "STOPPING=1\nSTATUS=finishing what is under way"
            case .alive: "WATCHDOG=1"
            }
        }
    }

    /// How often the manager wants to hear that we are alive; `nil` if it does not ask.
    let watchdog: Duration?
    private let path: String?

    /// - Parameter environment: as systemd.exec(5) sets it.
    init(environment: [String: String]) {
        let path = environment["NOTIFY_SOCKET"] ?? ""
        self.path = path.hasPrefix("/") || path.hasPrefix("@") ? path : nil
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let interval = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = self.path != nil && isForUs && interval > 0 ? .microseconds(interval) : nil
    }

    /// Sends a notice. Returns what went wrong, if something did: a manager that does not hear us is worth a
    /// warning and no more.
    @discardableResult
    func send(_ notice: Notice) -> SystemError? {
        guard let path else { return nil }
        do throws(SystemError) {
            try DatagramSocket().send(Array(notice.text.utf8), toPath: path)
            return nil
        } catch { return error }
    }
}
