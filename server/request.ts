/** What a request says, read alike for an upgrade and for a snapshot. */
import type { IncomingMessage } from 'node:http';
import type { HeaderReader } from '../src/lib/server/identity.ts';

export const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://localhost');

/** The room's name after `path`; as it stands where it is not encoded rightly. */
export function roomNameOf(request: IncomingMessage, path: string): string {
	const name = urlOf(request).pathname.slice(path.length);
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

export const readerOf = ({ headers }: IncomingMessage): HeaderReader => ({
	get: (name) => {
		const value = headers[name];
		return Array.isArray(value) ? value.join(', ') : value;
	}
});
