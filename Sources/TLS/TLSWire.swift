internal import COpenSSL
internal import Glibc

/// The socket as OpenSSL sees it (a BIO of our own).
///
/// OpenSSL goes on reading as long as a client sends what it handles by itself, such as attempts to
/// renegotiate. Here a turn has an allowance, so that no client holds up the others.
@safe  // The C pointers never leave this type.
final class TLSWire {
    private let number: CInt

    /// Bytes that may still be read in this turn.
    private var allowance = 0
    /// Whether a read was put off only because the allowance was used up.
    private(set) var isPutOff = false
    /// Everything read so far, in bytes.
    private(set) var received = 0
    /// The first byte that came.
    private(set) var firstByte: UInt8?
    /// The error of the system call that failed.
    private(set) var failure: CInt = 0
    private var hasEnded = false

    /// A handshake record (RFC 8446 §5.1): what every client of TLS begins with.
    static let handshakeByte: UInt8 = 22
    private static let turnMax = 64 * 1024

    init(_ number: CInt) { self.number = number }

    /// Begins a turn of reading.
    func allowTurn() {
        allowance = Self.turnMax
        isPutOff = false
    }

    /// Whether the client speaks something else.
    var isForeign: Bool { firstByte.map { $0 != Self.handshakeByte } ?? false }

    /// The BIO to give to a session, which then owns it; this object must outlive it.
    func makeBIO() -> OpaquePointer {
        guard let bio = unsafe BIO_new(Self.method) else { preconditionFailure("OpenSSL without memory") }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }

    private func read(_ bio: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ room: CInt) -> CInt {
        unsafe BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
        if isForeign { return -1 }
        if allowance <= 0 {
            isPutOff = true
            unsafe BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
            return -1
        }
        let count = unsafe recv(number, buffer, Int(room), 0)
        guard count > 0 else { return unsafe ended(bio, count, BIO_FLAGS_READ) }
        if received == 0 { firstByte = unsafe buffer.map { UInt8(bitPattern: unsafe $0[0]) } }
        received += count
        allowance -= count
        return isForeign ? -1 : CInt(count)
    }

    private func write(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ length: CInt) -> CInt {
        unsafe BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
        let count = unsafe send(number, bytes, Int(length), CInt(MSG_NOSIGNAL))
        return count > 0 ? CInt(count) : unsafe ended(bio, count, BIO_FLAGS_WRITE)
    }

    /// Notes why a call moved nothing.
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

    // nonisolated(unsafe) because it is made once, before any use, and never changed.
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
