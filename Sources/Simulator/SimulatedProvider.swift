package import HTTPServing
package import HTTPWire
import JSONText
package import VideoJobs

/// The provider on this machine, as a value: a request and the time give an answer. Does no I/O.
package struct SimulatedProvider: Sendable {
    /// How long a generation takes.
    package let taskLength: Duration
    let limits: SimulatorLimits

    var ledger: SimulatorLedger
    var tasks: SimulatedTasks
    var script: FaultScript
    /// How far the simulator's clock runs ahead of the wall's.
    var ahead: Duration = .zero
    var random: SimulatedRandomness
    /// What a reset goes back to.
    private let firstScript: FaultScript

    /// Makes a provider that knows no task. The seed decides over its ids.
    package init(
        taskLength: Duration, script: [UInt8] = Array("[]".utf8), seed: UInt64,
        limits: SimulatorLimits = SimulatorLimits()
    ) throws(ScriptError) {
        self.taskLength = taskLength
        self.limits = limits
        self.ledger = SimulatorLedger(limits)
        self.tasks = SimulatedTasks(limits)
        self.random = SimulatedRandomness(seed: seed)
        self.firstScript = try FaultScript(parsing: script)
        self.script = firstScript
    }

    /// Answers one request that came at this time of the wall clock.
    package mutating func answer(_ request: HTTPRequest, at wall: Timestamp) -> SimulatedAnswer {
        let now = wall + ahead
        switch SimulatorRoute(request.head.path) {
        case .create: return create(request, at: now)
        case .task(let id): return status(of: id, request, at: now)
        case .result(let id): return content(of: id, request, at: now)
        case .control(let path): return SimulatedAnswer(control(path, request, at: wall))
        case .unknown:
            ledger.count(request.head.method, "elsewhere")
            return SimulatedAnswer(ProviderFault.noSuchPlace.response)
        }
    }

    /// Whether an answer to this request may be asked for without being ready to wait for it.
    package func answersAtOnce(_ head: RequestHead) -> Bool {
        switch SimulatorRoute(head.path) {
        case .create, .task, .result: script.rules.isEmpty
        case .control, .unknown: true
        }
    }

    /// Forgets everything but how it was started.
    mutating func reset() {
        ledger = SimulatorLedger(limits)
        tasks = SimulatedTasks(limits)
        script = firstScript
        ahead = .zero
    }
}

/// How much the simulator remembers; beyond, the oldest goes, and the ledger says so.
package struct SimulatorLimits: Sendable {
    package var entries = 100_000
    package var entryBytes = 64 << 20
    package var tasks = 100_000

    package init() {}
}

/// An answer, and how long to wait before it is sent.
package struct SimulatedAnswer: Sendable {
    package var response: HTTPResponse
    package var delay: Duration

    init(_ response: HTTPResponse, delay: Duration = .zero) {
        self.response = response
        self.delay = delay
    }
}

/// Repeatable randomness: SplitMix64.
struct SimulatedRandomness: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// So many small letters and digits.
    mutating func word(_ length: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let letters = (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices, using: &self)] }
        return String(decoding: letters, as: UTF8.self)
    }
}
