import { OAuthError } from '#core/oauth/error.ts';
import type { Words } from '#core/words/words.ts';

type Problems = Words['problem'];

/** What a page can tell a person of a refusal. */
export type Reason = { [Key in keyof Problems]: Problems[Key] extends string ? never : Key }[keyof Problems];

type Details = {
  readonly status?: number;
  readonly cause?: unknown;
  readonly retryAfterSeconds?: number;
  /** The language that was chosen before. Without one, it is that of the request. */
  readonly language?: string | undefined;
  /** The host that the texts name. */
  readonly host?: string;
};

/** A refusal that a person reads on a page, in their language. The message is for the log. */
export class Refusal extends OAuthError {
  readonly reason: Reason;
  readonly language: string | undefined;
  readonly host: string;

  constructor(
    code: OAuthError['code'],
    reason: Reason,
    { status, cause, retryAfterSeconds, language, host = '' }: Details = {},
  ) {
    super(code, `refused on a page: ${reason}`, status, { cause, ...(retryAfterSeconds && { retryAfterSeconds }) });
    this.reason = reason;
    this.language = language;
    this.host = host;
  }
}
