internal import COpenSSL
internal import Glibc

/// A custom BIO that gives OpenSSL access to the socket.
///
/// OpenSSL keeps reading while a client sends messages that it handles internally, such as renegotiation
/// attempts. A read limit per turn keeps one client from delaying the others.
@safe  // The C pointers never leave this type.
final class TLSWire {
    private let fileDescriptor: CInt

    /// Bytes that may still be read in this turn.
    private var allowance = 0
    /// Whether the last read stopped only because of the turn's limit.
    private(set) var isTurnLimitReached = false
    /// Bytes read so far.
    private(set) var received = 0
    /// The first received byte.
    private(set) var firstByte: UInt8?
    /// The errno of the failed system call.
    private(set) var failure: CInt = 0
    private var hasEnded = false

    /// The type of a handshake record (RFC 8446 §5.1), with which every TLS client begins.
    static let handshakeByte: UInt8 = 22
    private static let turnMax = 64 * 1024

    init(_ fileDescriptor: CInt) { self.fileDescriptor = fileDescriptor }

    /// Begins a turn of reading.
    func beginTurn() {
        allowance = Self.turnMax
        isTurnLimitReached = false
    }

    /// Whether the client does not speak TLS.
    var isNotTLS: Bool { firstByte.map { $0 != Self.handshakeByte } ?? false }

    /// Creates the BIO for a session, which then owns it; this object must outlive it.
    func makeBIO() -> OpaquePointer {
        guard let bio = unsafe BIO_new(Self.method) else { preconditionFailure("OpenSSL without memory") }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }

    private func read(_ bio: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ room: CInt) -> CInt {
        unsafe BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
        if isNotTLS { return -1 }
        if allowance <= 0 {
            isTurnLimitReached = true
            unsafe BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
            return -1
        }
        let count = unsafe recv(fileDescriptor, buffer, Int(room), 0)
        guard count > 0 else { return unsafe ended(bio, count, BIO_FLAGS_READ) }
        if received == 0 { firstByte = unsafe buffer.map { UInt8(bitPattern: unsafe $0[0]) } }
        received += count
        allowance -= count
        return isNotTLS ? -1 : CInt(count)
    }

    private func write(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ length: CInt) -> CInt {
        unsafe BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
        let count = unsafe send(fileDescriptor, bytes, Int(length), CInt(MSG_NOSIGNAL))
        return count > 0 ? CInt(count) : unsafe ended(bio, count, BIO_FLAGS_WRITE)
    }

    /// Handles a call that transferred nothing: sets the retry flag or records the error.
    private func ended(_ bio: OpaquePointer?, _ result: Int, _ direction: CInt) -> CInt {
        let code = errno
        if result == 0 {
            hasEnded = true
            return 0
        }
        if code == EAGAIN || code == EINTR {
            unsafe BIO_set_flags(bio, direction | BIO_FLAGS_SHOULD_RETRY)
        } else {
            failure = code
        }
        return -1
    }

    private func control(_ command: CInt) -> CLong {
        switch command {
        case BIO_CTRL_FLUSH: 1
        case BIO_CTRL_EOF: hasEnded ? 1 : 0
        default: 0
        }
    }

    private static func owner(of bio: OpaquePointer?) -> TLSWire {
        guard let data = unsafe BIO_get_data(bio) else { preconditionFailure("set with its owner") }
        return unsafe Unmanaged<TLSWire>.fromOpaque(data).takeUnretainedValue()
    }

    // nonisolated(unsafe) because it is initialized once, before any use, and never changed.
    private nonisolated(unsafe) static let method: OpaquePointer? = {
        let kind = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
        guard let method = unsafe BIO_meth_new(kind, "reelgate") else { return nil }
        unsafe BIO_meth_set_read(method) { unsafe TLSWire.owner(of: $0).read($0, $1, $2) }
        unsafe BIO_meth_set_write(method) { unsafe TLSWire.owner(of: $0).write($0, $1, $2) }
        unsafe BIO_meth_set_ctrl(method) { bio, command, _, _ in
            unsafe TLSWire.owner(of: bio).control(command)
        }
        return unsafe method
    }()
}
