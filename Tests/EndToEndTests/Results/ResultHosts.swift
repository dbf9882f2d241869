import Foundation
import ProcessTestSupport
import TestSupport

/// A provider whose tasks complete at once with results selected by the prompt of the job, and a second host.
final class ResultHosts: Sendable {
    /// The video of the simulator, made by ffmpeg.
    static let video: [UInt8] = {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
        let file = sources.appending(path: "Simulator/Media/video.mp4")
        guard let data = try? Data(contentsOf: file) else { fatalError("no video at \(file.path)") }
        return [UInt8](data)
    }()
    static let picture: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 1, count: 500) + [0xFF, 0xD9]
    /// A video of 8 MiB, another one for each path: the example with free space behind it.
    static func large(_ path: String) -> [UInt8] {
        let count = (8 << 20) - video.count
        let size = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
        var bytes = video + size + Array("free".utf8)
        bytes.reserveCapacity(8 << 20)
        let block = (0..<1009).map { UInt8(truncatingIfNeeded: $0) }
        var number = 0
        while bytes.count < 8 << 20 {
            number += 1
            bytes += Array("\(number) \(path) ".utf8)
            bytes += block
        }
        return Array(bytes.prefix(8 << 20))
    }
    static let page = Array("<!DOCTYPE html><title>one moment</title>".utf8)

    let foreign: RawServer
    let own: RawServer

    /// - Parameter results: the `results` member of a completed task, by the prompt of its job; `OWN` and
    /// `FOREIGN` stand for the two origins.
    init(results: [String: String]) {
        let foreign = RawServer { connection, _ in
            while let request = connection.readRequest() { Self.serve(request, to: connection, "") }
        }
        self.foreign = foreign
        own = RawServer { connection, _ in
            while let request = connection.readRequest() {
                Self.response(request, connection, results, foreign.origin)
            }
        }
    }

    deinit {
        own.stop()
        foreign.stop()
    }

    static func hasKey(_ request: RawRequest) -> Bool { request.head.contains(EndToEndFixture.key) }

    /// The requests that a host received, without calls of the provider's API.
    static func downloads(at host: RawServer) -> [RawRequest] {
        host.requests.filter { !$0.target.hasPrefix("/v1/") && $0.method == "GET" }
    }

    private static func response(
        _ request: RawRequest, _ connection: RawConnection, _ results: [String: String], _ foreign: String
    ) {
        if request.method == "POST" {
            let job = String(decoding: request.body, as: UTF8.self)
            let name = results.keys.first { job.contains("\"prompt\":\"\($0)\"") } ?? "none"
            return connection.respond(200, #"{"id":"task-\#(name)","status":"pending"}"#)
        }
        guard let id = request.target.split(separator: "/").last, request.target.contains("/v1/tasks/") else {
            return serve(request, to: connection, foreign)
        }
        let host = request.lines.first { $0.hasPrefix("Host: ") }.map { $0.dropFirst("Host: ".count) } ?? ""
        let found = (results[String(id.dropFirst("task-".count))] ?? "null")
            .replacingOccurrences(of: "OWN", with: "http://\(host)")
            .replacingOccurrences(of: "FOREIGN", with: foreign)
        connection.respond(200, #"{"id":"\#(id)","status":"completed","results":\#(found)}"#)
    }

    /// Each path returns a different unusual response.
    private static func serve(_ request: RawRequest, to connection: RawConnection, _ foreign: String) {
        let path = URL(string: request.target)?.path(percentEncoded: true) ?? request.target
        switch path {
        case "/moved":
            connection.respond(302, fields: ["Location: /files/moved here.mp4?sig=s3cret"], "moved")
        case "/keyed" where !hasKey(request): connection.respond(401, "{}")
        case "/handover" where !hasKey(request): connection.respond(403, "{}")
        case "/handover": connection.respond(307, fields: ["Location: \(foreign)/video.mp4"], "")
        case "/cover.jpg": send(picture, to: connection)
        case "/broken.mp4": send(Array(video.dropLast(1_000)), to: connection)
        case "/page": send(page, to: connection)
        case _ where path.hasPrefix("/large/"): send(large(path), to: connection)
        case "/gone": connection.respond(404, "gone")
        default: send(video, to: connection)
        }
    }

    private static func send(_ bytes: [UInt8], to connection: RawConnection) {
        // A wrong media type, as many object stores send it.
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(bytes.count)\r\n\r\n"
        connection.write(Array(head.utf8) + bytes)
    }
}
