import Foundation
import ProcessTestSupport

/// Prometheus and its tools, which `make deps` unpacks into a folder of the project.
enum PrometheusPrograms {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/")

    static let prometheus = path(of: "prometheus")
    static let promtool = path(of: "promtool")
    static let python = "\(root)/.build-python/bin/python"
    static let parser = "\(root)/Tests/Prometheus/parse"
    static let alerts = "\(root)/Config/alerts.yaml"
    static let alertTests = "\(root)/Tests/Prometheus/alerts.test.yaml"
    static let dashboard = "\(root)/Config/grafana/reelgate.json"

    static let page = "\(root)/Sources/Reelgate/Reelgate.docc/Metrics.md"

    static var areInstalled: Bool { prometheus != nil && promtool != nil }

    /// Whether PyPI's prometheus-client is here.
    static var isParserInstalled: Bool {
        let lib = "\(root)/.build-python/lib"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: lib)) ?? []
        return versions.contains {
            FileManager.default.fileExists(atPath: "\(lib)/\($0)/site-packages/prometheus_client")
        }
    }

    private static func path(of name: String) -> String? {
        ["\(root)/.build-prometheus/usr/bin/\(name)", "/usr/bin/\(name)"]
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
