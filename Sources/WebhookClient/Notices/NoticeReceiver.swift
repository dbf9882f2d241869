package import Gateway
import HTTPFetching

/// An entry of `notify`: a receiver of notices.
package struct NoticeReceiver: Equatable, Sendable {
    /// The path of the file with the URL: the name of the receiver in rows and logs.
    package var file: String
    package var url: NoticeURL
    package var format: NoticeFormat
    package var events: Set<NoticeEvent>

    package init(file: String, url: NoticeURL, format: NoticeFormat, events: Set<NoticeEvent>) {
        self.file = file
        self.url = url
        self.format = format
        self.events = events
    }

    /// Returns a notice for the receiver.
    func notice(of event: NoticeEvent, _ values: NoticeValues) -> NewNotice {
        let dialect = format.dialect ?? NoticeDialect(ofHost: url.url.origin.host)
        let isJSON = format.template.isJSON
        let target = NoticeTarget(
            event: event, receiver: file, template: format.name,
            mediaType: isJSON ? "application/json" : "text/plain; charset=utf-8",
            title: format.hasTitle ? values.title : nil)
        return NewNotice(target, body: format.template.body(values, in: dialect))
    }
}
