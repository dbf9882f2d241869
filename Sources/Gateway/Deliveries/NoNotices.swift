/// The channel of a gateway without receivers of notices.
struct NoNotices: NoticeChannel {
    func reports(_ event: NoticeEvent) -> Bool { false }
    func notices(of subject: NoticeSubject) -> [NewNotice] { [] }
    func send(_ message: NoticeMessage) async -> WebhookReply { .withdrawn("this gateway sends no notices") }
}
