import type { City } from "./city.ts";

interface Stored {
  pk: { S: string };
  sk: { S: string };
  doc: { S: string };
}

/** Asks the table itself, as somebody would who has its keys and means no good. */
async function ask(city: City, what: string, body: object): Promise<unknown> {
  const { dynamodb, access_key_id, region } = city.is.aws;
  const scope = `${access_key_id}/20261120/${region}/dynamodb/aws4_request`;
  const answer = await fetch(dynamodb, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-date": "20261120T010000Z",
      "x-amz-target": `DynamoDB_20120810.${what}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    },
    body: JSON.stringify({ TableName: city.is.table, ...body }),
  });
  if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Changes the first event of an action in the table, past the application; its identifier. */
export async function changeEvent(city: City, hour: string, action: string): Promise<string> {
  const values = { ":p": { S: `E#${hour}` } };
  const found = (await ask(city, "Query", { KeyConditionExpression: "pk = :p", ExpressionAttributeValues: values })) as {
    Items: Stored[];
  };
  const event = found.Items.find((item) => item.doc.S.includes(`"action":"${action}"`));
  if (event === undefined) throw new Error(`no event of ${action} in ${hour}`);
  const doc = { S: event.doc.S.replace(/"source":"[^"]*"/, '"source":"203.0.113.9"') };
  await ask(city, "PutItem", { Item: { ...event, doc } });
  return event.sk.S;
}
