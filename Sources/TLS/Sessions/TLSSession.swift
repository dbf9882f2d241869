internal import COpenSSL
internal import Glibc
internal import Transport

/// TLS for one connection. Buffers exist only while they hold data, so idle sessions are small.
@safe  // The C pointer never leaves this type.
final class TLSSession {
    // Kept alive for OpenSSL's callbacks and I/O.
    private let context: TLSContext
    private let wire: TLSWire
    private let ssl: OpaquePointer

    /// Set after a protocol error or before a reset: nothing more may be sent, not even close_notify.
    var isBroken = false
    private var hasSentCloseNotify = false
    private(set) var readNeedsWrite = false
    private(set) var holdsInput = false
    private(set) var applicationProtocol: String?
    private(set) var certifiedName: String?

    /// Protocol steps since the handshake, such as key updates (about four steps) and refused renegotiations
    /// (one).
    private var protocolSteps = 0
    private static let protocolStepsMax = 128
    /// A handshake takes a few KiB, with long chains some tens.
    private static let handshakeBytesMax = 256 * 1024

    init(_ context: TLSContext, _ socket: CInt) {
        self.context = context
        wire = TLSWire(socket)
        unsafe ssl = context.makeSession()
        let bio = unsafe wire.makeBIO()
        unsafe SSL_set_bio(ssl, bio, bio)
        unsafe SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { unsafe SSL_free(ssl) }

    /// Continues the handshake as far as possible without blocking.
    func continueHandshake() -> HandshakeProgress {
        wire.beginTurn()
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(ssl)
        if result == 1 { return finishHandshake() }
        defer { ERR_clear_error() }
        if wire.isNotTLS {
            isBroken = true
            return .notTLS(firstByte: wire.firstByte ?? 0)
        }
        let reason = ERR_peek_last_error()
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ where wire.received <= Self.handshakeBytesMax:
            holdsInput = wire.isTurnLimitReached
            return .waits(for: .read)
        case SSL_ERROR_WANT_WRITE: return .waits(for: .write)
        default:
            isBroken = true
            let message = unsafe ERR_reason_error_string(reason).map { unsafe String(cString: $0) }
            return .failed((message ?? "cut off") + certificateError)
        }
    }

    /// The verification error of the client's certificate, after a colon; empty if there is none.
    private var certificateError: String {
        let result = unsafe SSL_get_verify_result(ssl)
        guard result != Int(X509_V_OK) else { return "" }
        return unsafe ": " + String(cString: X509_verify_cert_error_string(result))
    }

    private func finishHandshake() -> HandshakeProgress {
        // Application data may have arrived with the last handshake message.
        holdsInput = unsafe SSL_has_pending(ssl) == 1
        protocolSteps = 0
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &name, &length)
        if length > 0 {
            applicationProtocol = unsafe String(
                decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
        }
        if let certificate = unsafe SSL_get1_peer_certificate(ssl) {
            certifiedName = unsafe Certificate(adopting: certificate).name
        }
        return .done
    }

    func read(into buffer: inout [UInt8], from start: Int) throws(SystemError) -> Progress {
        precondition(buffer.count > start, "a read without room would look like an end")
        readNeedsWrite = false
        holdsInput = false
        wire.beginTurn()
        var end = start
        // SSL_read returns one record at a time, but the socket was read further.
        while end < buffer.count {
            switch try readOnce(into: &buffer, from: end) {
            case .moved(let count):
                end += count
                if unsafe SSL_has_pending(ssl) == 0 { return .moved(end - start) }
            case let outcome:
                // The next read reports the end again, but no event announces it.
                holdsInput = wire.isTurnLimitReached || (outcome == .ended && end > start)
                return end > start ? .moved(end - start) : outcome
            }
        }
        holdsInput = true
        return .moved(end - start)
    }

    private func readOnce(into buffer: inout [UInt8], from start: Int) throws(SystemError) -> Progress {
        ERR_clear_error()
        let room = CInt(clamping: buffer.count - start)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe SSL_read(ssl, $0.baseAddress! + start, room)
        }
        if protocolSteps > Self.protocolStepsMax { throw failure(.read, EPROTO) }
        return count > 0 ? .moved(Int(count)) : try outcome(of: .read, count)
    }

    func write(_ bytes: [UInt8], _ range: Range<Int>) throws(SystemError) -> Progress {
        precondition(range.upperBound <= bytes.count)
        var start = range.lowerBound
        while start < range.upperBound {
            ERR_clear_error()
            let (offset, length) = (start, CInt(clamping: range.upperBound - start))
            let count = unsafe bytes.withUnsafeBytes {
                unsafe SSL_write(ssl, $0.baseAddress! + offset, length)
            }
            if count > 0 {
                start += Int(count)
                continue
            }
            let outcome = try outcome(of: .write, count)
            return start > range.lowerBound ? .moved(start - range.lowerBound) : outcome
        }
        return .moved(range.count)
    }

    /// Sends close_notify once, unless the connection is broken. Does not retry what the kernel rejects.
    func sendCloseNotify() {
        guard !isBroken, !hasSentCloseNotify, unsafe SSL_is_init_finished(ssl) == 1 else { return }
        hasSentCloseNotify = true
        ERR_clear_error()
        if unsafe SSL_shutdown(ssl) < 0 { ERR_clear_error() }
    }

    private enum Call {
        case read, write

        var name: StaticString {
            switch self {
            case .read: "SSL_read"
            case .write: "SSL_write"
            }
        }
    }

    /// Returns the meaning of a call that transferred nothing; clears OpenSSL's error queue.
    private func outcome(of call: Call, _ result: CInt) throws(SystemError) -> Progress {
        defer { ERR_clear_error() }
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .blocked
        case SSL_ERROR_WANT_WRITE:
            readNeedsWrite = call == .read
            return .blocked
        case SSL_ERROR_ZERO_RETURN: return .ended
        case SSL_ERROR_SYSCALL: throw failure(call, wire.failure == 0 ? EPROTO : wire.failure)
        default: throw failure(call, EPROTO)
        }
    }

    private func failure(_ call: Call, _ code: CInt) -> SystemError {
        isBroken = true
        return SystemError(call.name, code)
    }

    /// OpenSSL's info callback: counts protocol steps.
    static func countStep(_ ssl: OpaquePointer?, _ position: CInt) {
        guard position & (SSL_CB_LOOP | SSL_CB_HANDSHAKE_START | SSL_CB_ALERT) != 0,
            let pointer = unsafe SSL_get_ex_data(ssl, 0)
        else { return }
        unsafe Unmanaged<TLSSession>.fromOpaque(pointer).takeUnretainedValue().protocolSteps += 1
    }
}

@available(*, unavailable)
extension TLSSession: Sendable {}  // Belongs to one event loop.
