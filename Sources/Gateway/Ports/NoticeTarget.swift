/// The receiver of a notice, without its URL, which is a secret: rows and logs contain this.
package struct NoticeTarget: Equatable, Sendable {
    package var event: NoticeEvent
    /// The `url_file` of the receiver, which stays its name while URL and template change.
    package var receiver: String
    /// The name of the template: of a preset or of a file.
    package var template: String
    /// The media type of the body.
    package var mediaType: String
    /// The `Title` field, for receivers that know it: ASCII.
    package var title: String?

    package init(
        event: NoticeEvent, receiver: String, template: String, mediaType: String, title: String? = nil
    ) {
        self.event = event
        self.receiver = receiver
        self.template = template
        self.mediaType = mediaType
        self.title = title
    }

    /// Differs from every host of a callback, which contains no space.
    var host: String { Self.host(ofReceiver: receiver) }

    /// Returns what bounds of concurrency count the receiver by.
    package static func host(ofReceiver receiver: String) -> String { "notify \(receiver)" }
}
