/**
 * A backup as a file: gzip of one line of JSON that says what follows, then the rows of each table in the text format of
 * PostgreSQL's COPY, one a line. `zcat file | head -1` shows what it holds.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

export const FORMAT = 1;

export interface BackupHeader {
	galley: 'backup';
	format: number;
	/** ISO 8601 UTC */
	made: string;
	/** PostgreSQL's version */
	postgres: string;
	migrations: string[];
	/** in the order of the rows below: a table after those that it refers to */
	tables: { name: string; columns: string[]; rows: number }[];
	sequences: { name: string; last: string; called: boolean }[];
}

/** Why a backup cannot be written or read: one sentence. */
export class BackupError extends Error {}

/** How many rows a piece of COPY's text ends: a newline within a value is written as two characters. */
export function countRows(piece: Uint8Array): number {
	let rows = 0;
	for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) rows++;
	return rows;
}
const NEWLINE = 10;
/** pieces of some kilobytes */
const LONGEST_HEADER = 64;

/**
 * Writes the file whole or not at all; it holds what signs people in, so only its owner may read it.
 * @throws {BackupError} the file exists · whatever reading the rows throws
 */
export async function writeBackup(
	file: string,
	header: BackupHeader,
	rows: AsyncIterable<Uint8Array>
): Promise<void> {
	const partial = `${file}.${process.pid}.partial`;
	if (await exists(file)) throw new BackupError(`${file} exists already.`);
	const handle = await open(partial, 'w', 0o600);
	try {
		await pipeline(
			async function* () {
				yield Buffer.from(`${JSON.stringify(header)}\n`);
				yield* rows;
			},
			createGzip(),
			handle.createWriteStream({ flush: true })
		);
		await rename(partial, file);
		await syncFolder(dirname(file));
	} catch (error) {
		await rm(partial, { force: true });
		throw error;
	}
}

const exists = (file: string) =>
	open(file).then(
		(handle) => handle.close().then(() => true),
		() => false
	);

/** A renamed file is only sure to be there when its folder is on disk too. */
async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder);
	await handle.sync().finally(() => handle.close());
}

/** A backup that is read from its beginning to its end, once. */
export class BackupReader implements AsyncDisposable {
	readonly #file: string;
	readonly #handle: FileHandle;
	readonly #pieces: AsyncIterator<Buffer>;
	#rest: Buffer = Buffer.alloc(0);

	private constructor(file: string, handle: FileHandle) {
		this.#file = file;
		this.#handle = handle;
		const gunzip = createGunzip();
		// what goes wrong is thrown by whoever reads from it
		pipeline(handle.createReadStream({ autoClose: false }), gunzip).catch(() => {});
		this.#pieces = gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	}

	/** @throws {BackupError} there is no such file */
	static async open(file: string): Promise<BackupReader> {
		const handle = await open(file).catch(() => null);
		if (!handle) throw new BackupError(`${file} cannot be read.`);
		return new BackupReader(file, handle);
	}

	/** What it holds; to be read first. @throws {BackupError} the file is something else, or of a later version */
	async header(): Promise<BackupHeader> {
		const line: Buffer[] = [];
		let header: BackupHeader | null = null;
		try {
			for await (const piece of this.rows(1)) if (line.push(piece) > LONGEST_HEADER) break;
			header = JSON.parse(Buffer.concat(line).toString()) as BackupHeader;
		} catch {
			// something else
		}
		if (header?.galley !== 'backup') throw new BackupError(`${this.#file} is no backup of Galley.`);
		if (header.format !== FORMAT) throw new BackupError(`${this.#file} was written by a newer Galley.`);
		return header;
	}

	/** The text of the next rows. @throws {BackupError} the file is damaged, or ends before */
	async *rows(count: number): AsyncGenerator<Buffer> {
		while (count > 0) {
			const piece = this.#rest.length > 0 ? this.#rest : await this.#next();
			if (!piece) throw this.#damaged();
			let end = -1;
			do {
				const at = piece.indexOf(NEWLINE, end + 1);
				if (at < 0) break;
				end = at;
			} while (--count > 0);
			const taken = count === 0 ? end + 1 : piece.length;
			this.#rest = piece.subarray(taken);
			yield piece.subarray(0, taken);
		}
	}

	/** @throws {BackupError} there is more than was announced, or the file is damaged */
	async end(): Promise<void> {
		if (this.#rest.length > 0 || (await this.#next())) throw this.#damaged();
	}

	async #next(): Promise<Buffer | undefined> {
		try {
			const { value, done } = await this.#pieces.next();
			return done ? undefined : value;
		} catch {
			throw this.#damaged();
		}
	}

	#damaged(): BackupError {
		return new BackupError(`${this.#file} is damaged or incomplete.`);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#pieces.return?.();
		await this.#handle.close();
	}
}

/**
 * Reads a backup through, so that a damaged one is known before anything is done with it; answers what it holds.
 * @throws {BackupError} the file is no backup, damaged, or of a later version
 */
export async function checkBackup(file: string): Promise<BackupHeader> {
	await using reader = await BackupReader.open(file);
	const header = await reader.header();
	for (const { rows } of header.tables) for await (const _ of reader.rows(rows));
	await reader.end();
	return header;
}
