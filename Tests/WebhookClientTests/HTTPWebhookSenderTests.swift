import Gateway
import HTTPFetching
import TestSupport
import Testing
import Tracing
import VideoJobs

@testable import WebhookClient

@Suite(.timeLimit(.minutes(1))) struct HTTPWebhookSenderTests {
    /// Returns a server that replies to each request.
    private func server(_ reply: @escaping @Sendable (RawConnection) -> Void) -> RawServer {
        RawServer { connection, _ in
            while connection.readRequest() != nil { reply(connection) }
        }
    }

    @Test func `a webhook has its id, time, signatures and trace`() async throws {
        let server = server { $0.respond(204) }
        defer { server.stop() }
        let sender = makeSender(["loopback"], secrets: [secret, olderSecret])
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let context = TraceContext(parents: [parent], states: ["a=1"])
        let reply = await TraceContext.$current.withValue(context) {
            await sender.send(message(to: server.origin + "/a?b=c"))
        }
        #expect(reply == .response(status: 204))
        let request = try #require(server.requests.first)
        #expect(request.method == "POST" && request.target == "/a?b=c")
        #expect(request.body == Array("{}".utf8))
        let signatures = [secret, olderSecret].compactMap {
            WebhookSecret($0)?.signature(id: "msg_1", timestamp: 1_614_265_330, body: request.body)
        }
        for line in [
            "Content-Type: application/json", "webhook-id: msg_1", "webhook-timestamp: 1614265330",
            "webhook-signature: \(signatures.joined(separator: " "))", "traceparent: \(parent)",
            "tracestate: a=1",
        ] {
            #expect(request.lines.contains(line), "\(line)")
        }
    }

    @Test func `a redirect is a failure and is not followed`() async throws {
        let other = server { $0.respond(200) }
        let server = server { $0.respond(302, fields: ["Location: \(other.origin)/"]) }
        defer {
            server.stop()
            other.stop()
        }
        let reply = await makeSender(["loopback"]).send(message(to: server.origin))
        #expect(reply == .response(status: 302) && reply.verdict == .retry)
        #expect(other.connections == 0)
    }

    @Test func `of a response only its status and Retry-After are read`() async throws {
        let server = RawServer { connection, number in
            connection.readRequest()
            switch number {
            case 0: connection.respond(503, fields: ["Retry-After: 7"])
            case 1: connection.respond(200, String(repeating: "x", count: 1 << 20))
            case 2: connection.respond(200, fields: ["Content-Encoding: gzip"], "no gzip")
            case _: return
            }
        }
        defer { server.stop() }
        let sender = makeSender(["loopback"])
        #expect(await sender.send(message(to: server.origin)).retryAfter == .seconds(7))
        #expect(await sender.send(message(to: server.origin)).verdict == .accepted)
        #expect(await sender.send(message(to: server.origin)).verdict == .accepted)
        #expect(await sender.send(message(to: server.origin)).status == nil)
    }

    @Test func `an address that is not allowed gets no connection, whatever its name was`() async throws {
        let server = server { $0.respond(200) }
        defer { server.stop() }
        // The name leads to an allowed address when it is checked, and to another one at the attempt.
        let sender = makeSender(["10.0.0.0/8"], addresses: ["10.1.2.3"])
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"] {
            let reply = await sender.send(message(to: "http://\(host):\(server.port)/"))
            #expect(reply.message?.contains("not listed as allowed") == true, "\(reply)")
        }
        #expect(server.connections == 0)
    }

    @Test(arguments: [
        (["loopback"], "http://127.0.0.1:9/x", true), (["loopback"], "http://localhost/", true),
        (["loopback"], "http://[::1]/", true), (["10.0.0.0/8"], "http://localhost/", false),
        (["loopback"], "http://10.1.2.3/", false), (["10.0.0.0/8"], "http://10.1.2.3/", true),
        (["10.0.0.0/8"], "http://[::ffff:10.1.2.3]/", true), (["0.0.0.0/0"], "http://8.8.8.8/", true),
        (["0.0.0.0/0"], "http://169.254.169.254/", false), (["0.0.0.0/0"], "http://100.100.100.200/", false),
        (["hooks.example"], "https://hooks.example/a", true),
        (["hooks.example"], "https://HOOKS.example./", true),
        (["hooks.example"], "https://a.hooks.example/", false),
        (["hooks.example"], "https://hooks.example.org/", false),
        ([], "http://127.0.0.1/", false), ([], "https://hooks.example/", false),
    ])
    func `a callback is checked by the addresses and names that are listed`(
        _ allow: [String], _ url: String, _ isAllowed: Bool
    ) async {
        let refusal = await makeSender(allow).refusal(of: url)
        #expect((refusal == nil) == isAllowed, "\(url): \(refusal ?? "allowed")")
    }

    @Test func `a name that is not listed is judged by its addresses`() async {
        let url = "http://inner.example/"
        #expect(await makeSender(["loopback"], addresses: ["127.0.0.1"]).refusal(of: url) == nil)
        #expect(await makeSender(["loopback"], addresses: ["8.8.8.8"]).refusal(of: url) != nil)
        let metadata = await makeSender(["0.0.0.0/0"], addresses: ["169.254.169.254"]).refusal(of: url)
        #expect(metadata?.contains("link-local") == true)
        #expect(await makeSender(["loopback"]).refusal(of: url)?.contains("cannot be resolved") == true)
    }

    @Test func `without a secret nothing is allowed or sent, and new settings hold at once`() async {
        let server = server { $0.respond(200) }
        defer { server.stop() }
        let sender = makeSender(["loopback"], secrets: [])
        #expect(await sender.refusal(of: server.origin)?.contains("secret_files is empty") == true)
        #expect(await sender.send(message(to: server.origin)).status == nil)
        sender.replaceSettings(with: makeSender(["loopback"]).settings)
        #expect(await sender.refusal(of: server.origin) == nil)
        #expect(await sender.send(message(to: server.origin)).verdict == .accepted)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        ("7", Duration.seconds(7)), ("Thu, 25 Feb 2021 15:02:20 GMT", .seconds(10)),
        ("Thu, 25 Feb 2021 15:02:00 GMT", .zero), ("soon", nil), ("-1", nil), ("", nil),
        ("99999999999999999999", .seconds(864_000)),
    ])
    func `Retry-After is seconds or a date`(_ value: String, _ delay: Duration?) {
        #expect(HTTPFetcher.retryDelay(value, now: message(to: "").at) == delay)
    }
}
