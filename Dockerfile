# One process of Galley. Built whole at image time; started, it only migrates and listens.
FROM node:24-slim AS build
WORKDIR /app
COPY . .
RUN npm ci
# what `npm start` does where the pages are not built yet, so that it finds them built
RUN node --input-type=module -e "import { buildWhenNeeded } from './server/build.ts'; buildWhenNeeded(process.cwd())"
# the image has a Node of its own, and the older PostgreSQL is for tests
RUN npm prune --omit=dev --ignore-scripts && rm -rf node_modules/node node_modules/node-* node_modules/postgres-17-* .svelte-kit

FROM node:24-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY --from=build /app ./
# where the embedded PostgreSQL keeps its data, unless DATABASE_URL names a server
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
	CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.ts"]
