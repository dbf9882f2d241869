import FoundationEssentials
import Glibc
import ProcessTestSupport
import Testing

/// Inherited listening sockets (sd_listen_fds(3)). A Python program plays the service manager.
@Suite(.timeLimit(.minutes(2))) struct SocketActivationTests {
    /// Creates the sockets that its second argument lists, and runs the remaining arguments as a program that
    /// inherits them: in its own process with `exec`, otherwise for each connection while no program runs.
    private static let manager = """
        import ctypes, fcntl, itertools, os, select, socket, sys
        mode, kinds, command = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]

        def make(index, kind):
            if kind == "pipe": return os.pipe()[0]
            family = socket.AF_UNIX if kind.startswith("/") else socket.AF_INET
            s = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
            s.bind(kind if kind.startswith("/") else ("0.0.0.0" if kind == "open" else "127.0.0.1", 0))
            if kind not in ("udp", "idle"): s.listen(100)
            print("bound", index, s.getsockname()[1] if s.family == socket.AF_INET else kind, flush=True)
            return s.detach()

        def run():
            for target, source in enumerate(held, 3):
                os.dup2(source, target, inheritable=True)
            os.environ.setdefault("LISTEN_PID", str(os.getpid()))
            os.environ.setdefault("LISTEN_FDS", str(len(held)))
            os.execvp(command[0], command)

        # Above the descriptors that the program is to inherit.
        made = itertools.starmap(make, enumerate(kinds))
        held = [fcntl.fcntl(s, fcntl.F_DUPFD, 100) for s in made]
        if mode == "exec": run()
        for nth in itertools.count():
            select.select(held, [], [])
            child = os.fork()
            if child == 0:
                ctypes.CDLL(None).prctl(1, 9)  # It is killed with this program.
                run()
            print("started", nth, child, flush=True)
            print("ended", nth, os.waitpid(child, 0)[1], flush=True)
        """

    @Test func `connections from before the start are served, by each gateway in turn`() async throws {
        let fixture = try await EndToEndFixture()
        try await SelfSignedCertificate.write(to: fixture.folder.path)
        let path = fixture.folder.path + "/front.sock"
        let config = try fixture.writeConfiguration {
            $0.loops = 3
            $0.listen = [.init(), .init("unix:\(path)"), .init(tls: SelfSignedCertificate.setting)]
        }
        let manager = try start(fixture, "keep", "tcp,\(path),tls", config)
        let ports = try await [manager.boundPort(nth: 0), manager.boundPort(nth: 2)]
        for nth in 0..<2 {
            // No gateway runs: new connections wait in the sockets.
            async let clear = Curl.get("http://127.0.0.1:\(ports[0])/v1/models")
            async let local = Curl.get("http://localhost/v1/models", ["--unix-socket", path])
            async let secure = Curl.get(
                "https://127.0.0.1:\(ports[1])/v1/models", ["--cacert", "\(fixture.folder.path)/a.pem"])
            for response in try await [clear, local, secure] {
                #expect(response.status == 200, "\(response.text)")
            }
            // A gateway serves before it announces that.
            _ = try await manager.line(
                of: \.output, containing: "listening on http://127.0.0.1:\(ports[0]), unix:\(path), ")
            let gateway = try #require(pid_t(try await manager.word(after: "started \(nth) ")))
            // Enough requests for every loop.
            for _ in 0..<12 {
                #expect(try await Curl.get("http://127.0.0.1:\(ports[0])/healthz").status == 200)
            }
            kill(gateway, SIGTERM)
            #expect(try await manager.word(after: "ended \(nth) ") == "0")
            #expect(FileManager.default.fileExists(atPath: path), "the manager owns the file")
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
    func `a socket that cannot accept is an error with a remedy`(
        _ kinds: String, _ message: String
    ) async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration()
        let gateway = try start(fixture, "exec", kinds, config, ["LISTEN_FDNAMES": "front"])
        #expect(await gateway.end() == 1)
        let errors = String(decoding: await gateway.errors.all(), as: UTF8.self)
        #expect(errors.contains(message) && errors.contains("\n    "), "\(errors)")
    }

    @Test func `an invalid number of sockets is an error`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration()
        let gateway = try start(fixture, "exec", "tcp", config, ["LISTEN_FDS": "one"])
        #expect(await gateway.end() == 1)
        #expect(
            String(decoding: await gateway.errors.all(), as: UTF8.self).contains("LISTEN_FDS: one passed"))
    }

    @Test(arguments: [["LISTEN_PID": "1"], ["LISTEN_FDS": "0"]])
    func `sockets for another process are ignored`(_ environment: [String: String]) async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration()
        let gateway = try start(fixture, "exec", "tcp", config, environment)
        let passed = try await gateway.boundPort(nth: 0)
        let url = try await gateway.listeningAddress()
        #expect(!url.hasSuffix(":\(passed)"))
        #expect(try await Curl.get("\(url)/healthz").status == 200)
    }

    @Test func `an entry with another address than its socket causes a warning`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration { $0.listen = [.init("127.0.0.1:9")] }
        let gateway = try start(fixture, "exec", "tcp", config)
        let port = try await gateway.boundPort(nth: 0)
        _ = try await gateway.line(of: \.errors, containing: "listen.0 is 127.0.0.1:9, but the socket")
        #expect(try await gateway.listeningAddress() == "http://127.0.0.1:\(port)")
    }

    private func start(
        _ fixture: EndToEndFixture, _ mode: String, _ kinds: String, _ config: String,
        _ more: [String: String] = [:]
    ) throws -> RunningProgram {
        var environment = Tools.baseEnvironment.merging(more) { _, own in own }
        environment["REELGATE_PROVIDER_API_KEY"] = EndToEndFixture.key
        return try RunningProgram(
            "/usr/bin/env",
            ["python3", "-c", Self.manager, mode, kinds, Tools.reelgate, "serve", "--config", config],
            environment: environment, folder: fixture.folder.path)
    }
}

extension RunningProgram {
    /// Waits for the line of output with this prefix, and returns the rest of it.
    fileprivate func word(after start: String) async throws -> String {
        String(try await line(of: \.output, containing: start).dropFirst(start.count))
    }

    fileprivate func boundPort(nth: Int) async throws -> String { try await word(after: "bound \(nth) ") }
}
