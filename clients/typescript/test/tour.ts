// tour.js ADDRESS LOGIN PASSWORD: what a program of somebody else's does with the client.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, tableOf, WancunError } from "../src/index.js";

const [address = "", login = "", password = ""] = process.argv.slice(2);
const client = connect(address, { lang: "en" });

test("a problem is thrown with its code", async () => {
  await assert.rejects(
    () => client.GET("/api/runs"),
    (error) => error instanceof WancunError && error.problem.code === "access.login" && error.problem.status === 401,
  );
});

test("who logs in is known from then on", async () => {
  await client.POST("/api/session", { body: { login, password } });
  const who = await client.GET("/api/session");
  assert.match(JSON.stringify(who.data), new RegExp(login));
});

test("tables come with the names of their columns", async () => {
  const { data } = await client.GET("/api/runs");
  const runs = tableOf(data, "wancun.runs/1");
  assert.ok(runs && runs.rows.length >= 2);
  const tier = runs.rows.find((row) => row.kind === "tier");
  assert.ok(tier && typeof tier.run === "string");
  const shown = await client.GET("/api/runs/{RUN}", { params: { path: { RUN: tier.run } } });
  assert.ok(shown.data && shown.data.tables.length > 0);
});

test("a number is asked for with its options", async () => {
  const { data } = await client.GET("/api/rollup", { params: { query: { period: "2024", indicator: "PS04" } } });
  assert.ok((data?.tables[0]?.rows.length ?? 0) > 0);
});

test("what is unknown is refused", async () => {
  await assert.rejects(
    () => client.GET("/api/tiers/{CODE}", { params: { path: { CODE: "000000000000" } } }),
    (error) => error instanceof WancunError && error.problem.status === 404,
  );
});
