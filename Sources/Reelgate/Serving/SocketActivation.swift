import FoundationEssentials
import Glibc
import Transport

/// The listening sockets that a service manager started us with (sd_listen_fds(3)): one for each entry of
/// `listen`, in the same order. An entry's `tls` counts; its address gives way to the socket's.
enum SocketActivation {
    /// Number of the first descriptor that is passed; the others follow it.
    private static let firstDescriptor: CInt = 3

    private static let variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"]

    /// Takes over what was passed to this process; empty if nothing was. Throws everything that is wrong with
    /// it at once. Further programs do not hear of it.
    static func take(
        for listeners: [Settings.Listener], environment: [String: String]
    ) throws(SettingsError) -> [PassedSocket] {
        for name in variables { _ = unsafe unsetenv(name) }
        // Variables that another process was meant to read, such as a shell that started us.
        guard environment["LISTEN_PID"] == "\(getpid())", let count = environment["LISTEN_FDS"], count != "0"
        else { return [] }
        guard Int(count) == listeners.count else { throw failure(wrongCount(count, listeners.count)) }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(
            separator: ":", omittingEmptySubsequences: false)
        var sockets: [PassedSocket] = []
        var faults: [SettingIssue] = []
        for (index, listener) in listeners.enumerated() {
            let name = index < names.count && !names[index].isEmpty ? " (\(names[index].prefix(255)))" : ""
            let message = "socket \(index + 1)\(name), for listen.\(index)"
            do throws(PassedSocket.Unfit) {
                let socket = try PassedSocket(adopting: firstDescriptor + CInt(index))
                sockets.append(socket)
                if let fault = exposure(of: socket, message, for: listener) { faults.append(fault) }
            } catch { faults.append(unfit(message, error)) }
        }
        if !faults.isEmpty { throw SettingsError(faults: faults) }
        return sockets
    }

    /// Entries of `listen` that name another address than the socket in their place: perhaps the order is
    /// wrong, and TLS is where it is not wanted.
    static func warnings(_ sockets: [PassedSocket], for listeners: [Settings.Listener]) -> [String] {
        zip(sockets, listeners).enumerated().compactMap { index, pair in
            let (socket, listener) = pair
            guard socket.address != listener.address, listener.address.port != 0 else { return nil }
            return "listen.\(index) is \(listener.address), but the socket that was passed for it listens on "
                + "\(socket.address), \(listener.tls == nil ? "in the clear" : "with TLS"): sockets are "
                + "taken in the order of listen"
        }
    }

    private static func wrongCount(_ count: String, _ wanted: Int) -> SettingIssue {
        fault(
            "\(count.prefix(20)) passed, but listen has \(wanted)",
            remedy: "give reelgate.socket one ListenStream= for each entry of listen, in the same order")
    }

    private static func unfit(_ message: String, _ why: PassedSocket.Unfit) -> SettingIssue {
        fault(
            "\(message), \(why.rawValue)",
            remedy: "pass sockets that listen: ListenStream= and Accept=no in reelgate.socket")
    }

    /// Anyone who reaches an open gateway can spend.
    private static func exposure(
        of socket: PassedSocket, _ message: String, for listener: Settings.Listener
    ) -> SettingIssue? {
        var place = listener
        place.address = socket.address
        guard place.isOpenToOthers else { return nil }
        return fault(
            "\(message), listens on \(socket.address), which can be reached from other machines while access "
                + "is open to all",
            remedy: "name a loopback address, such as ListenStream=127.0.0.1:8031, or ask for certificates "
                + "with tls.client_ca")
    }

    private static func fault(_ message: String, remedy: String) -> SettingIssue {
        SettingIssue(origin: .environment("LISTEN_FDS"), key: "", message: message, remedy: remedy)
    }

    private static func failure(_ fault: SettingIssue) -> SettingsError { SettingsError(faults: [fault]) }
}
