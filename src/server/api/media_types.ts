import type { Call } from "../http/call.ts";
import { invalid, type Refusal } from "../http/refusal.ts";

/** 415 unless the body is JSON; one without a type passes for JSON. @throws {Refusal} */
export function checkContentType({ header }: Call): void {
  const type = header("Content-Type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type !== "" && type !== "application/json") throw unsuitable("Content-Type", 415);
}

/**
 * 406 unless the client accepts JSON. Parameters of a media range are ignored, unlike by
 * `@std/http`: some clients accept `application/json;charset=utf-8`.
 *
 * @throws {Refusal}
 */
export function checkAccept({ header }: Call): void {
  const accepted = header("Accept")?.trim() ?? "";
  if (accepted === "") return;
  const isAccepted = accepted.split(",").some((range) => {
    const [type = "", ...parameters] = range.toLowerCase().split(";").map((part) => part.trim());
    return /^(\*\/\*|application\/(\*|json))$/.test(type) &&
      !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
  if (!isAccepted) throw unsuitable("Accept", 406);
}

function unsuitable(name: string, status: number): Refusal {
  const description = `${name} header should be one of ['application/json']`;
  return invalid([{ location: "header", name, description }], status);
}
