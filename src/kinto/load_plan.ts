import { canonicalText } from "../net/json.ts";
import type { DescribedObject } from "./description.ts";
import { IF_ABSENT, type KintoRequest, type Permissions } from "./kinto_request.ts";

/** An object as the server has it. */
export interface CurrentObject {
  data: Record<string, unknown>;
  permissions: Permissions;
}

/** One change that makes the server match. */
export interface Change {
  /** `create bucket build-hub`, `change collection build-hub/releases (data.schema)` */
  summary: string;
  request: KintoRequest;
}

/**
 * The change that a described object needs, if any.
 *
 * Only what is described is compared, since a PATCH leaves the rest alone. Kinto gives the
 * permission to write to whoever writes, so that one is understood for `user`.
 *
 * @param current undefined when there is none
 */
export function changeFor(
  described: DescribedObject,
  current: CurrentObject | undefined,
  user?: string,
): Change | undefined {
  const { name, path, data, permissions } = described;
  if (current === undefined) {
    return {
      summary: `create ${name}`,
      request: { method: "PUT", path, headers: IF_ABSENT, body: { data, permissions } },
    };
  }
  const changedData = Object.entries(data)
    .filter(([member, value]) => canonicalText(value) !== canonicalText(current.data[member]));
  const changedPermissions = Object.entries(permissions)
    .filter(([permission, list]) =>
      principals(list, permission, user) !==
        principals(current.permissions[permission] ?? [], permission, user)
    );
  if (changedData.length + changedPermissions.length === 0) return undefined;
  const what = [
    ...changedData.map(([member]) => `data.${member}`),
    ...changedPermissions.map(([permission]) => `permissions.${permission}`),
  ];
  return {
    summary: `change ${name} (${what.join(", ")})`,
    request: {
      method: "PATCH",
      path,
      body: {
        // Kinto wants one of the two, and to be told of nothing is fine.
        data: Object.fromEntries(changedData),
        permissions: Object.fromEntries(changedPermissions),
      },
    },
  };
}

/** The change that writes a described object whatever is there. */
export function replacementFor({ name, path, data, permissions }: DescribedObject): Change {
  return {
    summary: `replace ${name}`,
    request: { method: "PUT", path, body: { data, permissions } },
  };
}

function principals(list: readonly string[], permission: string, user?: string): string {
  const set = new Set(list);
  if (permission === "write" && user !== undefined) set.delete(user);
  return [...set].sort().join("\n");
}
