import HTTPFetching
import Synchronization
import TestSupport
import Testing
import VideoJobs

@testable import ProviderClient

/// The replacement of the key while calls are in progress.
@Suite struct ReplacedKeyTests {
    private static let accepted = #"{"id":"task-1","status":"pending"}"#
    private let successor = "sk-next-fedcba9876543210"

    private func client(_ server: RawServer) -> ProviderAccount {
        ProviderAccount(
            key: key, settings: ProviderSettings(baseURL: server.origin),
            fetcher: HTTPFetcher(loop: testLoop, userAgent: "reelgate/test"), now: { november })
    }

    private func authorizations(_ server: RawServer) -> [String] {
        server.requests.compactMap { request in
            request.lines.first { $0.hasPrefix("Authorization: ") }
        }
    }

    @Test func `calls that begin later send the new key`() async throws {
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200, Self.accepted) }
        }
        defer { server.stop() }
        let client = client(server)
        _ = await client.create([], for: TaskID("a"))
        #expect(client.replaceKey(try APIKey(successor)))
        _ = await client.create([], for: TaskID("b"))
        _ = await client.poll(ProviderTaskID("task-1"))
        #expect(
            authorizations(server) == [
                "Authorization: Bearer \(secret)", "Authorization: Bearer \(successor)",
                "Authorization: Bearer \(successor)",
            ])
    }

    @Test func `the same key is no replacement`() throws {
        let server = RawServer { _, _ in }
        defer { server.stop() }
        let client = client(server)
        #expect(!client.replaceKey(try APIKey(secret + "\n")))
        #expect(client.replaceKey(try APIKey(successor)))
        #expect(!client.replaceKey(try APIKey(successor)))
    }

    @Test func `the former key is still removed from replies`() async throws {
        let text = "\(secret) was replaced by \(successor)"
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil {
                connection.respond(422, #"{"error":{"message":"\#(text)","type":"t","code":"x"}}"#)
            }
        }
        defer { server.stop() }
        let client = client(server)
        #expect(client.replaceKey(try APIKey(successor)))
        let verdict = await client.create([], for: TaskID("a"))
        let message = "APIKey(…) was replaced by APIKey(…)"
        #expect(verdict == .refused(FailureReason(code: "x", message: message, httpStatus: 422)))
    }

    @Test func `only the latest former keys are kept`() throws {
        var current = key
        let keys = try (0..<20).map { try APIKey("sk-number-\($0)-0123456789") }
        for key in keys { current = key.replacing(current) }
        let text = keys.indices.map { "sk-number-\($0)-0123456789" }.joined(separator: " ")
        let cleaned = current.redactor.clean(text, limit: 10_000)
        #expect(cleaned.contains("sk-number-10-") && !cleaned.contains("sk-number-11-"))
        // A key that returns is not listed twice.
        let returned = try APIKey("sk-number-18-0123456789").replacing(current)
        #expect(returned.redactor.clean("sk-number-19-0123456789") == "APIKey(…)")
    }

    @Test func `of two keys the longer is removed first`() throws {
        let longer = try APIKey(secret + "-and-more")
        #expect(longer.replacing(key).redactor.clean(secret + "-and-more") == "APIKey(…)")
        #expect(key.replacing(longer).redactor.clean(secret + "-and-more") == "APIKey(…)")
    }
}
