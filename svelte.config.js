import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: adapter({ out: 'build' }),
		csp: {
			directives: {
				'default-src': ['self'],
				'script-src': ['self'],
				// Svelte transitions and editor carets write style attributes.
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'data:'],
				'font-src': ['self', 'data:'],
				'connect-src': ['self'],
				'frame-ancestors': ['none'],
				'base-uri': ['self'],
				'form-action': ['self'],
				'object-src': ['none']
			}
		},
		typescript: {
			// SvelteKit leaves these folders out, and half of the code would go unchecked.
			config: (config) => ({
				...config,
				include: [
					...config.include,
					'../server/**/*.ts',
					'../prisma/**/*.ts',
					'../tests/**/*.ts',
					'../*.config.ts'
				]
			})
		}
	}
};
