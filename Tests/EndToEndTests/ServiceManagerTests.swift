import Glibc
import ProcessTestSupport
import Testing

/// Notifications to a service manager (sd_notify(3)). A Python program plays the manager.
@Suite(.timeLimit(.minutes(2))) struct ServiceManagerTests {
    private static let listener = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        s.bind("\\0" + sys.argv[1][1:] if sys.argv[1].startswith("@") else sys.argv[1])
        print("bound", flush=True)
        while True:
            print(s.recv(4096).decode().replace("\\n", " "), flush=True)
        """

    @Test(arguments: [false, true])
    func `it is notified of readiness, of the watchdog, and of the shutdown`(_ isAbstract: Bool) async throws
    {
        let fixture = try await EndToEndFixture()
        let place = fixture.folder.path + "/notify"
        let name = isAbstract ? "@" + place : place
        let manager = try RunningProgram(
            "/usr/bin/env", ["python3", "-c", Self.listener, name], environment: Tools.baseEnvironment,
            folder: fixture.folder.path)
        _ = try await manager.line(of: \.output, containing: "bound")

        let config = try fixture.writeConfiguration()
        let gateway = try fixture.startGateway(
            config: config, environment: ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "100000"])
        let ready = try await manager.line(of: \.output, containing: "READY=1")
        #expect(ready.contains("STATUS=reelgate: listening on http://127.0.0.1:"))
        _ = try await manager.line(of: \.output, containing: "WATCHDOG=1")
        gateway.signal(SIGHUP)
        _ = try await manager.line(of: \.output, containing: "RELOADING=1 MONOTONIC_USEC=")
        gateway.signal(SIGTERM)
        _ = try await manager.line(of: \.output, containing: "STOPPING=1")
        #expect(await gateway.end() == 0)
        manager.signal(SIGTERM)
    }

    @Test func `a manager that does not listen causes a warning only`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration()
        let gateway = try fixture.startGateway(
            config: config, environment: ["NOTIFY_SOCKET": fixture.folder.path + "/nobody"])
        _ = try await gateway.line(of: \.errors, containing: "service manager notification failed")
        #expect(try await Curl.get("\(try await gateway.listeningAddress())/healthz").status == 200)
    }
}
