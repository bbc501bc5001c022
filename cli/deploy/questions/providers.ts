import { createPrivateKey } from 'node:crypto';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { metadataUrl, readMetadata } from '../../../core/oauth/provider-metadata.ts';
import { type Finding, note } from '../finding.ts';
import { clientOf, type Place } from '../place.ts';
import type { Question } from '../question.ts';

type Provider = Place['settings']['signIn']['providers'][number];

const MILLISECONDS = 5_000;

/** Whether each outside provider can be reached, is what the settings call it, and has a secret here that can serve. */
export const providers: Question = {
  what: 'about the secrets of signIn.providers',
  right: 'ssm:GetParameter on them',
  ask: async (place) => {
    const client = new SSMClient(clientOf(place));
    const found = place.settings.signIn.providers.map(async (provider) => {
      const problems = await Promise.all([secretProblem(provider, client), metadataProblem(provider)]);
      return problems.flatMap((problem): Finding[] =>
        problem === undefined ? [] : [note(`signIn.providers, ${provider.id}: ${problem}`)],
      );
    });
    return (await Promise.all(found)).flat();
  },
};

/** The value of a secret is asked for only where it has a form. */
async function secretProblem({ kind, clientSecret }: Provider, client: SSMClient): Promise<string | undefined> {
  const isKey = kind === 'apple';
  const asked = new GetParameterCommand({ Name: clientSecret, WithDecryption: isKey });
  const found = await client.send(asked).catch((error) => {
    if (!(error instanceof ParameterNotFound)) throw error;
  });
  const value = isKey ? 'the text of the .p8 file' : 'THE SECRET';
  const put = `aws ssm put-parameter --type SecureString --overwrite --name ${clientSecret} --value '${value}'`;
  if (!found) return `there is no parameter ${clientSecret}: ${put}`;
  return isKey && !isAppleKey(found.Parameter?.Value ?? '')
    ? `the parameter ${clientSecret} has no private key as Apple's .p8 files have it: ${put}`
    : undefined;
}

/** PKCS #8, on the curve of ES256. */
function isAppleKey(text: string): boolean {
  if (!text.includes('BEGIN PRIVATE KEY')) return false;
  try {
    const { asymmetricKeyDetails } = createPrivateKey(text);
    return asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

/** OpenID Connect Discovery 1.0 §4. GitHub has no such document. */
async function metadataProblem(provider: Provider): Promise<string | undefined> {
  if (provider.kind === 'github') return undefined;
  const url = metadataUrl(provider);
  const read = await documentAt(url);
  if ('problem' in read)
    return `${url.href} ${read.problem}. Write issuer as the provider's documentation has it, and see that the server can reach it`;
  const metadata = readMetadata(provider, read.value, ({ protocol }) => protocol === 'https:' || isPlain(provider));
  if (typeof metadata !== 'string') return undefined;
  return `${url.href}: ${metadata}. Write issuer exactly as it is there, with or without a slash at the end`;
}

function isPlain({ issuer }: Provider): boolean {
  return issuer.startsWith('http:');
}

async function documentAt(url: URL): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(MILLISECONDS) });
    if (response.status !== 200) return { problem: `answers with ${response.status}` };
    return { value: await response.json() };
  } catch (error) {
    const isSlow = error instanceof Error && error.name === 'TimeoutError';
    return { problem: isSlow ? 'does not answer in time' : 'cannot be read' };
  }
}
