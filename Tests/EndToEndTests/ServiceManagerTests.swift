import Glibc
import ProcessTestSupport
import Testing

/// What a service manager hears of the gateway (sd_notify(3)); Python stands in for the manager.
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
    func `it hears of readiness, of life, and of the end`(_ isAbstract: Bool) async throws {
        let house = try await EndToEndFixture()
        let place = house.folder.path + "/notify"
        let name = isAbstract ? "@" + place : place
        let manager = try RunningProgram(
            "/usr/bin/env", ["python3", "-c", Self.listener, name], environment: Tools.surroundings,
            folder: house.folder.path)
        _ = try await manager.line(of: \.output, having: "bound")

        let config = try house.writeConfig(provider: house.provider)
        let gateway = try house.startGateway(
            config: config, environment: ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "100000"])
        let ready = try await manager.line(of: \.output, having: "READY=1")
        #expect(ready.contains("STATUS=reelgate: listening on http://127.0.0.1:"))
        _ = try await manager.line(of: \.output, having: "WATCHDOG=1")
        gateway.signal(SIGHUP)
        _ = try await manager.line(of: \.output, having: "RELOADING=1 MONOTONIC_USEC=")
        gateway.signal(SIGTERM)
        _ = try await manager.line(of: \.output, having: "STOPPING=1")
        #expect(await gateway.end() == 0)
        manager.signal(SIGTERM)
    }

    @Test func `a manager that does not listen is a warning and no more`() async throws {
        let house = try await EndToEndFixture()
        let config = try house.writeConfig(provider: house.provider)
        let gateway = try house.startGateway(
            config: config, environment: ["NOTIFY_SOCKET": house.folder.path + "/nobody"])
        _ = try await gateway.line(of: \.errors, having: "service manager notification failed")
        #expect(try await Curl.get("\(try await gateway.listeningAddress())/healthz").status == 200)
    }
}
