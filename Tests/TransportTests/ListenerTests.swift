import Glibc
import Synchronization
import Testing
import Transport

@Suite struct ListenerTests {
    @Test(arguments: ["127.0.0.1:0", "[::1]:0"])
    func `a listener resolves its port and reports client addresses`(_ text: String) async throws {
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
        // A program that another suite starts in this moment inherits the socket until it executes.
        while try Listener.isFree(server.address) == false { await Task.yield() }
    }

    @Test func `a stale socket file is replaced, and the file is removed on close`() async throws {
        let address = SocketAddress.unix(path: "/tmp/reelgate-\(Entropy.randomNumber()).sock")
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

    @Test func `a file that is not a socket is not replaced`() async throws {
        let path = "/tmp/reelgate-\(Entropy.randomNumber())"
        try DurableFile(path).commit()
        await #expect(throws: SystemError.addressInUse) {
            try await EchoServer.start(at: .unix(path: path))
        }
        #expect(try FileSystem.remove(path))
    }

    @Test func `a descriptor that is closed or not listening is left unchanged`() throws {
        #expect(throws: InheritedSocket.AdoptionError.notOpen) { try InheritedSocket(adopting: 1 << 20) }
        #expect(throws: InheritedSocket.AdoptionError.notOpen) { try InheritedSocket(adopting: -1) }
        let pipe = try Pipe()
        #expect(throws: InheritedSocket.AdoptionError.notASocket) {
            try InheritedSocket(adopting: pipe.reader)
        }
        pipe.write()
        #expect(Pipe.read(pipe.reader) == "x")
    }

    @Test func `a hundred thousand short connections leave nothing behind`() async throws {
        // All of 127/8, so that the clients do not run out of ports.
        let server = try await EchoServer.start(at: .ipv4(host: "0.0.0.0", port: 0))
        let port = try #require(server.address.port)
        try await churn(port, connections: 4_000)
        // Other tests use memory and descriptors at the same time: a leak shows in every window.
        var growths: [ProcessSize.Growth] = []
        repeat {
            let before = ProcessSize.now()
            try await churn(port, connections: 16_000)
            growths.append(ProcessSize.now().growth(since: before))
        } while growths.count < 6 || (growths.count < 40 && !growths.contains(where: Self.isQuiet))
        #expect(server.served == 4_000 + 16_000 * growths.count)
        #expect(growths.contains(where: Self.isQuiet), "\(growths)")
        let watches = try await loop.run { $0.registrationCount }
        #expect(watches < 100)
        await server.stop()
    }

    /// Whether a window of 16,000 connections left less behind than 131 bytes and a hundredth of a descriptor
    /// for each.
    private static func isQuiet(_ growth: ProcessSize.Growth) -> Bool {
        growth.residentBytes < 2 << 20 && growth.descriptors < 100
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
