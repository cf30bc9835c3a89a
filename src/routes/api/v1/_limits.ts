/** Tries are counted where secrets can be guessed: by address, and by whose secret it is. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '#lib/server/errors.ts';

const SECONDS = 5 * 60;
const tries = new RateLimiterMemory({ points: 10, duration: SECONDS });

/**
 * Does what asks for a secret; a success is not counted.
 * @throws {AppError} too many: ten failures in five minutes
 */
export async function limited<T>(key: string[], attempt: () => Promise<T>): Promise<T> {
	const name = key.join(' ').toLowerCase();
	try {
		await tries.consume(name);
	} catch (error) {
		if (!(error instanceof RateLimiterRes)) throw error;
		const retryAfter = Math.ceil(error.msBeforeNext / 1000);
		throw new AppError('too many', 'Too many tries. Wait a few minutes and try again.', {
			details: { retryAfter }
		});
	}
	const result = await attempt();
	await tries.reward(name);
	return result;
}
