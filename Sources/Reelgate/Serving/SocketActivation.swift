import FoundationEssentials
import Glibc
import Transport

/// Listening sockets passed by a service manager (sd_listen_fds(3)): one per entry of `listen`, in the same
/// order. An entry's `tls` applies; the socket's address replaces the entry's.
enum SocketActivation {
    /// The first passed descriptor; the others follow it.
    private static let firstDescriptor: CInt = 3

    private static let variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"]

    /// Adopts the sockets passed to this process; empty if there are none. Throws all issues at once. Unsets
    /// the variables, so that child processes ignore them.
    static func adoptSockets(
        for listeners: [Settings.Listener], _ access: Settings.Access, environment: [String: String]
    ) throws(SettingsError) -> [InheritedSocket] {
        for name in variables { _ = unsafe unsetenv(name) }
        // Variables meant for another process, such as a shell that started this one, are ignored.
        guard environment["LISTEN_PID"] == "\(getpid())", let count = environment["LISTEN_FDS"], count != "0"
        else { return [] }
        guard Int(count) == listeners.count else { throw failure(wrongCount(count, listeners.count)) }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(
            separator: ":", omittingEmptySubsequences: false)
        var sockets: [InheritedSocket] = []
        var issues: [SettingIssue] = []
        for (index, listener) in listeners.enumerated() {
            let name = index < names.count && !names[index].isEmpty ? " (\(names[index].prefix(255)))" : ""
            let message = "socket \(index + 1)\(name), for listen.\(index)"
            do throws(InheritedSocket.AdoptionError) {
                let socket = try InheritedSocket(adopting: firstDescriptor + CInt(index))
                sockets.append(socket)
                if access.clients == .open, let issue = exposure(of: socket, message, for: listener) {
                    issues.append(issue)
                }
            } catch { issues.append(unusable(message, error)) }
        }
        if !issues.isEmpty { throw SettingsError(issues: issues) }
        return sockets
    }

    /// Returns warnings for entries of `listen` whose address differs from their socket's: the order may be
    /// wrong, and TLS may apply to the wrong socket.
    static func warnings(_ sockets: [InheritedSocket], for listeners: [Settings.Listener]) -> [String] {
        zip(sockets, listeners).enumerated().compactMap { index, pair in
            let (socket, listener) = pair
            guard socket.address != listener.address, listener.address.port != 0 else { return nil }
            return "listen.\(index) is \(listener.address), but the socket passed for it listens on "
                + "\(socket.address), \(listener.tls == nil ? "without TLS" : "with TLS"): sockets are "
                + "assigned in the order of listen"
        }
    }

    private static func wrongCount(_ count: String, _ wanted: Int) -> SettingIssue {
        issue(
            "\(count.prefix(20)) passed, but listen has \(wanted)",
            remedy: "give reelgate.socket one ListenStream= per entry of listen, in the same order")
    }

    private static func unusable(_ message: String, _ why: InheritedSocket.AdoptionError) -> SettingIssue {
        issue(
            "\(message), \(why.rawValue)",
            remedy: "pass listening sockets: ListenStream= and Accept=no in reelgate.socket")
    }

    /// Returns an issue if other machines could reach an open gateway, since anyone who reaches it can spend
    /// money.
    private static func exposure(
        of socket: InheritedSocket, _ message: String, for listener: Settings.Listener
    ) -> SettingIssue? {
        var endpoint = listener
        endpoint.address = socket.address
        guard endpoint.isOpenToOthers else { return nil }
        return issue(
            "\(message), listens on \(socket.address), which can be reached from other machines while access "
                + "is open to all",
            remedy: "use a loopback address, such as ListenStream=127.0.0.1:8031, or require certificates "
                + "with tls.client_ca")
    }

    private static func issue(_ message: String, remedy: String) -> SettingIssue {
        SettingIssue(origin: .environment("LISTEN_FDS"), key: "", message: message, remedy: remedy)
    }

    private static func failure(_ issue: SettingIssue) -> SettingsError { SettingsError(issues: [issue]) }
}
