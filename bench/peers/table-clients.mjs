/*
 * Has four clients ask the table's engine for the same items, in turn, and writes to descriptor 3 how many microseconds of
 * the processor one call took of each, round by round: to make the body, sign it, send it, and read the answer.
 */
import { writeSync } from 'node:fs';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsClient } from 'aws4fetch';
import { dynamoDb as ours } from '../../core/aws/dynamodb.ts';
import { dynamoDb as sdk } from '../sdk/dynamodb.ts';

const [inputText, rounds, calls] = process.argv.slice(2);
const input = JSON.parse(inputText);
const keys = Object.values(input.RequestItems)[0].Keys.length;
const { AWS_ENDPOINT_URL_DYNAMODB: url, AWS_REGION: region } = process.env;
const credentials = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
};
const named = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.BatchGetItem' };

const aws4fetch = new AwsClient({ ...credentials, region, service: 'dynamodb' });

async function byAws4fetch() {
  const answer = await aws4fetch.fetch(url, { method: 'POST', headers: named, body: JSON.stringify(input) });
  return answer.json();
}

const signer = new SignatureV4({ credentials, region, service: 'dynamodb', sha256: Hash.bind(null, 'sha256') });
const handler = new NodeHttpHandler();
const { protocol, hostname, port, host } = new URL(url);

async function bySmithy() {
  const body = JSON.stringify(input);
  const headers = { ...named, host, 'content-length': String(Buffer.byteLength(body)) };
  const request = new HttpRequest({ method: 'POST', protocol, hostname, port: Number(port), path: '/', headers, body });
  const { response } = await handler.handle(await signer.sign(request));
  const chunks = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

const clients = {
  '`core/aws`': () => ours('BatchGetItem', input),
  'the AWS SDK, `DynamoDB`': () => sdk('BatchGetItem', input),
  '`aws4fetch`': byAws4fetch,
  '`@smithy/signature-v4` and `@smithy/node-http-handler`': bySmithy,
};

async function round(client, calls) {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) {
    const { Responses } = await client();
    if (Object.values(Responses)[0].length !== keys) throw new Error(JSON.stringify(Responses));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

async function all(calls) {
  const found = {};
  for (const [name, client] of Object.entries(clients)) found[name] = await round(client, calls);
  return found;
}

/** So many calls are made before any is measured: by then the engine has compiled what is hot. */
await all(600);
const each = [];
for (let count = 0; count < Number(rounds); count += 1) each.push(await all(Number(calls)));
writeSync(3, JSON.stringify(each));
process.exit();
