import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { galley } from './server/dev.ts';

export default defineConfig({
	plugins: [sveltekit(), galley()],
	server: { port: Number(process.env.PORT) || 3000, strictPort: true, host: process.env.HOST }
});
