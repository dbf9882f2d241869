package import VideoJobs

/// The name of a video's file, for `Content-Disposition` (RFC 6266): the beginning of the prompt and the id.
package struct ContentName: Sendable {
    /// Characters of the prompt at most.
    private static let promptMax = 40

    private let record: TaskRecord
    /// The index among the task's results, from 0.
    private let index: Int

    package init(of record: TaskRecord, index: Int) {
        self.record = record
        self.index = index
    }

    /// Returns the parameters `filename`, for clients that know ASCII only, and `filename*` (RFC 8187).
    func parameters(for contentType: String) -> String {
        let ending = "\(suffix).\(Self.fileExtension(of: contentType))"
        let name = Self.percentEncoded(stem(isASCII: false) + ending)
        return "filename=\"\(stem(isASCII: true))\(ending)\"; filename*=UTF-8''\(name)"
    }

    private func stem(isASCII: Bool) -> String {
        // An id of the gateway's own is safe already; a person can edit the database.
        let id = FileNameText.safe(record.id.text, length: Self.idMax, isASCII: true)
        let text = record.promptBeginning?.text ?? ""
        var prompt = FileNameText.safe(text, length: Self.promptMax, isASCII: isASCII)
        while prompt.utf8.count > Self.promptBytesMax { prompt.removeLast() }
        return prompt.isEmpty ? id : "\(prompt)-\(id)"
    }

    private static let idMax = 100
    /// A file's name has at most 255 bytes.
    private static let promptBytesMax = 140

    private var suffix: String { index == 0 ? "" : "-\(index + 1)" }

    /// The archive names only these types; every other file is named as a video.
    private static func fileExtension(of contentType: String) -> String {
        switch contentType {
        case "video/quicktime": "mov"
        case "video/webm": "webm"
        case "video/x-matroska": "mkv"
        case "image/jpeg": "jpg"
        case "image/png", "image/gif", "image/webp", "image/avif", "image/heic":
            String(contentType.dropFirst("image/".count))
        default: "mp4"
        }
    }

    /// Returns the bytes of a text, all but RFC 8187's `attr-char` percent-encoded.
    private static func percentEncoded(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if isAttributeCharacter(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func isAttributeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$&+-.^_`|~".utf8.contains(byte)
        }
    }
}
