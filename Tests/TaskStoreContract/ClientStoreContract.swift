import Gateway
import VideoJobs

/// The requirements of every store of clients, as checks for a parameterised test. Each check needs a new
/// store.
package enum ClientStoreContract {
    package typealias Check = StoreCheck

    package static let checks = [
        Check("a client is read as it was stored") { store in
            let client = example("studio")
            let stored = try await store.changeClient("studio") { _ in ClientChange(client) }
            try expect(try stored.get(), is: client, "the result")
            try expect(try await store.clients(), is: [client], "the clients")
        },
        Check("a change sees the client before it and counts the version") { store in
            _ = try await store.changeClient("studio") { _ in ClientChange(example("studio")) }
            let changed = try await store.changeClient("studio") { known throws(ClientError) in
                guard var client = known else { throw .notFound("studio") }
                client.weight = 7
                client.tokens = []
                client.budget = nil
                client.models = nil
                client.revoked = Timestamp(milliseconds: 9_000)
                return ClientChange(client)
            }
            var expected = example("studio")
            (expected.weight, expected.tokens, expected.budget) = (7, [], nil)
            (expected.models, expected.revoked, expected.version) = (nil, Timestamp(milliseconds: 9_000), 2)
            try expect(try changed.get(), is: expected, "the result")
            try expect(try await store.clients(), is: [expected], "the clients")
        },
        Check("a change that throws changes nothing") { store in
            _ = try await store.changeClient("studio") { _ in ClientChange(example("studio")) }
            let refused = try await store.changeClient("studio") { known throws(ClientError) in
                throw .exists(known?.name ?? "")
            }
            try expect(refused, is: .failure(.exists("studio")), "the result")
            try expect(try await store.clients(), is: [example("studio")], "the clients")
        },
        Check("of concurrent changes each sees the one before") { store in
            _ = try await store.changeClient("studio") { _ in ClientChange(example("studio")) }
            await withTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        _ = try? await store.changeClient("studio") { known throws(ClientError) in
                            guard var client = known else { throw .notFound("studio") }
                            client.weight += 1
                            return ClientChange(client)
                        }
                    }
                }
            }
            let client = try await store.clients().first
            try expect(client?.weight, is: example("studio").weight + 20, "the weight")
            try expect(client?.version, is: 21, "the version")
        },
        Check("clients are listed by name") { store in
            for name in ["b", "c", "a"] {
                _ = try await store.changeClient(name) { _ in ClientChange(example(name)) }
            }
            try expect(try await store.clients().map(\.name), is: ["a", "b", "c"], "the names")
        },
    ]

    private static func example(_ name: String) -> Client {
        var client = Client(
            name: name, role: .operator, models: ["veo", "imagen"],
            limits: ClientLimits(requestsPerMinute: 60, inFlight: 3, jobsPerDay: 500),
            budget: ClientBudget(microdollars: 12_500_000, per: .month), weight: 5,
            created: Timestamp(milliseconds: 1_000))
        // No two clients share a digest.
        let padding = [UInt8](repeating: 0, count: 31 - name.utf8.count)
        client.tokens = [2, 1].compactMap { number in
            TokenDigest(Array(name.utf8) + padding + [number]).map {
                IssuedToken(
                    digest: $0, issued: Timestamp(milliseconds: Int64(number) * 1_000),
                    expires: number == 1 ? Timestamp(milliseconds: 5_000) : nil)
            }
        }
        return client
    }
}
