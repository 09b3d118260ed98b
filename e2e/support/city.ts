import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** `local.json`, as far as journeys need it. */
export interface Description {
  url: string;
  control: string;
  aws: { dynamodb: string; s3: string; region: string; access_key_id: string; secret_access_key: string };
  table: string;
  buckets: { attachments: string; archive: string };
  accounts: { user_id: string; password: string; name: string; facility: string }[];
}

/** A Friday morning in Japan: every journey begins here. */
export const START = "2026-11-20T10:00:00+09:00";

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the journeys with cargo xtask test`);
  return value;
}

/** Servers that still run; none outlives this process, whatever happens. */
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((server) => server.kill("SIGKILL")));

/** A small fictional city: a server of our own, with its data in a folder of our own. */
export class City {
  private server: ChildProcess | undefined;
  /** What the server said. */
  log = "";

  private constructor(
    /** The folder with the data. */
    readonly data: string,
    private described: Description | undefined,
  ) {}

  /** Starts a new city, or the environment that a folder holds already. */
  static async start(data?: string, clock = START): Promise<City> {
    const city = new City(data ?? (await City.folder()), undefined);
    await city.open(clock, 0);
    return city;
  }

  /** A new folder, gone with the machine's temporary files. */
  static folder(): Promise<string> {
    return mkdtemp(join(tmpdir(), "tsunagaru-"));
  }

  /** What is running. */
  get is(): Description {
    if (this.described === undefined) throw new Error("the city is not open");
    return this.described;
  }

  /** Where a browser finds it. */
  get url(): string {
    return this.is.url;
  }

  /** Serves the data, and answers when it is ready. */
  async open(clock: string, port: number): Promise<void> {
    const options = ["--site", needed("TSUNAGARU_SITE"), "--data", this.data, "--port", `${port}`, "--clock", clock];
    const server = spawn(needed("TSUNAGARU_LOCAL_BIN"), ["serve", "--small", ...options], { stdio: "pipe" });
    this.server = server;
    running.add(server);
    await new Promise<void>((ready, failed) => {
      const hear = (words: Buffer): void => {
        this.log += words.toString();
        if (/^ready /m.test(words.toString())) ready();
      };
      server.stdout.on("data", hear);
      server.stderr.on("data", hear);
      server.on("error", failed);
      server.on("exit", () => {
        running.delete(server);
        failed(new Error(`the server ended before it was ready:\n${this.log}`));
      });
    });
    this.described = JSON.parse(await readFile(join(this.data, "local.json"), "utf8")) as Description;
  }

  /** Ends the server: asks it to, or, with SIGKILL, gives it no chance to do anything more. */
  async end(how: "SIGTERM" | "SIGKILL"): Promise<void> {
    const server = this.server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((done) => server.once("exit", done));
    server.kill(how);
    await ended;
  }

  /** The same data on the same port, after the server ended. */
  async openAgain(clock = START): Promise<void> {
    await this.open(clock, Number(new URL(this.url).port));
  }

  /** Ends the server and removes the data. */
  async close(): Promise<void> {
    await this.end("SIGTERM");
    await rm(this.data, { recursive: true, force: true });
  }

  /** Moves the city's clock. */
  async setClock(now: string): Promise<void> {
    await this.control("/clock", { now });
  }

  /** A code of somebody's authenticator app, good now. */
  async code(userId: string): Promise<string> {
    return ((await this.control("/code", { user_id: userId })) as { code: string }).code;
  }

  /** Seals what has settled of the audit log; how many seals were made. */
  async seal(): Promise<number> {
    return ((await this.control("/seal", {})) as { seals: number }).seals;
  }

  /** Carries out what follows steps, such as mails; how many errands were done. */
  async runOutbox(): Promise<number> {
    return ((await this.control("/outbox", {})) as { done: number }).done;
  }

  /** Runs the daily backups that are due; how many were made. */
  async runDailyBackup(): Promise<number> {
    return ((await this.control("/backup", {})) as { generations: number }).generations;
  }

  /** Monitoring and its check, now; how many records were made. */
  async look(): Promise<number> {
    return ((await this.control("/monitor", {})) as { records: number }).records;
  }

  /** A drill of the restore, now; how many generations were read back. */
  async drill(): Promise<number> {
    return ((await this.control("/drill", {})) as { read: number }).read;
  }

  private async control(path: string, body: object): Promise<unknown> {
    const answer = await fetch(this.is.control + path, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

/** Runs another command of the local environment, such as `restore`; what it said. */
export async function runLocal(...words: string[]): Promise<string> {
  return (await promisify(execFile)(needed("TSUNAGARU_LOCAL_BIN"), words)).stdout;
}
