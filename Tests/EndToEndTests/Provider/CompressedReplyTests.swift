import JSONText
import ProcessTestSupport
import Testing

/// A provider that compresses every reply, asked to or not, or whenever the request allows it.
@Suite(.timeLimit(.minutes(3))) struct CompressedReplyTests {
    /// Passes requests on to the simulator and compresses what comes back.
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
        let house = try await EndToEndFixture()
        let script = try house.folder.write(Self.proxy, to: "proxy.py")
        let proxy = try RunningProgram(
            "/usr/bin/env", ["python3", script, String(house.provider.dropFirst("http://".count)), mode],
            environment: Tools.surroundings, folder: house.folder.path)
        let gateway = try await house.gateway(provider: try await proxy.listeningAddress())
        let id = try await gateway.accepted()
        _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "running" }
        try await house.advance("61m")
        let walked = try await gateway.follow(id) {
            ["completed", "failed"].contains($0["status"]?.string ?? "")
        }
        let result = walked.last?["results"]?.array?.first
        let video = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(video.status == 200)
        #expect(result?["bytes"]?.integer == Int64(video.body.count))
        let ledger = try await house.ledger()
        #expect(ledger["creates"]?.integer == 1)
        #expect(ledger["downloads"]?.integer == 1)
    }
}
