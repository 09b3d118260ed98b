// The same answer as ours to `GET /api/session`, as one writes it with Node.js: session, account and service in one
// request to the table, the two clients made while the function starts. `cargo xtask bench cold-start` bundles it and runs
// it beside the api function. It checks less than ours does, which is in its favour.

import { createHash } from 'node:crypto';
import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';

const table = process.env.TSUNAGARU_TABLE;
const items = new DynamoDBClient({});
// Ours has one from the start, too.
export const objects = new S3Client({ forcePathStyle: true });

const answer = (statusCode, body) => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

export async function handler(event) {
  if (event.rawPath !== '/api/session') return answer(404, { code: 'not_found' });
  const cookie = (event.cookies ?? []).find((one) => one.startsWith('__Host-session='));
  if (!cookie) return answer(401, { code: 'not_signed_in' });
  const [account, token] = cookie.slice('__Host-session='.length).split('.');
  const hash = createHash('sha256').update(token).digest('hex');
  const key = (pk, sk) => ({ pk: { S: pk }, sk: { S: sk } });
  const wanted = [key(`S#${hash}`, 'S'), key(`A#${account}`, 'A'), key('V#service', 'S')];
  const found = await items.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: wanted } } }));
  const docs = new Map(found.Responses[table].map((item) => [item.pk.S[0], JSON.parse(item.doc.S)]));
  const [session, person] = [docs.get('S'), docs.get('A')];
  if (!session || !person || session.account !== account) return answer(401, { code: 'not_signed_in' });
  const { name, user_id, roles, facility_name } = person;
  return answer(200, { account, name, user_id, roles, facility_name, stage: session.stage });
}
