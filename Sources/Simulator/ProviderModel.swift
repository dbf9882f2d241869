/// A model of the provider with its fields.
///
/// Deliberately independent of the gateway's catalog and based on the provider's pages, so that a mistake in
/// the catalog leads to a refusal here.
struct ProviderModel: Sendable {
    enum Mode: String, CaseIterable, Sendable {
        case text = "text-to-video"
        case image = "image-to-video"
        case frames = "first-last-frame-to-video"
        case reference = "reference-to-video"
    }

    enum Tier: String, CaseIterable, Sendable {
        case standard = "veo-3.1-"
        case fast = "veo-3.1-fast-"
        case lite = "veo-3.1-lite-"
    }

    /// The type and the options of a field.
    struct Field: Sendable {
        enum Kind: Sendable {
            case text
            case flag
            case choice([String])
            case integer(Set<Int64>)
            case anyInteger
            case url
            case urls(ClosedRange<Int>)
        }

        var kind: Kind
        var isRequired = false
        var isNullable = false
    }

    let mode: Mode
    let tier: Tier
    let fields: [String: Field]

    /// All models by ID.
    static let all: [String: ProviderModel] = {
        var models: [String: ProviderModel] = [:]
        for tier in Tier.allCases {
            for mode in Mode.allCases where !(tier == .lite && mode == .reference) {
                models[tier.rawValue + mode.rawValue] = ProviderModel(mode: mode, tier: tier)
            }
        }
        return models
    }()

    /// Returns the model with an ID. Some accounts use IDs with a prefix.
    static func named(_ id: String) -> ProviderModel? {
        all[id] ?? (id.hasPrefix("google/") ? all[String(id.dropFirst("google/".count))] : nil)
    }

    private init(mode: Mode, tier: Tier) {
        self.mode = mode
        self.tier = tier
        self.fields = Self.common(mode, tier)
            .merging(Self.inputs(mode)) { $1 }
            .merging(Self.advanced(mode, tier)) { $1 }
    }

    private static func common(_ mode: Mode, _ tier: Tier) -> [String: Field] {
        [
            "model": Field(kind: .text, isRequired: true),
            "prompt": Field(kind: .text, isRequired: true),
            "aspect_ratio": Field(kind: .choice(["16:9", "9:16"])),
            "duration": Field(kind: .integer(mode == .reference ? [8] : [4, 6, 8])),
            "resolution": Field(kind: .choice(tier == .lite ? ["720p", "1080p"] : ["720p", "1080p", "4k"])),
            "generate_audio": Field(kind: .flag),
        ]
    }

    private static func inputs(_ mode: Mode) -> [String: Field] {
        let url = Field(kind: .url, isRequired: true)
        return switch mode {
        case .text: [:]
        case .image: ["image_url": url]
        case .frames: ["first_image_url": url, "last_image_url": url]
        case .reference: ["reference_image_urls": Field(kind: .urls(1...3), isRequired: true)]
        }
    }

    /// Returns the fields that the provider's pages recommend to omit unless necessary.
    private static func advanced(_ mode: Mode, _ tier: Tier) -> [String: Field] {
        var fields = ["auto_fix": Field(kind: .flag, isNullable: true)]
        if tier != .lite {
            fields["safety_tolerance"] = Field(kind: .integer(Set(1...6)), isNullable: true)
        }
        if tier == .standard {
            fields["enhance_prompt"] = Field(kind: .flag, isNullable: true)
            fields["person_generation"] = Field(
                kind: .choice(["dont_allow", "allow_adult"]), isNullable: true)
        }
        if tier == .standard, mode == .reference {
            fields["reference_type"] = Field(kind: .choice(["ASSET", "STYLE"]), isNullable: true)
        }
        if mode != .reference {
            fields["seed"] = Field(kind: .anyInteger)
            fields["negative_prompt"] = Field(kind: .text)
        }
        return fields
    }
}
