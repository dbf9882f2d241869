/// What a stream sends before it reads on.
struct EventPage: Sendable {
    var texts: [[UInt8]] = []
    var next: EventCursor
}
