import TestSupport

@testable import ArchiveFiles

/// MP4 structure: the same in pieces, and as a second, plainer reader of the whole file has it.
enum MediaProperty {
    static func check(_ input: [UInt8]) throws(Finding) {
        let whole = verdict(on: [input])
        try promise(verdict(on: input.map { [$0] }) == whole, "it is judged otherwise byte by byte")
        var random = SeededRandom(seed: input.fingerprint)
        let cut = Int.random(in: 0...input.count, using: &random)
        let parted = verdict(on: [Array(input[..<cut]), Array(input[cut...])])
        try promise(parted == whole, "it is judged otherwise when cut at \(cut)")
        try promise((whole == nil) == isWhole(input), "a plainer reader says otherwise: \(whole ?? "whole")")
    }

    /// Why it is no whole MP4; `nil` if it is one.
    private static func verdict(on pieces: [[UInt8]]) -> String? {
        var structure = MP4Structure()
        do throws(MP4Structure.Fault) {
            for piece in pieces { try structure.consume(piece) }
            try structure.finish()
            return nil
        } catch {
            return error.message
        }
    }

    private static func isWhole(_ file: [UInt8]) -> Bool {
        var seen: Set<String> = []
        var place = 0
        while place < file.count {
            guard place + 8 <= file.count else { return false }
            let type = String(decoding: file[place + 4..<place + 8], as: UTF8.self)
            guard place > 0 || type == "ftyp" else { return false }
            let short = number(file, place, 4)
            let header = short == 1 ? 16 : 8
            guard place + header <= file.count else { return false }
            let left = UInt64(file.count - place)
            let size = short == 1 ? number(file, place + 8, 8) : short == 0 ? left : short
            guard size >= header, size <= left else { return false }
            if type != "mdat" || size > header { seen.insert(type) }
            place += Int(size)
        }
        return seen.isSuperset(of: ["ftyp", "moov", "mdat"])
    }

    private static func number(_ file: [UInt8], _ place: Int, _ length: Int) -> UInt64 {
        file[place..<place + length].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
