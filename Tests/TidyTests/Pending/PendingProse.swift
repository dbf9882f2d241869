extension Pending {
    /// Files with phrases that are still to be said otherwise.
    static let prose: Set<String> = [
        "Sources/COpenSSL/shim.h",
        "Sources/Gateway/Ports/StoreError.swift",
        "Tests/GatewayTests/CallersTests.swift",
        "Tests/GatewayTests/LostAnswerTests.swift",
        "Tests/GatewayTests/Restoration/ArchiveAwayTests.swift",
        "Tests/GatewayTests/Restoration/MarkWriterTests.swift",
        "Tests/GatewayTests/SettlingTests.swift",
        "Tests/GatewayTests/StoreHealthTests.swift",
        "Tests/GatewayTests/VideoGatewayTests.swift",
        "Tests/StoreSQLiteTests/FaultTests.swift",
        "Tests/StoreSQLiteTests/Identity/SequenceTests.swift",
        "Tests/StoreSQLiteTests/RescueTests.swift",
    ]
}
