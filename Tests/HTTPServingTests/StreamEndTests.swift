import HTTPServing
import HTTPWire
import Testing
import Transport

/// Streamed bodies when the server drains, and when it has no room.
@Suite struct StreamEndTests {
    private static let get = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `draining ends a body without end after what was sent, and then the connection`() async throws
    {
        let body = BodyChannel()
        let server = try await HTTPServer.start(StreamHandler(body))
        let opened = Reported()
        async let rest = server.with { client in
            client.send(Self.get)
            _ = client.reply(toHEAD: true)
            opened.report()
            return client.rest()
        }
        await opened.wait()
        body.send(Array("last".utf8))
        await server.drain(within: .seconds(60))
        let (bytes, wasReset) = try await rest
        #expect(bytes == Array("4\r\nlast\r\n0\r\n\r\n".utf8))
        #expect(!wasReset)
        #expect(!body.send([1]))
    }

    @Test func `draining lets a body with an end come to it, and cuts it at the bound`() async throws {
        for bound in [Duration.seconds(60), .milliseconds(20)] {
            let cancelled = Reported()
            let body = BodyChannel(isEndless: false, onCancel: cancelled.report)
            let server = try await HTTPServer.start(StreamHandler(body))
            let opened = Reported()
            async let rest = server.with { client in
                client.send(Self.get)
                _ = client.reply(toHEAD: true)
                opened.report()
                return client.rest().bytes
            }
            await opened.wait()
            async let drained: Void = server.drain(within: bound)
            if bound == .seconds(60) {
                while try Listener.isFree(server.addresses[0]) == false { await Task.yield() }
                #expect(body.send(Array("more".utf8)))
                body.finish()
            } else {
                await cancelled.wait()
            }
            await drained
            #expect(try await rest == Array((bound == .seconds(60) ? "4\r\nmore\r\n0\r\n\r\n" : "").utf8))
        }
    }

    @Test func `a body without end is evicted for a new connection, and ends in order`() async throws {
        let cancelled = Reported()
        let body = BodyChannel(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body)) { $0.connections = 1 }
        let (rest, other) = try await onThread {
            let stream = try TestClient(server)
            stream.send(Self.get)
            _ = stream.reply(toHEAD: true)
            let other = try TestClient(server)
            other.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            return (stream.rest(), other.reply()?.status)
        }
        #expect(rest.bytes == Array("0\r\n\r\n".utf8) && !rest.wasReset)
        #expect(other == 200)
        await cancelled.wait()
    }

    @Test func `an idle connection is evicted before a stream, and a body with an end is not`() async throws {
        let endless = BodyChannel()
        let finite = BodyChannel(isEndless: false)
        let server = try await HTTPServer.start(StreamHandler { $0.path == "/finite" ? finite : endless }) {
            $0.connections = 3
        }
        let statuses = try await onThread {
            let stream = try TestClient(server)
            stream.send(Self.get)
            let isOpen = stream.reply(toHEAD: true)?.status
            let kept = try TestClient(server)
            kept.send("GET /finite HTTP/1.1\r\nHost: h\r\n\r\n")
            let isKept = kept.reply(toHEAD: true)?.status
            let idle = try TestClient(server)
            // In the place of the idle one, then of the stream, then in none.
            var others = [idle]
            let statuses = try (0..<3).map { _ in
                let other = try TestClient(server)
                others.append(other)
                other.send("GET /finite HTTP/1.1\r\nHost: h\r\n\r\n")
                return other.reply(toHEAD: true)?.status
            }
            return [isOpen, isKept] + statuses
        }
        #expect(statuses == [200, 200, 200, 200, 503])
    }
}
