import ArgumentParser

/// The options of a command that saves a task's video.
struct OutputOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Wait, and save the video to this file. The name may have {date}, {id}, {model}, {prompt} and \
            {prompt:30}.
            """, valueName: "file"))
    var output: String?

    @Flag(help: "Replace a file of the same name.")
    var overwrite = false

    @Flag(help: "Also save the task's record beside the video, as FILE.json.")
    var sidecar = false

    func validate() throws {
        guard let output else {
            guard !overwrite, !sidecar else {
                throw ValidationError("--overwrite and --sidecar need --output")
            }
            return
        }
        do {
            if let issue = VideoOutput(
                name: try OutputName(output), overwrites: overwrite, hasSidecar: sidecar
            ).issue {
                throw ValidationError("--output: \(issue)")
            }
        } catch let error as SettingValueError {
            throw ValidationError("--output: \(error.message)")
        }
    }

    /// Where to save the video; `nil` for nowhere. Only after `validate`.
    var videoOutput: VideoOutput? {
        output.flatMap { try? OutputName($0) }.map {
            VideoOutput(name: $0, overwrites: overwrite, hasSidecar: sidecar)
        }
    }
}
