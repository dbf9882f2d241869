/// The paths that need no token.
struct PublicPaths: Sendable {
    private var paths: [String] = []
    /// What the paths with parameters begin with.
    private var prefixes: [String] = []

    /// - Parameter templates: paths of routes. What follows a first `{` is not compared.
    init(_ templates: [String]) {
        for template in templates {
            if let start = template.firstIndex(of: "{") {
                prefixes.append(String(template[..<start]))
            } else {
                paths.append(template)
            }
        }
    }

    func contains(_ path: String) -> Bool {
        paths.contains(path) || prefixes.contains { path.hasPrefix($0) }
    }
}
