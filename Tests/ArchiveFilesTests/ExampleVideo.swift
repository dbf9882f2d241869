import Foundation
import Gateway
import VideoJobs

/// Videos, whole and otherwise.
enum ExampleVideo {
    /// A whole MP4 of three boxes.
    static func whole(media: Int = 1_000) -> [UInt8] {
        box("ftyp", Array("isom\0\0\u{2}\0isomiso2".utf8)) + box("moov", Array(repeating: 1, count: 100))
            + box("mdat", Array(repeating: 2, count: media))
    }

    /// A box with a 32-bit size.
    static func box(_ type: String, _ content: [UInt8] = []) -> [UInt8] {
        bytes(UInt64(content.count + 8), 4) + Array(type.utf8) + content
    }

    /// A box with a 64-bit size.
    static func wideBox(_ type: String, _ content: [UInt8] = []) -> [UInt8] {
        header(type, wideSize: UInt64(content.count + 16)) + content
    }

    static func header(_ type: String, size: UInt64) -> [UInt8] { bytes(size, 4) + Array(type.utf8) }

    static func header(_ type: String, wideSize: UInt64) -> [UInt8] {
        header(type, size: 1) + bytes(wideSize, 8)
    }

    /// The simulator's video: a real one, made by ffmpeg.
    static func real() throws -> [UInt8] {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        return Array(try Data(contentsOf: sources.appending(path: "Simulator/Media/video.mp4")))
    }

    static let artifact = ArtifactID(task: TaskID("task-rg-1757165031-k7m2q9x4w1bz"), index: 0)

    private static func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64(count - 1 - $0))) }
    }
}
