/** First passwords, suggested to whoever adds a person. */

// Without letters and digits that look alike; 32 of them, so that a byte falls on each as often.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/**
 * Five groups of four: 100 bits.
 * @param bytes 20 random bytes
 */
export function suggestPassword(bytes: Uint8Array): string {
	const letters = Array.from(bytes.subarray(0, 20), (byte) => ALPHABET[byte % ALPHABET.length]!);
	return letters.join('').match(/.{4}/g)!.join('-');
}
