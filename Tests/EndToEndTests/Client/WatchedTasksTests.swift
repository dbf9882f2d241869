import JSONText
import Testing

@testable import Reelgate

@Suite struct WatchedTasksTests {
    private func event(
        _ number: Int, _ state: String, updated: Int64 = 0
    ) -> ServerSentEventParser.Event {
        let status =
            switch state {
            case "completed": "completed"
            case "failed", "uncertain": "failed"
            default: "processing"
            }
        let task: JSONValue = [
            "id": .string("task-\(number)"), "status": .string(status), "created": .integer(Int64(number)),
            "gateway": ["state": .string(state), "updated": .integer(updated)],
        ]
        return .init(name: "task", data: String(decoding: task.serialized(), as: UTF8.self))
    }

    @Test func `tasks that can change come first, then the ended ones, latest first`() throws {
        var tasks = WatchedTasks()
        for event in [
            event(1, "completed", updated: 50), event(2, "running"), event(3, "failed", updated: 60),
            event(4, "uncertain"), event(5, "queued"),
        ] {
            let shown = try tasks.receive(event)
            #expect(shown != nil)
        }
        #expect(tasks.inOrder.map(\.id) == ["task-5", "task-4", "task-2", "task-3", "task-1"])
        #expect(tasks.summary == "1 completed, 1 failed, 1 queued, 1 running, 1 uncertain")
        _ = try tasks.receive(event(5, "completed", updated: 70))
        #expect(tasks.inOrder.map(\.id) == ["task-4", "task-2", "task-5", "task-3", "task-1"])
        #expect(tasks.summary == "2 completed, 1 failed, 1 running, 1 uncertain")
    }

    @Test func `a snapshot replaces what was shown`() throws {
        var tasks = WatchedTasks()
        _ = try tasks.receive(event(1, "running"))
        let shown1 = try tasks.receive(.init(name: "reset", data: "{}"))
        #expect(shown1 == nil)
        #expect(tasks.inOrder.isEmpty && tasks.summary == "No tasks.")
        // It shows only what has changed since.
        let again = try tasks.receive(event(1, "running"))
        #expect(again == nil && tasks.inOrder.count == 1)
        let changed = try tasks.receive(event(1, "completed"))
        #expect(changed?.isCompleted == true)
    }

    @Test func `a task that leaves the only state that is shown disappears`() throws {
        var tasks = WatchedTasks(state: "running")
        let shown2 = try tasks.receive(event(1, "queued"))
        #expect(shown2 == nil)
        let shown3 = try tasks.receive(event(1, "running"))
        #expect(shown3?.id == "task-1")
        let shown4 = try tasks.receive(event(1, "completed"))
        #expect(shown4 == nil)
        #expect(tasks.inOrder.isEmpty)
    }

    @Test func `a thousand tasks are kept, and of more the first that ended is forgotten`() throws {
        var tasks = WatchedTasks()
        for number in 0...WatchedTasks.countMax {
            _ = try tasks.receive(
                event(number, number < 10 ? "completed" : "running", updated: Int64(number)))
        }
        #expect(tasks.inOrder.count == WatchedTasks.countMax)
        #expect(tasks.inOrder.last?.id == "task-1")
    }

    @Test func `events of other kinds are ignored, and no task is an error`() throws {
        var tasks = WatchedTasks()
        let shown5 = try tasks.receive(.init(name: "news", data: "["))
        #expect(shown5 == nil)
        #expect(throws: (any Error).self) { try tasks.receive(.init(name: "task", data: "{}")) }
        #expect(throws: (any Error).self) { try tasks.receive(.init(name: "task", data: "{")) }
    }

    @Test func `the table fits the terminal, and ends with the counts or a note`() throws {
        var tasks = WatchedTasks()
        for number in 0..<50 { _ = try tasks.receive(event(number, "running")) }
        for rows in [1, 2, 3, 10, 24, 100] {
            for columns in [1, 20, 80, 200] {
                let lines = WatchDisplay.lines(tasks, note: nil, size: (columns, rows))
                #expect(lines.count <= max(2, rows - 1), "\(columns) by \(rows)")
                #expect(lines.allSatisfy { $0.count < max(2, columns) })
            }
        }
        let lines = WatchDisplay.lines(tasks, note: nil, size: (200, 24))
        #expect(lines.first?.hasPrefix("TASK ") == true && lines.count == 23)
        #expect(lines.last == "50 running  Ctrl-C ends this and changes nothing.")
        #expect(WatchDisplay.lines(tasks, note: "gone", size: (80, 24)).last == "gone")
        // Where there is no room for all, prompts are shown rather than models.
        #expect(lines.first?.contains("MODEL") == true)
        let narrow = WatchDisplay.lines(tasks, note: nil, size: (40, 24))
        #expect(narrow.first?.contains("MODEL") == false)
        #expect(narrow.last == "50 running  Ctrl-C ends this.")
        let empty = WatchDisplay.lines(WatchedTasks(), note: nil, size: (80, 24))
        #expect(empty == ["Asking the gateway.  Ctrl-C ends this and changes nothing."])
    }
}
