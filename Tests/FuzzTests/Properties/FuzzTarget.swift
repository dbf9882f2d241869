/// Something of ours that reads bytes of strangers, and what is promised of it whatever they are.
struct FuzzTarget: Sendable {
    /// Names the folder of its corpus, too.
    let name: String
    /// Longer inputs are not tried; in bytes.
    let lengthMax: Int
    /// Throws what does not hold. A trap is a finding too.
    let check: @Sendable ([UInt8]) throws(Finding) -> Void

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
