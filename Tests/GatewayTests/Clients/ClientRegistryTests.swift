import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

@Suite struct ClientRegistryTests {
    private let world = GatewayHarness()

    private static func digest(_ token: ClientToken) -> TokenDigest {
        var bytes = [UInt8](repeating: 0, count: 32)
        for (index, byte) in token.text.utf8.enumerated() { bytes[index % 32] ^= byte &+ UInt8(index) }
        guard let digest = TokenDigest(bytes) else { preconditionFailure("32 bytes") }
        return digest
    }

    private func add(
        _ name: String, _ configure: @escaping @Sendable (inout Client) -> Void = { _ in }
    ) throws
        -> ClientToken
    {
        try #require(
            world.run { try await $0.clients.add(name, for: .open, configure, digest: Self.digest) }.result
        )
        .get().1
    }

    private func caller(_ token: ClientToken) -> Caller? {
        world.gateway.clients.caller(with: Self.digest(token))
    }

    @Test func `a token is its client's until it is revoked`() throws {
        let token = try add("studio")
        let other = try add("desk") { $0.role = .operator }
        #expect(caller(token) == Caller(client: "studio", isOperator: false))
        #expect(caller(other) == Caller(client: "desk", isOperator: true))
        let revoked = try #require(world.run { try await $0.clients.revoke("studio", for: .open) }.result)
            .get()
        #expect(revoked.tokens.isEmpty && revoked.revoked != nil)
        #expect(caller(token) == nil)
        #expect(caller(other) != nil)
    }

    @Test func `a rotation replaces the token, at once or after the overlap`() throws {
        let first = try add("studio")
        let second = try #require(
            world.run {
                try await $0.clients.rotate("studio", for: .open, overlap: .seconds(60), digest: Self.digest)
            }
            .result
        ).get().1
        #expect(caller(first) != nil && caller(second) != nil)
        world.pass(.seconds(59))
        #expect(caller(first) != nil)
        world.pass(.seconds(1))
        #expect(caller(first) == nil && caller(second) != nil)
        let third = try #require(
            world.run {
                try await $0.clients.rotate("studio", for: .open, overlap: .zero, digest: Self.digest)
            }.result
        ).get().1
        #expect(caller(second) == nil && caller(third) != nil)
    }

    @Test func `a later rotation does not lengthen an earlier overlap`() throws {
        let first = try add("studio")
        for overlap in [10, 1000] {
            _ = try #require(
                world.run {
                    try await $0.clients.rotate(
                        "studio", for: .open, overlap: .seconds(overlap), digest: Self.digest)
                }.result
            ).get()
        }
        world.pass(.seconds(10))
        #expect(caller(first) == nil)
    }

    @Test func `a client has a bounded number of valid tokens`() throws {
        let first = try add("studio")
        for _ in 0..<Client.tokensMax {
            _ = try #require(
                world.run {
                    try await $0.clients.rotate(
                        "studio", for: .open, overlap: .seconds(600), digest: Self.digest)
                }.result
            ).get()
        }
        #expect(caller(first) == nil)
        #expect(world.gateway.clients.client("studio")?.tokens.count == Client.tokensMax)
    }

    @Test func `clients and tokens are the same after a restart`() throws {
        let token = try add("studio") { $0.weight = 3 }
        world.restart()
        #expect(caller(token) == Caller(client: "studio", isOperator: false))
        #expect(world.gateway.clients.client("studio")?.weight == 3)
    }

    @Test func `a name is used once, and an unknown one cannot be changed`() throws {
        _ = try add("studio")
        let again = try #require(
            world.run { try await $0.clients.add("studio", for: .open, { _ in }, digest: Self.digest) }.result
        )
        #expect(throws: ClientError.exists("studio")) { try again.get() }
        let unknown = try #require(world.run { try await $0.clients.revoke("nobody", for: .open) }.result)
        #expect(throws: ClientError.notFound("nobody")) { try unknown.get() }
    }

    @Test func `a change that the store refuses is not in force`() throws {
        let token = try add("studio")
        world.store.fail(with: .unavailable("test"))
        let failed = try #require(world.run { try await $0.clients.revoke("studio", for: .open) }.result)
        #expect(throws: ClientError.store(.unavailable("test"))) { try failed.get() }
        #expect(caller(token) != nil)
    }

    @Test(arguments: [
        ("a", true), ("studio-7_b.c", true), ("7", true), ("", false), ("A", false), ("-a", false),
        (".a", false), ("a b", false), ("a/b", false), ("ü", false), ("open", false), ("operator", false),
        (String(repeating: "a", count: 64), true), (String(repeating: "a", count: 65), false),
    ])
    func `a name fits into a path, a log line and a metric label`(_ name: String, _ isValid: Bool) {
        #expect(Client.isValidName(name) == isValid)
    }
}
