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
        "ProcessTestSupport.EndedEarly",
        "ProcessTestSupport.Failure",
        "StoreSQLite.Finding",
        "StoreSQLite.StoreDeleted",
        "TaskStoreContract.ContractViolation",
    ]
}
