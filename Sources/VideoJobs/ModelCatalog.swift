import JSONText

/// What may be asked of the provider: every model (variant) and its rules. Data: a new model needs no code.
package struct ModelCatalog: Equatable, Sendable {
    /// In the order of the catalog.
    package let models: [ModelEntry]
    /// What the provider's words mean.
    package let vocabulary: ProviderVocabulary

    /// The names of all parameters of all models, each once.
    let parameterNames: [String]

    init(models: [ModelEntry], vocabulary: ProviderVocabulary = .standard) {
        self.models = models
        self.vocabulary = vocabulary
        var names: [String] = []
        for name in models.flatMap({ $0.parameters.map(\.name) }) where !names.contains(name) {
            names.append(name)
        }
        self.parameterNames = names
    }

    /// The model with this id of ours.
    package func model(_ id: String) -> ModelEntry? { models.first { $0.id.isIdentical(to: id) } }
}

/// One model: what it takes, and what is known of it.
package struct ModelEntry: Equatable, Sendable {
    /// Our id, which clients use.
    package var id: String
    /// The provider's id where it differs from ours.
    package var providerID: String?
    package var title: String?
    package var description: String?
    /// What it makes a video from: `reference-to-video`, `text-to-video` and so on.
    package var mode: String
    /// How long such a job usually takes.
    package var estimatedSeconds: Int?
    package var prices: [ModelPrice]
    /// Everything a job may contain beside `model`, in the order of the catalog.
    package var parameters: [JobParameter]
    package var jointRules: [JointRule]

    /// The parameter of this name.
    package func parameter(_ name: String) -> JobParameter? {
        parameters.first { $0.name.isIdentical(to: name) }
    }
}

/// What one video costs, or one second of it, under which conditions.
package struct ModelPrice: Equatable, Sendable {
    package enum Unit: String, CaseIterable, Sendable { case video, second }

    /// The resolution that it holds for; `nil` for any.
    package var resolution: String?
    /// Whether it holds with or without sound; `nil` for both.
    package var audio: Bool?
    /// Millionths of a US dollar: money is never a floating-point number.
    package var microDollars: Int64
    package var unit: Unit

    package init(resolution: String? = nil, audio: Bool? = nil, microDollars: Int64, unit: Unit) {
        self.resolution = resolution
        self.audio = audio
        self.microDollars = microDollars
        self.unit = unit
    }

    /// Reads dollars such as `0.40`: digits and at most six decimals.
    static func microDollars(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
            return nil
        }
        let decimals = parts.count == 2 ? String(parts[1]) : ""
        guard decimals.count <= 6 else { return nil }
        return Int64(parts[0] + decimals + String(repeating: "0", count: 6 - decimals.count))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// One thing wrong with a catalog.
package struct CatalogIssue: Equatable, Sendable {
    /// JSON Pointer to the place, so that whoever read the file can name the line.
    package var pointer: String
    package var message: String
    package var hint: String?

    package init(pointer: String, message: String, hint: String? = nil) {
        self.pointer = pointer
        self.message = message
        self.hint = hint
    }
}

/// Everything that is wrong with a catalog.
package struct CatalogError: Error, Equatable, Sendable {
    package var issues: [CatalogIssue]

    package init(_ issues: [CatalogIssue]) { self.issues = issues }
}
