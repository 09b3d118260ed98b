import { createHash, randomBytes } from "node:crypto";
import type { City } from "./city.ts";

const CONTRACT = "1";
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A note, as far as journeys need it. */
export interface Note {
  number: number;
  text: string;
  author: { name: string };
  attachments: { id: string; name: string; bytes: number; sha256: string; preview?: string }[];
  acknowledged: { by: string }[];
}

export interface Patient {
  id: string;
  name: string;
}

export interface Thread {
  patient: Patient;
  team: { account: string; name: string; read_to: number }[];
  notes: Note[];
  before: number | null;
  last: number;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** A number for one act: time, then chance, in the alphabet of the contract's identifiers. */
export function newCommand(): string {
  const digits: string[] = [];
  for (let rest = Date.now(), at = 0; at < 10; at++, rest = Math.floor(rest / 32)) digits.unshift(LETTERS.charAt(rest % 32));
  return digits.join("") + [...randomBytes(16)].map((byte) => LETTERS.charAt(byte % 32)).join("");
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Somebody who talks to the API without a browser. */
export class Caller {
  private cookie = "";

  constructor(private readonly url: string) {}

  /** Somebody of a city, signed in. */
  static async of(city: City, userId: string): Promise<Caller> {
    const caller = new Caller(city.url);
    await caller.signIn(city, userId);
    return caller;
  }

  async signIn(city: City, userId: string): Promise<void> {
    const account = city.is.accounts.find((one) => one.user_id === userId);
    await this.must("POST", "/api/session", { user_id: userId, password: account?.password });
    await this.must("POST", "/api/session/factor", { code: await city.code(userId) });
  }

  /** What the API answers. */
  async call(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = { "x-tsunagaru-contract": CONTRACT, cookie: this.cookie };
    if (text !== undefined) Object.assign(headers, { "content-type": "application/json", "x-amz-content-sha256": sha256(text) });
    const answer = await fetch(this.url + path, { method, headers, body: text ?? null });
    const cookie = answer.headers.get("set-cookie");
    if (cookie !== null) this.cookie = cookie.split(";", 1).join("");
    return { status: answer.status, body: await answer.json() };
  }

  /** The body of a good answer. */
  async must(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<unknown> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async patients(): Promise<Patient[]> {
    const list = (await this.must("GET", "/api/patients")) as { rows: { patient: Patient }[] };
    return list.rows.map((row) => row.patient);
  }

  async page(patient: string, before?: number): Promise<Thread> {
    const query = before === undefined ? "" : `?before=${before}`;
    return (await this.must("GET", `/api/patients/${patient}/notes${query}`)) as Thread;
  }

  /** All notes of a patient, oldest first. */
  async notes(patient: string): Promise<Note[]> {
    let page = await this.page(patient);
    let notes = page.notes;
    while (page.before !== null) {
      page = await this.page(patient, page.before);
      notes = [...page.notes, ...notes];
    }
    return notes;
  }

  async write(patient: string, text: string, more: object = {}): Promise<Note> {
    return (await this.must("POST", `/api/patients/${patient}/notes`, note(text, more))) as Note;
  }

  /** Has read everything. */
  async readAll(patient: string): Promise<void> {
    const { last } = await this.page(patient);
    await this.must("PUT", `/api/patients/${patient}/receipt`, { number: last });
  }

  /** Brings a file to the server; its identifier. */
  async attach(patient: string, name: string, fileType: string, bytes: Uint8Array): Promise<string> {
    const draft = { name, file_type: fileType, bytes: bytes.length, sha256: sha256(bytes) };
    const ticket = (await this.must("POST", `/api/patients/${patient}/attachments`, draft)) as {
      id: string;
      url: string;
      headers: [string, string][];
    };
    const put = await fetch(ticket.url, { method: "PUT", headers: ticket.headers, body: new Uint8Array(bytes) });
    if (!put.ok) throw new Error(`PUT of ${name}: ${put.status} ${await put.text()}`);
    await this.must("POST", `/api/patients/${patient}/attachments/${ticket.id}/confirmation`, {});
    return ticket.id;
  }

  /** The bytes of an attached file. */
  async file(patient: string, id: string): Promise<Buffer> {
    const link = (await this.must("GET", `/api/patients/${patient}/attachments/${id}`)) as { url: string };
    return Buffer.from(await (await fetch(link.url)).arrayBuffer());
  }
}

/** What somebody sends. */
export function note(text: string, more: object = {}): object {
  return { command: newCommand(), kind: "contact", importance: "normal", text, ...more };
}

/** The first patient whom both care for: the same one in every journey. */
export async function sharedPatient(city: City, one: string, other: string): Promise<Patient> {
  const theirs = await (await Caller.of(city, other)).patients();
  const shared = (await (await Caller.of(city, one)).patients()).filter((p) => theirs.some((their) => their.id === p.id));
  const first = shared.sort((a, b) => (a.id < b.id ? -1 : 1))[0];
  if (first === undefined) throw new Error(`${one} and ${other} share no patient`);
  return first;
}
