internal import COpenSSL
internal import Glibc
package import Transport

/// How far a handshake came.
package enum HandshakeProgress: Equatable, Sendable {
    case done
    case waits(for: Interest)
    /// The client does not speak TLS: the stream is in the clear now, and what it began with is gone.
    case foreign(firstByte: UInt8)
    /// It was ended, for OpenSSL's reason.
    case failed(String)
}

/// TLS for one connection. Its buffers live only while they hold something, so that an idle one is small.
@safe  // The C pointer never leaves this type.
final class TLSSession {
    // Kept alive: OpenSSL's callbacks find the one, its reads and writes the other.
    private let context: TLSContext
    private let wire: TLSWire
    private let ssl: OpaquePointer

    /// After a violation or before a reset: nothing may be said any more, not even goodbye.
    var isBroken = false
    private var hasSaidEnd = false
    private(set) var mustSendToRead = false
    private(set) var holdsInput = false
    private(set) var applicationProtocol: String?
    private(set) var certifiedName: String?

    /// What TLS itself did since the handshake: new keys are some four steps, a refused renegotiation is one.
    private var ownSteps = 0
    private static let ownStepsMax = 128
    /// A handshake is a few KiB, with long chains some tens.
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

    /// Goes on with the handshake as far as it can without waiting.
    func continueHandshake() -> HandshakeProgress {
        wire.allowTurn()
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(ssl)
        if result == 1 { return finishHandshake() }
        defer { ERR_clear_error() }
        if wire.isForeign {
            isBroken = true
            return .foreign(firstByte: wire.firstByte ?? 0)
        }
        let reason = ERR_peek_last_error()
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ where wire.received <= Self.handshakeBytesMax:
            holdsInput = wire.isPutOff
            return .waits(for: .read)
        case SSL_ERROR_WANT_WRITE: return .waits(for: .write)
        default:
            isBroken = true
            let message = unsafe ERR_reason_error_string(reason).map { unsafe String(cString: $0) }
            return .failed((message ?? "cut off") + faultOfCertificate)
        }
    }

    /// What is wrong with the client's certificate, behind a colon; empty if nothing is, or there is none.
    private var faultOfCertificate: String {
        let fault = unsafe SSL_get_verify_result(ssl)
        guard fault != Int(X509_V_OK) else { return "" }
        return unsafe ": " + String(cString: X509_verify_cert_error_string(fault))
    }

    private func finishHandshake() -> HandshakeProgress {
        // What came with the last message of the handshake is here already.
        holdsInput = unsafe SSL_has_pending(ssl) == 1
        ownSteps = 0
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
        mustSendToRead = false
        holdsInput = false
        wire.allowTurn()
        var end = start
        // A record at a time; the socket was read further than that.
        while end < buffer.count {
            switch try readOnce(into: &buffer, from: end) {
            case .moved(let count):
                end += count
                if unsafe SSL_has_pending(ssl) == 0 { return .moved(end - start) }
            case let outcome:
                // An end shows again in the next read, but nothing further wakes us for it.
                holdsInput = wire.isPutOff || (outcome == .ended && end > start)
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
        if ownSteps > Self.ownStepsMax { throw broken(.read, EPROTO) }
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

    /// Sends close_notify once, if the connection is fit for it. What the kernel does not take is left.
    func sendCloseNotify() {
        guard !isBroken, !hasSaidEnd, unsafe SSL_is_init_finished(ssl) == 1 else { return }
        hasSaidEnd = true
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

    /// What a call that moved nothing means; OpenSSL's queue of errors is left empty.
    private func outcome(of call: Call, _ result: CInt) throws(SystemError) -> Progress {
        defer { ERR_clear_error() }
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .blocked
        case SSL_ERROR_WANT_WRITE:
            mustSendToRead = call == .read
            return .blocked
        case SSL_ERROR_ZERO_RETURN: return .ended
        case SSL_ERROR_SYSCALL: throw broken(call, wire.failure == 0 ? EPROTO : wire.failure)
        default: throw broken(call, EPROTO)
        }
    }

    private func broken(_ call: Call, _ code: CInt) -> SystemError {
        isBroken = true
        return SystemError(call.name, code)
    }

    /// Called by OpenSSL as a session comes to some point.
    static func note(_ ssl: OpaquePointer?, _ place: CInt) {
        guard place & (SSL_CB_LOOP | SSL_CB_HANDSHAKE_START | SSL_CB_ALERT) != 0,
            let pointer = unsafe SSL_get_ex_data(ssl, 0)
        else { return }
        unsafe Unmanaged<TLSSession>.fromOpaque(pointer).takeUnretainedValue().ownSteps += 1
    }
}

@available(*, unavailable)
extension TLSSession: Sendable {}  // Belongs to one event loop.
