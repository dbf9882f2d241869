import JSONText
import VideoJobs

/// The provider's task object as JSON.
struct SimulatedReport: Sendable {
    var task: SimulatedTask
    var now: Timestamp
    /// The origin of links: `http://127.0.0.1:8032`.
    var origin: String
    /// A scripted status in place of the actual one.
    var status: String?
    /// Whether `completed` is reported before the results exist, a race observed by public clients.
    var lacksResults = false

    var json: [UInt8] {
        let state = lacksResults ? .completed : task.state(at: now)
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.name("created")
        writer.integer(task.created.seconds)
        writer.member("id", task.id)
        writer.member("model", task.model)
        writer.member("object", "video.generation.task")
        writer.name("progress")
        writer.integer(lacksResults ? 50 : state.progress)
        writer.member("status", status ?? state.status)
        writeInfo(state, to: &writer)
        writer.member("type", "video")
        writeEnd(state, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private func writeInfo(_ state: SimulatedTask.State, to writer: inout JSONWriter) {
        writer.name("task_info")
        writer.beginObject()
        writer.name("can_cancel")
        writer.bool(state == .pending)
        writer.name("estimated_time")
        writer.integer((task.length.milliseconds + 999) / 1000)
        writer.endObject()
    }

    private func writeEnd(_ state: SimulatedTask.State, to writer: inout JSONWriter) {
        switch state {
        case .pending, .processing:
            break
        case .completed:
            writer.name("results")
            if lacksResults || status != nil {
                writer.null()
            } else {
                writer.write([["url": .string(origin + task.link)]])
            }
        case .failed(let failure):
            writer.name("error")
            writer.write(["code": .string(failure.code), "message": .string(failure.message)])
        }
    }
}
