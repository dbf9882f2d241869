/// Words notices for people, and sends them where the operator says.
package protocol NoticeChannel: Sendable {
    /// Whether any receiver wants an event.
    func reports(_ event: NoticeEvent) -> Bool
    /// Returns the notices of an event, one for each receiver that wants it. Reads no file.
    func notices(of subject: NoticeSubject) -> [NewNotice]
    /// Sends a notice once; follows no redirect. Bounded in time.
    func send(_ message: NoticeMessage) async -> WebhookReply
}
