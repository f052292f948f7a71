import { counted, formatDays, productName, titleOf } from "./format.ts";
import type { Build } from "./source.ts";
import { FACET_NAMES } from "../../builds/facets.ts";
import { isExpression } from "./search_text.ts";
import { type State, wordsOf } from "./state.ts";

/** What a browser's tab, a search engine and a link preview say of a view. */
export interface Meta {
  title: string;
  description: string;
}

/** The catalogue as a whole. */
export const CATALOGUE_META: Meta = {
  title: "Buildhub: find any build of Firefox",
  description:
    "Search all builds of Firefox, Thunderbird, DevEdition and Fennec on archive.mozilla.org by " +
    "version, channel, platform, locale, build id or changeset.",
};

/** What can be said of a view before its builds are known. */
export function metaOf(state: State): Meta {
  if (state.id !== "") {
    return {
      title: `${state.id} · Buildhub`,
      description: `The build ${state.id}: download, changeset, build id, size and dates.`,
    };
  }
  if (state.build !== "") {
    return {
      title: `Build id ${state.build} · Buildhub`,
      description:
        `All platforms and locales of build id ${state.build}, with its crash reports, ` +
        "changeset and push log.",
    };
  }
  const filters = [
    ...isExpression(state.q) ? [state.q] : wordsOf(state),
    ...FACET_NAMES.flatMap((name) =>
      name === "product" ? state.facets.product.map(productName) : state.facets[name]
    ),
    ...state.from || state.to ? [formatDays(state.from, state.to)] : [],
  ];
  if (filters.length === 0) return CATALOGUE_META;
  return {
    title: `${filters.join(" ")} · Buildhub`,
    description: `Builds on archive.mozilla.org that match ${filters.join(", ")}.`,
  };
}

/** What is said of one build. */
export function buildMeta(build: Build): Meta {
  const { download, source } = build;
  const facts = [
    build.build ? `build id ${build.build.id}` : "no metadata",
    source.revision && `changeset ${source.revision.slice(0, 12)}`,
    download.date && `published ${download.date.slice(0, 10)}`,
  ];
  return {
    title: `${titleOf(build)} · Buildhub`,
    description: `${titleOf(build)}: ${facts.filter(Boolean).join(", ")}.`,
  };
}

/** What is said of the builds of a build id. */
export function buildIdMeta(id: string, builds: Build[]): Meta {
  const names = new Set(
    builds.map(({ source, target }) => `${productName(source.product)} ${target.version}`),
  );
  return {
    title: `Build id ${id}: ${[...names].join(", ")} · Buildhub`,
    description: `${counted(builds.length, "build")} of build id ${id}, by platform and locale: ${
      [...names].join(", ")
    }.`,
  };
}
