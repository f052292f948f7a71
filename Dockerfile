# Builds the bundle: plain JavaScript that starts without a cache or network.
FROM denoland/deno:2.9.6 AS build
WORKDIR /app
COPY deno.json deno.lock initialization.yml main.ts ./
COPY src src
COPY lambda lambda
COPY packaging packaging
RUN deno task bundle

FROM denoland/deno:2.9.6
# The image's user `deno`, by number, so that an orchestrator can verify that it isn't root.
RUN install --directory --owner=1993 --group=1993 /app /data
USER 1993:1993
WORKDIR /app
# The sources are for `test` and `lambda.zip`, which download the packages that they need.
COPY --chown=1993:1993 deno.json deno.lock initialization.yml main.ts ./
COPY --chown=1993:1993 Dockerfile LICENSE README.md CONTRIBUTING.md ./
COPY --chown=1993:1993 docs docs
COPY --chown=1993:1993 src src
COPY --chown=1993:1993 lambda lambda
COPY --chown=1993:1993 packaging packaging
COPY --chown=1993:1993 tests tests
COPY --chown=1993:1993 --from=build /app/dist/bundle dist/bundle
ENV CACHE_FOLDER=/data \
    SERVE_DATABASE=/data/buildhub.sqlite \
    SERVE_HOST=0.0.0.0 \
    SERVE_PORT=8888
VOLUME /data
EXPOSE 8888
HEALTHCHECK CMD ["deno", "run", "--allow-net", "--allow-env", "/app/packaging/healthcheck.ts"]
ENTRYPOINT ["/tini", "--", "/app/packaging/entrypoint"]
CMD ["help"]
