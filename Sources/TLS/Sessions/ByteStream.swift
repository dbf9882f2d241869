package import Transport

/// The byte stream of a client connection: a socket, plain or under TLS.
///
/// Plain streams pass each call straight to the socket.
package struct ByteStream: ~Copyable {
    private let socket: StreamSocket
    private var session: TLSSession?

    /// Creates a plain stream.
    package init(_ socket: consuming StreamSocket) {
        self.socket = socket
        session = nil
    }

    /// Creates a TLS stream. The session must belong to this socket.
    init(_ socket: consuming StreamSocket, _ session: TLSSession) {
        self.socket = socket
        self.session = session
    }

    // Sends close_notify, so that the client can tell the end from a truncation; not after `resetOnClose`.
    deinit { session?.sendCloseNotify() }

    /// The file descriptor, for registration on a reactor.
    package var fileDescriptor: CInt { socket.fileDescriptor }

    /// Whether the stream uses TLS.
    package var isSecure: Bool { session != nil }

    /// The protocol negotiated by ALPN, for example `h2`; `nil` for plain streams and clients without ALPN.
    package var applicationProtocol: String? { session?.applicationProtocol }

    /// The name in the client's verified certificate, if one was required.
    package var certifiedName: String? { session?.certifiedName }

    /// Whether received bytes are buffered here: no readiness event announces them, so read again.
    package var holdsInput: Bool { session?.holdsInput ?? false }

    /// The readiness that the next read waits for: `.read`, or `.write` if TLS must send first.
    package var interestToRead: Interest { session?.readNeedsWrite == true ? .write : .read }

    /// Continues the handshake, which must complete before any read or write.
    package mutating func continueHandshake() -> HandshakeProgress {
        guard let session else { return .done }
        let progress = session.continueHandshake()
        if case .notTLS = progress { self.session = nil }
        return progress
    }

    /// Reads available bytes into the buffer from `start`. TLS protocol errors throw EPROTO.
    ///
    /// `ended` does not distinguish close_notify from a truncation: only the framing above knows what is
    /// complete.
    package func read(into buffer: inout [UInt8], from start: Int = 0) throws(SystemError) -> Progress {
        if let session { return try session.read(into: &buffer, from: start) }
        return try socket.read(into: &buffer, from: start)
    }

    /// Writes the bytes in `range`, as many as accepted. `more`: further bytes follow immediately.
    ///
    /// The next call must begin with the bytes that were not accepted, and contain at least as many.
    package func write(
        _ bytes: [UInt8], _ range: Range<Int>, more: Bool = false
    ) throws(SystemError) -> Progress {
        if let session { return try session.write(bytes, range) }
        return try socket.write(bytes, range, more: more)
    }

    /// Sends part of a file; `ended` if the file has no byte at `offset`. Plain streams do not copy it to
    /// user space.
    package func send(
        _ file: FileReader, from offset: Int64, count: Int
    ) throws(SystemError) -> Progress {
        guard let session else { return try socket.send(file, from: offset, count: count) }
        let piece = try file.read(at: offset, count: min(count, Self.pieceMax))
        return piece.isEmpty ? .ended : try session.write(piece, 0..<piece.count)
    }

    /// Shuts down the sending direction; reading continues.
    package func endSending() {
        session?.sendCloseNotify()
        socket.endSending()
    }

    /// Makes the next close a reset (RST): unsent bytes are dropped and the peer gets an error.
    package func resetOnClose() {
        session?.isBroken = true
        socket.resetOnClose()
    }

    /// Four TLS records.
    private static let pieceMax = 64 * 1024
}
