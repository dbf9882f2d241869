/// Which of our modules a target may import (the table of the architecture), and what else it may use.
enum ImportTable {
    /// Foundation may be used by targets that say so here; the others are to build without it.
    static let arrows: [String: Set<String>] = [
        "CrashPoints": [],
        "JSONText": ["CJansson"],
        "YAMLText": ["JSONText", "Yams"],
        "Tracing": ["JSONText"],
        "VideoJobs": ["JSONText"],
        "GatewayProtocol": [],
        "Metrics": [],
        "Gateway": ["Tracing", "VideoJobs", "HeapModule", "DequeModule", "Logging"],
        "Transport": ["CLinux", "COpenSSL", "HeapModule", "DequeModule", "Dispatch"],
        "HTTPWire": [],
        "TLS": ["Transport", "COpenSSL"],
        "HTTP2Wire": ["CNghttp2", "HTTPWire"],
        "HTTPServing": ["HTTP2Wire", "HTTPWire", "Metrics", "TLS", "Tracing", "Transport"],
        "HTTPFetching": ["Tracing", "Transport", "CCurl", "DequeModule", "Dispatch"],
        "TraceExport": ["HTTPFetching", "HTTPWire", "Tracing"],
        "ProviderClient": ["Gateway", "VideoJobs", "HTTPFetching", "HTTPWire", "JSONText"],
        "WebhookClient": [
            "Gateway", "VideoJobs", "HTTPFetching", "HTTPWire", "JSONText", "Transport",
            "FoundationEssentials",
        ],
        "ArchiveFiles": ["Gateway", "VideoJobs", "HTTPFetching", "HTTPWire", "Transport", "Dispatch"],
        "StoreSQLite": [
            "Gateway", "VideoJobs", "GRDB", "GRDBSQLite", "Foundation", "FoundationEssentials", "Dispatch",
        ],
        "Dashboard": [],
        "GatewayAPI": [
            "Dashboard", "Gateway", "GatewayProtocol", "VideoJobs", "HTTPServing", "HTTPWire", "JSONText",
            "Metrics", "Tracing",
        ],
        "GatewayMetrics": ["Gateway", "Metrics", "VideoJobs"],
        "Simulator": ["HTTPServing", "HTTPWire", "VideoJobs", "JSONText"],
        "Reelgate": [
            "ArchiveFiles", "Gateway", "GatewayAPI", "GatewayMetrics", "GatewayProtocol", "HTTPFetching",
            "HTTPServing", "HTTPWire", "JSONText", "Metrics", "ProviderClient", "Simulator", "StoreSQLite",
            "TLS", "TraceExport", "Tracing", "Transport", "VideoJobs", "WebhookClient", "YAMLText",
            "ArgumentParser", "Logging", "Foundation", "FoundationEssentials", "Dispatch",
        ],
    ]

    /// Parts of the language, the C library, and what a release build does not have; of them only the pure
    /// targets are denied what does I/O.
    static let everywhere: Set<String> = ["Swift", "Synchronization", "CrashPoints"]
    static let systemCalls: Set<String> = ["Glibc"]

    /// Decide only: no file, no socket, no clock of their own.
    static let pure: Set<String> = [
        "GatewayMetrics", "GatewayProtocol", "Metrics", "VideoJobs", "HTTPWire", "HTTP2Wire", "Gateway",
        "JSONText", "Tracing", "YAMLText",
    ]

    /// Targets that must build without Foundation.
    static let withoutFoundation: Set<String> = [
        "CrashPoints", "GatewayMetrics", "GatewayProtocol", "Metrics", "VideoJobs", "Gateway", "JSONText",
        "Tracing", "TraceExport", "Transport", "TLS", "HTTPWire", "HTTP2Wire",
        "HTTPServing", "HTTPFetching",
    ]

    /// The module that a line of code imports, if it imports one.
    static func module(importedBy line: String) -> String? {
        let message = line.split(separator: " ")
        guard let place = message.firstIndex(of: "import"), place + 1 < message.count else { return nil }
        let isImport = message[..<place].allSatisfy {
            $0.hasPrefix("@") || ["package", "internal", "public", "private", "fileprivate"].contains($0)
        }
        guard isImport else { return nil }
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "func", "typealias", "let", "var",
        ]
        let named = message[(place + 1)...].first { !kinds.contains($0) }
        return named.map { String($0.prefix { $0 != "." }) }
    }
}
