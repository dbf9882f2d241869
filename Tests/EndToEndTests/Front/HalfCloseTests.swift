import JSONText
import ProcessTestSupport
import Testing

/// Clients that close their side of the connection after a complete request, as `nc -N` does.
@Suite(.timeLimit(.minutes(2))) struct HalfCloseTests {
    /// Sends standard input to a port, closes its side, and prints what comes back.
    private static let client = """
        import socket, sys
        connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=60)
        connection.sendall(sys.argv[2].encode())
        connection.shutdown(socket.SHUT_WR)
        while data := connection.recv(65536):
            sys.stdout.buffer.write(data)
        """

    @Test(arguments: ["", "Prefer: respond-async\r\n", "Prefer: wait=1\r\n"])
    func `a job is answered with its task`(_ field: String) async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let job = GatewayUnderTest.exampleJob
        let request =
            "POST /v1/videos/generations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + "Connection: close\r\n\(field)Content-Length: \(job.utf8.count)\r\n\r\n\(job)"
        let port = try #require(gateway.url.split(separator: ":").last)
        let answered = try await Tools.run("python3", ["-c", Self.client, String(port), request])
        #expect(answered.status == 0, "\(answered.errors)")
        let id = try #require(try await gateway.taskList().first?["id"]?.string)
        #expect(answered.text.contains("\"id\":\"\(id)\""), "\(answered.text)")
    }
}

extension GatewayUnderTest {
    fileprivate func taskList() async throws -> [JSONValue] {
        try await Curl.get("\(url)/v1/tasks").json()["data"]?.array ?? []
    }
}
