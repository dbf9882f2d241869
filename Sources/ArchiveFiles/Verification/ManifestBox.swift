/// The beginning of a box that may contain a C2PA manifest.
///
/// C2PA specification, "Embedding manifests into BMFF-based assets": a top-level `uuid` box with C2PA's user
/// type, version and flags, and a purpose that ends with zero. Also a JUMBF superbox (`jumb`) whose
/// description has the type of a manifest store.
struct ManifestBox: Sendable {
    private static let userType: [UInt8] = [
        0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81,
    ]
    private static let versionLength = 4
    /// Purposes of boxes with a manifest store; another is `merkle`, the hashes of fragments.
    private static let purposes = ["manifest", "original", "update"]
    /// The type of a manifest store in a JUMBF description: `c2pa` and the suffix of ISO's types.
    private static let storeType: [UInt8] =
        Array("c2pa".utf8) + [0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71]
    private static let lengthMax = 64

    private let isUserBox: Bool
    private var start: [UInt8] = []

    /// Creates the inspection of a box; `nil` for types that have no manifest.
    init?(type: ArraySlice<UInt8>) {
        isUserBox = type.elementsEqual("uuid".utf8)
        guard isUserBox || type.elementsEqual("jumb".utf8) else { return nil }
    }

    /// Inspects the next bytes of the box's content.
    mutating func consume(_ content: ArraySlice<UInt8>) {
        start += content.prefix(Self.lengthMax - start.count)
    }

    /// Whether it is known to contain a manifest.
    var isManifest: Bool { isUserBox ? hasManifestPurpose : isManifestStore }

    private var hasManifestPurpose: Bool {
        guard start.starts(with: Self.userType) else { return false }
        let rest = start.dropFirst(Self.userType.count + Self.versionLength)
        guard let end = rest.firstIndex(of: 0) else { return false }
        return Self.purposes.contains { rest[..<end].elementsEqual($0.utf8) }
    }

    /// The description's header is its size and `jumd`.
    private var isManifestStore: Bool {
        start.dropFirst(4).starts(with: Array("jumd".utf8) + Self.storeType)
    }
}
