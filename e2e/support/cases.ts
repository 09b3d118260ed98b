import { Caller, newCommand } from "./api.ts";
import type { City } from "./city.ts";
import { OPERATIONS_MANAGER, OPERATOR, SYSTEM_ADMIN } from "./people.ts";

interface Opened {
  case: { id: string; version: number };
}

/** Takes a step of a case, as it stands now. */
export async function takeStep(who: Caller, id: string, act: string, form: object = {}): Promise<void> {
  const { version } = ((await who.must("GET", `/api/cases/${id}`)) as Opened).case;
  await who.must("POST", `/api/cases/${id}/steps`, { command: newCommand(), act, version, form });
}

/** A stop of the whole service, asked, permitted and published; its case. */
export async function announceStop(city: City, fromAt: string, toAt: string): Promise<string> {
  const form = {
    subject: "データベースの更新",
    content: "動きを速くするための更新をします。",
    mode: "closed",
    from_at: fromAt,
    to_at: toAt,
    reason: "更新中は書き込めないため",
  };
  const admin = await Caller.of(city, SYSTEM_ADMIN);
  const asked = { command: newCommand(), procedure: "planned_stop", form };
  const { id } = (await admin.must("POST", "/api/cases", asked)) as { id: string };
  await takeStep(await Caller.of(city, OPERATIONS_MANAGER), id, "permit_stop");
  await takeStep(await Caller.of(city, OPERATOR), id, "announce_stop");
  return id;
}
