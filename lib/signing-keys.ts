import { createHash } from 'node:crypto';
import { CustomResource, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/**
 * The keys that sign access tokens, each a resource of its own that outlives the stack.
 * Their public halves are read once, at deploy time, by the `public-key` Lambda.
 */
export class SigningKeys extends Construct {
  readonly current: Key;
  /** A JSON array of the public keys, current first: the value of an environment variable. */
  readonly publicKeys: string;
  /**
   * Changes with the settings. The keys themselves are known only when the stack is deployed, too late to decide at
   * synth whether a Lambda that holds them needs a new version.
   */
  readonly fingerprint: string;
  readonly #keys: readonly Key[];

  constructor(scope: Construct, id: string, names: Settings['signingKeys'], reader: LambdaFunction) {
    super(scope, id);
    const inUse = [names.current, names.next, names.retired].filter((name) => name !== undefined);
    const keys = inUse.map((name) => ({ name, key: this.#key(name) }));
    reader.addToRolePolicy(
      new PolicyStatement({ actions: ['kms:GetPublicKey'], resources: keys.map(({ key }) => key.keyArn) }),
    );
    const jwks = keys.map(({ name, key }) =>
      new CustomResource(this, `PublicKey${name}`, {
        serviceToken: reader.functionArn,
        resourceType: 'Custom::PublicKey',
        serviceTimeout: Duration.minutes(2),
        properties: { KeyId: key.keyArn },
      }).getAttString('Jwk'),
    );
    this.#keys = keys.map(({ key }) => key);
    this.current = this.#current(keys);
    this.fingerprint = createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 16);
    this.publicKeys = Fn.join('', ['[', Fn.join(',', jwks), ']']);
  }

  /**
   * Lets a Lambda sign. With each key, since while a deployment moves from one to another the version before it still
   * signs with the old one, and would again after a rollback.
   */
  grantSign(lambda: LambdaFunction): void {
    for (const key of this.#keys) {
      key.grant(lambda, 'kms:Sign');
      key.addToResourcePolicy(onlySigner(lambda));
    }
  }

  #key(name: string): Key {
    return new Key(this, name, {
      description: `${Stack.of(this).stackName}: signs access tokens (${name})`,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  #current(keys: readonly { readonly key: Key }[]): Key {
    const first = keys[0];
    if (!first) throw new Error('There is no current signing key');
    return first.key;
  }
}

/**
 * Denies signing to everybody but the role of one Lambda. Without it anyone with `kms:Sign` on all keys of the account,
 * for whatever reason, could make tokens.
 */
function onlySigner({ role }: LambdaFunction): PolicyStatement {
  if (!role) throw new Error('The Lambda that signs has no role');
  return new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['kms:Sign'],
    resources: ['*'],
    conditions: { StringNotEquals: { 'aws:PrincipalArn': role.roleArn } },
  });
}
