/// The files of the dashboard, which are embedded in the binary.
///
/// All files but the page have one version in their URLs, a digest of everything. So a browser may keep them
/// for ever, and modules, which import each other by relative URLs, never come from two versions.
package struct DashboardFiles: Sendable {
    /// A digest of all files: 16 hexadecimal digits of a SHA-256.
    package let version: String
    /// The HTML page. It names the other files by relative URLs, so that it works under any prefix.
    package let page: DashboardFile
    /// The scripts, the style sheet and the icon.
    package let files: [DashboardFile]

    /// - Parameter sha256: returns the digest of bytes in lower-case hexadecimal.
    package init(sha256: ([UInt8]) -> String) {
        files = Self.embedded
        let shell = PackageResources.index_html
        let everything = files.reduce(shell) { $0 + Array($1.name.utf8) + $1.bytes }
        let version = String(sha256(everything).filter { $0.isHexDigit }.prefix(Self.versionLength))
        self.version = version
        let text = String(decoding: shell, as: UTF8.self)
            .split(separator: Self.placeholder, omittingEmptySubsequences: false).joined(separator: version)
        page = DashboardFile(
            name: "index.html", mediaType: "text/html; charset=utf-8", bytes: Array(text.utf8))
    }

    /// Returns a file by its name; `nil` if there is none.
    package func file(named name: String) -> DashboardFile? { files.first { $0.name == name } }

    /// Stands for the version in the page.
    private static let placeholder = "{{version}}"
    private static let versionLength = 16

    private static var embedded: [DashboardFile] {
        let scripts = scripts.map { name, source in
            DashboardFile(
                name: name, mediaType: "text/javascript; charset=utf-8",
                bytes: SourceCompaction.compact(source))
        }
        return scripts + [
            DashboardFile(
                name: "style.css", mediaType: "text/css; charset=utf-8",
                bytes: SourceCompaction.compact(PackageResources.style_css)),
            DashboardFile(name: "icon.svg", mediaType: "image/svg+xml", bytes: PackageResources.icon_svg),
        ]
    }

    private static var scripts: [(String, [UInt8])] {
        [
            ("actions.js", PackageResources.actions_js),
            ("api.js", PackageResources.api_js),
            ("archive.js", PackageResources.archive_js),
            ("dom.js", PackageResources.dom_js),
            ("feed.js", PackageResources.feed_js),
            ("format.js", PackageResources.format_js),
            ("health.js", PackageResources.health_js),
            ("keys.js", PackageResources.keys_js),
            ("main.js", PackageResources.main_js),
            ("new.js", PackageResources.new_js),
            ("router.js", PackageResources.router_js),
            ("sign-in.js", PackageResources.sign_in_js),
            ("spend.js", PackageResources.spend_js),
            ("task.js", PackageResources.task_js),
            ("tasks.js", PackageResources.tasks_js),
            ("theme.js", PackageResources.theme_js),
            ("uncertain.js", PackageResources.uncertain_js),
        ]
    }
}
