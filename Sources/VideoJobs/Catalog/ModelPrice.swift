/// The price of one video, or of one second of video, under certain conditions.
package struct ModelPrice: Equatable, Sendable {
    /// The unit that is charged.
    package enum Unit: String, CaseIterable, Sendable { case video, second }

    /// The resolution that the price applies to; `nil` for any.
    package var resolution: String?
    /// Whether the price applies with or without sound; `nil` for both.
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
}
