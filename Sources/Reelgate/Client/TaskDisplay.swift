import FoundationEssentials
import Synchronization
import Transport

/// Shows a task's progress: on a terminal a bar that is redrawn, else one JSON line for each change.
final class TaskDisplay: Sendable {
    private struct State {
        var report: TaskReport?
        var isDrawn = false
    }

    /// `nil` unless the output is a terminal.
    private let style: ProgressBar.Style?
    /// The activity shown before there is a task.
    private let preface: String
    private let began = SystemTime.monotonicMilliseconds
    private let state = Mutex(State())

    init(preface: String) {
        let isSeen = StandardStream.output.isTerminal
        style = isSeen ? ProgressBar.Style(ProcessInfo.processInfo.environment) : nil
        self.preface = preface
    }

    /// The task's last known report.
    var report: TaskReport? { state.withLock { $0.report } }

    /// Shows the task's current state: on a terminal also why it waits, once for each reason.
    func show(_ report: TaskReport) {
        let before = state.withLock { state in
            defer { state.report = report }
            return state.report
        }
        guard style != nil else {
            if report != before { StandardStream.output.line(report.line) }
            return
        }
        if let reason = report.waitingReason, reason != before?.waitingReason {
            note("waiting: \(reason)")
        } else {
            draw()
        }
    }

    /// Draws the bar as it is at this moment.
    func draw() {
        guard let style else { return }
        let width = StandardStream.output.width
        state.withLock { state in
            let line = bar(of: state.report).line(width: width, style: style)
            StandardStream.output.write("\r\(line)\u{1B}[K")
            state.isDrawn = true
        }
    }

    private func bar(of report: TaskReport?) -> ProgressBar {
        if let report { return ProgressBar(report, now: SystemTime.wallMilliseconds / 1000) }
        let elapsed = (SystemTime.monotonicMilliseconds - began) / 1000
        return ProgressBar(label: preface, percent: 0, elapsedSeconds: elapsed)
    }

    /// Prints a note for the user above the bar.
    func note(_ text: String) {
        leaveBar(erasing: true)
        StandardStream.error.line(text)
        draw()
    }

    /// Keeps the bar as it is; further output begins on a new line.
    func end() { leaveBar(erasing: false) }

    /// Draws the bar each second until the work is done.
    func alive<Value: Sendable>(
        on loop: EventLoop, during work: @Sendable () async throws -> Value
    ) async throws -> Value {
        guard style != nil else { return try await work() }
        let result = await TerminalPulse(loop: loop, interval: .seconds(1)).during(work, draw: draw)
        // The bar of work that failed would look as if it went on.
        if case .failure = result { leaveBar(erasing: true) } else { end() }
        return try result.get()
    }

    private func leaveBar(erasing: Bool) {
        state.withLock { state in
            guard state.isDrawn else { return }
            StandardStream.output.write(erasing ? "\r\u{1B}[K" : "\n")
            state.isDrawn = false
        }
    }
}

extension ProgressBar.Style {
    /// The style that the environment asks for. NO_COLOR: see no-color.org.
    init(_ environment: [String: String]) {
        let isDumb = environment["TERM"] == "dumb"
        hasColour = (environment["NO_COLOR"] ?? "").isEmpty && !isDumb
        let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
        let locale = (names.first { !$0.isEmpty } ?? "").lowercased()
        hasBlocks = locale.contains("utf-8") || locale.contains("utf8")
    }
}
