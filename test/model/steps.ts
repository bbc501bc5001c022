import fc, { type AsyncCommand } from 'fast-check';
import { expect } from 'vitest';
import type { Model } from './model.ts';
import { at, type World } from './world.ts';

/** How often each kind of step was taken in this run, shrinking included. */
export const taken = new Map<string, number>();

/** One thing that happens, a second after the one before it. */
abstract class Step implements AsyncCommand<Model, World> {
  /** Whether it can happen now: what it is about is there. */
  check(_model: Readonly<Model>): boolean {
    return true;
  }

  async run(model: Model, world: World): Promise<void> {
    const { name } = this.constructor;
    taken.set(name, (taken.get(name) ?? 0) + 1);
    pass(model, world, 1);
    await this.happen(model, world);
    if (!(this instanceof LoseAnswer)) world.heal();
  }

  abstract happen(model: Model, world: World): Promise<void>;

  toString(): string {
    return `${this.constructor.name} ${JSON.stringify({ ...this })}`;
  }
}

function pass(model: Model, world: World, seconds: number): void {
  model.now += seconds;
  world.now += seconds;
}

/** Which of a list is meant: any number names one. */
function among(list: readonly unknown[], any: number): number {
  return any % list.length;
}

class Register extends Step {
  async happen(model: Model, world: World): Promise<void> {
    await world.register();
    model.clients.push(model.now);
  }
}

/** A person comes to the consent page, and signs in on the way if their browser has no session. */
class Open extends Step {
  readonly person: number;
  readonly client: number;
  readonly scopes: readonly string[];

  constructor(person: number, client: number, scopes: readonly string[]) {
    super();
    this.person = person;
    this.client = client;
    this.scopes = scopes;
  }

  override check({ people, knownClients }: Readonly<Model>): boolean {
    return knownClients.length > 0 && !at(people, among(people, this.person)).isDisabled;
  }

  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.people, this.person);
    const person = at(model.people, index);
    const client = at(model.knownClients, among(model.knownClients, this.client));
    const way = await world.open(index, client, this.scopes);
    expect(way, 'how the person came to the consent page').toBe(model.hasSession(person) ? 'session' : 'mail');
    if (way === 'mail') {
      model.audit('sign_in');
      person.signedInAt = model.now;
    }
    model.windows.push({ person: index, tenant: person.tenant, openedAt: model.now, scopes: this.scopes });
  }
}

class Decide extends Step {
  readonly window: number;
  readonly decision: 'approve' | 'deny';

  constructor(window: number, decision: 'approve' | 'deny') {
    super();
    this.window = window;
    this.decision = decision;
  }

  override check({ windows }: Readonly<Model>): boolean {
    return windows.length > 0;
  }

  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.windows, this.window);
    const window = at(model.windows, index);
    const went = await world.decide(index, this.decision);
    if (!model.isDecidable(window)) {
      expect(went, 'a decision in a window that no longer counts').not.toBe('code');
      return;
    }
    const isFirst = window.decision === undefined;
    window.decision ??= this.decision;
    expect(went, 'the first decision stands').toBe(window.decision === 'approve' ? 'code' : 'denied');
    if (went === 'code' && isFirst) model.codes.push({ window, issuedAt: model.now });
  }
}

class Redeem extends Step {
  readonly code: number;

  constructor(code: number) {
    super();
    this.code = code;
  }

  override check({ codes }: Readonly<Model>): boolean {
    return codes.length > 0;
  }

  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.codes, this.code);
    const code = at(model.codes, index);
    const answered = await world.redeem(index);
    if (model.isRedeemable(code)) {
      expect(answered).toHaveProperty('tokens');
      model.addGrant(code);
      return;
    }
    expect(answered).toEqual({ error: '400 invalid_grant' });
    if (code.grant && model.isKept(code)) model.endGrant(code.grant, 'code_replay');
  }
}

/** A client presents the refresh token that it got last, or one from so many rotations ago. */
class Refresh extends Step {
  readonly grant: number;
  readonly ago: number;

  constructor(grant: number, ago: number) {
    super();
    this.grant = grant;
    this.ago = ago;
  }

  override check({ grants }: Readonly<Model>): boolean {
    return grants.length > 0;
  }

  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.grants, this.grant);
    const grant = at(model.grants, index);
    const generation = Math.max(0, grant.generation - this.ago);
    const known = [...at(world.grants, index).refreshTokens];
    const verdict = model.verdictOn(grant, generation);
    const answered = await world.refresh(index, generation);
    if (verdict !== 'current' && verdict !== 'repeat') {
      expect(answered, verdict).toEqual({ error: '400 invalid_grant' });
      if (verdict === 'stolen') model.endGrant(grant, 'refresh_theft');
      return;
    }
    expect(answered, verdict).toMatchObject({ tokens: { scope: grant.window.scopes.join(' ') } });
    const successor = 'tokens' in answered ? answered.tokens.refresh_token : '';
    if (verdict === 'repeat') {
      expect(successor, 'a repetition gets what the first got').toBe(known[generation + 1]);
      model.audit('refresh_repeat');
    } else {
      expect(known, 'a new token').not.toContain(successor);
      grant.generation += 1;
      grant.rotatedAt = model.now;
    }
    model.addAccessToken(grant);
  }
}

class Call extends Step {
  readonly grant: number;
  readonly token: number;

  constructor(grant: number, token: number) {
    super();
    this.grant = grant;
    this.token = token;
  }

  override check({ grants }: Readonly<Model>): boolean {
    return grants.length > 0;
  }

  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.grants, this.grant);
    const grant = at(model.grants, index);
    const token = among(grant.accessTokens, this.token);
    const isAccepted = model.isAccepted(grant, at(grant.accessTokens, token));
    expect(await world.call(index, token)).toBe(isAccepted ? 200 : 401);
  }
}

class Revoke extends Step {
  readonly grant: number;
  readonly kind: 'access' | 'refresh';

  constructor(grant: number, kind: 'access' | 'refresh') {
    super();
    this.grant = grant;
    this.kind = kind;
  }

  override check({ grants }: Readonly<Model>): boolean {
    return grants.length > 0;
  }

  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.grants, this.grant);
    const grant = at(model.grants, index);
    const isKnown =
      this.kind === 'refresh' || model.isAccepted(grant, at(grant.accessTokens, grant.accessTokens.length - 1));
    expect(await world.revoke(index, this.kind)).toBe(200);
    if (isKnown) model.endGrant(grant, 'revocation');
  }
}

/** What an operator does with a person. */
abstract class Operation extends Step {
  readonly person: number;

  constructor(person: number) {
    super();
    this.person = person;
  }

  /** Only somebody who has signed in is known. */
  override check({ people }: Readonly<Model>): boolean {
    return at(people, among(people, this.person)).signedInAt !== undefined;
  }
}

class EndEverything extends Operation {
  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.people, this.person);
    await world.operate('people end-everything', index);
    model.endAll(index);
  }
}

class Disable extends Operation {
  override check(model: Readonly<Model>): boolean {
    return super.check(model) && !at(model.people, among(model.people, this.person)).isDisabled;
  }

  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.people, this.person);
    await world.operate('people disable', index);
    model.endAll(index);
    at(model.people, index).isDisabled = true;
  }
}

class Enable extends Operation {
  override check({ people }: Readonly<Model>): boolean {
    return at(people, among(people, this.person)).isDisabled;
  }

  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.people, this.person);
    await world.operate('people enable', index);
    at(model.people, index).isDisabled = false;
  }
}

class Move extends Operation {
  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.people, this.person);
    const person = at(model.people, index);
    const to = person.tenant === 'model-one' ? 'model-two' : 'model-one';
    model.endAll(index);
    const waited = await world.move(index, to);
    model.now += waited;
    person.endedAt = model.now;
    person.tenant = to;
  }
}

/** The next key signs, and the one before it is retired. */
class RotateKeys extends Step {
  async happen(model: Model, world: World): Promise<void> {
    const [current = ''] = model.keys;
    const next = { a: 'b', b: 'c', c: 'a' }[current] ?? 'a';
    await world.deploy({ current: next, retired: current });
    model.keys = [next, current];
  }
}

class Pass extends Step {
  readonly seconds: number;

  constructor(seconds: number) {
    super();
    this.seconds = seconds;
  }

  async happen(model: Model, world: World): Promise<void> {
    pass(model, world, this.seconds);
  }
}

/** The next write is made, and its answer does not arrive. */
class LoseAnswer extends Step {
  readonly operation: 'TransactWriteItems' | 'UpdateItem' | 'PutItem';

  constructor(operation: LoseAnswer['operation']) {
    super();
    this.operation = operation;
  }

  async happen(_model: Model, world: World): Promise<void> {
    world.loseAnswer(this.operation);
  }
}

/**
 * The operator ends everything of a person while they decide, or while their client redeems a code or refreshes: it may
 * come too late for that one, and then what it got is worth nothing.
 */
class EndMeanwhile extends Operation {
  readonly work: 'decide' | 'redeem' | 'refresh';

  constructor(person: number, work: EndMeanwhile['work']) {
    super(person);
    this.work = work;
  }

  async happen(model: Model, world: World): Promise<void> {
    const index = among(model.people, this.person);
    const work = this.#begin(model, world, index);
    pass(model, world, 1);
    await Promise.all([work, world.operate('people end-everything', index)]);
    model.endAll(index);
    this.#learn(model, world);
  }

  /** Sends the newest of its kind on its way. */
  async #begin(model: Model, world: World, person: number): Promise<unknown> {
    const isTheirs = ({ window }: { readonly window: { readonly person: number } }) => window.person === person;
    const window = model.windows.findLastIndex((one) => one.person === person && one.decision === undefined);
    // A code that was redeemed already would end its grant itself, or not, as the end comes later or before.
    const code = model.codes.findLastIndex((one) => isTheirs(one) && one.grant === undefined);
    const grant = model.grants.findLastIndex(isTheirs);
    if (this.work === 'decide' && window >= 0) return world.decide(window, 'approve');
    if (this.work === 'redeem' && code >= 0) return world.redeem(code);
    if (this.work === 'refresh' && grant >= 0) return world.refresh(grant, at(model.grants, grant).generation);
    return undefined;
  }

  /** Takes over what came of it, which is dead already. */
  #learn(model: Model, world: World): void {
    for (const { window } of world.codes.slice(model.codes.length)) {
      const of = at(model.windows, world.windows.indexOf(window));
      of.decision = 'approve';
      model.codes.push({ window: of, issuedAt: model.now });
    }
    for (const { code } of world.grants.slice(model.grants.length)) {
      model.addGrant(at(model.codes, code));
      at(model.grants, model.grants.length - 1).isEnded = true;
    }
    for (const [index, grant] of model.grants.entries()) {
      const { refreshTokens, accessTokens } = at(world.grants, index);
      grant.generation = refreshTokens.length - 1;
      while (grant.accessTokens.length < accessTokens.length) model.addAccessToken(grant);
    }
  }
}

const any = fc.nat({ max: 1_000 });
const scopes = fc.subarray(['todos:read', 'todos:write', 'profile:read'], { minLength: 1 });
const decision = fc.constantFrom('approve' as const, 'approve' as const, 'deny' as const);

const ago = fc.constantFrom(0, 0, 0, 1, 1, 2);
const token = fc.constantFrom('access' as const, 'refresh' as const);
const lost = fc.constantFrom('TransactWriteItems' as const, 'UpdateItem' as const);
const work = fc.constantFrom('decide' as const, 'redeem' as const, 'refresh' as const);
const time = fc.constantFrom(30, 61, 301, 901, 3_601, 31 * 86_400);

type Happening = fc.Arbitrary<AsyncCommand<Model, World>>;

const usual: Happening[] = [
  fc.tuple(any, any, scopes).map((given) => new Open(...given)),
  fc.tuple(any, decision).map((given) => new Decide(...given)),
  any.map((code) => new Redeem(code)),
  fc.tuple(any, ago).map((given) => new Refresh(...given)),
  fc.tuple(any, any).map((given) => new Call(...given)),
];
const sometimes: Happening[] = [
  fc.constant(new Register()),
  fc.tuple(any, token).map((given) => new Revoke(...given)),
  any.map((person) => new EndEverything(person)),
  any.map((person) => new Disable(person)),
  any.map((person) => new Enable(person)),
  any.map((person) => new Move(person)),
  time.map((seconds) => new Pass(seconds)),
  lost.map((operation) => new LoseAnswer(operation)),
  fc.tuple(any, work).map((given) => new EndMeanwhile(...given)),
];
const rarely: Happening[] = [fc.constant(new RotateKeys())];

/** Everything that can happen, the usual more often than the rare. */
export const steps: Happening[] = [...usual, ...usual, ...usual, ...usual, ...sometimes, ...sometimes, ...rarely];

/** What each client finds when it presents all that it ever got, the newest first, long after. */
export async function presentAll(model: Model, world: World): Promise<void> {
  for (const [index, { generation, accessTokens }] of model.grants.entries()) {
    for (let token = 0; token < accessTokens.length; token += 1) await new Call(index, token).run(model, world);
    await new Pass(61).run(model, world);
    for (let ago = 0; ago <= generation; ago += 1) await new Refresh(index, ago).run(model, world);
  }
}
