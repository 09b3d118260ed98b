import { Caller } from "../support/api.ts";
import { expect, test } from "../support/journey.ts";

test("at nine in the morning a whole facility signs in at the same moment", async ({ city }) => {
  const account = city.is.accounts.filter((one) => /^(hinata|aoba|yuzu|kaede)-/.test(one.user_id));
  const answers = await Promise.all(
    account.map(async (one) => {
      const caller = new Caller(city.url);
      const first = await caller.call("POST", "/api/session", { user_id: one.user_id, password: one.password });
      const second = await caller.call("POST", "/api/session/factor", { code: await city.code(one.user_id) });
      return [first.status, second.status];
    }),
  );
  expect(answers).toEqual(account.map(() => [200, 200]));
});
