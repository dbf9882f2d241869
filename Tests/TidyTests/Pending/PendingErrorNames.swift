extension Pending {
    /// Errors and findings, as `Target.Name`, that are not called so.
    static let errorNames: Set<String> = [
        "ArchiveFiles.Fault",
        "ArchiveFiles.MediaFindings",
        "CrashTests.Violation",
        "FuzzTests.Finding",
        "Gateway.Doubt",
        "Gateway.Refusal",
        "GatewaySimulation.Violation",
        "HTTPFetchingTests.Refusal",
        "HTTPServing.Fault",
        "HTTPWireTests.BadEscape",
        "JSONText.Failure",
        "ProcessTestSupport.EndedEarly",
        "ProcessTestSupport.Failure",
        "Reelgate.BadValue",
        "Reelgate.Failure",
        "Reelgate.Findings",
        "Simulator.Failure",
        "StoreSQLite.Finding",
        "StoreSQLite.StoreDeleted",
        "TLS.TLSIssue",
        "TLSTests.Failure",
        "TaskStoreContract.ContractViolation",
        "Transport.Unfit",
    ]
}
