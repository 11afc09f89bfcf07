# One image for the API, the worker and the index command: docker-compose.yml says which of them a container runs.

FROM node:22.21.1-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# What only a build or the embedded default uses stays out, and of Temporal's bridge, which comes for five platforms, all
# but this one's.
RUN node scripts/build.js \
  && npm uninstall --no-save --omit=dev --ignore-scripts \
       esbuild vite lit @lit-labs/virtualizer socket.io-client \
       maildev mongodb-memory-server-core @temporalio/testing \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
       ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} + \
  && rm -rf node_modules/@temporalio/core-bridge/sdk-core

FROM node:22.21.1-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/bin bin
COPY --from=build /app/package.json ./
USER node
EXPOSE 3000
# What `npm run api` runs after its build; `npm run worker` is dist/worker/main.js. Without npm in between, so that Node
# itself gets the SIGTERM and drains.
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
