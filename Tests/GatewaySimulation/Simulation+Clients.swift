import GatewayFakes
import VideoJobs

@testable import Gateway

extension Simulation {
    /// Performs a random action of a client or an operator.
    func act() {
        let choice = random.number(0...9)
        if choice < 4, clients.admissionsLeft > 0 {
            let request = clients.nextRequest { random.number($0) }
            let times = request.key != nil && random.number(0...3) == 0 ? random.number(2...5) : 1
            for _ in 0..<times { admit(request) }
            return
        }
        guard !clients.known.isEmpty else { return }
        let id = clients.known[random.number(0...(clients.known.count - 1))]
        switch choice {
        case 4: cancel(id)
        case 5: wait(for: id)
        case 6: settleOneTask()
        default: read(id)
        }
    }

    func admit(_ request: Clients.Request) {
        let number = clients.send(request, at: steps)
        let payload =
            #"{"model":"m\#(request.body % 3)","prompt":"\#(request.body)","audio":\#(request.body % 2)}"#
        let price = Int64(1 + request.body % 3) * 100_000
        let callback = request.body % 3 == 0 ? nil : "https://hooks-\(request.body % 2).example/"
        let job = VideoJob(
            model: "m", payload: Array(payload.utf8), price: price, callbackURL: callback)
        note("client: POST \(number) of \(request.client), key \(request.key ?? "none")")
        process?.call { gateway, log in
            do {
                let task = try await gateway.admit(job, client: request.client, claim: request.claim)
                log.add(.admission(number, task, nil))
            } catch {
                log.add(.admission(number, nil, error as? GatewayError))
            }
        }
    }

    private func cancel(_ id: TaskID) {
        process?.call { gateway, log in
            switch try? await gateway.cancel(id) {
            case .cancelled(let view):
                log.add(.record(view.record))
                log.add(.cancelled(id))
            case .tooLate(let view):
                log.add(.record(view.record))
            case nil:
                break
            }
        }
    }

    private func wait(for id: TaskID) {
        let timeout = Duration.seconds(random.number(0...300))
        process?.call { gateway, log in
            let version = await ReaderContext.$isActive.withValue(true) {
                (try? await gateway.task(id.text))?.record.version ?? 0
            }
            let view = await ReaderContext.$isActive.withValue(true) {
                try? await gateway.wait(for: id, atMost: timeout) { $0.version > version }
            }
            if let view { log.add(.record(view.record)) }
        }
    }

    private func read(_ id: TaskID) {
        let isList = random.number(0...3) == 0
        process?.call { gateway, log in
            await ReaderContext.$isActive.withValue(true) {
                if let record = gateway.cachedTask(id.text) { log.add(.record(record)) }
                if let view = try? await gateway.task(id.text) { log.add(.record(view.record)) }
                if case .found? = try? await gateway.content(of: id.text, index: 0) { log.add(.content(id)) }
                guard isList, let page = try? await gateway.tasks(matching: TaskQuery()) else { return }
                for view in page.views { log.add(.record(view.record)) }
            }
        }
    }
}
