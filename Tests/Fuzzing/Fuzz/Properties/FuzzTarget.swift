/// A parser of untrusted input, and the property that must hold for any input.
struct FuzzTarget: Sendable {
    /// Also the name of its folder in the corpora.
    let name: String
    /// The length of the longest input, in bytes.
    let lengthMax: Int
    /// Throws if the property does not hold. A trap is a defect as well.
    let check: @Sendable ([UInt8]) throws(PropertyError) -> Void

    static let all = [
        FuzzTarget(name: "http1", lengthMax: 2048, check: RequestProperty.check),
        FuzzTarget(name: "http2", lengthMax: 1024, check: SessionProperty.check),
        FuzzTarget(name: "fields", lengthMax: 256, check: FieldProperty.check),
        FuzzTarget(name: "json", lengthMax: 1024, check: JSONProperty.check),
        FuzzTarget(name: "jobs", lengthMax: 2048, check: JobProperty.check),
        FuzzTarget(name: "yaml", lengthMax: 1024, check: YAMLProperty.check),
        FuzzTarget(name: "settings", lengthMax: 2048, check: SettingsProperty.check),
        FuzzTarget(name: "catalog", lengthMax: 4096, check: CatalogProperty.check),
        FuzzTarget(name: "provider", lengthMax: 2048, check: ProviderProperty.check),
        FuzzTarget(name: "links", lengthMax: 512, check: LinkProperty.check),
        FuzzTarget(name: "replies", lengthMax: 1024, check: LenientProperty.check),
        FuzzTarget(name: "mp4", lengthMax: 512, check: MediaProperty.check),
    ]
}
