/**
 * The registered error codes in use. RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8707 §2, RFC 9101 §7,
 * RFC 9449 §12.2, OpenID Connect Core Error Code unmet_authentication_requirements 1.0 §3.
 */
type OAuthErrorCode =
  | 'access_denied'
  | 'consent_required'
  | 'invalid_client'
  | 'invalid_client_metadata'
  | 'invalid_dpop_proof'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_token'
  | 'login_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'unmet_authentication_requirements'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'use_dpop_nonce';

type Details = {
  /** What really happened. It goes to the log and never on the wire. */
  readonly cause?: unknown;
  readonly retryAfterSeconds?: number;
};

/** A refusal that the protocol has a word for. The message goes on the wire: it helps a client and tells an attacker nothing. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: OAuthErrorCode, description: string, status = 400, { cause, retryAfterSeconds }: Details = {}) {
    super(description, { cause });
    this.name = 'OAuthError';
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The refusal of a client that has done something too often. RFC 6585 §4. */
export function tooManyRequests(retryAfterSeconds: number): OAuthError {
  return new OAuthError('temporarily_unavailable', 'Too many requests; try again later', 429, { retryAfterSeconds });
}
