import Synchronization
import Transport

/// Shows all tasks: on a terminal as a table that is redrawn, else as one JSON line for each change.
final class WatchDisplay: Sendable {
    private struct State {
        var tasks: WatchedTasks
        var note: String?
        /// Lines above the cursor that the next drawing replaces.
        var drawnLines = 0
    }

    private let isTerminal = StandardStream.output.isTerminal
    private let state: Mutex<State>

    /// - Parameter state: The only state that is shown; `nil` for all.
    init(state: String?) { self.state = Mutex(State(tasks: WatchedTasks(state: state))) }

    /// Shows a change.
    func show(_ event: ServerSentEventParser.Event) throws {
        let report = try state.withLock { state in
            state.note = nil
            return try state.tasks.receive(event)
        }
        if !isTerminal, let report { StandardStream.output.line(report.line) }
    }

    /// Shows that the stream is interrupted.
    func note(_ text: String) {
        if !isTerminal { return StandardStream.error.line(text) }
        state.withLock { $0.note = text }
    }

    /// Draws the table again and again until the work ends: ages change too.
    func alive(on loop: EventLoop, during work: @Sendable () async throws -> Void) async throws {
        guard isTerminal else { return try await work() }
        try await TerminalPulse(loop: loop, interval: .milliseconds(500)).during(work, draw: draw).get()
    }

    private func draw() {
        let size = StandardStream.output.size
        let text = state.withLock { state in
            let lines = Self.lines(state.tasks, note: state.note, size: size)
            defer { state.drawnLines = lines.count }
            let up = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A" : ""
            return up + "\r" + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J"
        }
        StandardStream.output.write(text)
    }

    /// Returns the lines, none wider than the terminal, and fewer than it is high.
    static func lines(
        _ tasks: WatchedTasks, note: String?, size: (columns: Int, rows: Int)
    ) -> [String] {
        let now = SystemTime.wallMilliseconds / 1000
        let width = max(1, size.columns - 1)
        let footer = note ?? footer(tasks.summary, width: width)
        let room = max(1, size.rows - 2)
        let shown = tasks.inOrder
        let lines = TaskTable.lines(Array(shown.prefix(room)), now: now, width: width, cutsLines: true)
        let table = shown.isEmpty ? [] : lines.prefix(room)
        return (table + [footer]).map { TaskTable.cut($0, to: width) }
    }

    /// The counts, and as much of the advice as there is room for.
    private static func footer(_ summary: String, width: Int) -> String {
        let advice = ["  Ctrl-C ends this and changes nothing.", "  Ctrl-C ends this.", ""]
        return summary + (advice.first { summary.count + $0.count <= width } ?? "")
    }
}
