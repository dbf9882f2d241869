// swift-tools-version: 6.2
import PackageDescription

// The libFuzzer program: `make fuzz` builds and runs it. The main package runs the same properties as tests.
//
// It compiles the modules from their sources instead of depending on the main package, for three reasons:
// sanitizer flags may be set only for targets of the root package; the properties use `package` and internal
// declarations; and the settings belong to the executable, which no package can import (decision 13).

/// Modules that parse untrusted input, plus what the properties need to check them.
let modules: [Target.Dependency] = [
    "ArchiveFiles", "HTTP2Wire", "HTTPFetching", "HTTPWire", "JSONText", "ProviderClient", "Reelgate",
    "TestSupport",
    "VideoJobs", "YAMLText",
]

/// A module of the main package, from its own folder.
func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .target(name: name, dependencies: dependencies, path: "Modules/\(name)")
}

/// A C library of the main package.
func library(_ name: String, pkgConfig: String? = nil) -> Target {
    .systemLibrary(name: name, path: "Modules/\(name)", pkgConfig: pkgConfig)
}

let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "fuzzing",
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        library("CLinux"),
        library("COpenSSL", pkgConfig: "openssl"),
        library("CCurl", pkgConfig: "libcurl"),
        library("CJansson", pkgConfig: "jansson"),
        library("CNghttp2", pkgConfig: "libnghttp2"),

        module("CrashPoints"),
        module("JSONText", "CJansson"),
        module("YAMLText", "JSONText", "Yams"),
        module("VideoJobs", "JSONText"),
        module("Gateway", "CrashPoints", "VideoJobs", heap, deque, logging),
        module("Transport", "CLinux", "COpenSSL", "CrashPoints", heap, deque),
        module("TLS", "COpenSSL", "Transport"),
        module("HTTPWire"),
        module("HTTP2Wire", "CNghttp2", "HTTPWire"),
        module("HTTPFetching", "CCurl", "CrashPoints", "Transport"),
        module(
            "ProviderClient", "CrashPoints", "Gateway", "VideoJobs", "HTTPFetching", "HTTPWire", "JSONText"),
        module("ArchiveFiles", "CrashPoints", "Gateway", "VideoJobs", "HTTPFetching", "Transport"),
        // Of the executable only what reads the configuration: two programs cannot be linked into one.
        .target(
            name: "Reelgate",
            dependencies: ["JSONText", "ProviderClient", "TLS", "Transport", "VideoJobs", "YAMLText"],
            path: "Modules/Reelgate",
            exclude: ["Client", "Commands", "Serving", "Reelgate.swift", "Reelgate.docc"],
            sources: ["Settings"], resources: [.embedInCode("Defaults")]),
        .target(name: "TestSupport", path: "TestSupport"),
        .executableTarget(
            name: "ReelgateFuzz", dependencies: modules, path: "Fuzz", exclude: ["Suite"],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
    ]
}
