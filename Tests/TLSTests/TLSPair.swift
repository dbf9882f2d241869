import Glibc
import TLS
import Transport

/// A client and a server stream joined by a socket, without a loop: the test performs each step.
final class TLSPair {
    let client: TLSClient
    var server: ByteStream
    private let far: CInt
    private(set) var progress = HandshakeProgress.waits(for: .read)

    init(_ identity: TLSIdentity, _ kind: TLSClient.Kind = TLSClient.Kind()) {
        client = TLSClient(kind)
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
        precondition(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
        far = ends[0]
        server = identity.accept(StreamSocket(adopting: OwnedDescriptor(adopting: ends[1])))
    }

    deinit { close(far) }

    var holdsInput: Bool { server.holdsInput }
    var isSecure: Bool { server.isSecure }
    var applicationProtocol: String? { server.applicationProtocol }
    var certifiedName: String? { server.certifiedName }

    /// Runs both sides until nothing moves. Returns whether the handshake is complete on both.
    @discardableResult
    func continueHandshake() -> Bool {
        while true {
            let isDone = client.continueHandshake()
            let sent = carryToServer()
            if case .waits = progress { progress = server.continueHandshake() }
            let received = carryToClient()
            if !sent && !received { return isDone && progress == .done }
        }
    }

    @discardableResult
    func carryToServer() -> Bool {
        let bytes = client.take()
        send(bytes)
        return !bytes.isEmpty
    }

    func send(_ bytes: [UInt8]) {
        let sent = unsafe Glibc.send(far, bytes, bytes.count, CInt(MSG_NOSIGNAL))
        precondition(sent == bytes.count, "more than a socket holds")
    }

    /// Performs one step of the server's handshake.
    func step() -> HandshakeProgress {
        progress = server.continueHandshake()
        return progress
    }

    @discardableResult
    func carryToClient() -> Bool {
        let bytes = received()
        client.give(bytes)
        return !bytes.isEmpty
    }

    /// The bytes that the server sent.
    func received() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        let count = unsafe recv(far, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Returns what the server's stream reports now.
    func read(room: Int = 1 << 16) throws -> (Progress, String) {
        var buffer = [UInt8](repeating: 0, count: room)
        let progress = try server.read(into: &buffer)
        guard case .moved(let count) = progress else { return (progress, "") }
        return (progress, String(decoding: buffer[..<count], as: UTF8.self))
    }

    /// Returns everything that the server can read now.
    func readAll() throws -> String {
        var text = ""
        while case (.moved, let piece) = try read() { text += piece }
        return text
    }

    /// Sends text from the server. Returns the number of bytes accepted.
    func write(_ text: String) throws -> Progress {
        try server.write(Array(text.utf8), 0..<text.utf8.count)
    }

    /// Closes the client's end without close_notify.
    func cut() { shutdown(far, CInt(SHUT_WR)) }
}
