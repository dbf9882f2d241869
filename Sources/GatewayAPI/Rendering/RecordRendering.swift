import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

extension TaskDetails {
    /// Returns the task's record as a JSON document. Times are in seconds since 1970, with milliseconds.
    ///
    /// - Parameter version: that of the gateway.
    func recordJSON(version: String, links: Links) -> [UInt8] {
        let record = view.record
        var writer = JSONWriter(reserving: 4096)
        writer.beginObject()
        writer.member(.id, record.id.text)
        writer.member(.object, "video.generation.record")
        writer.member(.client, record.client)
        writer.member(.model, record.model)
        writer.member(.status, record.status.rawValue)
        writer.member(.state, record.state.rawValue)
        writer.member(.providerTaskID, record.providerTaskID?.text)
        writer.member(.attempts, record.attempts)
        writer.name(.job)
        if let payload { writer.raw(payload) } else { writer.null() }
        writeTimings(to: &writer)
        record.writePrice(to: &writer)
        record.writeUsage(to: &writer)
        record.writeResults(to: &writer, links: links)
        record.writeError(to: &writer)
        record.writeReview(to: &writer)
        writeHistory(to: &writer)
        writer.name(.software)
        writer.beginObject()
        writer.name(.name)
        writer.string("reelgate")
        writer.member(.version, version)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private func writeTimings(to writer: inout JSONWriter) {
        let timings = TaskTimings(events)
        writer.name(.timings)
        writer.beginObject()
        writer.member(.created, view.record.created)
        writer.member(.sent, timings.sent)
        writer.member(.accepted, timings.accepted)
        writer.member(.finished, timings.finished)
        writer.member(.ended, timings.ended)
        writer.endObject()
    }

    private func writeHistory(to writer: inout JSONWriter) {
        writer.name(.history)
        writer.beginArray()
        for event in events {
            writer.beginObject()
            writer.name(.number)
            writer.integer(event.number)
            writer.member(.at, event.at)
            writer.name(.event)
            writer.string(event.name)
            if let detail = event.detail {
                writer.name(.detail)
                writer.string(detail)
            }
            writer.endObject()
        }
        writer.endArray()
    }
}

extension JSONWriter {
    fileprivate mutating func name(_ name: RecordMember) { self.name(name.rawValue) }
    fileprivate mutating func name(_ name: TaskMember) { self.name(name.rawValue) }

    fileprivate mutating func member(_ name: TaskMember, _ text: String?) { member(name.rawValue, text) }
    fileprivate mutating func member(_ name: TaskMember, _ number: Int) { member(name.rawValue, number) }

    fileprivate mutating func member(_ name: TaskMember, _ time: Timestamp?) { member(name.rawValue, time) }
    fileprivate mutating func member(_ name: RecordMember, _ time: Timestamp?) { member(name.rawValue, time) }

    /// Writes a time in seconds since 1970, with milliseconds.
    private mutating func member(_ name: String, _ time: Timestamp?) {
        self.name(name)
        guard let time else { return null() }
        real(Double(time.milliseconds) / 1000)
    }
}
