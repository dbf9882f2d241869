import Glibc
import HTTPFetching
import Synchronization
import TestSupport
import Testing
import TestSupport
import Transport

/// An event that one thread sets and a task awaits.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation

    init() { (stream, source) = AsyncStream.makeStream() }

    func send() { source.finish() }

    func wait() async { for await _ in stream {} }
}
