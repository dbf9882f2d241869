import JSONText
import ProcessTestSupport
import Testing

/// A provider that compresses every response, or every response whose request allows it.
@Suite(.timeLimit(.minutes(3))) struct CompressedReplyTests {
    /// Forwards requests to the simulator and compresses the responses.
    private static let proxy = #"""
        import gzip, http.client, sys, zlib
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        host, mode = sys.argv[1], sys.argv[2]

        class Proxy(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                upstream = http.client.HTTPConnection(host)
                upstream.request(self.command, self.path, body, dict(self.headers))
                reply = upstream.getresponse()
                content = reply.read()
                accepted = self.headers.get("Accept-Encoding")
                # RFC 9110, section 12.5.3: without the field every coding is allowed.
                names = accepted and [part.split(";")[0].strip() for part in accepted.split(",")]
                coding = {"always": "gzip"}.get(mode)
                if coding is None:
                    allowed = lambda name: not names or name in names
                    coding = next((name for name in ["snappy", "gzip", "deflate"] if allowed(name)), None)
                if coding in ("gzip", "deflate"):
                    content = gzip.compress(content) if coding == "gzip" else zlib.compress(content)
                elif coding:
                    content = b"snappy" + content[::-1]
                self.send_response(reply.status)
                for name, value in reply.getheaders():
                    if name.lower() in ("content-length", "connection", "date"): continue
                    self.send_header(name, value)
                if coding: self.send_header("Content-Encoding", coding)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = forward
            def log_message(self, *words): pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        print("listening on http://127.0.0.1:%d" % server.server_port, flush=True)
        server.serve_forever()
        """#

    @Test(arguments: ["allowed", "always"])
    func `a job runs, is polled and downloaded through compression`(_ mode: String) async throws {
        let fixture = try await EndToEndFixture()
        let script = try fixture.folder.write(Self.proxy, to: "proxy.py")
        let proxy = try RunningProgram(
            "/usr/bin/env", ["python3", script, String(fixture.provider.dropFirst("http://".count)), mode],
            environment: Tools.baseEnvironment, folder: fixture.folder.path)
        let address = try await proxy.listeningAddress()
        let gateway = try await fixture.gateway { $0.provider = address }
        let id = try await gateway.accepted()
        _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "running" }
        try await fixture.advance("61m")
        let walked = try await gateway.follow(id) {
            ["completed", "failed"].contains($0["status"]?.string ?? "")
        }
        let result = walked.last?["results"]?.array?.first
        let video = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(video.status == 200)
        #expect(result?["bytes"]?.integer == Int64(video.body.count))
        let ledger = try await fixture.ledger()
        #expect(ledger["creates"]?.integer == 1)
        #expect(ledger["downloads"]?.integer == 1)
    }
}
