import Gateway
import HTTPFetching
import TestSupport
import Testing
import VideoJobs

@testable import WebhookClient

@Suite(.timeLimit(.minutes(1))) struct HTTPNoticeSenderTests {
    private func sender(_ receivers: (String, String, NoticePreset)...) throws -> HTTPNoticeSender {
        HTTPNoticeSender(
            receivers: try receivers.map { file, url, preset in
                NoticeReceiver(
                    file: file, url: try #require(NoticeURL(url)), format: NoticeFormat(preset),
                    events: [.completed])
            },
            publicURL: "https://gate.example",
            fetcher: HTTPFetcher(loop: testLoop, userAgent: "reelgate/test"))
    }

    private func message(_ notice: NewNotice) -> NoticeMessage {
        NoticeMessage(notice.target, body: notice.body, at: Timestamp(milliseconds: 0))
    }

    @Test func `a notice is posted to the URL of its receiver, with type and title`() async throws {
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200) }
        }
        defer { server.stop() }
        let sender = try sender(
            ("slack.url", server.origin + "/s?token=1", .slack), ("ntfy.url", server.origin + "/n", .ntfy))
        let subject = NoticeSubject.task(.completed, exampleRecord(prompt: "p"))
        let notices = sender.notices(of: subject)
        #expect(notices.map(\.target.receiver) == ["slack.url", "ntfy.url"])
        for notice in notices { #expect(await sender.send(message(notice)) == .response(status: 200)) }
        let requests = server.requests
        #expect(requests.map(\.target) == ["/s?token=1", "/n"])
        #expect(requests.map(\.body) == notices.map(\.body))
        #expect(requests[0].lines.contains("Content-Type: application/json"))
        #expect(!requests[0].lines.contains { $0.hasPrefix("Title:") || $0.hasPrefix("webhook-") })
        #expect(requests[1].lines.contains("Content-Type: text/plain; charset=utf-8"))
        #expect(requests[1].lines.contains("Title: Video completed"))
    }

    @Test func `an event that no receiver wants has no notice`() throws {
        let sender = try sender(("a", "http://127.0.0.1:9/", .ntfy))
        #expect(sender.notices(of: .task(.failed, exampleRecord(prompt: nil))).isEmpty)
    }

    @Test func `a link-local address, a redirect and a removed receiver get nothing`() async throws {
        let other = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200) }
        }
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil {
                connection.respond(302, fields: ["Location: \(other.origin)/"])
            }
        }
        defer {
            server.stop()
            other.stop()
        }
        let sender = try sender(
            ("link", "http://169.254.169.254/latest", .ntfy), ("redirect", server.origin, .ntfy))
        let notices = sender.notices(of: .task(.completed, exampleRecord(prompt: nil)))
        let refused = await sender.send(message(notices[0]))
        #expect(refused.message?.contains("link-local") == true && refused.verdict == .retry)
        #expect(await sender.send(message(notices[1])) == .response(status: 302))
        #expect(other.connections == 0)
        sender.replaceReceivers(with: [])
        #expect(await sender.send(message(notices[1])).verdict == .stop)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        "", "ftp://a.example/", "a.example/x", "https://u:p@a.example/", "https://a.example/ b",
        "https://a.example/\tb", "https://", "https://a.example/\u{0}",
    ])
    func `what is not one http or https URL is no receiver`(_ text: String) {
        #expect(NoticeURL(text) == nil)
    }

    @Test func `no printed form contains the URL`() throws {
        let url = try #require(NoticeURL("https://hooks.example/T0/secret"))
        var text = ""
        dump(url, to: &text)
        for form in ["\(url)", String(reflecting: url), text] { #expect(!form.contains("secret"), "\(form)") }
        #expect(!url.isExposed)
        #expect(NoticeURL("http://hooks.example/")?.isExposed == true)
        #expect(NoticeURL("http://127.0.0.1:8/")?.isExposed == false)
    }
}
