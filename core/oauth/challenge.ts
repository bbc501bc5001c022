type Challenge = {
  readonly resourceMetadata: string;
  readonly scopes: readonly string[];
  readonly error?: 'invalid_token' | 'insufficient_scope';
  readonly description?: string;
};

/**
 * The challenge of the MCP endpoint: where to learn how to sign in, and for what.
 * A request that carried no token gets no error code. RFC 6750 §3, RFC 9728 §5.1.
 */
export function bearerChallenge({ resourceMetadata, scopes, error, description }: Challenge): string {
  const parameters = [
    error && `error="${error}"`,
    description && `error_description="${description}"`,
    `scope="${scopes.join(' ')}"`,
    `resource_metadata="${resourceMetadata}"`,
  ];
  return `Bearer ${parameters.filter(Boolean).join(', ')}`;
}

/** What a bearer Authorization header holds, whatever that is: only a header of another scheme holds no token. RFC 6750 §2.1. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
}
