/** What the HTTP API answers, as the browser reads it; `GET /sets/{id}` answers a FinishedSet of domain. */
import type { Access, Role } from '#lib/domain/policy.ts';
import type { Label } from '#lib/domain/labels.ts';
import type { Source } from '#lib/domain/finished-set.ts';

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

export interface ArticleJson {
	id: string;
	title: string;
	status: 'open' | 'finished';
	version: number;
	textLocked: boolean;
	source: Source;
	language: string | null;
	created: string;
	createdBy: Named;
	/** what the one who asks may do: a member's role, or a guest's access */
	access: Role | Access;
	/** how many finished sets it has */
	sets: number;
	/** what its annotations may be labelled with */
	labels: Label[];
	/** what was taken away from those; annotations may still have it */
	pastLabels: Label[];
}

/** An article in the list: what is going on in the layers that one may open. */
export interface ArticleItemJson extends Omit<ArticleJson, 'labels' | 'pastLabels'> {
	/** threads that still ask something */
	open: number;
	/** threads with something new by others */
	unread: number;
	/** of the unread ones, those that mention me */
	mentions: number;
	/** of the open ones, those that are assigned to me */
	assigned: number;
	/** who wrote, latest first; at most 8 of `peopleCount` */
	people: Named[];
	peopleCount: number;
	/** ISO time of the last change */
	activity: string;
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
