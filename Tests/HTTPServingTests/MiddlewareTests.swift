import HTTPServing
import HTTPWire
import Synchronization
import Testing

/// A middleware is called for every request, also for one whose head is known.
@Suite struct MiddlewareTests {
    private let get = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `a repeated head is judged anew after the policy has changed`() async throws {
        let policy = Policy()
        let server = try await HTTPServer.start(PolicyHandler(policy: policy, next: ExampleHandler()))
        let get = get
        let statuses = try await server.with { client in
            var statuses: [Int?] = []
            for isOpen in [true, true, true, false, false, true] {
                policy.isOpen.store(isOpen, ordering: .relaxed)
                client.send(get)
                statuses.append(client.reply()?.status)
            }
            return statuses
        }
        #expect(statuses == [200, 200, 200, 403, 403, 200])
    }

    @Test func `a refused head that is repeated is refused each time, with its body unread`() async throws {
        let policy = Policy()
        policy.isOpen.store(false, ordering: .relaxed)
        let server = try await HTTPServer.start(PolicyHandler(policy: policy, next: ExampleHandler()))
        let get = get
        let (statuses, last) = try await server.with { client in
            client.send(get + get + get + "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n")
            let statuses = (0..<3).map { _ in client.reply()?.status }
            return (statuses, client.reply())
        }
        #expect(statuses == [403, 403, 403])
        #expect(last?.status == 403)
        #expect(last?["connection"] == "close")
        #expect(policy.handled.load(ordering: .relaxed) == 4)
    }

    @Test func `a response without the body ends the request`() async throws {
        let server = try await HTTPServer.start()
        let reply = try await server.with { client in
            client.send("POST /unread HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
            return client.reply()
        }
        #expect(reply?.text == "POST /unread 0")
        #expect(reply?["connection"] == "close")
    }
}

/// Access that a test opens and closes.
private final class Policy: Sendable {
    let isOpen = Atomic(true)
    let handled = Atomic(0)
}

private struct PolicyHandler: HTTPHandler {
    let policy: Policy
    let next: ExampleHandler

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        policy.handled.add(1, ordering: .relaxed)
        guard policy.isOpen.load(ordering: .relaxed) else { return .respond(.text("no", status: 403)) }
        return next.handle(head, context)
    }
}
