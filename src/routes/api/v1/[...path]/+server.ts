import type { RequestHandler } from '@sveltejs/kit';
import { app } from '../_app.ts';

export const fallback: RequestHandler = (event) =>
	app.fetch(event.request, { address: event.getClientAddress() });
