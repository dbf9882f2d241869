extension Pending {
    /// Names of types that two modules declare.
    static let namesInTwoModules: Set<String> = [
        "ArchiveMarkerTests",
        "Certificate",
        "DrainTests",
        "Example",
        "FailureKind",
        "MediaType",
        "MediaTypeTests",
        "RefusalTests",
        "RefusedJobTests",
        "RestoredStoreTests",
        "SimulatedProvider",
    ]
}
