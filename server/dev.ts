/** `npm run dev`: the runtime, sync and health inside vite's own server, on one port with its hot reload. */
import type { Server } from 'node:http';
import type { Plugin } from 'vite';

/** Modules of the process are loaded by Node itself, so that vite's reloads do not make a second runtime. */
export const galley = (): Plugin => ({
	name: 'galley',
	apply: 'serve',
	async configureServer(vite) {
		if (!vite.httpServer || process.env.VITEST) return;
		const { readConfig } = await import('./config.ts');
		const { start } = await import('./start.ts');
		const { attach } = await import('./attach.ts');
		const { answerHealth } = await import('./health.ts');
		const { answerSync } = await import('./sync-http.ts');
		const config = readConfig(process.env);
		const started = await start(config);
		const { runtime, setupToken, stop } = started;
		attach(vite.httpServer as Server, { ...config, ...started });
		vite.middlewares.use((request, response, next) => {
			if (!answerHealth(started, config, request, response) && !answerSync(started, request, response))
				next();
		});
		const exit = () => void stop().then(() => process.exit(0));
		process.once('SIGTERM', exit);
		process.once('SIGINT', exit);
		vite.httpServer.once('listening', () => {
			const origin = runtime.origin ?? `http://localhost:${vite.config.server.port}`;
			if (setupToken) console.log(`setup: ${origin}/setup?token=${setupToken}`);
		});
	}
});
