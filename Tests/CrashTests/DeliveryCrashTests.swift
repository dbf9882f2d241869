import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing
import Transport

/// A webhook, and a gateway that exits at the crash points of deliveries.
@Suite(.timeLimit(.minutes(5))) struct DeliveryCrashTests {
    private static let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

    /// One trial: the crash points of consecutive gateways, and how often the webhook arrives.
    @Test(arguments: [
        (["changeDurable:3"], 1), (["deliveryBegun"], 1), (["deliveryAnswered"], 2),
        (["deliveryAnswered", "deliveryBegun", "deliveryAnswered"], 3),
    ])
    func `after a crash a webhook is sent again under its id, and one success is recorded`(
        _ points: [String], _ arrivals: Int
    ) async throws {
        let receiver = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(204) }
        }
        defer { receiver.stop() }
        let client = CrashTestClient(loop: try EventLoop(label: "deliveries"))
        let provider = try await SimulatorProcess(taskSeconds: 0, client: client)
        let installation = try GatewayInstallation(provider: provider.address, loop: client.loop) {
            $0.webhooks = "{allow: [loopback], secret_files: [webhook.secret]}"
        }
        _ = try installation.folder.write(Self.secret, to: "webhook.secret", mode: 0o600)
        var id: String?
        for (number, point) in points.enumerated() {
            let program = try installation.start(crashAt: point)
            if number == 0 {
                let gateway = try await program.listeningAddress()
                id = await submit(to: gateway, callback: "\(receiver.origin)/hook", client)
            }
            let status = await installation.exitStatus(of: program, within: .seconds(30))
            try #require(status == 86, "\(point) was never reached (\(status)): \(program.errors.text)")
        }
        let program = try installation.start()
        let gateway = try await program.listeningAddress()
        let task = try #require(id)
        let delivery = try await delivered(task, at: gateway, client)
        #expect(delivery["attempts"]?.array?.map { $0["status"] } == [204])
        let requests = receiver.requests
        #expect(requests.count == arrivals, "\(points)")
        #expect(Set(requests.map(\.body)).count == 1)
        let ids = requests.compactMap { request in request.lines.first { $0.hasPrefix("webhook-id: ") } }
        #expect(ids.count == arrivals && Set(ids) == ["webhook-id: \(delivery["id"]?.string ?? "-")"])
        program.signal(SIGTERM)
        #expect(await installation.exitStatus(of: program, within: .seconds(40)) == 0)
    }

    private func submit(
        to gateway: String, callback: String, _ client: CrashTestClient
    ) async -> String? {
        let job: JSONValue = [
            "model": "veo-3.1-reference-to-video", "prompt": "a crash at a delivery",
            "reference_image_urls": ["https://example.com/ref1.jpg"], "callback_url": .string(callback),
        ]
        let text = String(decoding: job.serialized(), as: UTF8.self)
        return await client.send(
            "POST", "\(gateway)/v1/videos/generations", text, ["Prefer": "respond-async"])?.taskID
    }

    private func delivered(
        _ task: String, at gateway: String, _ client: CrashTestClient
    ) async throws -> JSONValue {
        while true {
            let response = await client.get("\(gateway)/v1/tasks/\(task)/deliveries")
            try Task.checkCancellation()
            let all = response?.json?["data"]?.array ?? []
            if all.count == 1, let first = all.first, first["state"]?.string == "delivered" { return first }
        }
    }
}
