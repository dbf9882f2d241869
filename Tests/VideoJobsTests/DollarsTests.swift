import Testing
import VideoJobs

@Suite struct DollarsTests {
    @Test(
        arguments: [
            ("0", 0, "0.00"), ("0.4", 400_000, "0.40"), ("12.50", 12_500_000, "12.50"),
            ("3", 3_000_000, "3.00"),
            ("0.000001", 1, "0.000001"), ("999999999.999999", 999_999_999_999_999, "999999999.999999"),
        ] as [(String, Int64, String)])
    func `an amount is read exactly and written with at least two decimals`(
        _ text: String, _ amount: Int64, _ written: String
    ) {
        #expect(Dollars.microdollars(text) == amount)
        #expect(Dollars.text(amount) == written)
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "-1", "+1", "1e3", "$3", "1,5", " 1", "0.0000001", "1000000000", "٣",
    ])
    func `anything else is no amount`(_ text: String) { #expect(Dollars.microdollars(text) == nil) }

    @Test func `every amount can be written`() {
        #expect(Dollars.text(-640_000) == "-0.64")
        #expect(Dollars.text(.min) == "-9223372036854.775808")
    }
}
