import JSONText

/// The catalog of the provider's models and their rules. It is data: a new model needs no code.
package struct ModelCatalog: Equatable, Sendable {
    /// The models in the order of the catalog.
    package let models: [ModelEntry]
    /// The meanings of the provider's status words and error codes.
    package let vocabulary: ProviderVocabulary

    /// The distinct names of all parameters of all models.
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

    /// A catalog without models.
    package static let empty = ModelCatalog(models: [])

    /// Returns the model with this gateway ID.
    package func model(_ id: String) -> ModelEntry? { models.first { $0.id.isIdentical(to: id) } }
}
