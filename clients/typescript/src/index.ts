// Calls of the API by their paths, typed from its own description; a problem is thrown.
import createClient, { type Client, type ClientOptions, type Middleware } from "openapi-fetch";
import type { components, paths } from "./api.js";

export type { components, paths } from "./api.js";
export type Cell = components["schemas"]["cell"];
export type Problem = components["schemas"]["problem"];

/** What the server said instead of doing it: `problem.code` is the same in every language. */
export class WancunError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.hint ? `${problem.detail}\n${problem.hint}` : problem.detail);
    this.name = "WancunError";
  }
}

export interface ConnectOptions extends Pick<ClientOptions, "fetch"> {
  /** A token made by `wancun user token`; without one, log in by `POST /api/session`. */
  token?: string;
  lang?: "zh" | "en";
}

/**
 * Programs outside a browser keep the cookie of their session themselves: fetch does not.
 * `cookie` holds it between two calls of one client.
 */
function sessionOf(options: ConnectOptions): Middleware {
  let cookie = "";
  return {
    onRequest({ request }) {
      if (options.token) request.headers.set("Authorization", `Bearer ${options.token}`);
      if (options.lang) request.headers.set("Accept-Language", options.lang);
      if (cookie) request.headers.set("Cookie", cookie);
      return request;
    },
    async onResponse({ response }) {
      const kept = response.headers.getSetCookie?.()[0];
      if (kept !== undefined) cookie = kept.split(";", 1)[0] ?? "";
      if (!response.ok) throw new WancunError((await response.json()) as Problem);
      return response;
    },
  };
}

/** A client of the server at `address`, e.g. "http://127.0.0.1:8600". */
export function connect(address: string, options: ConnectOptions = {}): Client<paths, "application/json"> {
  const client = createClient<paths, "application/json">({ baseUrl: address, ...(options.fetch ? { fetch: options.fetch } : {}) });
  client.use(sessionOf(options));
  return client;
}

interface AnyTable {
  schema: string;
  rows: Record<string, Cell>[];
}

/** The table of that schema ("wancun.runs/1") in an answer; undefined when it has none. */
export function tableOf<Table extends AnyTable, Schema extends Table["schema"]>(
  answer: { tables: Table[] } | undefined,
  schema: Schema,
): Extract<Table, { schema: Schema }> | undefined {
  const found = answer?.tables.find((table) => table.schema === schema);
  return found as Extract<Table, { schema: Schema }> | undefined;
}
