import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

@Suite struct SessionRegistryTests {
    private let world = GatewayHarness()

    private static func digest(_ text: String) -> TokenDigest {
        var bytes = [UInt8](repeating: 0, count: 32)
        for (index, byte) in text.utf8.enumerated() { bytes[index % 32] = bytes[index % 32] &* 31 &+ byte }
        guard let digest = TokenDigest(bytes) else { preconditionFailure("32 bytes") }
        return digest
    }

    private func addClient(_ name: String, _ role: ClientRole = .submitter) throws -> TokenDigest {
        let added = world.run {
            try await $0.clients.add(name, for: .open, { $0.role = role }, digest: { Self.digest($0.text) })
        }
        return Self.digest(try #require(added.result).get().1.text)
    }

    private func open(_ token: TokenDigest, replacing: TokenDigest? = nil) throws -> TokenDigest? {
        let opened = world.run {
            try await $0.sessions.open(
                token: token, replacing: replacing, digest: { Self.digest($0.text) })
        }
        return try #require(opened.result).get().map { Self.digest($0.secret.text) }
    }

    private func openValid(_ token: TokenDigest, replacing: TokenDigest? = nil) throws -> TokenDigest {
        try #require(try open(token, replacing: replacing))
    }

    private func caller(_ session: TokenDigest) -> Caller? { world.gateway.sessions.caller(with: session) }

    private func stored() throws -> [Session] {
        let store = world.store
        return try #require(world.run { _ in try await store.sessions() }.result).get()
    }

    @Test func `a session stands for its token's client, with the role of the moment`() throws {
        let session = try openValid(try addClient("studio"))
        #expect(caller(session) == Caller(client: "studio", isOperator: false))
        #expect(caller(Self.digest("another")) == nil)
        _ = world.run { try await $0.clients.update("studio", for: .open) { $0.role = .operator } }
        #expect(caller(session)?.isOperator == true)
    }

    @Test func `a session ends after twelve hours and not before`() throws {
        let token = try addClient("studio")
        let session = try openValid(token)
        world.pass(SessionRegistry.lifetime - .milliseconds(1))
        #expect(caller(session) != nil)
        world.pass(.milliseconds(1))
        #expect(caller(session) == nil)
        let next = try openValid(token)
        #expect(try stored().map(\.digest) == [next])
    }

    @Test func `a session ends with its token: by revocation, and by rotation after the overlap`() throws {
        let revoked = try openValid(try addClient("studio"))
        let rotated = try openValid(try addClient("desk"))
        _ = world.run { try await $0.clients.revoke("studio", for: .open) }
        #expect(caller(revoked) == nil)
        _ = world.run {
            try await $0.clients.rotate(
                "desk", for: .open, overlap: .seconds(60), digest: { Self.digest($0.text) })
        }
        world.pass(.seconds(59))
        #expect(caller(rotated) != nil)
        world.pass(.seconds(1))
        #expect(caller(rotated) == nil)
    }

    @Test func `an invalid token opens none`() throws {
        let token = try addClient("studio")
        _ = world.run { try await $0.clients.revoke("studio", for: .open) }
        #expect(try open(token) == nil)
        #expect(try open(Self.digest("unknown")) == nil)
        #expect(try stored().isEmpty)
    }

    @Test func `a session survives a restart until its token does not`() throws {
        let session = try openValid(try addClient("studio"))
        world.restart()
        #expect(caller(session) == Caller(client: "studio", isOperator: false))
        _ = world.run { try await $0.clients.revoke("studio", for: .open) }
        world.restart()
        #expect(caller(session) == nil)
    }

    @Test func `a closed session is gone, also after a restart`() throws {
        let session = try openValid(try addClient("studio"))
        for _ in 0..<2 {
            #expect(try #require(world.run { try await $0.sessions.close(session) }.result).get() == ())
        }
        #expect(caller(session) == nil)
        world.restart()
        #expect(caller(session) == nil)
    }

    @Test func `a session that could not be stored is none, and ends no other`() throws {
        let token = try addClient("studio")
        let first = try openValid(token)
        world.store.fail(with: .unavailable("the disk failed"))
        #expect(throws: StoreError.self) { try open(token, replacing: first) }
        #expect(caller(first) != nil)
        world.store.fail(with: nil)
        #expect(try stored().map(\.digest) == [first])
    }

    @Test func `a new session ends the one that the browser had`() throws {
        let token = try addClient("studio")
        let first = try openValid(token)
        let second = try openValid(token, replacing: first)
        #expect(caller(first) == nil && caller(second) != nil)
    }

    @Test func `a client's sessions beyond the limit end its oldest, and nobody else's`() throws {
        let other = try openValid(try addClient("desk"))
        let token = try addClient("studio")
        var sessions: [TokenDigest] = []
        for _ in 0...SessionRegistry.clientSessionsMax {
            world.pass(.milliseconds(1))
            sessions.append(try openValid(token))
        }
        #expect(caller(sessions[0]) == nil)
        #expect(sessions.dropFirst().allSatisfy { caller($0) != nil })
        #expect(caller(other) != nil)
        #expect(try stored().count == SessionRegistry.clientSessionsMax + 1)
    }

    @Test func `every secret is another one and has 256 bits in it`() throws {
        let token = try addClient("studio")
        let sessions = try (0..<20).map { _ in try openValid(token) }
        #expect(Set(sessions).count == 20)
        let ones = SessionSecret(random: (.max, .max, .max, .max)).text
        let zeros = SessionSecret(random: (0, 0, 0, 0)).text
        #expect(zeros == String(repeating: "0", count: 52))
        #expect(ones == String(repeating: "zzzzzzzzzzzzf", count: 4))
    }
}
