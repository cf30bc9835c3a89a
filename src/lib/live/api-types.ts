/** What the HTTP API answers, as the browser reads it. */
import type { Access, Role } from '#lib/domain/policy.ts';
import type { Motivation, Resolution, Stamp, Status } from '#lib/domain/annotation.ts';

export interface Page<T> {
	items: T[];
	/** cursor of the next page; null at the end */
	next: string | null;
}

/** A principal with the name people know it by. */
export interface Named {
	principal: string;
	name: string;
}

export interface SessionJson extends Named {
	principal: `user:${string}`;
	userId: string;
	email: string;
	role: Role;
	newsroom: { id: string; name: string };
}

export interface ArticleSource {
	outlet: string | null;
	url: string | null;
	byline: string | null;
	publishedAt: string | null;
}

export interface ArticleJson {
	id: string;
	title: string;
	status: 'open' | 'finished';
	version: number;
	textLocked: boolean;
	source: ArticleSource;
	language: string | null;
	created: string;
	createdBy: Named;
	/** what the one who asks may do: a member's role, or a guest's access */
	access: Role | Access;
	/** how many finished sets it has */
	sets: number;
}

/** What `POST /articles` takes. */
export interface NewArticle {
	text: string;
	title?: string;
	source?: { outlet?: string; url?: string; byline?: string; publishedAt?: string };
	language?: string;
}

export interface PersonJson extends Named {
	userId: string;
	email: string;
	role: Role;
	created: string;
}

export interface SetSummary {
	id: string;
	number: number;
	note: string | null;
	finishedAt: string;
	finishedBy: Named;
	hash: string;
	annotations: number;
	replies: number;
}

/** One frozen annotation; `start` and `end` are code points of the set's text, absent when the passage was not found. */
export interface SetAnnotation {
	id: string;
	creator: string;
	created: string;
	motivation: Motivation;
	modified?: string | null;
	body?: string | null;
	label?: string | null;
	status?: Status | null;
	resolution?: Resolution | null;
	replyTo?: string | null;
	deleted?: Stamp | null;
	exact?: string | null;
	start?: number | null;
	end?: number | null;
}

export interface SetJson {
	id: string;
	articleId: string;
	number: number;
	note: string | null;
	/** why an owner finished it with open threads */
	override: string | null;
	finishedAt: string;
	finishedBy: string | Named;
	article: { title: string; source: ArticleSource; language: string | null; version: number };
	text: string;
	textSha256: string;
	people: Record<string, { name: string }>;
	layers: { layer: string; hash: string; annotations: SetAnnotation[] }[];
	hash: string;
}

/** What a 409 of finish lists beside its detail. */
export interface OpenThread {
	id: string;
	layer: string;
	creator: string;
	name: string;
	exact?: string | null;
	body?: string | null;
}

export interface LinkJson {
	id: string;
	url: string;
	access: Access;
	label: string | null;
	layers: string[];
	expiresAt: string | null;
	hasPassword: boolean;
	created: string;
	createdBy: Named;
	revokedAt: string | null;
	openings: (Named & { created: string })[];
}

export interface ReviewJson {
	newsroom: string;
	title: string;
	access: Access;
	passwordNeeded: boolean;
	articleId: string;
	/** who already gave a name in this browser */
	guest: Named | null;
}
