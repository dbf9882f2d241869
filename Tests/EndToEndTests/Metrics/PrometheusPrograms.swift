import Foundation
import ProcessTestSupport

/// Prometheus and its tools, which `make deps` unpacks into a folder of the project.
enum PrometheusPrograms {
    static let prometheus = path(of: "prometheus")
    static let promtool = path(of: "promtool")
    static let python = PythonPrograms.python
    static let parser = ProjectFolder.file("Tests/Prometheus/parse")
    static let alerts = ProjectFolder.file("Config/alerts.yaml")
    static let alertTests = ProjectFolder.file("Tests/Prometheus/alerts.test.yaml")
    static let dashboard = ProjectFolder.file("Config/grafana/reelgate.json")
    static let page = ProjectFolder.file("Sources/Reelgate/Reelgate.docc/Metrics.md")

    static var areInstalled: Bool { prometheus != nil && promtool != nil }

    /// Whether PyPI's prometheus-client is here.
    static var isParserInstalled: Bool {
        PythonPrograms.hasPackage("prometheus_client")
    }

    private static func path(of name: String) -> String? {
        [ProjectFolder.file(".build-prometheus/usr/bin/\(name)"), "/usr/bin/\(name)"]
            .first(where: ProjectFolder.isExecutable)
    }
}
