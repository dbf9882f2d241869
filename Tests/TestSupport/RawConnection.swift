import Foundation
import Glibc

/// An accepted connection, closed when its script returns.
package final class RawConnection {
    private let descriptor: CInt
    private let record: (RawRequest) -> Void
    private var received: [UInt8] = []
    /// The path whose requests get 404 and are not returned by `readRequest`; `nil` for none. A gateway asks
    /// now and then which models there are.
    package var unknownPath: String?

    package init(_ descriptor: CInt, record: @escaping (RawRequest) -> Void) {
        self.descriptor = descriptor
        self.record = record
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Reads a complete request; returns `nil` if the client closed before.
    @discardableResult
    package func readRequest() -> RawRequest? {
        while let request = readNext() {
            guard let unknownPath, request.head.hasPrefix("GET \(unknownPath) ") else { return request }
            respond(404)
        }
        return nil
    }

    private func readNext() -> RawRequest? {
        guard let head = readHead() else { return nil }
        let length = head.split(separator: "\r\n").compactMap { line -> Int? in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
            return Int(parts[1].trimmingCharacters(in: .whitespaces))
        }
        while received.count < length.first ?? 0 {
            guard readMore() else { return nil }
        }
        let body = Array(received.prefix(length.first ?? 0))
        received.removeFirst(body.count)
        let request = RawRequest(head: head, body: body)
        record(request)
        return request
    }

    /// Reads the head of a request only; returns `nil` if the client closed before.
    @discardableResult
    package func readHead() -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = received.firstRange(of: end) {
                let head = String(decoding: received[..<range.lowerBound], as: UTF8.self)
                received.removeFirst(range.upperBound)
                return head
            }
            guard readMore() else { return nil }
        }
    }

    /// Reads some more bytes; returns false if the client closed before.
    @discardableResult
    package func readSome() -> Bool { !received.isEmpty || readMore() }

    /// Writes text; returns false if the client has closed.
    @discardableResult
    package func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// Writes bytes; returns false if the client has closed.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Writes a response and keeps the connection.
    package func respond(_ status: Int, fields: [String] = [], _ body: String = "") {
        let lines = ["HTTP/1.1 \(status) Reason", "Content-Length: \(body.utf8.count)"] + fields
        write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Shuts down the sending side.
    package func end() { _ = Glibc.shutdown(descriptor, CInt(SHUT_WR)) }

    /// Reads until the client closes.
    package func waitForEnd() {
        while readMore() { received = [] }
    }

    /// Makes the following close a reset.
    package func reset() {
        var setting = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &setting, size)
    }

    private func readMore() -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let count = unsafe piece.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard count > 0 else { return false }
        received += piece.prefix(count)
        return true
    }
}
