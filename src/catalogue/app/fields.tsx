/// <reference lib="dom" />
import { downloadUrl } from "./build_links.ts";
import { Changeset } from "./changeset.tsx";
import { CopyButton } from "./copy_button.tsx";
import { formatNumber, formatSize, safeUrl } from "./format.ts";
import { Link } from "./link.tsx";
import type { Build } from "./source.ts";
import { listWith, type State } from "./state.ts";
import type { Go } from "./use_address.ts";

/** Fields with a button to copy their value. */
const COPIED = ["id", "download.url", "build.id", "source.revision"];

/** All fields of a record, with links and buttons that copy. */
export function Fields({ build, state, go }: { build: Build; state: State; go: Go }) {
  const { id, source, target, download, build: built } = build;
  const groups: [title: string, prefix: string, fields: object][] = [
    ["Source", "source.", source],
    ["Target", "target.", target],
    ["Download", "download.", { ...download, url: downloadUrl(build) ?? download.url }],
    ["Build", "build.", built ?? {}],
  ];
  const valueOf = (name: string, value: unknown) => {
    const text = String(value);
    if (name === "source.revision") return <Changeset build={build} isWhole />;
    if (name === "download.size") {
      return `${formatSize(Number(value))}, ${formatNumber(Number(value))} bytes`;
    }
    if (name === "build.id") {
      return <Link to={listWith(state, { build: text })} go={go}>{text}</Link>;
    }
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
