import { Caller } from "../support/api.ts";
import { expect, test } from "../support/journey.ts";

test("at nine in the morning a whole facility signs in at the same moment", async ({ city }) => {
  const account = city.is.accounts.filter((one) => /^(hinata|aoba|yuzu|kaede)-/.test(one.user_id));
  const answers = await Promise.all(
    account.map((one) =>
      new Caller(city.url).call("POST", "/api/session", { user_id: one.user_id, password: one.password }),
    ),
  );
  expect(answers.map((answer) => answer.status)).toEqual(account.map(() => 200));
});
