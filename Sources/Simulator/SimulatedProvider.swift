package import HTTPServing
package import HTTPWire
import JSONText
package import VideoJobs

/// The simulated provider as a value that maps a request and the time to a response. Performs no I/O.
package struct SimulatedProvider: Sendable {
    /// The duration of a generation.
    package let taskLength: Duration
    let limits: SimulatorLimits
    /// Further models, whose jobs may have any parameters.
    let furtherModels: [String]
    /// The lifetime of result links.
    let linkLifetime: Duration

    var ledger: SimulatorLedger
    var tasks: SimulatedTasks
    var script: FaultScript
    /// The offset of the simulator's clock from the wall clock.
    var clockOffset: Duration = .zero
    var random: SimulatedRandomness
    /// The script that a reset restores.
    private let initialScript: FaultScript

    /// Creates a provider without tasks. `seed` determines the task IDs; without `linkLifetime` links live
    /// for 24 hours. `furtherModels` are accepted beside those that the provider has.
    package init(
        taskLength: Duration, script: [UInt8] = Array("[]".utf8), seed: UInt64,
        limits: SimulatorLimits = SimulatorLimits(), linkLifetime: Duration? = nil,
        furtherModels: [String] = []
    ) throws(ScriptError) {
        self.taskLength = taskLength
        self.limits = limits
        self.furtherModels = furtherModels
        self.linkLifetime = linkLifetime ?? SimulatedTask.linkLifetime
        self.ledger = SimulatorLedger(limits)
        self.tasks = SimulatedTasks(limits)
        self.random = SimulatedRandomness(seed: seed)
        self.initialScript = try FaultScript(parsing: script)
        self.script = initialScript
    }

    /// Handles one request received at a wall-clock time.
    package mutating func respond(to request: HTTPRequest, at wall: Timestamp) -> SimulatedResponse {
        let now = wall + clockOffset
        switch SimulatorRoute(request.head.path) {
        case .create: return create(request, at: now)
        case .models: return models(request)
        case .task(let id): return status(of: id, request, at: now)
        case .result(let id): return content(of: id, request, at: now)
        case .control(let path): return SimulatedResponse(control(path, request, at: wall))
        case .unknown:
            ledger.count(request.head.method, "elsewhere")
            return SimulatedResponse(ProviderFault.notFound.response)
        }
    }

    /// Whether the response to a request has no delay.
    package func respondsImmediately(to head: RequestHead) -> Bool {
        switch SimulatorRoute(head.path) {
        case .create, .models, .task, .result: script.rules.isEmpty
        case .control, .unknown: true
        }
    }

    /// Restores the initial state.
    mutating func reset() {
        ledger = SimulatorLedger(limits)
        tasks = SimulatedTasks(limits)
        script = initialScript
        clockOffset = .zero
    }
}
