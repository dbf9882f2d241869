internal import COpenSSL
internal import Glibc
internal import Transport

/// TLS for one connection, over a non-blocking socket that OpenSSL reads and writes itself.
///
/// Buffers live only while they hold something, so that an idle connection is small.
@safe  // The C pointer never leaves this type.
final class TLSSession {
    private let ssl: OpaquePointer

    /// After a violation or before a reset: nothing may be said any more, not even goodbye.
    var isBroken = false
    private var hasSaidEnd = false
    private(set) var mustSendToRead = false
    private(set) var holdsInput = false
    private(set) var applicationProtocol: String?
    private(set) var certifiedName: String?

    /// Takes over a session that was set up for the server's side.
    init(adopting ssl: OpaquePointer) { unsafe self.ssl = ssl }

    deinit { unsafe SSL_free(ssl) }

    func read(into buffer: inout [UInt8], from start: Int) throws(SystemFailure) -> Progress {
        precondition(buffer.count > start, "a read without room would look like an end")
        mustSendToRead = false
        holdsInput = false
        var end = start
        // A record at a time; the socket was read further than that.
        while end < buffer.count {
            switch try readOnce(into: &buffer, from: end) {
            case .moved(let count):
                end += count
                if unsafe SSL_has_pending(ssl) == 0 { return .moved(end - start) }
            // The end shows again in the next read.
            case let outcome: return end > start ? .moved(end - start) : outcome
            }
        }
        holdsInput = true
        return .moved(end - start)
    }

    private func readOnce(into buffer: inout [UInt8], from start: Int) throws(SystemFailure) -> Progress {
        ERR_clear_error()
        let room = CInt(clamping: buffer.count - start)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe SSL_read(ssl, $0.baseAddress! + start, room)
        }
        if count > 0 { return .moved(Int(count)) }
        return try outcome(of: .read, count)
    }

    func write(_ bytes: [UInt8], _ range: Range<Int>) throws(SystemFailure) -> Progress {
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
    func sayEnd() {
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
    private func outcome(of call: Call, _ result: CInt) throws(SystemFailure) -> Progress {
        let code = errno
        defer { ERR_clear_error() }
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .blocked
        case SSL_ERROR_WANT_WRITE:
            mustSendToRead = call == .read
            return .blocked
        case SSL_ERROR_ZERO_RETURN: return .ended
        case SSL_ERROR_SYSCALL:
            isBroken = true
            throw SystemFailure(call.name, code == 0 ? EPROTO : code)
        default:
            isBroken = true
            throw SystemFailure(call.name, EPROTO)
        }
    }
}

@available(*, unavailable)
extension TLSSession: Sendable {}  // Belongs to one event loop.
