import HTTPServing
import TestSupport
import Testing
import Transport

/// The memory for incomplete request bodies of all connections together.
@Suite struct BodyBudgetTests {
    private static func begin(_ client: TestClient, _ count: Int, of length: Int = 60_000) -> Bool {
        client.send(
            "POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n")
        let isContinued = client.reply()?.status == 100
        client.send([UInt8](repeating: 120, count: count))
        return isContinued
    }

    @Test func `near the limit the connection with the oldest incomplete body is evicted`() async throws {
        let server = try await HTTPServer.start { $0.heldBodies = 1_600_000 }
        let (interim, statuses) = try await onThread {
            let clients = try (0..<3).map { _ in try TestClient(server) }
            // Together more than 15/16 of the limit, and less than the limit however much one turn reads.
            let interim = clients.map { Self.begin($0, 510_000, of: 600_000) }
            let first = clients[0].reply()?.status
            let others = clients[1...].map { client in
                client.send([UInt8](repeating: 120, count: 90_000))
                return client.reply()?.status
            }
            return (interim, [first] + others)
        }
        #expect(interim == [true, true, true])
        #expect(statuses == [503, 200, 200])
    }

    @Test func `memory is released however a request ends`() async throws {
        let server = try await HTTPServer.start { $0.heldBodies = 64_000 }
        let statuses = try await onThread {
            try (0..<12).map { round -> Int? in
                let client = try TestClient(server)
                _ = Self.begin(client, 50_000)
                if round % 3 == 0 {
                    // Closing is not enough: a program that another test starts may hold the socket too.
                    client.endSending()
                    return client.reply()?.status ?? 200
                }
                client.send([UInt8](repeating: 120, count: 10_000))
                return client.reply()?.status
            }
        }
        #expect(statuses == [Int?](repeating: 200, count: 12))
    }

    @Test(arguments: [(64 << 20, UInt32(65_536)), (60_000, 16_384)])
    func `the window is as large as a body, or small where many bodies are held`(
        _ limit: Int, _ window: UInt32
    ) async throws {
        let server = try await HTTPServer.start { $0.heldBodies = limit }
        let settings = try await onThread {
            let other = try TestClient(server)
            _ = Self.begin(other, 50_000)
            // Its response follows the reading of what came before.
            let later = try TestClient(server)
            later.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = later.reply()
            let client = try TestClient(server)
            client.send(HTTP2Frame.preface + HTTP2Frame.settings().bytes)
            guard let head = client.read(9), let payload = client.read(Int(head[2])) else { return [UInt8]() }
            return payload
        }
        let values = stride(from: 0, to: settings.count, by: 6).map { Array(settings[$0..<$0 + 6]) }
        #expect(values.contains([0, 4] + HTTP2Frame.big(window)))
    }
}
