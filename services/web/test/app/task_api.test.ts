import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApiProblem, SessionEnded, Unreachable } from "../../app/api/problem.ts";
import { TaskApi } from "../../app/api/task_api.ts";
import { tokenFetch, type Tokens } from "../../app/token/token_fetch.ts";
import { type FakeGateway, makeTask, startFakeGateway } from "../support/fake_gateway.ts";
import { ManualClock, settled } from "../support/manual_clock.ts";

const USER = "user/with space";
let gateway: FakeGateway;
let clock: ManualClock;
let tokens: Tokens & { state: { kind: string }; replacement: string | undefined };
let api: TaskApi;

beforeEach(async () => {
  gateway = await startFakeGateway("http://web.example.test");
  clock = new ManualClock();
  tokens = {
    state: { kind: "held" },
    replacement: "second",
    token: async () => "first",
    tokenInsteadOf: async () => tokens.replacement,
  };
  api = new TaskApi(tokenFetch({ fetchFn: fetch, baseUrl: gateway.url, clock }, tokens), USER);
});
afterEach(() => gateway.close());

describe("TaskApi", () => {
  it("puts the user id into the path, encoded, and the token into the header", async () => {
    await api.create({ title: "Buy milk" });
    expect(gateway.seen).toEqual([
      {
        method: "POST",
        path: "/api/user%2Fwith%20space/tasks",
        authorization: "Bearer first",
        cookie: undefined,
        body: { title: "Buy milk" },
      },
    ]);
  });

  it("reads all pages, oldest first", async () => {
    gateway.pageSize = 2;
    gateway.tasks = ["a", "b", "c", "d", "e"].map((title) => makeTask({ title }));
    expect((await api.list()).map((task) => task.title)).toEqual(["a", "b", "c", "d", "e"]);
    expect(gateway.seen.map((request) => request.path.split("?")[1])).toEqual([
      "sort_by=created_at&sort_order=asc&page_size=200",
      "sort_by=created_at&sort_order=asc&page_size=200&page_token=2",
      "sort_by=created_at&sort_order=asc&page_size=200&page_token=4",
    ]);
  });

  it("stops at a page token that comes back", async () => {
    const page = { status: 200, body: { items: [makeTask({})], count: 9, next_page_token: "same" } };
    gateway.planned = [page, page, page];
    expect(await api.list()).toHaveLength(2);
  });

  it("updates and deletes", async () => {
    const { id } = await api.create({ title: "Buy milk" });
    expect((await api.update(id, { title: "Buy oat milk" })).title).toBe("Buy oat milk");
    await api.remove(id);
    expect(gateway.tasks).toEqual([]);
  });

  it("says under which etag a change holds, and by which key it is known again", async () => {
    const { id } = await api.create({ title: "Buy milk" }, "key-1");
    await api.update(id, { title: "Buy oat milk" }, { etag: "e1", idempotencyKey: "key-2" });
    expect(gateway.seen.map(({ ifMatch, idempotencyKey }) => [ifMatch, idempotencyKey])).toEqual([
      [undefined, "key-1"],
      ['"e1"', "key-2"],
    ]);
  });

  it("names the fields that the server found fault with", async () => {
    const errors = [
      { field: "due_date", message: "is not a date" },
      { field: "title", message: "is empty" },
    ];
    gateway.planned = [{ status: 422, body: { title: "Invalid", errors } }];
    await expect(api.create({ title: "" })).rejects.toThrow("due_date: is not a date. title: is empty.");
  });

  it("turns a problem into an error that says what happened", async () => {
    const body = { title: "Invalid", detail: "title must have 1 to 255 characters", error_code: "VALIDATION_ERROR" };
    gateway.planned = [{ status: 422, headers: { "Content-Type": "application/problem+json" }, body }];
    const error = await api.create({ title: "" }).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({ status: 422, errorCode: "VALIDATION_ERROR", message: body.detail });
  });

  it("has words for an error that is not a problem document", async () => {
    gateway.planned = [{ status: 502 }];
    await expect(api.get("t")).rejects.toThrow("The server answered 502.");
  });
});

describe("a call that is answered with 401", () => {
  const refusal = { status: 401, body: { error_code: "TOKEN_EXPIRED", detail: "The token has expired." } };

  it("is repeated once with another token", async () => {
    gateway.planned = [refusal];
    await api.create({ title: "Buy milk" });
    expect(gateway.seen.map((request) => request.authorization)).toEqual(["Bearer first", "Bearer second"]);
  });

  it("is not repeated a second time", async () => {
    gateway.planned = [refusal, refusal];
    await expect(api.create({ title: "Buy milk" })).rejects.toMatchObject({ status: 401 });
    expect(gateway.seen).toHaveLength(2);
  });

  it("says that the session has ended when that is so", async () => {
    gateway.planned = [refusal];
    tokens.replacement = undefined;
    tokens.state = { kind: "no_session" };
    await expect(api.create({ title: "Buy milk" })).rejects.toBeInstanceOf(SessionEnded);
  });

  it("does not say so when the sign-in server is away", async () => {
    gateway.planned = [refusal];
    tokens.replacement = undefined;
    tokens.state = { kind: "unreachable" };
    await expect(api.create({ title: "Buy milk" })).rejects.toMatchObject({ status: 401 });
  });
});

it("a call with another token is throttled like any other", async () => {
  const refusal = { status: 401, body: { error_code: "TOKEN_EXPIRED" } };
  gateway.planned = [refusal, { status: 429, headers: { "Retry-After": "2" } }];
  const call = api.create({ title: "Buy milk" });
  while (clock.pendingTimers === 0 && gateway.seen.length < 3) await settled();
  await clock.advance(2_000);
  expect((await call).title).toBe("Buy milk");
});

describe("a call", () => {
  it("that is throttled waits as long as asked and is repeated", async () => {
    gateway.planned = [{ status: 429, headers: { "Retry-After": "2" } }];
    const call = api.create({ title: "Buy milk" });
    while (clock.pendingTimers === 0) await settled();
    expect(gateway.seen).toHaveLength(1);
    await clock.advance(2_000);
    expect((await call).title).toBe("Buy milk");
  });

  it("that is throttled for long is given up", async () => {
    gateway.planned = [{ status: 429, headers: { "Retry-After": "3600" }, body: { title: "Too many requests" } }];
    await expect(api.get("t")).rejects.toMatchObject({ status: 429 });
  });

  it("without a gateway says that it cannot be reached", async () => {
    await gateway.close();
    await expect(api.get("t")).rejects.toBeInstanceOf(Unreachable);
    gateway = await startFakeGateway("http://web.example.test");
  });

  it("without a token is not made", async () => {
    tokens.token = async () => undefined;
    tokens.state = { kind: "unreachable" };
    await expect(api.get("t")).rejects.toBeInstanceOf(Unreachable);
    tokens.state = { kind: "no_session" };
    await expect(api.get("t")).rejects.toBeInstanceOf(SessionEnded);
    expect(gateway.seen).toEqual([]);
  });
});
