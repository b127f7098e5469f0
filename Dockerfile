# docker build -t itr-bot .        docker run -p 127.0.0.1:3000:3000 -e ITR_API_TOKEN=… -v itr-data:/app/data itr-bot
FROM node:24-slim AS build
WORKDIR /app
# Alone first: the packages are installed again only where they changed.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY prisma ./prisma
COPY scripts ./scripts
COPY src ./src
COPY tsconfig.json tsconfig.build.json ./
RUN npm run build && npm prune --omit=dev --ignore-scripts
# What only Prisma's own command line wants: half of the image.
RUN cd node_modules && rm -rf prisma effect typescript react react-dom elkjs @electric-sql @types \
  && cd @prisma && rm -rf config dev engines engines-version fetch-engine get-platform query-plan-executor streams-local studio-core

FROM node:24-slim
ENV NODE_ENV=production \
    # Reachable through the container's port only; the program then insists on ITR_API_TOKEN.
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=file:/app/data/itr.db
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE itr.config.example.yaml ./
COPY bin ./bin
COPY assets ./assets
COPY prisma ./prisma
# `itr backup` in a shell of the container; and the one folder that is written to.
RUN ln -s /app/bin/itr.mjs /usr/local/bin/itr && mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: SIGTERM has to reach the program.
CMD ["node", "bin/itr.mjs", "start"]
