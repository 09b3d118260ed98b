import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectRetentionCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { sha256 } from "./api.ts";
import type { City } from "./city.ts";

/** A locked object of the archive. */
export interface Locked {
  Key: string;
  VersionId: string;
}

/** The archive as somebody with all keys and an ordinary S3 client sees it. */
export class Archive {
  private readonly s3: S3Client;
  private readonly Bucket: string;

  constructor(city: City) {
    const { s3, region, access_key_id, secret_access_key } = city.is.aws;
    const credentials = { accessKeyId: access_key_id, secretAccessKey: secret_access_key };
    this.s3 = new S3Client({ endpoint: s3, region, credentials, forcePathStyle: true, maxAttempts: 1 });
    this.Bucket = city.is.buckets.archive;
  }

  /** What a day's generation consists of. */
  async objects(day: string): Promise<Locked[]> {
    const listed = await this.s3.send(new ListObjectVersionsCommand({ Bucket: this.Bucket, Prefix: `daily/${day}/` }));
    return (listed.Versions ?? []).map(({ Key = "", VersionId = "" }) => ({ Key, VersionId }));
  }

  /** The days that have a generation, oldest first. */
  async days(): Promise<string[]> {
    const listed = await this.s3.send(new ListObjectVersionsCommand({ Bucket: this.Bucket, Prefix: "daily/", Delimiter: "/" }));
    return (listed.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix.split("/")[1] ?? "").sort();
  }

  /** Tries to delete an object for good; what the store says. */
  delete(object: Locked): Promise<string> {
    return refusal(this.s3.send(new DeleteObjectCommand({ Bucket: this.Bucket, ...object, BypassGovernanceRetention: true })));
  }

  /** Tries to end the lock earlier, or to weaken it; what the store says. */
  lockUntil(object: Locked, RetainUntilDate: Date, Mode: "COMPLIANCE" | "GOVERNANCE" = "COMPLIANCE"): Promise<string> {
    const ask = { Bucket: this.Bucket, ...object, Retention: { Mode, RetainUntilDate }, BypassGovernanceRetention: true };
    return refusal(this.s3.send(new PutObjectRetentionCommand(ask)));
  }

  /** An object's lock and its content's SHA-256. */
  async read(object: Locked): Promise<{ mode: string; until: string; sha256: string }> {
    const got = await this.s3.send(new GetObjectCommand({ Bucket: this.Bucket, ...object }));
    const bytes = (await got.Body?.transformToByteArray()) ?? new Uint8Array();
    return { mode: got.ObjectLockMode ?? "", until: got.ObjectLockRetainUntilDate?.toISOString() ?? "", sha256: sha256(bytes) };
  }
}

/** The code with which the store refuses, or "done" if it did what it was asked. */
async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
    return "done";
  } catch (error) {
    return error instanceof Error ? error.name : "unknown";
  }
}
