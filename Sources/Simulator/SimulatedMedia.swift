import HTTPServing
import HTTPWire

/// The files that the simulator serves; they are embedded in the binary.
enum SimulatedMedia {
    /// Returns the response to a request for a task's video, a real one of eight seconds with sound: whole,
    /// or the range that the request asks for (RFC 9110 §14), with a strong entity tag.
    static func video(
        of task: SimulatedTask, to head: RequestHead, _ actions: FaultActions?
    ) -> HTTPResponse {
        var bytes = task.isPortrait ? PackageResources.portrait_mp4 : PackageResources.video_mp4
        if actions?.truncation == .short { bytes = Array(bytes.prefix(bytes.count / 2)) }
        var response = content(bytes, of: task, to: head, ignoresRange: actions?.ignoresRange ?? false)
        if case .cut(let count)? = actions?.truncation, case .bytes(let sent) = response.body {
            // Half of what is sent, rounded up: so that a client that continues makes progress to the end.
            response.cutAfter = count ?? (sent.count + 1) / 2
            response.cutsBody = true
        }
        return response
    }

    private static func content(
        _ bytes: [UInt8], of task: SimulatedTask, to head: RequestHead, ignoresRange: Bool
    ) -> HTTPResponse {
        let tag = EntityTag("\(task.id)-\(bytes.count)")
        let isRanged =
            head.method == "GET" && !ignoresRange
            && RequestConditions(head, now: 0).allowsRange(.init(entityTag: tag))
        var response = HTTPResponse.bytes(200, bytes, type: "video/mp4")
        switch ByteRange.resolve(isRanged ? head.fields.single("Range") : nil, length: Int64(bytes.count)) {
        case .parts(let parts) where parts.count == 1:
            let (first, end) = (Int(parts[0].lowerBound), Int(parts[0].upperBound))
            response = .bytes(206, Array(bytes[first..<end]), type: "video/mp4")
            response.fields.append("Content-Range", "bytes \(first)-\(end - 1)/\(bytes.count)")
        case .unsatisfiable:
            response = .bytes(416, [], type: "text/plain")
            response.fields.append("Content-Range", "bytes */\(bytes.count)")
        // Several parts would need multipart/byteranges: RFC 9110 §14.2 allows to ignore the field instead.
        case .parts, .whole: break
        }
        response.fields.append("ETag", tag.text)
        if !ignoresRange { response.fields.append("Accept-Ranges", "bytes") }
        return response
    }

    /// Returns a response with a reference image, `1.png` to `3.png`.
    static func image(_ name: Substring) -> HTTPResponse? {
        let bytes: [UInt8]
        switch name {
        case "1.png": bytes = PackageResources.image_1_png
        case "2.png": bytes = PackageResources.image_2_png
        case "3.png": bytes = PackageResources.image_3_png
        default: return nil
        }
        return .bytes(200, bytes, type: "image/png")
    }
}
