import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

extension [Delivery] {
    /// The list's JSON document.
    var json: [UInt8] {
        var writer = JSONWriter(reserving: 256 * (count + 1))
        writer.beginObject()
        writer.member(ListMember.object.rawValue, "list")
        writer.name(ListMember.data.rawValue)
        writer.beginArray()
        for delivery in self { delivery.write(to: &writer) }
        writer.endArray()
        writer.name(ListMember.hasMore.rawValue)
        writer.bool(false)
        writer.endObject()
        return writer.bytes
    }
}

extension Delivery {
    /// Writes the delivery without its URL, which may contain a secret.
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member(DeliveryMember.object.rawValue, "delivery")
        writer.member(DeliveryMember.id.rawValue, id.description)
        switch target {
        case .webhook(let type, _):
            writer.member(DeliveryMember.kind.rawValue, "webhook")
            writer.member(DeliveryMember.type.rawValue, type.rawValue)
        case .notice(let notice):
            writer.member(DeliveryMember.kind.rawValue, "notice")
            writer.member(DeliveryMember.type.rawValue, notice.event.type)
            writer.member(DeliveryMember.template.rawValue, notice.template)
            writer.member(DeliveryMember.urlFile.rawValue, notice.receiver)
        }
        writer.member(DeliveryMember.state.rawValue, state.rawValue)
        writer.member(DeliveryMember.created.rawValue, created.seconds)
        writer.member(DeliveryMember.next.rawValue, next?.seconds)
        writer.name(DeliveryMember.attempts.rawValue)
        writer.beginArray()
        for attempt in attempts { attempt.write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }
}

extension DeliveryAttempt {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member(DeliveryMember.number.rawValue, number)
        writer.member(DeliveryMember.at.rawValue, at.seconds)
        writer.member(DeliveryMember.status.rawValue, status)
        writer.member(DeliveryMember.milliseconds.rawValue, duration.milliseconds)
        writer.member(DeliveryMember.error.rawValue, message)
        writer.endObject()
    }
}
