import Gateway
import GatewayFakes
import Testing

@Suite struct ClientTokenTests {
    private func token(_ seed: UInt64) -> ClientToken {
        let random = SeededRandomness(seed: seed)
        return ClientToken(random: (random.next(), random.next(), random.next()))
    }

    @Test func `a token is 41 characters that need no escaping anywhere`() {
        for seed in 0..<100 {
            let text = token(UInt64(seed)).text
            #expect(text.utf8.count == 41)
            #expect(text.hasPrefix("rg_"))
            #expect(text.dropFirst(3).allSatisfy { "0123456789abcdefghjkmnpqrstvwxyz".contains($0) })
            #expect(ClientToken.isWellFormed(text))
        }
    }

    @Test func `all 160 random bits are in the token`() {
        var texts: Set<String> = []
        for (word, bits) in [(0, 60), (1, 60), (2, 40)] {
            for bit in 0..<bits {
                var words: [UInt64] = [0, 0, 0]
                words[word] = 1 << UInt64(bit)
                texts.insert(ClientToken(random: (words[0], words[1], words[2])).text)
            }
        }
        #expect(texts.count == 160)
    }

    @Test func `every mistyped character and every swap of neighbours is noticed`() {
        let text = Array(token(7).text)
        for index in text.indices {
            var changed = text
            changed[index] = changed[index] == "x" ? "y" : "x"
            #expect(!ClientToken.isWellFormed(String(changed)), "\(index)")
            guard index > 0, text[index] != text[index - 1] else { continue }
            changed = text
            changed.swapAt(index, index - 1)
            #expect(!ClientToken.isWellFormed(String(changed)), "\(index)")
        }
        for other in ["", "rg_", String(text.dropLast()), String(text) + "0", String(text).uppercased()] {
            #expect(!ClientToken.isWellFormed(other), "\(other)")
        }
    }

    @Test func `digests are equal only if all 32 bytes are`() throws {
        let bytes = [UInt8](0..<32)
        let digest = try #require(TokenDigest(bytes))
        #expect(TokenDigest(bytes) == digest)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(TokenDigest(other) != digest)
        }
        #expect(TokenDigest([1]) == nil)
    }
}
