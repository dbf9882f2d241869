import VideoJobs

@testable import Gateway

/// The clients of a simulation: their requests and the responses they received.
struct Clients {
    /// One POST.
    struct Request: Sendable {
        let client: String
        let key: String?
        let body: Int
        /// The step at which it was sent last.
        var sentStep = 0

        var claim: IdempotencyClaim? {
            key.map { IdempotencyClaim(client: client, key: $0, fingerprint: "body-\(body)") }
        }
    }

    /// The weights of the clients.
    static let weights = ["client-1": 1, "client-2": 2, "client-3": 5]

    /// The number of POSTs that are still to be sent.
    var admissionsLeft = 30
    private(set) var known: [TaskID] = []
    private var open: [Int: Request] = [:]
    private var keyed: [Request] = []
    /// Requests without a successful response, to be repeated under the same key.
    private var repeats: [Request] = []
    /// Settlements whose operator received no response.
    private(set) var unconfirmedSettlements: [TaskID] = []
    /// The number of settlements without a response yet.
    private(set) var settlementsInFlight = 0
    private var lastNumber = 0

    /// Records a POST and returns its number.
    mutating func send(_ request: Request, at step: Int) -> Int {
        lastNumber += 1
        open[lastNumber] = request
        open[lastNumber]?.sentStep = step
        return lastNumber
    }

    /// Returns the step at which the request of a response was sent.
    func sentStep(of report: ClientReport) -> Int? {
        guard case .admission(let number, _, _) = report else { return nil }
        return open[number]?.sentStep
    }

    /// Records the response to a POST; `nil` for an error.
    mutating func receive(_ number: Int, _ task: AdmittedTask?) {
        let request = open.removeValue(forKey: number)
        if let task {
            if !task.replayed { known.append(task.record.id) }
        } else if let request, request.key != nil {
            repeats.append(request)
        }
    }

    /// Records that an operator sent a settlement.
    mutating func beginSettlement() { settlementsInFlight += 1 }

    /// Records the response to a settlement, or its loss.
    mutating func receiveSettlement(of id: TaskID, _ isReceived: Bool) {
        settlementsInFlight -= 1
        unconfirmedSettlements.removeAll { $0 == id }
        if !isReceived { unconfirmedSettlements.append(id) }
    }

    /// Closes all connections: requests with a key will be repeated, others have no result.
    mutating func loseConnections() {
        repeats += open.sorted { $0.key < $1.key }.map(\.value).filter { $0.key != nil }
        open = [:]
        settlementsInFlight = 0
    }

    /// Returns the next request: a repetition, a reused key, or a new job.
    mutating func nextRequest(_ number: (ClosedRange<Int>) -> Int) -> Request {
        if !repeats.isEmpty, number(0...1) == 0 { return repeats.removeFirst() }
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

    /// Removes and returns the requests that are still to be repeated.
    mutating func takeRepeatedRequests() -> [Request] {
        defer { repeats = [] }
        return repeats
    }
}
