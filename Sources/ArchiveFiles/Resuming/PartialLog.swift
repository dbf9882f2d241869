import Transport

/// The log of an unfinished download, beside its file: which representation it belongs to, and digests of its
/// beginning.
///
/// Written without sync: after a power failure either file may lack its newest bytes, or have other ones. A
/// digest of the log proves that the file's bytes up to its length are those that were received.
struct PartialLog: ~Copyable {
    /// The content of a log.
    struct Content: Equatable {
        var point: ResumePoint
        /// Lengths of the file, ascending, with the digests of so many bytes.
        var records: [Record]
    }

    /// The digest of the first bytes of the file.
    struct Record: Equatable {
        var bytes: Int64
        var sha256: String
    }

    private static let title = "reelgate-partial 1"
    static let suffix = ".log"
    private static let lengthMax = 4 << 20
    /// The most bytes between two records. A crash loses at most so many, and of a short file a sixteenth.
    private static let stepMax: Int64 = 4 << 20

    private let file: AppendedFile
    private var recorded: Int64 = 0

    private init(_ file: consuming AppendedFile) { self.file = file }

    /// Begins the log of the file at a path.
    static func begin(of path: String, _ point: ResumePoint) throws(SystemError) -> PartialLog {
        let log = PartialLog(try AppendedFile(path + suffix, isEmptied: true))
        let lines = [
            title, "\(point.validator.kind.rawValue) \(point.validator.text)",
            "total \(point.total.map(String.init) ?? "-")", "",
        ]
        try log.file.append(Array(lines.joined(separator: "\n").utf8))
        return log
    }

    /// Whether enough bytes were received since the last record.
    func isDue(at bytes: Int64) -> Bool {
        bytes - recorded >= min(Self.stepMax, max(1, recorded / 16))
    }

    /// Records the file's first bytes, which were written before.
    mutating func record(_ record: Record) throws(SystemError) {
        guard record.bytes > recorded else { return }
        try file.append(Array("\(record.bytes) \(record.sha256)\n".utf8))
        recorded = record.bytes
    }

    func sync() throws(SystemError) { try file.sync() }

    /// Removes the log of the file at a path.
    static func remove(of path: String) { _ = try? FileSystem.remove(path + suffix) }

    /// Returns the content of the log of the file at a path; `nil` if there is none that can be read.
    static func read(of path: String) -> Content? {
        guard let bytes = try? SmallFile.read(path + suffix, limit: lengthMax) else { return nil }
        return content(of: bytes)
    }

    /// Parses a log. An incomplete record at its end is ignored.
    static func content(of bytes: [UInt8]) -> Content? {
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines[0] == title, let validator = validator(in: lines[1]),
            lines[2].hasPrefix("total ")
        else { return nil }
        let total = lines[2].dropFirst("total ".count)
        guard total == "-" || Int64(total) != nil else { return nil }
        var records: [Record] = []
        for line in lines[3...].dropLast() {
            guard let record = record(in: line), record.bytes > records.last?.bytes ?? 0 else { break }
            records.append(record)
        }
        return Content(point: ResumePoint(validator: validator, total: Int64(total)), records: records)
    }

    private static func validator(in line: Substring) -> RangeValidator? {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, let kind = RangeValidator.Kind(rawValue: parts[0]) else { return nil }
        return RangeValidator(kind, parts[1])
    }

    private static func record(in line: Substring) -> Record? {
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 2, let bytes = Int64(parts[0]), parts[1].utf8.count == 64 else { return nil }
        return Record(bytes: bytes, sha256: parts[1])
    }
}
