package import Transport

/// A client's connection as the layers above see it: a socket, in the clear or beneath TLS.
///
/// In the clear each call goes straight to the socket.
package struct ByteStream: ~Copyable {
    private let socket: StreamSocket
    private var session: TLSSession?

    /// A stream in the clear.
    package init(_ socket: consuming StreamSocket) {
        self.socket = socket
        session = nil
    }

    /// A stream beneath TLS. The session must be one for this socket.
    init(_ socket: consuming StreamSocket, _ session: TLSSession) {
        self.socket = socket
        self.session = session
    }

    // Says goodbye, so that the client can tell the end from a cut; not after `resetOnClose`.
    deinit { session?.sendCloseNotify() }

    /// The number to watch it by.
    package var number: CInt { socket.number }

    /// Whether it is beneath TLS.
    package var isSecure: Bool { session != nil }

    /// What ALPN settled on, for example `h2`; `nil` in the clear and for clients that do not ask.
    package var applicationProtocol: String? { session?.applicationProtocol }

    /// The name in the client's certificate, if one was asked for; it is verified.
    package var certifiedName: String? { session?.certifiedName }

    /// Whether bytes that came already wait here: no readiness tells of them, so read again.
    package var holdsInput: Bool { session?.holdsInput ?? false }

    /// What readiness the next read waits for: `.read`, or `.write` where TLS itself must send first.
    package var interestToRead: Interest { session?.mustSendToRead == true ? .write : .read }

    /// Goes on with the handshake, which has to be done before anything is read or written.
    package mutating func continueHandshake() -> HandshakeProgress {
        guard let session else { return .done }
        let progress = session.continueHandshake()
        if case .foreign = progress { self.session = nil }
        return progress
    }

    /// Reads into the buffer from `start` on, as much as there is and fits. A violation of TLS is EPROTO.
    ///
    /// `ended` does not tell whether the client said so (close_notify) or was cut off: only the framing
    /// above knows what is whole.
    package func read(into buffer: inout [UInt8], from start: Int = 0) throws(SystemError) -> Progress {
        if let session { return try session.read(into: &buffer, from: start) }
        return try socket.read(into: &buffer, from: start)
    }

    /// Writes what stands in `range`, as much as is taken. `more`: further bytes follow at once.
    ///
    /// What was not taken must come first in the next call, and no less of it.
    package func write(
        _ bytes: [UInt8], _ range: Range<Int>, more: Bool = false
    ) throws(SystemError) -> Progress {
        if let session { return try session.write(bytes, range) }
        return try socket.write(bytes, range, more: more)
    }

    /// Sends part of a file; `ended` if the file has no byte there. In the clear it does not pass through
    /// our memory.
    package func send(
        _ file: borrowing OpenFile, from offset: Int64, count: Int
    ) throws(SystemError) -> Progress {
        guard let session else { return try socket.send(file, from: offset, count: count) }
        let piece = try file.read(at: offset, count: min(count, Self.pieceMax))
        return piece.isEmpty ? .ended : try session.write(piece, 0..<piece.count)
    }

    /// Sends the end of our side; reading goes on.
    package func endSending() {
        session?.sendCloseNotify()
        socket.endSending()
    }

    /// Makes the coming close a reset (RST): unsent bytes are dropped and the other side gets an error.
    package func resetOnClose() {
        session?.isBroken = true
        socket.resetOnClose()
    }

    /// Four records.
    private static let pieceMax = 64 * 1024
}
