import Transport

/// An unfinished file of an earlier process, as far as its log proves its bytes.
struct PartialFile: ~Copyable {
    private static let pieceSize: Int64 = 1 << 20

    let file: DurableFile
    let inspector: MediaInspector
    let log: PartialLog
    let point: ResumePoint

    /// Opens the file at a temporary path, without the bytes that its log does not prove. Returns `nil` if
    /// nothing of it can be used.
    static func open(_ temporaryPath: String, to path: String) throws -> PartialFile? {
        guard let content = PartialLog.read(of: temporaryPath),
            let proven = try provenLength(of: temporaryPath, by: content.records),
            proven <= content.point.total ?? .max
        else { return nil }
        var inspector = MediaInspector()
        try read(temporaryPath, upTo: proven) { inspector.consume($0) }
        let file = try DurableFile.continuing(temporaryPath, to: path, size: proven)
        var log = try PartialLog.begin(of: temporaryPath, content.point)
        try log.record(PartialLog.Record(bytes: proven, sha256: inspector.sha256SoFar()))
        return PartialFile(file: file, inspector: inspector, log: log, point: content.point)
    }

    /// Returns the greatest recorded length up to which all records are right.
    private static func provenLength(of path: String, by records: [PartialLog.Record]) throws -> Int64? {
        let file = try OpenFile(path)
        var digest = SHA256Digest()
        var (bytes, proven): (Int64, Int64?) = (0, nil)
        for record in records where record.bytes <= file.size {
            while bytes < record.bytes {
                let piece = try file.read(at: bytes, count: Int(min(pieceSize, record.bytes - bytes)))
                guard !piece.isEmpty else { return proven }
                digest.update(piece)
                bytes += Int64(piece.count)
            }
            guard digest.hexSoFar() == record.sha256 else { return proven }
            proven = record.bytes
        }
        return proven
    }

    private static func read(_ path: String, upTo end: Int64, _ body: ([UInt8]) -> Void) throws {
        let file = try OpenFile(path)
        var bytes: Int64 = 0
        while bytes < end {
            let piece = try file.read(at: bytes, count: Int(min(pieceSize, end - bytes)))
            guard !piece.isEmpty else { throw SystemError.fileTooShort }
            body(piece)
            bytes += Int64(piece.count)
        }
    }
}
