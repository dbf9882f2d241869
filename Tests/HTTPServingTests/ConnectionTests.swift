import HTTPServing
import Testing
import Transport

private let get = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"

@Suite struct ConnectionTests {
    @Test func `a connection is kept and used again, also after delayed responses`() async throws {
        let server = try await HTTPServer.start()
        let texts = try await server.with { client in
            ["/now", "/later", "/now", "/hop", "/now"].map { path in
                client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                return client.reply()?.text
            }
        }
        #expect(texts == ["now GET", "GET /later 0", "now GET", "GET /hop 0", "now GET"])
    }

    @Test func `pipelined requests get their responses in order`() async throws {
        let server = try await HTTPServer.start()
        let paths = (0..<200).map { $0 % 3 == 0 ? "/now" : $0 % 3 == 1 ? "/x\($0)" : "/hop" }
        let texts = try await server.with { client in
            client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
            return paths.map { _ in client.reply()?.text }
        }
        #expect(texts == paths.map { $0 == "/now" ? "now GET" : "GET \($0) 0" })
    }

    @Test func `a request means the same wherever it is split`() async throws {
        let server = try await HTTPServer.start()
        let request = Array(
            ("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n\(get)").utf8)
        let bad = try await server.with { client in
            (1..<request.count).filter { split in
                client.send(Array(request[..<split]))
                client.send(Array(request[split...]))
                return client.reply()?.text != "POST /p 5" || client.reply()?.text != "now GET"
            }
        }
        #expect(bad.isEmpty)
    }

    @Test func `the handler is asked about each request of a client that repeats the same head`() async throws
    {
        let server = try await HTTPServer.start()
        let count = "GET /count HTTP/1.1\r\nHost: h\r\nX-Request-Id: mine\r\n\r\n"
        let replies = try await server.with { client in
            var replies = (0..<7).map { _ in
                client.send(count)
                return client.reply()
            }
            client.send("HEAD /count HTTP/1.1\r\nHost: h\r\n\r\n")
            replies.append(client.reply(toHEAD: true))
            client.send(get + count + count + count)
            return replies + (0..<4).map { _ in client.reply() }
        }
        #expect(
            replies.map { $0?.text }
                == [
                    "request 1", "request 2", "GET /count 0", "request 4", "request 5", "GET /count 0",
                    "request 7", "", "now GET", "GET /count 0", "request 10", "request 11",
                ].map { Optional($0) })
        #expect(replies[2]?["x-request-id"] == "mine")
        #expect(replies[7]?["x-request-id"]?.hasPrefix("req-") == true)
        #expect(replies[2]?["connection"] == "keep-alive")
    }

    @Test func `a response has date, length, request id and connection fields`() async throws {
        let server = try await HTTPServer.start()
        let replies = try await server.with { client in
            client.send(get)
            let generated = client.reply()
            client.send("GET /now HTTP/1.1\r\nHost: h\r\nX-Request-Id: mine-1\r\n\r\n")
            let given = client.reply()
            client.send("GET /now HTTP/1.1\r\nHost: h\r\nX-Request-Id: not sane\r\nConnection: close\r\n\r\n")
            return (generated, given, client.reply(), client.rest().bytes)
        }
        let generated = try #require(replies.0)
        #expect(generated["date"]?.hasSuffix(" GMT") == true)
        #expect(generated["content-length"] == "7")
        #expect(generated["x-request-id"]?.hasPrefix("req-") == true)
        #expect(replies.1?["x-request-id"] == "mine-1")
        #expect(replies.2?["x-request-id"]?.hasPrefix("req-") == true)
        #expect(replies.2?["connection"] == "close")
        #expect(replies.3.isEmpty)
    }

    @Test func `HEAD, 204 and 304 have no body, and the connection goes on`() async throws {
        let server = try await HTTPServer.start()
        let replies = try await server.with { client in
            client.send("HEAD /now HTTP/1.1\r\nHost: h\r\n\r\n")
            let head = client.reply(toHEAD: true)
            client.send("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n")
            let nothing = client.reply()
            client.send("GET /not-modified HTTP/1.1\r\nHost: h\r\n\r\n")
            let same = client.reply()
            client.send(get)
            return [head, nothing, same, client.reply()]
        }
        #expect(replies.map { $0?.status } == [200, 204, 304, 200])
        #expect(replies.map { $0?["content-length"] } == ["8", nil, nil, "7"])
    }

    @Test func `a client that expects 100 gets it before the body is sent`() async throws {
        let server = try await HTTPServer.start()
        let replies = try await server.with { client in
            client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            let interim = client.reply()
            client.send("abc")
            return [interim, client.reply()]
        }
        #expect(replies.map { $0?.status } == [100, 200])
        #expect(replies[1]?.text == "POST /p 3")
    }

    @Test func `half-closing after the request does not lose the response`() async throws {
        let server = try await HTTPServer.start()
        let texts = try await server.with { client in
            client.send("GET /hop HTTP/1.1\r\nHost: h\r\n\r\n\(get)")
            client.endSending()
            return [client.reply()?.text, client.reply()?.text, String(client.rest().bytes.count)]
        }
        #expect(texts == ["GET /hop 0", "now GET", "0"])
    }

    @Test func `a request that waits is cancelled when its client closes its side`() async throws {
        let (server, events) = try await HTTPServer.startWithClosedGate()
        var seen = events.makeAsyncIterator()
        let client = try TestClient(server)
        client.send("GET /gate?wait HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(await seen.next() == "asked")
        client.endSending()
        #expect(await seen.next() == "cancelled")
        await server.drain(within: .zero)
    }

    @Test func `a request is cancelled when its client leaves`() async throws {
        let (server, events) = try await HTTPServer.startWithClosedGate()
        var seen = events.makeAsyncIterator()
        let client = try await onThread {
            let client = try TestClient(server)
            client.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n")
            client.reset()
            return Held(client)
        }
        #expect(await seen.next() == "asked")
        client.drop()
        #expect(await seen.next() == "cancelled")
        #expect(
            try await server.with {
                $0.send(get); return $0.reply()?.status
            } == 200)
    }

    @Test func `a large response reaches a client that reads late, whole`() async throws {
        let server = try await HTTPServer.start()
        let (status, count, next) = try await server.with { client in
            client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n\(get)")
            let reply = client.reply()
            return (reply?.status, reply?.body.count, client.reply()?.text)
        }
        #expect(status == 200)
        #expect(count == 8 << 20)
        #expect(next == "now GET")
    }

    @Test(arguments: [0, 1, 30, 10_000])
    func `a response is cut after the given number of bytes, with a reset`(_ limit: Int) async throws {
        let server = try await HTTPServer.start()
        let (before, rest) = try await server.with { client in
            client.send("\(get)GET /cut?\(limit) HTTP/1.1\r\nHost: h\r\n\r\n")
            return (client.reply()?.status, client.rest())
        }
        #expect(before == 200)
        #expect(rest.wasReset)
        #expect(limit == 10_000 ? rest.bytes.count > 100 : rest.bytes.count == limit)
    }

    @Test func `two servers do not share an address`() async throws {
        let server = try await HTTPServer.start()
        await #expect(throws: ListenError.self) {
            _ = try await HTTPServer.start(
                at: server.addresses, on: [loop], limits: HTTPLimits(), handler: ExampleHandler())
        }
        let other = try EventLoop(label: "second")
        let failure = await #expect(throws: ListenError.self) {
            _ = try await HTTPServer.start(
                at: server.addresses, on: [loop, other], limits: HTTPLimits(), handler: ExampleHandler())
        }
        #expect("\(failure!)" == "cannot listen on \(server.addresses[0]): bind: Address already in use (98)")
    }

    @Test func `several loops serve one port`() async throws {
        let other = try EventLoop(label: "second")
        let server = try await HTTPServer.start(
            at: [.ipv4(host: "127.0.0.1", port: 0)], on: [loop, other], limits: HTTPLimits(),
            handler: ExampleHandler())
        let replies = try await onThread {
            try (0..<64).map { _ in
                let client = try TestClient(server)
                client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
                return client.reply()?.text
            }
        }
        // Which loop got a connection is the kernel's choice; with 64 both have some.
        #expect(Set(replies) == ["GET /x 0", "GET /x 0 off the loop"])
    }
}
