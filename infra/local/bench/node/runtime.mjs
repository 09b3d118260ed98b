// The loop that Lambda's own runtime for Node.js runs, and nothing of what that runtime adds.

import { Agent, request } from 'node:http';
import { handler } from './handler.mjs';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true });

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, agent, method, path: `/2018-06-01/runtime/invocation/${path}` }, (got) => {
      const parts = [];
      got.on('data', (part) => parts.push(part));
      got.on('end', () => resolve({ headers: got.headers, text: Buffer.concat(parts).toString() }));
      got.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

for (;;) {
  const { headers, text } = await ask('GET', 'next');
  const id = headers['lambda-runtime-aws-request-id'];
  if (!id) break;
  try {
    await ask('POST', `${id}/response`, JSON.stringify(await handler(JSON.parse(text))));
  } catch (error) {
    await ask('POST', `${id}/error`, JSON.stringify({ errorMessage: String(error), errorType: error.name }));
  }
}
