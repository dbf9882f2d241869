import Glibc
import Synchronization
import Testing
import Transport

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8031", SocketAddress.ipv4(host: "127.0.0.1", port: 8031)),
        ("localhost:1", .ipv4(host: "127.0.0.1", port: 1)), ("0.0.0.0:0", .ipv4(host: "0.0.0.0", port: 0)),
        ("[::1]:8031", .ipv6(host: "::1", port: 8031)), ("[0:0::1]:65535", .ipv6(host: "::1", port: 65535)),
        ("unix:/run/x.sock", .unix(path: "/run/x.sock")),
    ])
    func `an address is read, and read again from what it says`(_ text: String, _ expected: SocketAddress) {
        #expect(SocketAddress(text) == expected)
        #expect(SocketAddress(expected.description) == expected)
    }

    @Test(arguments: [
        "", ":", "8031", ":8031", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1",
        "127.0.0.1:-1",
        "127.0.0.1: 1", "127.1:80", "example.com:80", "::1:80", "[::1]", "[::1]80", "[]:80", "[fe80::1%lo]:1",
        "unix:", "unix:\(String(repeating: "a", count: 108))", "1.2.3.4:5:6",
    ])
    func `what is no address is none`(_ text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test func `loopback is what only this machine reaches`() throws {
        let loopbacks = ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "unix:/x"]
        for text in loopbacks { #expect(try #require(SocketAddress(text)).isLoopback) }
        for text in ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "[::ffff:10.0.0.1]:1"] {
            #expect(try #require(SocketAddress(text)).isLoopback == false)
        }
    }
}

@Suite struct ListenerTests {
    @Test(arguments: ["127.0.0.1:0", "[::1]:0"])
    func `a listener resolves its port and knows its callers`(_ text: String) async throws {
        let server = try await EchoServer.start(at: #require(SocketAddress(text)))
        let echo = try await onThread {
            let client = try RawSocket(to: server.address)
            client.send("hello")
            return client.read(5)
        }
        #expect(echo == Array("hello".utf8))
        #expect(server.address.port != 0)
        #expect(server.peers.first?.isLoopback == true)
        await server.stop()
        #expect(try Listener.isFree(server.address))
    }

    @Test func `a socket file is replaced when nobody listens there, and removed at the end`() async throws {
        let address = SocketAddress.unix(path: "/tmp/reelgate-\(Entropy.number()).sock")
        leaveStaleSocket(at: address)
        let server = try await EchoServer.start(at: address)
        await #expect(throws: SystemError.addressInUse) { try await EchoServer.start(at: address) }
        let echo = try await onThread {
            let client = try RawSocket(to: address)
            client.send("x")
            return client.read(1)
        }
        #expect(echo == [120])
        await server.stop()
        guard case .unix(let path) = address else { return }
        #expect(try FileSystem.size(of: path) == nil)
    }

    @Test func `a file that is no socket is not replaced`() async throws {
        let path = "/tmp/reelgate-\(Entropy.number())"
        try DurableFile(path).commit()
        await #expect(throws: SystemError.addressInUse) {
            try await EchoServer.start(at: .unix(path: path))
        }
        #expect(try FileSystem.remove(path))
    }

    @Test func `a descriptor that is not open, or does not listen, is left as it is`() throws {
        #expect(throws: PassedSocket.Unfit.notOpen) { try PassedSocket(adopting: 1 << 20) }
        #expect(throws: PassedSocket.Unfit.notOpen) { try PassedSocket(adopting: -1) }
        let pipe = try Pipe()
        #expect(throws: PassedSocket.Unfit.noSocket) { try PassedSocket(adopting: pipe.reader) }
        pipe.write()
        #expect(Pipe.read(pipe.reader) == "x")
    }

    @Test func `a hundred thousand short connections leave nothing behind`() async throws {
        // All of 127/8, so that the clients do not run out of ports.
        let server = try await EchoServer.start(at: .ipv4(host: "0.0.0.0", port: 0))
        let port = try #require(server.address.port)
        try await churn(port, connections: 4_000)
        // Other tests use memory and descriptors at the same time, but not more in every window.
        var growths: [ProcessSize.Growth] = []
        for _ in 0..<6 {
            let before = ProcessSize.now()
            try await churn(port, connections: 16_000)
            growths.append(ProcessSize.now().growth(since: before))
        }
        #expect(server.served == 100_000)
        // 2 MiB are 131 bytes a connection.
        #expect(growths.map(\.residentBytes).min() ?? 0 < 2 << 20, "\(growths)")
        #expect(growths.map(\.descriptors).min() ?? 0 < 100, "\(growths)")
        let watches = try await loop.run { $0.watchCount }
        #expect(watches < 100)
        await server.stop()
    }

    /// Connects, sends a byte, reads it back and closes, on several threads and from different addresses.
    private func churn(_ port: UInt16, connections: Int) async throws {
        let threads = 4
        try await withThrowingTaskGroup { group in
            for thread in 0..<threads {
                group.addTask {
                    try await onThread {
                        for number in 0..<connections / threads {
                            let host = "127.0.\(thread).\(number % 8 + 1)"
                            let client = try RawSocket(to: .ipv4(host: host, port: port))
                            client.send("x")
                            guard client.read(1) == [120] else { throw SystemError("recv", errno) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func leaveStaleSocket(at address: SocketAddress) {
        guard case .unix(let path) = address else { return }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let number = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        let bound = unsafe withUnsafeBytes(of: name) {
            unsafe bind(number, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        precondition(bound == 0)
        close(number)
    }
}

@Suite struct WatchTests {
    @Test func `a descriptor that is reused within a batch does not get the old handler`() async throws {
        // Two pipes are ready in one batch. The handler that runs first ends the other watch and gives that
        // number to a
        // third pipe, which is not ready: the event that still waits in the batch must reach nobody.
        let log = try await withCheckedThrowingContinuation { continuation in
            loop.post { reactor in
                do {
                    try ReuseScene(reactor).begin { continuation.resume(returning: $0) }
                } catch { continuation.resume(throwing: error) }
            }
        }
        #expect(log == ["first", "replacement: x"])
    }

    @Test func `a watch that is gone is forgotten, and ending it again is no error`() async throws {
        let counts = try await loop.run { reactor in
            let pipe = try Pipe()
            let before = reactor.watchCount
            let watch = try reactor.watch(pipe.reader, for: .read) { _ in }
            let during = reactor.watchCount
            reactor.unwatch(watch)
            reactor.unwatch(watch)
            reactor.change(watch, to: .write)
            return [during - before, reactor.watchCount - before]
        }
        #expect(counts == [1, 0])
    }

    @Test func `ending the watch of a descriptor that was closed too early leaves its successor alone`()
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
                    // Closes it under its watch, and gives the number to another pipe.
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

    @Test func `a descriptor that cannot be watched is refused`() async throws {
        // A regular file is always ready; epoll refuses it.
        let number = unsafe open("/proc/self/exe", O_RDONLY)
        defer { close(number) }
        await #expect(throws: SystemError("epoll_ctl", EPERM)) {
            try await loop.run { reactor in
                _ = try reactor.watch(number, for: .read) { _ in }
            }
        }
    }
}
