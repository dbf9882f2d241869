import TestSupport

@testable import ArchiveFiles

/// MP4 structure: the same result for any split, and for a second, simpler parser of the whole file.
enum MediaProperty {
    static func check(_ input: [UInt8]) throws(PropertyError) {
        let whole = verdict(on: [input])
        try require(verdict(on: input.map { [$0] }) == whole, "the result differs byte by byte")
        var random = SeededRandom(seed: input.fingerprint)
        let cut = Int.random(in: 0...input.count, using: &random)
        let parted = verdict(on: [Array(input[..<cut]), Array(input[cut...])])
        try require(parted == whole, "the result differs when split at \(cut)")
        try require((whole == nil) == isWhole(input), "the simpler parser disagrees: \(whole ?? "whole")")
    }

    /// Returns why it is no complete MP4 file; `nil` if it is one.
    private static func verdict(on pieces: [[UInt8]]) -> String? {
        var structure = MP4Structure()
        do throws(MP4Structure.FormatError) {
            for piece in pieces { try structure.consume(piece) }
            try structure.finish()
            return nil
        } catch {
            return error.message
        }
    }

    private static func isWhole(_ file: [UInt8]) -> Bool {
        var seen: Set<String> = []
        var offset = 0
        while offset < file.count {
            guard offset + 8 <= file.count else { return false }
            let type = String(decoding: file[offset + 4..<offset + 8], as: UTF8.self)
            guard offset > 0 || type == "ftyp" else { return false }
            let short = number(file, offset, 4)
            let header = short == 1 ? 16 : 8
            guard offset + header <= file.count else { return false }
            let left = UInt64(file.count - offset)
            let size = short == 1 ? number(file, offset + 8, 8) : short == 0 ? left : short
            guard size >= header, size <= left else { return false }
            if type != "mdat" || size > header { seen.insert(type) }
            offset += Int(size)
        }
        return seen.isSuperset(of: ["ftyp", "moov", "mdat"])
    }

    private static func number(_ file: [UInt8], _ offset: Int, _ length: Int) -> UInt64 {
        file[offset..<offset + length].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
