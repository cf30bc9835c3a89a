/** The sample story, for a newcomer's first minute. */
import type { Actor } from '../domain/policy.ts';
import { SAMPLE_STORY } from '../domain/sample-story.ts';
import { createArticles, type ArticleWhole } from './articles.ts';
import type { Database } from './database.ts';

/** Brings the story's articles in. @throws {AppError} forbidden */
export const addSamples = (db: Database, actor: Actor, now: Date): Promise<ArticleWhole[]> =>
	createArticles(db, actor, SAMPLE_STORY, now);
