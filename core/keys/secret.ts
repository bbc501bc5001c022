import { AwsError } from '#core/aws/error.ts';
import { getParameter } from '#core/aws/ssm.ts';
import { optionalEnv } from '#core/env.ts';
import { OAuthError } from '#core/oauth/error.ts';

const KEPT_SECONDS = 300;
const RETRY_AFTER_SECONDS = 2;

const kept = new Map<string, { readonly value: string; readonly until: number }>();

/**
 * What the operator keeps in SSM under the parameter that the settings name for this secret: undefined where they name
 * none, or there is none. Another value is seen within five minutes. Throws with 503 when SSM does not answer.
 */
export async function secret(name: string, now: number): Promise<string | undefined> {
  const parameter = optionalEnv(`${name}_PARAMETER`);
  if (!parameter) return undefined;
  const known = kept.get(parameter);
  if (known && now < known.until) return known.value;
  const value = await read(parameter);
  if (value) kept.set(parameter, { value, until: now + KEPT_SECONDS });
  return value;
}

async function read(parameter: string): Promise<string | undefined> {
  try {
    const { Parameter } = await getParameter({ Name: parameter, WithDecryption: true });
    return Parameter?.Value?.trim() || undefined;
  } catch (cause) {
    if (cause instanceof AwsError && cause.name === 'ParameterNotFound') return undefined;
    throw new OAuthError('temporarily_unavailable', 'The service is busy; try again in a moment', 503, {
      cause,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}
