# One image a process, each a target: verifier, todo, gateway, web; and setup, the job that makes certificates and secrets.
# Built by the classic builder and by BuildKit alike. In compose.yaml is how they run together.
ARG VERSION=0.1.0

# ---- the C++ binaries. What is copied first changes least, so that a change of the sources installs nothing again.
FROM debian:bookworm-slim AS builder
WORKDIR /src
COPY scripts/install-dependencies scripts/
COPY scripts/lib/environment.sh scripts/lib/
RUN bash scripts/install-dependencies --compile-only && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake/
COPY proto proto/
COPY common common/
COPY tools tools/
COPY services/verifier services/verifier/
COPY services/todo services/todo/
COPY gateway gateway/
RUN cmake --preset release -DBUILD_TESTS=OFF -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -DNDEBUG" \
 && cmake --build build --target token-verifier todo-service http-gateway
# Beside each binary a list of the Debian packages that hold its shared libraries.
RUN set -eu; mkdir /out; \
    for binary in token-verifier todo-service http-gateway; do \
      install --strip --mode=0755 build/bin/$binary /out/; \
      ldd build/bin/$binary | awk '$3 ~ "^/" { print "*" $3 }' | xargs dpkg -S | cut -d : -f 1 | sort -u >/out/$binary.packages; \
    done

# ---- what all of ours that need no Node.js run in
FROM debian:bookworm-slim AS runtime
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app \
 && install --directory --owner=app --group=app --mode=0755 /etc/todo-jwt

FROM runtime AS verifier
COPY --from=builder /out/token-verifier.packages /tmp/packages
RUN apt-get update && xargs apt-get install -y --no-install-recommends ca-certificates </tmp/packages \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /tmp/*
COPY --from=builder /out/token-verifier /usr/local/bin/
ARG VERSION
LABEL org.opencontainers.image.title="todo-jwt token verifier" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.description="Decides about tokens by the issuer's key set, over gRPC and for reverse proxies" \
      org.opencontainers.image.version="$VERSION"
USER 10001:10001
EXPOSE 50052
HEALTHCHECK --interval=5s --timeout=4s --start-period=120s --retries=3 CMD ["token-verifier", "--healthcheck"]
ENTRYPOINT ["token-verifier"]

FROM runtime AS todo
COPY --from=builder /out/todo-service.packages /tmp/packages
RUN apt-get update && xargs apt-get install -y --no-install-recommends ca-certificates </tmp/packages \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /tmp/*
COPY --from=builder /out/todo-service /usr/local/bin/
ARG VERSION
LABEL org.opencontainers.image.title="todo-jwt todo service" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.description="Keeps users' tasks in PostgreSQL and serves them over gRPC" \
      org.opencontainers.image.version="$VERSION"
USER 10001:10001
EXPOSE 50051
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["todo-service", "--healthcheck"]
ENTRYPOINT ["todo-service"]

FROM runtime AS gateway
COPY --from=builder /out/http-gateway.packages /tmp/packages
RUN apt-get update && xargs apt-get install -y --no-install-recommends </tmp/packages \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /tmp/*
COPY --from=builder /out/http-gateway /usr/local/bin/
ARG VERSION
LABEL org.opencontainers.image.title="todo-jwt gateway" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.description="Serves annotated gRPC services as HTTP/JSON" \
      org.opencontainers.image.version="$VERSION"
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["http-gateway", "--healthcheck"]
ENTRYPOINT ["http-gateway"]

# ---- the web server, with Better Auth and the built browser app
FROM node:24-bookworm-slim AS web-builder
WORKDIR /src
COPY services/web/package.json services/web/package-lock.json services/web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY services/web ./
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim AS web
# Nothing is installed where it runs.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app \
 && install --directory --owner=app --group=app --mode=0755 /etc/todo-jwt \
 && for tool in npm npx corepack yarn yarnpkg; do rm -f "$(command -v $tool || echo /nowhere)"; done \
 && rm -rf /usr/local/lib/node_modules /usr/lib/node_modules /opt/yarn*
WORKDIR /app
COPY --from=web-builder /src/package.json ./
COPY --from=web-builder /src/node_modules node_modules/
COPY --from=web-builder /src/dist dist/
ARG VERSION
LABEL org.opencontainers.image.title="todo-jwt web" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.description="The browser app and the Better Auth instance that it signs in with" \
      org.opencontainers.image.version="$VERSION"
ENV NODE_ENV=production
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 CMD ["node", "dist/server/healthcheck.js"]
ENTRYPOINT ["node", "dist/server/main.js"]

# ---- the job that makes certificates and secrets before the others start
FROM runtime AS setup
RUN apt-get update && apt-get install -y --no-install-recommends openssl \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
 && install --directory --owner=app --group=app --mode=0700 /work \
 && for part in authority verifier todo gateway migrate web; do install --directory --owner=app --group=app --mode=0700 /work/$part; done \
 && install --directory --owner=app --group=app --mode=0755 /work/postgres
COPY scripts/certificates scripts/secrets /usr/local/bin/
RUN chmod 0755 /usr/local/bin/certificates /usr/local/bin/secrets
ARG VERSION
LABEL org.opencontainers.image.title="todo-jwt setup" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.description="Makes the certificates and secrets of an installation" \
      org.opencontainers.image.version="$VERSION"
USER 10001:10001
WORKDIR /work
CMD ["sh", "-c", "certificates /work verifier todo gateway && secrets /work /input"]
