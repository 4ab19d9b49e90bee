# Muster in a container: docker build -t muster . ; how to run it: docs/operations.md
FROM node:20.20.2-bookworm AS build
WORKDIR /muster
COPY package.json package-lock.json ./
# No script of a package runs but the one that brings SQLite, prebuilt or compiled here.
RUN npm install --ignore-scripts --no-audit --no-fund && npm rebuild better-sqlite3
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production MUSTER_HOST=0.0.0.0 MUSTER_DATA=/data
WORKDIR /muster
COPY --from=build /muster/package.json ./
COPY --from=build /muster/node_modules ./node_modules
COPY --from=build /muster/dist ./dist
COPY migrations ./migrations
COPY templates ./templates
COPY playbooks ./playbooks
COPY examples/muster.yaml ./examples/muster.yaml
COPY docs/muster.schema.json ./docs/muster.schema.json
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 7370
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MUSTER_PORT ?? 7370}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/muster/dist/main.js"]
CMD ["serve"]
