/** The log: JSON lines on stderr, for machines; people read what stands on stdout. It holds no words of anybody's. */
import { pino, type Logger } from 'pino';

export const createLogger = (level: string): Logger =>
	pino({ level, serializers: { err: describeError } }, pino.destination(2));

/**
 * What an error is and where it came from. Whatever else hangs on it stays out: PostgreSQL's `detail` and `where` quote the
 * row that was refused.
 */
export function describeError(error: unknown): unknown {
	if (!(error instanceof Error)) return typeof error;
	const { code, cause } = error as { code?: unknown; cause?: unknown };
	return {
		type: error.name,
		...(typeof code === 'string' && { code }),
		message: error.message,
		stack: error.stack,
		...(cause !== undefined && { cause: describeError(cause) })
	};
}
