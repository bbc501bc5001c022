import { OAuthError } from '#core/oauth/error.ts';
import type { Words } from '#core/words/words.ts';

/** What a page can tell somebody whose sign-in through a provider came to nothing. */
export type FailureText = Extract<
  keyof Words['provider'],
  'failed' | 'stopped' | 'unreachable' | 'noAddress' | 'recycled' | 'notAllowed' | 'otherWindow'
>;

/** What keeps the server from sending anybody to a provider, for `doctor`: the page has it where nobody reads it. */
export type Obstacle = 'secret' | 'key' | 'metadata';

const statuses: Readonly<Partial<Record<FailureText, number>>> = { unreachable: 503, failed: 502, otherWindow: 400 };

/** A sign-in through a provider that came to nothing. What was wrong is for the log and the audit. */
export class Failure extends OAuthError {
  readonly text: FailureText;
  readonly detail: string;
  readonly obstacle: Obstacle | undefined;

  constructor(text: FailureText, detail: string, obstacle?: Obstacle) {
    const status = statuses[text] ?? 403;
    super('access_denied', `sign-in through a provider: ${text}`, status, { cause: detail });
    this.text = text;
    this.detail = detail;
    this.obstacle = obstacle;
  }
}
