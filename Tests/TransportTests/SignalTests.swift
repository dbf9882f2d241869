import Glibc
import Testing
import Transport

@Suite struct SignalTests {
    @Test func `signals arrive on the loop, each as often as it was sent`() async throws {
        let (signals, sink) = AsyncStream<SignalWatch.Signal>.makeStream()
        try await loop.run { reactor in
            try SignalWatch.start(on: reactor, through: SignalWatch.Pipe()) { signal in
                precondition(loop.isCurrent)
                sink.yield(signal)
            }
        }
        var seen = signals.makeAsyncIterator()
        for (number, expected) in [
            (SIGTERM, SignalWatch.Signal.terminate), (SIGINT, .interrupt), (SIGINT, .interrupt),
        ] {
            kill(getpid(), number)
            #expect(await seen.next() == expected)
        }
    }

    @Test func `writing to a closed connection does not end the process`() async throws {
        // Creating the loop disables SIGPIPE.
        _ = try await loop.run { _ in 0 }
        var ends: [CInt] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let socket = StreamSocket(adopting: OwnedDescriptor(adopting: ends[0]))
        close(ends[1])
        let file = try OpenFile("/etc/passwd")
        do throws(SystemError) {
            _ = try socket.send(file.reader, from: 0, count: 10)
            Issue.record("sent to nobody")
        } catch { #expect(error == SystemError("sendfile", EPIPE)) }
        do throws(SystemError) {
            _ = try socket.write([1], 0..<1)
            Issue.record("sent to nobody")
        } catch { #expect(error == SystemError("send", EPIPE)) }
    }
}
