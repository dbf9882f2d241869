import Glibc
import HTTPServing
import HTTPWire
import Testing
import Transport

/// Responds with the identity of the caller.
private struct IdentityHandler: HTTPHandler {
    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        .respond(HTTPResponse(status: 200, body: .bytes(Array(context.principal.label.utf8))))
    }
}

/// A unix-domain socket for operators, beside the other addresses of a server.
@Suite struct OperatorSocketTests {
    private let path = "/tmp/reelgate-\(Entropy.randomNumber()).sock"

    private func start(
        users: Set<UInt32>, _ onRejected: @escaping @Sendable (UInt32?) -> Void = { _ in }
    )
        async throws -> HTTPServer
    {
        let server = try await HTTPServer.start(IdentityHandler())
        let rules = OperatorSocket(users: users, onRejected: onRejected)
        try await server.listen(onPathOf: ListenEndpoint(rules, path: path))
        return server
    }

    @Test func `an admitted user is an operator there, over both protocols, and nowhere else`() async throws {
        let server = try await start(users: [geteuid()])
        for version in ["--http1.1", "--http2-prior-knowledge"] {
            let text = try await output(
                of: "curl -s -m 30 --noproxy '*' \(version) --unix-socket \(path) http://h/")
            #expect(String(decoding: text, as: UTF8.self) == "socket:\(geteuid())")
        }
        let other = try await output(of: "curl -s -m 30 --noproxy '*' http://\(server.addresses[0])/")
        #expect(String(decoding: other, as: UTF8.self) == "local")
        #expect(server.addresses.count == 1)
        await server.drain(within: .seconds(1))
        #expect(try FileSystem.size(of: path) == nil)
    }

    @Test func `the file is for its owner only`() async throws {
        let server = try await start(users: [geteuid()])
        var status = stat()
        #expect(unsafe lstat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        await server.drain(within: .seconds(1))
    }

    @Test func `another user is reported, and its connection is closed without a response`() async throws {
        let (rejected, continuation) = AsyncStream<UInt32?>.makeStream()
        let server = try await start(users: []) { continuation.yield($0) }
        let text = try await output(
            of: "curl -s -m 30 --noproxy '*' --unix-socket \(path) http://h/ || true")
        #expect(text.isEmpty)
        #expect(await rejected.first { _ in true } == geteuid())
        await server.drain(within: .seconds(1))
    }

    @Test func `a path with a listener is an error, and the listener keeps its file`() async throws {
        let server = try await start(users: [geteuid()])
        await #expect(throws: ListenError.self) { try await start(users: [geteuid()]) }
        #expect(try FileSystem.size(of: path) != nil)
        await server.drain(within: .seconds(1))
    }
}
