/** Small things that this browser keeps for one person: settings, what was done last. Never anything written. */

export function readKept<T>(key: string): T | null {
	try {
		return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null;
	} catch {
		return null;
	}
}

/** null forgets it. Where nothing can be kept, the page goes on without. */
export function writeKept(key: string, value: unknown): void {
	try {
		if (value === null) localStorage.removeItem(key);
		else localStorage.setItem(key, JSON.stringify(value));
	} catch {
		return;
	}
}

/** What cannot be looked into has nothing. */
export function keysOf(storage: () => Storage): string[] {
	try {
		return Object.keys(storage());
	} catch {
		return [];
	}
}
