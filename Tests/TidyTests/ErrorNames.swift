/// Type names that end like an error or a finding without being `…Error` or `…Issue`.
enum ErrorNames {
    /// Endings that an error or a finding does not have.
    static let bannedEndings = [
        "Fault", "Faults", "Failure", "Failures", "Refusal", "Rejection", "Violation", "Violations",
        "Trouble",
        "Unfit", "Doubt", "Doubts", "Finding", "Findings", "Exception", "Obstacle",
    ]

    /// Names that are the field's own term, as `Target.Name`, each with its reason.
    static let reasons: [String: String] = [
        "ClassificationTests.RawFault": faultInjection,
        "ClassificationTests.ScriptedFaults": faultInjection,
        "ClassificationTests.StatusFaults": faultInjection,
        "ClassificationTests.UnsentFaults": faultInjection,
        "GatewayAPI.Problem": "RFC 9457, problem details",
        "GatewaySimulation.Fault": faultInjection,
        "Reelgate.GatewayProblem": "RFC 9457, problem details",
        "Simulator.ProviderFault": faultInjection,
    ]

    private static let faultInjection = "fault injection: a fault is what a test makes happen, not an error"
}
