# One file for every service, for example
#   docker build --build-arg SERVICE=core-service --build-arg PORT=3002 --tag smart-ai-hub-core-service .
# `npm run images` builds them all. Only what both builders of Docker understand is used.

FROM node:20.20.2-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/shared/package.json packages/shared/
COPY packages/database/package.json packages/database/
COPY packages/auth-service/package.json packages/auth-service/
COPY packages/core-service/package.json packages/core-service/
COPY packages/mcp-server/package.json packages/mcp-server/
COPY packages/api-gateway/package.json packages/api-gateway/
COPY packages/standalone/package.json packages/standalone/
COPY packages/frontend/package.json packages/frontend/
COPY infrastructure/package.json infrastructure/

# The same for every service, so that it is done once and kept.
FROM manifests AS build
RUN npm ci
COPY . .
RUN npm run build

FROM manifests AS production
ARG SERVICE
# Optional is what only `npm start` and Prisma's own tools need, except for the native part of argon2.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspace=packages/$SERVICE
COPY --from=build /app/node_modules/@node-rs node_modules/@node-rs
COPY bin/healthcheck.mjs bin/
COPY packages/database/prisma/migrations packages/database/prisma/migrations
COPY --from=build /app/packages/shared/dist packages/shared/dist
COPY --from=build /app/packages/database/dist packages/database/dist
COPY --from=build /app/packages/auth-service/dist packages/auth-service/dist
COPY --from=build /app/packages/core-service/dist packages/core-service/dist
COPY --from=build /app/packages/mcp-server/dist packages/mcp-server/dist
COPY --from=build /app/packages/api-gateway/dist packages/api-gateway/dist
COPY --from=build /app/packages/standalone/dist packages/standalone/dist
COPY --from=build /app/packages/frontend/dist packages/frontend/dist

FROM node:20.20.2-bookworm-slim
ARG SERVICE
ARG PORT
# A container's network is private; only the gateway is published, and by nginx.
ENV NODE_ENV=production HOST=0.0.0.0 HEALTH_URL=http://127.0.0.1:${PORT}/health
COPY --from=production /app /app
WORKDIR /app/packages/${SERVICE}
USER node
HEALTHCHECK --interval=10s --timeout=3s --retries=6 CMD ["node", "/app/bin/healthcheck.mjs"]
CMD ["node", "--v8-pool-size=1", "dist/main.js"]
