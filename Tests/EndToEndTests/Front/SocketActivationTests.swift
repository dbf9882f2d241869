import FoundationEssentials
import Glibc
import ProcessTestSupport
import Testing

/// Listening sockets that the gateway is started with (sd_listen_fds(3)); Python stands in for the manager.
@Suite(.timeLimit(.minutes(2))) struct SocketActivationTests {
    /// Makes the sockets that its first argument names, and starts the rest as a program with them: anew as
    /// soon as somebody calls while none runs, or at once, in its own place, with `exec`.
    private static let manager = """
        import ctypes, fcntl, itertools, os, select, socket, sys
        way, kinds, command = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]

        def make(place, kind):
            if kind == "pipe": return os.pipe()[0]
            family = socket.AF_UNIX if kind.startswith("/") else socket.AF_INET
            s = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
            s.bind(kind if kind.startswith("/") else ("0.0.0.0" if kind == "open" else "127.0.0.1", 0))
            if kind not in ("udp", "idle"): s.listen(100)
            print("bound", place, s.getsockname()[1] if s.family == socket.AF_INET else kind, flush=True)
            return s.detach()

        def become():
            for place, number in enumerate(held, 3):
                os.dup2(number, place, inheritable=True)
            os.environ.setdefault("LISTEN_PID", str(os.getpid()))
            os.environ.setdefault("LISTEN_FDS", str(len(held)))
            os.execvp(command[0], command)

        # Out of the way of the places that they are to have.
        made = itertools.starmap(make, enumerate(kinds))
        held = [fcntl.fcntl(s, fcntl.F_DUPFD, 100) for s in made]
        if way == "exec": become()
        for nth in itertools.count():
            select.select(held, [], [])
            child = os.fork()
            if child == 0:
                ctypes.CDLL(None).prctl(1, 9)  # It does not outlive us.
                become()
            print("started", nth, child, flush=True)
            print("ended", nth, os.waitpid(child, 0)[1], flush=True)
        """

    @Test func `callers who came before the gateway are answered, also by the next one`() async throws {
        let house = try await EndToEndFixture()
        try await makeCertificate(in: house.folder.path)
        let path = house.folder.path + "/front.sock"
        let config = try write(
            house,
            """
            loops: 3
            listen:
              - address: 127.0.0.1:0
              - address: unix:\(path)
              - {address: "127.0.0.1:0", tls: {certificate: a.pem, key: a.key}}
            """)
        let manager = try start(house, "keep", "tcp,\(path),tls", config)
        let ports = try await [manager.boundPort(nth: 0), manager.boundPort(nth: 2)]
        for nth in 0..<2 {
            // Nobody runs: whoever calls now waits in the sockets.
            async let clear = Curl.get("http://127.0.0.1:\(ports[0])/v1/models")
            async let local = Curl.get("http://localhost/v1/models", ["--unix-socket", path])
            async let secure = Curl.get(
                "https://127.0.0.1:\(ports[1])/v1/models", ["--cacert", "\(house.folder.path)/a.pem"])
            for answer in try await [clear, local, secure] { #expect(answer.status == 200, "\(answer.text)") }
            #expect(manager.output.text.contains("listening on http://127.0.0.1:\(ports[0]), unix:\(path), "))
            let gateway = try #require(pid_t(try await manager.word(after: "started \(nth) ")))
            // Every loop takes its part.
            for _ in 0..<12 {
                #expect(try await Curl.get("http://127.0.0.1:\(ports[0])/healthz").status == 200)
            }
            kill(gateway, SIGTERM)
            #expect(try await manager.word(after: "ended \(nth) ") == "0")
            #expect(FileManager.default.fileExists(atPath: path), "the file is not ours to remove")
        }
        manager.signal(SIGTERM)
    }

    @Test(arguments: [
        ("tcp,tcp", "LISTEN_FDS: 2 passed, but listen has 1\n    give reelgate.socket one ListenStream="),
        ("udp", "LISTEN_FDS: socket 1 (front), for listen.0, is not a stream socket"),
        ("idle", "LISTEN_FDS: socket 1 (front), for listen.0, is a socket that is not listening"),
        ("pipe", "LISTEN_FDS: socket 1 (front), for listen.0, is not a socket"),
        ("open", "which can be reached from other machines while access is open to all"),
    ])
    func `what nobody can be accepted from is a fault with a remedy`(
        _ kinds: String, _ message: String
    ) async throws {
        let house = try await EndToEndFixture()
        let config = try write(house, "listen: [{address: \"127.0.0.1:0\"}]")
        let gateway = try start(house, "exec", kinds, config, ["LISTEN_FDNAMES": "front"])
        #expect(await gateway.end() == 1)
        let errors = String(decoding: await gateway.errors.all(), as: UTF8.self)
        #expect(errors.contains(message) && errors.contains("\n    "), "\(errors)")
    }

    @Test func `a number of sockets that is none is a fault`() async throws {
        let house = try await EndToEndFixture()
        let config = try write(house, "listen: [{address: \"127.0.0.1:0\"}]")
        let gateway = try start(house, "exec", "tcp", config, ["LISTEN_FDS": "one"])
        #expect(await gateway.end() == 1)
        #expect(
            String(decoding: await gateway.errors.all(), as: UTF8.self).contains("LISTEN_FDS: one passed"))
    }

    @Test(arguments: [["LISTEN_PID": "1"], ["LISTEN_FDS": "0"]])
    func `sockets for another process are left alone`(_ environment: [String: String]) async throws {
        let house = try await EndToEndFixture()
        let config = try write(house, "listen: [{address: \"127.0.0.1:0\"}]")
        let gateway = try start(house, "exec", "tcp", config, environment)
        let passed = try await gateway.boundPort(nth: 0)
        let url = try await gateway.listeningAddress()
        #expect(!url.hasSuffix(":\(passed)"))
        #expect(try await Curl.get("\(url)/healthz").status == 200)
    }

    @Test func `an entry that names another address than its socket is worth a warning`() async throws {
        let house = try await EndToEndFixture()
        let config = try write(house, "listen: [{address: \"127.0.0.1:9\"}]")
        let gateway = try start(house, "exec", "tcp", config)
        let port = try await gateway.boundPort(nth: 0)
        _ = try await gateway.line(of: \.errors, having: "listen.0 is 127.0.0.1:9, but the socket")
        #expect(try await gateway.listeningAddress() == "http://127.0.0.1:\(port)")
    }

    private func start(
        _ house: EndToEndFixture, _ way: String, _ kinds: String, _ config: String,
        _ more: [String: String] = [:]
    ) throws -> RunningProgram {
        var environment = Tools.surroundings.merging(more) { _, own in own }
        environment["REELGATE_PROVIDER_API_KEY"] = EndToEndFixture.key
        return try RunningProgram(
            "/usr/bin/env",
            ["python3", "-c", Self.manager, way, kinds, Tools.reelgate, "serve", "--config", config],
            environment: environment, folder: house.folder.path)
    }

    private func write(_ house: EndToEndFixture, _ listen: String) throws -> String {
        let rest = try String(
            contentsOfFile: house.writeConfig(provider: house.provider), encoding: .utf8
        )
        .split(separator: "\n").dropFirst().joined(separator: "\n")
        return try house.folder.write("\(listen)\n\(rest)", to: "reelgate.yaml")
    }

    private func makeCertificate(in folder: String) async throws {
        let ran = try await Tools.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "a.key", "-out", "a.pem", "-subj", "/CN=a", "-addext", "subjectAltName=IP:127.0.0.1",
            ], folder: folder)
        try #require(ran.status == 0, "\(ran.errors)")
    }
}

extension RunningProgram {
    /// Waits for the line of output that begins so, and returns the rest of it.
    fileprivate func word(after start: String) async throws -> String {
        String(try await line(of: \.output, having: start).dropFirst(start.count))
    }

    fileprivate func boundPort(nth: Int) async throws -> String { try await word(after: "bound \(nth) ") }
}
