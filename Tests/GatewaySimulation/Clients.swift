import GatewayFakes
import VideoJobs

@testable import Gateway

/// Those who call: what they asked for, and what they heard.
struct Clients {
    /// One POST.
    struct Request: Sendable {
        let client: String
        let key: String?
        let body: Int
        /// At which step it was asked last.
        var asked = 0

        var claim: IdempotencyClaim? {
            key.map { IdempotencyClaim(client: client, key: $0, fingerprint: "body-\(body)") }
        }
    }

    /// POSTs that are still to come.
    var admissionsLeft = 30
    private(set) var known: [TaskID] = []
    private var open: [Int: Request] = [:]
    private var keyed: [Request] = []
    /// Refused or cut: to be asked again under the same key.
    private var again: [Request] = []
    /// Settlements whose operator does not know whether they came about.
    private(set) var unheardSettlements: [TaskID] = []
    /// Operators who wait for the answer to a settlement.
    private(set) var settling = 0
    private var lastNumber = 0

    /// Notes a POST and returns its number.
    mutating func send(_ request: Request, at step: Int) -> Int {
        lastNumber += 1
        open[lastNumber] = request
        open[lastNumber]?.asked = step
        return lastNumber
    }

    /// When somebody asked what is answered now.
    func asked(_ report: ClientReport) -> Int? {
        guard case .admission(let number, _, _) = report else { return nil }
        return open[number]?.asked
    }

    mutating func receive(_ number: Int, _ task: AdmittedTask?) {
        let request = open.removeValue(forKey: number)
        if let task {
            if !task.replayed { known.append(task.record.id) }
        } else if let request, request.key != nil {
            again.append(request)
        }
    }

    mutating func askToSettle() { settling += 1 }

    mutating func hearSettlement(of id: TaskID, _ isReceived: Bool) {
        settling -= 1
        unheardSettlements.removeAll { $0 == id }
        if !isReceived { unheardSettlements.append(id) }
    }

    /// The process is gone: those who have a key ask again, the others cannot know.
    mutating func loseConnections() {
        again += open.sorted { $0.key < $1.key }.map(\.value).filter { $0.key != nil }
        open = [:]
        settling = 0
    }

    /// What somebody wants next.
    mutating func nextRequest(_ number: (ClosedRange<Int>) -> Int) -> Request {
        if !again.isEmpty, number(0...1) == 0 { return again.removeFirst() }
        admissionsLeft -= 1
        let choice = number(0...9)
        if choice < 2, !keyed.isEmpty {
            let earlier = keyed[number(0...(keyed.count - 1))]
            let isOther = number(0...3) == 0
            return Request(
                client: earlier.client, key: earlier.key, body: earlier.body + (isOther ? 1000 : 0))
        }
        let key = choice < 6 ? nil : "key-\(admissionsLeft)"
        let request = Request(client: "client-\(number(1...3))", key: key, body: admissionsLeft)
        if key != nil { keyed.append(request) }
        return request
    }

    /// Those still to be repeated, once nothing goes wrong any more.
    mutating func takeUnanswered() -> [Request] {
        defer { again = [] }
        return again
    }
}

extension Simulation {
    /// Somebody wants something.
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
        case 6: settleSomething()
        default: read(id)
        }
    }

    func admit(_ request: Clients.Request) {
        let number = clients.send(request, at: steps)
        let payload =
            #"{"model":"m\#(request.body % 3)","prompt":"\#(request.body)","audio":\#(request.body % 2)}"#
        let job = VideoJob(model: "m", payload: Array(payload.utf8))
        note("client: POST \(number) of \(request.client), key \(request.key ?? "none")")
        life?.call { gateway, log in
            do {
                let task = try await gateway.admit(job, client: request.client, claim: request.claim)
                log.add(.admission(number, task, nil))
            } catch {
                log.add(.admission(number, nil, error as? GatewayError))
            }
        }
    }

    private func cancel(_ id: TaskID) {
        life?.call { gateway, log in
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
        let bound = Duration.seconds(random.number(0...300))
        life?.call { gateway, log in
            let version = await Reading.$isOn.withValue(true) {
                (try? await gateway.task(id.text))?.record.version ?? 0
            }
            let view = await Reading.$isOn.withValue(true) {
                try? await gateway.wait(for: id, atMost: bound) { $0.version > version }
            }
            if let view { log.add(.record(view.record)) }
        }
    }

    private func read(_ id: TaskID) {
        let isList = random.number(0...3) == 0
        life?.call { gateway, log in
            await Reading.$isOn.withValue(true) {
                if let record = gateway.cachedTask(id.text) { log.add(.record(record)) }
                if let view = try? await gateway.task(id.text) { log.add(.record(view.record)) }
                if case .file? = try? await gateway.content(of: id.text, index: 0) { log.add(.content(id)) }
                guard isList, let page = try? await gateway.tasks(matching: TaskQuery()) else { return }
                for view in page.views { log.add(.record(view.record)) }
            }
        }
    }
}
