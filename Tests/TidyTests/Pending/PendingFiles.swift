extension Pending {
    /// Files that declare several primary types or have another name than their type.
    static let filesOfSeveralTypes: Set<String> = [
        "Sources/ArchiveFiles/Verification/MediaCheck.swift",
        "Sources/Gateway/Ports/HighWaterMark.swift",
        "Tests/ArchiveFilesTests/ScriptedDownload.swift",
        "Tests/ArchiveFilesTests/UnverifiedResultTests.swift",
        "Tests/GatewayFakes/MemoryTaskStore.swift",
        "Tests/GatewayFakes/SteppedExecutor.swift",
        "Tests/GatewaySimulation/FaultInjector.swift",
        "Tests/GatewaySimulation/GatewayProcess.swift",
        "Tests/GatewaySimulation/RefusalHistoryTests.swift",
        "Tests/GatewaySimulation/SimulatedProvider.swift",
        "Tests/GatewaySimulation/SimulationTests.swift",
        "Tests/GatewaySimulation/TaskWatch.swift",
        "Tests/GatewaySimulation/UnreliablePorts.swift",
        "Tests/StoreSQLiteTests/StoreExamples.swift",
        "Tests/TaskStoreContract/Examples.swift",
        "Tests/TaskStoreContract/TaskStoreContract.swift",
    ]
}
