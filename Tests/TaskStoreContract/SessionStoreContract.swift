import Gateway
import VideoJobs

/// The requirements of every store of sessions, as checks for a parameterised test. Each check needs a new
/// store.
package enum SessionStoreContract {
    package typealias Check = StoreCheck

    package static let checks = [
        Check("a session is read as it was stored") { store in
            try await addClient(to: store)
            try await store.insertSession(example(1), deleting: [])
            try expect(try await store.sessions(), is: [example(1)], "the sessions")
        },
        Check("a new session deletes the ended ones, unknown ones included") { store in
            try await addClient(to: store)
            for number in 1...3 { try await store.insertSession(example(number), deleting: []) }
            try await store.insertSession(
                example(4), deleting: [example(1).digest, example(3).digest, example(9).digest])
            try expect(try await sorted(store), is: [example(2), example(4)], "the sessions")
        },
        Check("a deleted session is gone, and deleting it again is no error") { store in
            try await addClient(to: store)
            for number in 1...2 { try await store.insertSession(example(number), deleting: []) }
            for _ in 0..<2 { try await store.deleteSession(example(1).digest) }
            try expect(try await store.sessions(), is: [example(2)], "the sessions")
        },
        Check("a change of its client leaves a session alone") { store in
            try await addClient(to: store)
            try await store.insertSession(example(1), deleting: [])
            _ = try await store.changeClient("studio") { known throws(ClientError) in
                guard var client = known else { throw .notFound("studio") }
                client.tokens = []
                return ClientChange(client)
            }
            try expect(try await store.sessions(), is: [example(1)], "the sessions")
        },
    ]

    private static func addClient(to store: any ClientStore) async throws {
        _ = try await store.changeClient("studio") { _ in
            ClientChange(Client(name: "studio", created: Timestamp(milliseconds: 1)))
        }
    }

    private static func sorted(_ store: any SessionStore) async throws -> [Session] {
        try await store.sessions().sorted { $0.created < $1.created }
    }

    private static func example(_ number: Int) -> Session {
        let digests = [number, 100 + number].compactMap {
            TokenDigest([UInt8](repeating: UInt8($0), count: 32))
        }
        return Session(
            digest: digests[0], client: "studio", token: digests[1],
            created: Timestamp(milliseconds: Int64(number)), expires: Timestamp(milliseconds: 43_200_000))
    }
}
