/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { Changeset } from "./changeset.tsx";
import { CopyButton } from "./copy_button.tsx";
import { changesetUrl, channelClass, counted, formatDate, formatSize } from "./format.ts";
import { formatNumber, productName, safeUrl } from "./format.ts";
import { Link } from "./link.tsx";
import { Notice } from "./notice.tsx";
import { type Build, MOST_SIBLINGS, type Source, SourceError } from "./source.ts";
import { EVERYTHING, type State } from "./state.ts";
import { asSourceError, isPassing } from "./use_search.ts";
import type { Go } from "./use_address.ts";

/** All of one build, and what else was made with the same build id. */
export function BuildPage({ source, state, go }: { source: Source; state: State; go: Go }) {
  const { id } = state;
  const [build, setBuild] = useState<Build | null>();
  const [error, setError] = useState<SourceError>();
  const [siblings, setSiblings] = useState<Build[]>([]);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const stopped = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      try {
        const found = await source.build(id, stopped.signal);
        setBuild(found ?? null);
        setError(undefined);
        setSiblings(found ? await source.siblings(found, stopped.signal) : []);
      } catch (thrown) {
        if (stopped.signal.aborted) return;
        const error = asSourceError(thrown);
        setError(error);
        if (isPassing(error)) timer = setTimeout(() => setAttempt((n) => n + 1), 2000);
      }
    };
    load();
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [source, id, attempt]);

  const back = <Link class="back" to={{ ...state, id: "" }} go={go}>← All results</Link>;
  if (error && !build) {
    return (
      <main class="one" id="results" tabIndex={-1}>
        {back}
        <Notice error={error} />
      </main>
    );
  }
  if (build === undefined) {
    return (
      <main class="one" id="results" tabIndex={-1}>
        {back}
        <p class="waiting">Reading…</p>
      </main>
    );
  }
  if (build === null) {
    return (
      <main class="one" id="results" tabIndex={-1}>
        {back}
        <div class="notice">
          <h1>No build with this id</h1>
          <p>
            There is no record <code>{id}</code> here. Ids are in lower case, with dashes for dots.
          </p>
        </div>
      </main>
    );
  }
  const { source: { product }, target, download } = build;
  const url = safeUrl(download.url);
  const changeset = changesetUrl(build);
  return (
    <main class="one" id="results" tabIndex={-1}>
      {back}
      <header>
        <h1>
          {productName(product)} {target.version}
          <small>
            <i class={`dot ${channelClass(target.channel)}`} />
            {target.channel}
          </small>
        </h1>
        <p class="lead">
          {target.platform}, {target.locale} · {formatSize(download.size)} · published{" "}
          {formatDate(download.date)} UTC
        </p>
        <p class="actions">
          {url && <a class="button first" href={url} rel="noreferrer">Download</a>}
          {changeset && <a class="button" href={changeset} rel="noreferrer">Changeset</a>}
          <a class="button" href={`${source.recordsUrl}/${encodeURIComponent(id)}`}>Raw record</a>
        </p>
      </header>
      <Fields build={build} go={go} />
      <Siblings build={build} siblings={siblings} state={state} go={go} />
      <details class="raw">
        <summary>The record</summary>
        <CopyButton text={JSON.stringify(build, null, 2)} what="the record" />
        <pre tabIndex={0}>{JSON.stringify(build, null, 2)}</pre>
      </details>
    </main>
  );
}

/** What is told of a field instead of its value, or with a button to copy it. */
const COPIED = ["id", "download.url", "build.id", "source.revision"];

function Fields({ build, go }: { build: Build; go: Go }) {
  const { id, source, target, download, build: made } = build;
  const groups: [title: string, prefix: string, fields: object][] = [
    ["Source", "source.", source],
    ["Target", "target.", target],
    ["Download", "download.", download],
    ["Build", "build.", made ?? {}],
  ];
  const valueOf = (name: string, value: unknown) => {
    const text = String(value);
    if (name === "source.revision") return <Changeset build={build} isWhole />;
    if (name === "download.size") {
      return `${formatSize(Number(value))}, ${formatNumber(Number(value))} bytes`;
    }
    if (name === "build.id") return <Link to={{ ...EVERYTHING, q: text }} go={go}>{text}</Link>;
    const url = safeUrl(text);
    return url ? <a href={url} rel="noreferrer">{text}</a> : text;
  };
  const field = (name: string, label: string, value: unknown) => (
    <div key={name}>
      <dt>{label}</dt>
      <dd>
        <span>{valueOf(name, value)}</span>
        {COPIED.includes(name) && <CopyButton text={String(value)} what={name} />}
      </dd>
    </div>
  );
  return (
    <div class="fields">
      <section>
        <h2>Record</h2>
        <dl>{field("id", "id", id)}</dl>
      </section>
      {groups.map(([title, prefix, fields]) => (
        <section key={title}>
          <h2>{title}</h2>
          <dl>
            {Object.entries(fields).map(([name, value]) => field(prefix + name, name, value))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function Siblings({ build, siblings, state, go }: {
  build: Build;
  siblings: Build[];
  state: State;
  go: Go;
}) {
  if (siblings.length <= 1) return null;
  const platforms = Map.groupBy(siblings, ({ target }) => target.platform);
  return (
    <section class="siblings" aria-labelledby="siblings">
      <h2 id="siblings">
        {siblings.length >= MOST_SIBLINGS ? "The first " : ""}
        {counted(siblings.length, "build")} of {build.build?.id}
      </h2>
      {[...platforms].map(([platform, builds]) => (
        <div key={platform}>
          <h3>{platform}</h3>
          <ul>
            {builds.map(({ id, target: { locale, version } }) => (
              <li key={id}>
                {id === build.id ? <b>{locale}</b> : (
                  <Link
                    to={{ ...state, id }}
                    go={go}
                    aria-label={`${version}, ${platform}, ${locale}`}
                  >
                    {locale}
                  </Link>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
