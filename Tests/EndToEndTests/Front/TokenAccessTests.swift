import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import Testing

@testable import Reelgate

/// A gateway whose clients need tokens, managed through its operator socket.
@Suite(.timeLimit(.minutes(3))) struct TokenAccessTests {
    /// Polls over 64 connections, revokes the client between two polls, and prints the statuses.
    private static let poller = """
        import collections, http.client, socket, sys
        port, path, token, client = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
        connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(64)]

        def poll():
            for c in connections: c.request("GET", "/v1/models", headers={"Authorization": "Bearer " + token})
            responses = [c.getresponse() for c in connections]
            for r in responses: r.read()
            return dict(collections.Counter(r.status for r in responses))

        before = poll()
        sockets = [c.sock for c in connections]
        operator = socket.socket(socket.AF_UNIX)
        operator.connect(path)
        operator.sendall(f"DELETE /v1/clients/{client} HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n".encode())
        revoked = operator.recv(65536).split()[1].decode()
        after = poll()
        print(before, revoked, after, sockets == [c.sock for c in connections])
        """

    private func addClient(_ body: String, _ socket: String) async throws -> String {
        let added = try await Curl.post("http://gateway/v1/clients", body, ["--unix-socket", socket])
        try #require(added.status == 201, "\(added.text)")
        return try #require(try added.json()["token"]?.string)
    }

    @Test func `a request needs a token, which an operator gets from the socket`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let socket = fixture.folder.path + "/data/operator.sock"
        #expect(gateway.program.output.text.contains(" · clients with a token\n"))
        #expect(!gateway.program.output.text.contains("open to"))

        #expect(try await gateway.submit().status == 401)
        #expect(try await Curl.get("\(gateway.url)/v1/tasks").status == 401)
        #expect(try await Curl.get("\(gateway.url)/readyz").status == 200)
        let token = try await addClient(#"{"name":"studio"}"#, socket)
        let bearer = ["-H", "Authorization: Bearer \(token)"]
        let id = try await gateway.accepted(GatewayUnderTest.exampleJob, bearer)
        #expect(try await Curl.get("\(gateway.url)/v1/tasks/\(id)", bearer).status == 200)
        #expect(try await Curl.get("\(gateway.url)/v1/clients", bearer).status == 403)
        // The operator sees the client's task, with any Host.
        let seen = try await Curl.get("http://any/v1/tasks/\(id)", ["--unix-socket", socket])
        #expect(seen.status == 200)

        let wrong = ["-H", "Authorization: Bearer \(token.dropLast())"]
        for _ in 0..<3 { #expect(try await Curl.get("\(gateway.url)/v1/tasks", wrong).status == 401) }
        gateway.program.signal(SIGTERM)
        #expect(await gateway.program.end() == 0)
        let log = gateway.program.errors.text
        #expect(log.contains("authentication failed"))
        #expect(log.contains("client:studio") && log.contains("socket:\(geteuid())"))
        #expect(!log.contains(token) && !log.contains(token.dropLast(4)))
    }

    @Test func `a revocation is in force at once on 64 open connections`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let socket = fixture.folder.path + "/data/operator.sock"
        let token = try await addClient(#"{"name":"studio"}"#, socket)
        let port = String(gateway.url.split(separator: ":").last ?? "")
        let ran = try await Tools.run("python3", ["-c", Self.poller, port, socket, token, "studio"])
        #expect(ran.text == "{200: 64} 200 {401: 64} True\n", "\(ran.text)\(ran.errors)")
    }

    @Test func `a restart replaces the socket, also one that a kill left behind`() async throws {
        let fixture = try await EndToEndFixture()
        let socket = fixture.folder.path + "/data/operator.sock"
        func mode() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int
        }
        for signal in [SIGKILL, SIGTERM] {
            let gateway = try await fixture.gateway()
            #expect(try mode() == 0o600)
            // Access is open: the socket works as well.
            let ready = try await Curl.get("http://any/v1/clients", ["--unix-socket", socket])
            #expect(ready.status == 200)
            gateway.program.signal(signal)
            _ = await gateway.program.end()
            #expect(FileManager.default.fileExists(atPath: socket) == (signal == SIGKILL))
        }
    }

    @Test func `a second gateway on the same store leaves the socket of the first`() async throws {
        let fixture = try await EndToEndFixture()
        let first = try await fixture.gateway()
        let second = try fixture.startGateway(config: try fixture.writeConfiguration())
        #expect(await second.end() == 1)
        let socket = fixture.folder.path + "/data/operator.sock"
        #expect(try await Curl.get("http://any/v1/clients", ["--unix-socket", socket]).status == 200)
        #expect(first.url.hasPrefix("http://"))
    }

    @Test func `a gateway without the socket makes none`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.access = "{operator_socket: false}" }
        #expect(!FileManager.default.fileExists(atPath: fixture.folder.path + "/data/operator.sock"))
        #expect(try await Curl.get("\(gateway.url)/v1/clients").status == 200)
    }

    @Test(.enabled(if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")))
    func `another user cannot connect, whatever the mode of the file`() async throws {
        let fixture = try await EndToEndFixture()
        // Other users may be kept out of the folder of the tests.
        let store = "/tmp/reelgate-\(UInt64.random(in: .min ... .max))"
        defer { try? FileManager.default.removeItem(atPath: store) }
        let gateway = try await fixture.gateway { $0.store = store }
        let socket = store + "/operator.sock"
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: store)
        func connect() async throws -> CInt {
            let curl = ["curl", "-s", "-m", "20", "--unix-socket", socket, "http://any/v1/clients"]
            let user = ["--reuid", "65534", "--clear-groups"]
            return try await Tools.run("/usr/bin/setpriv", user + curl).status
        }
        let config = try fixture.folder.write("store: {sqlite: \(store)/reelgate.db}", to: "operator.yaml")
        for (mode, message) in [
            (0o755, "operator socket \(socket) belongs to user root (uid 0)"),
            (0o700, "the folder \(store) of the store belongs to user root (uid 0), and uid 65534"),
        ] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: store)
            for command in [["audit"], ["clients", "add", "studio"]] {
                let ran = try await Tools.run(
                    "/usr/bin/setpriv",
                    ["--reuid", "65534", "--clear-groups", Tools.reelgate] + command + ["--config", config])
                #expect(ran.status == 1 && ran.errors.contains(message), "\(ran.errors)")
                #expect(ran.errors.contains("Run the command as that user or as root"))
            }
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: store)
        // CURLE_COULDNT_CONNECT, by the mode of the file.
        #expect(try await connect() == 7)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: socket)
        #expect(try await connect() != 0)
        _ = try await gateway.program.line(of: \.errors, containing: "operator socket connection rejected")
    }
}
