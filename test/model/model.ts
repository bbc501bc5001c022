/**
 * What the authorization server promises, on a page: whose access counts, and what each code and token gives. It knows
 * neither secrets nor a table, only who did what, and when. Times are in seconds.
 */

const WINDOW_SECONDS = 15 * 60;
const CODE_SECONDS = 5 * 60;
const ACCESS_TOKEN_SECONDS = 3_600;
const DAY = 86_400;
const REPEAT_SECONDS = 60;

export type Person = {
  /** The tenant they are in. The first is their own. */
  tenant: string;
  isDisabled: boolean;
  /** Nothing that was begun by then counts. */
  endedAt: number;
  signedInAt: number | undefined;
};

/** A consent page that waits for a decision. */
export type Window = {
  readonly person: number;
  readonly tenant: string;
  readonly openedAt: number;
  readonly scopes: readonly string[];
  decision?: 'approve' | 'deny';
};

export type Code = { readonly window: Window; readonly issuedAt: number; grant?: Grant };

export type Grant = {
  readonly window: Window;
  readonly createdAt: number;
  isEnded: boolean;
  /** Which refresh token is to be spent: the first is 0. */
  generation: number;
  rotatedAt: number;
  readonly accessTokens: AccessToken[];
};

export type AccessToken = { readonly issuedAt: number; readonly key: string };

/** What presenting a refresh token comes to. */
export type Verdict = 'current' | 'repeat' | 'late' | 'stolen' | 'dead';

export const counted = ['sign_in', 'grant', 'revocation', 'code_replay', 'refresh_repeat', 'refresh_theft'] as const;

export class Model {
  now: number;
  /** When each client registered. One that nobody uses is forgotten after a while. */
  readonly clients: number[] = [];
  /** The keys whose signatures count: the one that signs, and the one before it. */
  keys: readonly string[] = ['a'];
  readonly people: readonly Person[];
  readonly windows: Window[] = [];
  readonly codes: Code[] = [];
  readonly grants: Grant[] = [];
  /** How often each event is on record. */
  readonly audited = new Map<(typeof counted)[number], number>(counted.map((event) => [event, 0]));

  constructor(people: number, now: number) {
    this.now = now;
    const unknown = { tenant: 'own', isDisabled: false, endedAt: 0, signedInAt: undefined };
    this.people = Array.from({ length: people }, () => ({ ...unknown }));
  }

  audit(event: (typeof counted)[number]): void {
    this.audited.set(event, (this.audited.get(event) ?? 0) + 1);
  }

  /** The clients that are surely known still. */
  get knownClients(): readonly number[] {
    return this.clients.flatMap((registeredAt, index) => (this.now < registeredAt + DAY ? [index] : []));
  }

  hasSession({ signedInAt, endedAt }: Person): boolean {
    return signedInAt !== undefined && signedInAt > endedAt && this.now < signedInAt + 30 * DAY;
  }

  /** Whether what a person began in a window still counts. */
  counts({ person, tenant, openedAt }: Window): boolean {
    const standing = this.people[person];
    return standing !== undefined && !standing.isDisabled && standing.tenant === tenant && openedAt > standing.endedAt;
  }

  isDecidable(window: Window): boolean {
    return this.counts(window) && this.now < window.openedAt + WINDOW_SECONDS;
  }

  isRedeemable({ window, issuedAt, grant }: Code): boolean {
    return grant === undefined && this.counts(window) && this.isFresh({ issuedAt });
  }

  isFresh({ issuedAt }: Pick<Code, 'issuedAt'>): boolean {
    return this.now < issuedAt + CODE_SECONDS;
  }

  /** Whether a second use of it is recognised. */
  isKept({ issuedAt }: Pick<Code, 'issuedAt'>): boolean {
    return this.now < issuedAt + CODE_SECONDS + DAY;
  }

  isLive({ window, createdAt, rotatedAt, isEnded }: Grant): boolean {
    const endsAt = Math.min(rotatedAt + 30 * DAY, createdAt + 365 * DAY);
    return !isEnded && this.now < endsAt && this.counts(window);
  }

  isAccepted(grant: Grant, { issuedAt, key }: AccessToken): boolean {
    return this.isLive(grant) && this.now < issuedAt + ACCESS_TOKEN_SECONDS && this.keys.includes(key);
  }

  verdictOn(grant: Grant, generation: number): Verdict {
    if (!this.isLive(grant)) return 'dead';
    if (generation === grant.generation) return 'current';
    if (this.now - grant.rotatedAt > REPEAT_SECONDS) return 'stolen';
    return generation === grant.generation - 1 ? 'repeat' : 'late';
  }

  addGrant(code: Code): void {
    const grant = { window: code.window, createdAt: this.now, isEnded: false, generation: 0, rotatedAt: this.now };
    code.grant = { ...grant, accessTokens: [] };
    this.grants.push(code.grant);
    this.addAccessToken(code.grant);
    this.audit('grant');
  }

  addAccessToken({ accessTokens }: Grant): void {
    accessTokens.push({ issuedAt: this.now, key: this.keys[0] ?? '' });
  }

  endGrant(grant: Grant, event: (typeof counted)[number]): void {
    if (this.isLive(grant)) this.audit(event);
    grant.isEnded = true;
  }

  /** Ends all that a person has begun: it does not come back. */
  endAll(index: number): void {
    for (const grant of this.grants) if (grant.window.person === index) this.endGrant(grant, 'revocation');
    const person = this.people[index];
    if (person) person.endedAt = this.now;
  }
}
