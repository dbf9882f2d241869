import Glibc
import Synchronization
import Testing
import Transport

@Suite struct ReactorTests {
    @Test func `a descriptor reused within a batch does not get the old handler`() async throws {
        // Two pipes are ready in one batch. The handler that runs first removes the other registration and
        // gives its descriptor to a third pipe, which is not ready: the pending event must not be delivered.
        let log = try await withCheckedThrowingContinuation { continuation in
            loop.post { reactor in
                do {
                    try DescriptorReuse(reactor).begin { continuation.resume(returning: $0) }
                } catch { continuation.resume(throwing: error) }
            }
        }
        #expect(log == ["first", "replacement: x"])
    }

    @Test func `a removed registration is forgotten, and removing it again is harmless`() async throws {
        let counts = try await loop.run { reactor in
            let pipe = try Pipe()
            let before = reactor.registrationCount
            let watch = try reactor.watch(pipe.reader, for: .read) { _ in }
            let during = reactor.registrationCount
            reactor.unwatch(watch)
            reactor.unwatch(watch)
            reactor.change(watch, to: .write)
            return [during - before, reactor.registrationCount - before]
        }
        #expect(counts == [1, 0])
    }

    @Test func `removing a registration whose descriptor was closed early does not affect its successor`()
        async throws
    {
        let seen = await withCheckedContinuation { continuation in
            loop.post { reactor in
                do {
                    let (pipe, late) = (try Pipe(), try Pipe())
                    let number = dup(pipe.reader)
                    let old = try reactor.watch(number, for: .read) { _ in
                        continuation.resume(returning: "old")
                    }
                    // Closes it while registered, and gives the number to another pipe.
                    close(number)
                    guard dup2(late.reader, number) == number else {
                        return continuation.resume(returning: "-")
                    }
                    var new: RegistrationID?
                    new = try reactor.watch(number, for: .read) { _ in
                        if let new { reactor.unwatch(new) }
                        close(number)
                        _ = pipe
                        continuation.resume(returning: "new")
                    }
                    reactor.change(old, to: [])
                    reactor.unwatch(old)
                    late.write()
                } catch { continuation.resume(returning: "\(error)") }
            }
        }
        #expect(seen == "new")
    }

    @Test func `a descriptor that epoll cannot watch is rejected`() async throws {
        // A regular file is always ready; epoll rejects it.
        let number = unsafe open("/proc/self/exe", O_RDONLY)
        defer { close(number) }
        await #expect(throws: SystemError("epoll_ctl", EPERM)) {
            try await loop.run { reactor in
                _ = try reactor.watch(number, for: .read) { _ in }
            }
        }
    }
}
