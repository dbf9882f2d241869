// swift-tools-version: 6.2
import PackageDescription

/// A test target named after the module it tests.
func tests(of module: String, also others: [Target.Dependency] = []) -> Target {
    .testTarget(name: "\(module)Tests", dependencies: [.byName(name: module)] + others)
}

/// Modules that parse untrusted input, plus what the fuzz tests need to check them.
let fuzzed: [Target.Dependency] = [
    "ArchiveFiles", "HTTP2Wire", "HTTPFetching", "HTTPWire", "JSONText", "ProviderClient", "Reelgate",
    "TestSupport", "VideoJobs", "YAMLText",
]

let package = Package(
    name: "reelgate",
    products: [.executable(name: "reelgate", targets: ["Reelgate"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        // C libraries: each a module map and one header, nothing else.
        .systemLibrary(name: "CLinux", path: "Sources/CLinux"),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CJansson", path: "Sources/CJansson", pkgConfig: "jansson",
            providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(
            name: "CNghttp2", path: "Sources/CNghttp2", pkgConfig: "libnghttp2",
            providers: [.apt(["libnghttp2-dev"])]),

        // Where a test can end the process. Empty in release builds.
        .target(name: "CrashPoints"),

        // Text: bytes to values and back.
        .target(name: "JSONText", dependencies: ["CJansson"]),
        .target(name: "YAMLText", dependencies: ["JSONText", "Yams"]),

        // Traces: contexts, spans, and their encoding. No I/O.
        .target(name: "Tracing", dependencies: ["JSONText"]),

        // The words of the HTTP API that servers and clients share.
        .target(name: "GatewayProtocol"),

        // Metrics: counts, and their text for scrapers. Knows neither videos nor sockets.
        .target(name: "Metrics"),

        // Domain: what a job is, how a task lives, what the gateway does. No I/O.
        .target(name: "VideoJobs", dependencies: ["JSONText"]),
        .target(
            name: "Gateway",
            dependencies: [
                "CrashPoints", "Tracing", "VideoJobs",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Network: sockets and HTTP. Knows nothing of videos.
        .target(
            name: "Transport",
            dependencies: [
                "CLinux", "COpenSSL", "CrashPoints",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(name: "HTTPWire"),
        .target(name: "TLS", dependencies: ["COpenSSL", "Transport"]),
        .target(name: "HTTP2Wire", dependencies: ["CNghttp2", "HTTPWire"]),
        .target(
            name: "HTTPServing",
            dependencies: ["CrashPoints", "HTTP2Wire", "HTTPWire", "Metrics", "TLS", "Tracing", "Transport"]),
        .target(
            name: "HTTPFetching",
            dependencies: [
                "CCurl", "CrashPoints", "Tracing", "Transport",
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(name: "TraceExport", dependencies: ["HTTPFetching", "HTTPWire", "Tracing"]),

        // Adapters: where the two stacks meet.
        .target(
            name: "ProviderClient",
            dependencies: ["CrashPoints", "Gateway", "VideoJobs", "HTTPFetching", "HTTPWire", "JSONText"]),
        .target(
            name: "WebhookClient",
            dependencies: ["Gateway", "VideoJobs", "HTTPFetching", "HTTPWire", "JSONText", "Transport"]
        ),
        .target(
            name: "ArchiveFiles",
            dependencies: [
                "CrashPoints", "Gateway", "VideoJobs", "HTTPFetching", "HTTPWire", "Transport",
            ]),
        .target(
            name: "StoreSQLite",
            dependencies: [
                "CrashPoints", "Gateway", "VideoJobs", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        .target(name: "Dashboard", exclude: ["types.d.ts"], resources: [.embedInCode("Files")]),
        .target(
            name: "GatewayAPI",
            dependencies: [
                "CrashPoints", "Dashboard", "Gateway", "GatewayProtocol", "VideoJobs", "HTTPServing",
                "HTTPWire",
                "JSONText", "Metrics", "Tracing",
            ]),
        .target(name: "GatewayMetrics", dependencies: ["Gateway", "Metrics", "VideoJobs"]),
        .target(
            name: "Simulator", dependencies: ["HTTPServing", "HTTPWire", "VideoJobs", "JSONText"],
            resources: [.embedInCode("Media")]),

        // The executable: wires everything, owns nothing.
        .executableTarget(
            name: "Reelgate",
            dependencies: [
                "ArchiveFiles", "Gateway", "GatewayAPI", "GatewayMetrics", "GatewayProtocol", "HTTPFetching",
                "HTTPServing", "HTTPWire", "JSONText", "Metrics",
                "ProviderClient", "Simulator", "StoreSQLite", "TLS", "TraceExport", "Tracing", "Transport",
                "VideoJobs", "WebhookClient", "YAMLText",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.embedInCode("Defaults")],
            // All addresses in libraries are looked up at the start, so that their table cannot be written to.
            linkerSettings: [.unsafeFlags(["-Xlinker", "-z", "-Xlinker", "now"])]),

        // What tests share.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(name: "ProcessTestSupport", dependencies: ["JSONText"], path: "Tests/ProcessTestSupport"),
        .target(
            name: "GatewayFakes",
            dependencies: [
                "Gateway", "TestSupport", "VideoJobs", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/GatewayFakes"),
        .target(
            name: "TaskStoreContract", dependencies: ["Gateway", "VideoJobs"], path: "Tests/TaskStoreContract"
        ),

        tests(of: "JSONText", also: ["TestSupport"]),
        tests(of: "YAMLText"),
        tests(of: "Tracing", also: ["JSONText"]),
        tests(of: "Metrics"),
        tests(of: "VideoJobs", also: ["JSONText", "TestSupport", "YAMLText"]),
        tests(of: "Gateway", also: ["GatewayFakes", "TaskStoreContract", "Tracing", "VideoJobs"]),
        .testTarget(
            name: "GatewaySimulation",
            dependencies: [
                "Gateway", "GatewayFakes", "TestSupport", "VideoJobs",
                .product(name: "Logging", package: "swift-log"),
            ]),
        tests(of: "Transport"),
        tests(of: "TLS", also: ["COpenSSL", "HTTPServing", "HTTPWire", "ProcessTestSupport", "Transport"]),
        .testTarget(name: "HTTPWireTests", dependencies: ["HTTPWire", "TestSupport"], exclude: ["Corpus"]),
        tests(of: "HTTP2Wire", also: ["HTTPWire", "TestSupport"]),
        tests(
            of: "HTTPServing",
            also: ["HTTP2Wire", "HTTPWire", "Metrics", "TestSupport", "Tracing", "Transport"]),
        tests(
            of: "HTTPFetching",
            also: ["HTTPServing", "HTTPWire", "ProcessTestSupport", "TestSupport", "Tracing", "Transport"]),
        tests(of: "TraceExport", also: ["HTTPFetching", "JSONText", "TestSupport", "Tracing", "Transport"]),
        tests(
            of: "ProviderClient",
            also: [
                "Gateway", "HTTPFetching", "HTTPServing", "HTTPWire", "TestSupport", "Transport", "VideoJobs",
            ]),
        tests(
            of: "WebhookClient",
            also: [
                "Gateway", "HTTPFetching", "JSONText", "TestSupport", "Tracing", "Transport", "VideoJobs",
            ]),
        tests(
            of: "ArchiveFiles",
            also: [
                "Gateway", "HTTPFetching", "HTTPServing", "HTTPWire", "TestSupport", "Transport", "VideoJobs",
            ]),
        .testTarget(
            name: "StoreSQLiteTests",
            dependencies: ["Gateway", "StoreSQLite", "TaskStoreContract", "TestSupport", "VideoJobs"],
            exclude: ["Corpus"]),
        tests(of: "Dashboard"),
        tests(
            of: "GatewayAPI",
            also: [
                "Dashboard",
                "Gateway", "GatewayFakes", "GatewayProtocol", "HTTPFetching", "HTTPServing", "HTTPWire",
                "JSONText", "Metrics", "TestSupport", "Transport", "VideoJobs", "YAMLText",
            ]),
        tests(of: "GatewayMetrics", also: ["Gateway", "GatewayFakes", "Metrics", "VideoJobs"]),
        tests(
            of: "Simulator",
            also: ["HTTPFetching", "HTTPServing", "HTTPWire", "JSONText", "Transport", "VideoJobs"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Gateway", "JSONText", "ProcessTestSupport", "Reelgate", "TLS", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "ClassificationTests",
            dependencies: ["JSONText", "ProcessTestSupport", "Reelgate", "TestSupport"],
            exclude: ["SubmissionOutcomes.md"]),
        .testTarget(
            name: "CrashTests",
            dependencies: [
                "CrashPoints", "HTTPFetching", "JSONText", "ProcessTestSupport", "Reelgate", "TestSupport",
                "Transport",
            ]),
        .testTarget(
            name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzzing/Fuzz", exclude: ["Program"]),
        .testTarget(
            name: "TidyTests",
            dependencies: ["Gateway", "GatewayProtocol", "JSONText", "VideoJobs", "YAMLText"]),
    ]
)

// One set of rules for every target that holds Swift.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .define("CRASH_POINTS", .when(configuration: .debug)),
    ]
}
