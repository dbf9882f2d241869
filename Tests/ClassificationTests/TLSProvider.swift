import ProcessTestSupport

/// A provider that uses the TLS implementation of Python.
struct TLSProvider: Sendable {
    let program: RunningProgram
    let url: String

    /// The number of received jobs; all are accepted.
    var creates: Int { program.output.text.split(separator: "\n").count { $0 == "create" } }

    static let source = """
        import http.server, ssl, sys

        class Provider(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                print("create", flush=True)
                body = b'{"id":"task-tls-1","status":"pending","progress":0}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print("listening on", server.server_address[1], flush=True)
        server.serve_forever()

        """
}
